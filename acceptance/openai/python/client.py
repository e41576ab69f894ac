"""OpenAI's official Python client, unchanged: prints a line a step, ends with 1 when one failed."""

import base64
import os
import struct
import sys
import tempfile
import traceback
import zlib

import openai
from openai import OpenAI

BASE = os.environ["OPENAI_BASE_URL"]
CLIENT = OpenAI(max_retries=0)
STEPS = []


def step(function):
    STEPS.append(function)
    return function


def check(condition, *shown):
    if not condition:
        raise AssertionError(" ".join(str(part) for part in shown) or "the condition does not hold")


def refused(kind, function):
    """What the client throws, with the error object's fields."""
    try:
        function()
    except kind as error:
        check(error.body and error.body.get("message"), error.body)
        check(error.body.get("type"), error.body)
        return error
    raise AssertionError("it was not refused with " + kind.__name__)


def png():
    """A picture of one grey point."""

    def chunk(name, data):
        body = name + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0\x80")) + chunk(b"IEND", b"")


MESSAGES = [{"role": "user", "content": "Hello, lighthouse"}]


@step
def chat_is_answered():
    answer = CLIENT.chat.completions.create(model="sandbox", messages=MESSAGES)
    check("Hello, lighthouse" in answer.choices[0].message.content, answer)
    check("sandbox" in answer.choices[0].message.content, answer)
    check(answer.choices[0].finish_reason == "stop" and answer.usage.total_tokens > 0, answer)


@step
def chat_is_streamed():
    whole = CLIENT.chat.completions.create(model="sandbox", messages=MESSAGES)
    chunks = list(CLIENT.chat.completions.create(model="sandbox", messages=MESSAGES, stream=True))
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    check(text == whole.choices[0].message.content, text)
    check(all(chunk.choices and chunk.usage is None for chunk in chunks), chunks)
    told = list(
        CLIENT.chat.completions.create(
            model="sandbox", messages=MESSAGES, stream=True, stream_options={"include_usage": True}
        )
    )
    check(told[-1].usage.completion_tokens > 0, told[-1])


@step
def vectors_come_of_texts():
    answer = CLIENT.embeddings.create(model="text-embedding-3-small", input=["a", "b", "a"])
    vectors = [one.embedding for one in answer.data]
    check(len(vectors) == 3 and len(vectors[0]) == 1536, len(vectors[0]))
    check(vectors[0] == vectors[2] != vectors[1])
    check(abs(sum(x * x for x in vectors[0]) - 1) < 1e-4)
    short = CLIENT.embeddings.create(model="x", input="a", dimensions=8, encoding_format="float")
    check(len(short.data[0].embedding) == 8)


@step
def a_text_is_read_aloud():
    sound = CLIENT.audio.speech.create(model="tts-1", voice="alloy", input="Good morning")
    check(sound.content[:3] == b"ID3", sound.content[:8])
    with CLIENT.audio.speech.with_streaming_response.create(
        model="tts-1", voice="alloy", input="Good morning", response_format="wav"
    ) as wave:
        with tempfile.TemporaryDirectory() as folder:
            wave.stream_to_file(os.path.join(folder, "a.wav"))
            with open(os.path.join(folder, "a.wav"), "rb") as file:
                check(file.read(4) == b"RIFF")


@step
def models_are_listed():
    names = [model.id for model in CLIENT.models.list()]
    check("sora-2" in names and "gpt-image-1" in names and "sandbox" in names, names)
    check(CLIENT.models.retrieve("sora-2").owned_by == "sora")
    refused(openai.NotFoundError, lambda: CLIENT.models.retrieve("nobody"))


@step
def pictures_are_made():
    inline = CLIENT.images.generate(model="gpt-image-1", prompt="a fox", size="1024x1024")
    check(base64.b64decode(inline.data[0].b64_json)[1:4] == b"PNG")
    several = CLIENT.images.generate(model="dall-e-2", prompt="a fox", n=2, response_format="url")
    check(len(several.data) == 2 and several.data[1].url.startswith("http"), several)
    other = CLIENT.images.generate(model="flux-dev", prompt="a fox", response_format="b64_json")
    check(len(base64.b64decode(other.data[0].b64_json)) > 1000)


