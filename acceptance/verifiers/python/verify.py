"""Signs and verifies with the official Python library: a JSON object a line in, one a line out."""

import json
import sys
from datetime import datetime, timezone

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

for line in sys.stdin:
    wish = json.loads(line)
    webhook = Webhook(wish["secret"])
    if wish["do"] == "sign":
        at = datetime.fromtimestamp(int(wish["timestamp"]), tz=timezone.utc)
        answer = {"signature": webhook.sign(wish["id"], at, wish["body"])}
    else:
        headers = {
            "webhook-id": wish["id"],
            "webhook-timestamp": wish["timestamp"],
            "webhook-signature": wish["signature"],
        }
        try:
            webhook.verify(wish["body"], headers, json_parse=False)
            answer = {"ok": True}
        except WebhookVerificationError as refused:
            answer = {"ok": False, "why": str(refused)}
    print(json.dumps(answer), flush=True)
