// OpenAI's official JavaScript client, unchanged: prints a line a step, ends with 1 when one failed.
const assert = require("node:assert");
const OpenAI = require("openai");

const client = new OpenAI({ maxRetries: 0 });
const messages = [{ role: "user", content: "Hello, lighthouse" }];
// A picture of one grey point.
const point = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==",
  "base64",
);
const png = (name) => OpenAI.toFile(point, name, { type: "image/png" });

async function refused(kind, action) {
  try {
    await action();
  } catch (error) {
    assert(error instanceof kind, `${error}`);
    assert(error.error.message && error.type, JSON.stringify(error.error));
    return error;
  }
  assert.fail(`it was not refused with ${kind.name}`);
}

const steps = {
  async "chat is answered"() {
    const answer = await client.chat.completions.create({ model: "sandbox", messages });
    assert.match(answer.choices[0].message.content, /sandbox.*Hello, lighthouse/);
    assert(answer.usage.total_tokens > 0);
  },

  async "chat is streamed"() {
    const stream = await client.chat.completions.create({ model: "sandbox", messages, stream: true });
    let text = "";
    for await (const chunk of stream) {
      text += chunk.choices[0].delta.content ?? "";
    }
    assert.match(text, /^This is the Carillon sandbox.*Hello, lighthouse$/);
  },

  async "a stream that is left is left by the gateway"() {
    const stream = await client.chat.completions.create({ model: "sandbox", messages, stream: true });
    for await (const chunk of stream) {
      assert(chunk.choices);
      break;
    }
    await client.models.list();
  },

  async "vectors come of texts"() {
    const answer = await client.embeddings.create({ model: "text-embedding-3-small", input: ["a", "b", "a"] });
    assert.strictEqual(answer.data[0].embedding.length, 1536);
    assert.deepStrictEqual(answer.data[0].embedding, answer.data[2].embedding);
    assert.notDeepStrictEqual(answer.data[0].embedding, answer.data[1].embedding);
  },

  async "a text is read aloud"() {
    const sound = await client.audio.speech.create({ model: "tts-1", voice: "alloy", input: "Good morning" });
    const bytes = Buffer.from(await sound.arrayBuffer());
    assert.strictEqual(bytes.toString("latin1", 0, 3), "ID3");
  },

  async "pictures are made and changed"() {
    const made = await client.images.generate({ model: "gpt-image-1", prompt: "a fox" });
    assert.strictEqual(Buffer.from(made.data[0].b64_json, "base64").toString("latin1", 1, 4), "PNG");
    const url = await client.images.generate({ model: "dall-e-3", prompt: "a fox", response_format: "url" });
    assert.strictEqual((await fetch(url.data[0].url)).status, 200);
    const edited = await client.images.edit({
      model: "gpt-image-1",
      image: [await png("a.png"), await png("b.png")],
      prompt: "a hat",
    });
    assert(edited.data[0].b64_json);
  },

  async "a video is made, fetched, listed and deleted"() {
    let video = await client.videos.create({ model: "sora-2", prompt: "a fox", seconds: "4", size: "720x1280" });
    assert.strictEqual(video.object, "video");
    while (video.status === "queued" || video.status === "in_progress") {
      await new Promise((resolve) => setTimeout(resolve, 100));
      video = await client.videos.retrieve(video.id);
    }
    assert.strictEqual(video.status, "completed");
    const file = Buffer.from(await (await client.videos.downloadContent(video.id)).arrayBuffer());
    assert.strictEqual(file.toString("latin1", 4, 8), "ftyp");
    const ids = [];
    for await (const one of client.videos.list({ limit: 2 })) {
      ids.push(one.id);
    }
    assert(ids.includes(video.id));
    assert((await client.videos.delete(video.id)).deleted);
    await refused(OpenAI.NotFoundError, () => client.videos.retrieve(video.id));
  },

  async "a video begins with a picture"() {
    const video = await client.videos.create({ prompt: "it moves", input_reference: await png("a.png") });
    assert(video.id);
  },

  async "what is wrong is told"() {
    const error = await refused(OpenAI.NotFoundError, () =>
      client.images.generate({ model: "nobody", prompt: "x" }),
    );
    assert.strictEqual(error.code, "model_not_found");
    assert.strictEqual(error.param, "model");
    const key = await refused(OpenAI.AuthenticationError, () =>
      new OpenAI({ apiKey: "wrong", maxRetries: 0 }).chat.completions.create({ model: "x", messages }),
    );
    assert.strictEqual(key.code, "invalid_api_key");
  },

  async "too many calls are refused"() {
    const limited = new OpenAI({ apiKey: process.env.LIMITED_API_KEY, maxRetries: 0 });
    const error = await refused(OpenAI.RateLimitError, async () => {
      for (let i = 0; i < 20; i++) {
        await limited.embeddings.create({ model: "x", input: "a" });
      }
    });
    assert.strictEqual(error.code, "rate_limit_exceeded");
  },
};

async function main() {
  let failed = 0;
  for (const [name, step] of Object.entries(steps)) {
    try {
      await step();
      console.log("ok    ", name);
    } catch (error) {
      failed++;
      console.log("FAILED", name, error);
    }
  }
  process.exit(failed ? 1 : 0);
}

main();