@step
def pictures_are_changed():
    edited = CLIENT.images.edit(model="gpt-image-1", image=("a.png", png(), "image/png"), prompt="a hat")
    check(base64.b64decode(edited.data[0].b64_json)[1:4] == b"PNG")
    several = CLIENT.images.edit(
        model="gpt-image-1",
        image=[("a.png", png(), "image/png"), ("b.png", png(), "image/png")],
        mask=("m.png", png(), "image/png"),
        prompt="both",
        n=2,
    )
    check(len(several.data) == 2, several)


@step
def a_video_is_made_and_fetched_and_deleted():
    video = CLIENT.videos.create_and_poll(
        model="sora-2", prompt="a fox", seconds="4", size="1280x720", poll_interval_ms=100
    )
    check(video.status == "completed" and video.progress == 100, video)
    check(video.seconds == "4" and video.size == "1280x720" and video.prompt == "a fox", video)
    file = CLIENT.videos.download_content(video.id)
    check(file.read()[4:8] == b"ftyp")
    check(video.id in [one.id for one in CLIENT.videos.list()])
    check(CLIENT.videos.delete(video.id).deleted)
    refused(openai.NotFoundError, lambda: CLIENT.videos.retrieve(video.id))


@step
def a_video_begins_with_a_picture():
    video = CLIENT.videos.create(prompt="it moves", input_reference=("a.png", png(), "image/png"))
    check(CLIENT.videos.poll(video.id, poll_interval_ms=100).status == "completed")


@step
def a_video_that_fails_says_why():
    video = CLIENT.videos.create_and_poll(prompt="[[sandbox moderated]] x", poll_interval_ms=100)
    check(video.status == "failed" and video.error.code == "forbidden", video)


@step
def videos_are_listed_page_by_page():
    ids = {CLIENT.videos.create(model="veo3", prompt="x").id for _ in range(3)}
    seen = [video.id for video in CLIENT.videos.list(limit=2)]
    check(ids <= set(seen) and len(seen) == len(set(seen)), seen)


@step
def what_is_wrong_is_told():
    error = refused(
        openai.BadRequestError, lambda: CLIENT.images.generate(model="gpt-image-1", prompt="x", n=11)
    )
    check(error.param == "n" and error.type == "invalid_request_error", error.body)
    error = refused(
        openai.NotFoundError, lambda: CLIENT.images.generate(model="nobody", prompt="x")
    )
    check(error.code == "model_not_found", error.body)
    error = refused(
        openai.BadRequestError,
        lambda: CLIENT.images.generate(model="gpt-image-1", prompt="[[sandbox moderated]] x"),
    )
    check(error.code == "moderation_blocked", error.body)


@step
def a_wrong_key_is_refused():
    other = OpenAI(api_key="wrong", max_retries=0)
    error = refused(openai.AuthenticationError, lambda: other.images.generate(prompt="x", model="dall-e-2"))
    check(error.code == "invalid_api_key", error.body)
    refused(openai.AuthenticationError, lambda: other.chat.completions.create(model="x", messages=MESSAGES))
    refused(openai.AuthenticationError, lambda: other.videos.list())


@step
def too_many_calls_are_refused_and_another_attempt_is_made():
    limited = OpenAI(api_key=os.environ["LIMITED_API_KEY"], max_retries=0)
    for _ in range(2):
        limited.chat.completions.create(model="x", messages=MESSAGES)
    error = refused(
        openai.RateLimitError,
        lambda: [limited.embeddings.create(model="x", input="a") for _ in range(20)],
    )
    check(error.code == "rate_limit_exceeded", error.body)
    check(int(error.response.headers["retry-after"]) >= 1)
    again = OpenAI(api_key=os.environ["LIMITED_API_KEY"], max_retries=5)
    again.chat.completions.create(model="x", messages=MESSAGES)


def main():
    failed = 0
    for function in STEPS:
        try:
            function()
            print("ok    ", function.__name__, flush=True)
        except BaseException:
            failed += 1
            print("FAILED", function.__name__, flush=True)
            traceback.print_exc(file=sys.stdout)
    sys.exit(1 if failed else 0)


main()
