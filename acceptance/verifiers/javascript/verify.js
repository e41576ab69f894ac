// Signs and verifies with the official JavaScript library: a JSON object a line in, one a line out.
"use strict";

const readline = require("node:readline");
const { Webhook, WebhookVerificationError } = require("standardwebhooks");

function answer(wish) {
  const webhook = new Webhook(wish.secret);
  if (wish.do === "sign") {
    const at = new Date(Number(wish.timestamp) * 1000);
    return { signature: webhook.sign(wish.id, at, wish.body) };
  }
  const headers = {
    "webhook-id": wish.id,
    "webhook-timestamp": wish.timestamp,
    "webhook-signature": wish.signature,
  };
  try {
    webhook.verify(wish.body, headers, { jsonParse: false });
    return { ok: true };
  } catch (refused) {
    if (refused instanceof WebhookVerificationError) {
      return { ok: false, why: refused.message };
    }
    throw refused;
  }
}

readline.createInterface({ input: process.stdin }).on("line", (line) => {
  console.log(JSON.stringify(answer(JSON.parse(line))));
});
