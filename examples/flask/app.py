"""Receives callbacks: verifies them, keeps them in SQLite, answers, and then does the work once.

    pip install -r requirements.txt
    export CARILLON_WEBHOOK_SECRET=whsec_…     # GET /v1/webhook-secret shows it
    python app.py

With CARILLON_URL and CARILLON_TOKEN it also fetches from the feed what it missed while it was down.
"""

import json
import os
import sqlite3
import threading
import time
import urllib.parse
import urllib.request

from flask import Flask, request
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

INBOX = os.environ.get("INBOX", "inbox.db")
LARGEST_BODY = 16 * 1024 * 1024
PAUSES = [1, 10, 60, 600, 3600, 6 * 3600, 24 * 3600]  # seconds after each failed run

app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = LARGEST_BODY
webhook = Webhook(os.environ["CARILLON_WEBHOOK_SECRET"])
news = threading.Event()


def database():
    """Commits on its own unless told otherwise; waits for whoever else is writing."""
    return sqlite3.connect(INBOX, timeout=10, isolation_level=None)


def make_tables():
    with database() as db:
        db.execute(
            "CREATE TABLE IF NOT EXISTS inbox"
            " (id TEXT PRIMARY KEY, body BLOB, runs INTEGER DEFAULT 0, due REAL)"
        )
        db.execute("CREATE TABLE IF NOT EXISTS place (feed TEXT PRIMARY KEY, cursor TEXT)")


def take_in(event_id, body):
    """Keeps an event unless its id is known."""
    with database() as db:
        db.execute(
            "INSERT INTO inbox (id, body, due) VALUES (?, ?, ?) ON CONFLICT (id) DO NOTHING",
            (event_id, body, time.time()),
        )
    news.set()


@app.post("/hook")
def hook():
    body = request.get_data()  # the bytes as they came; parsed and written again they do not fit
    try:
        webhook.verify(body, dict(request.headers), json_parse=False)
    except (WebhookVerificationError, ValueError):
        return "", 401
    take_in(request.headers["webhook-id"], body)
    return "", 204


def handle(event_id, body):
    """Stands where the application's own code goes."""
    event = json.loads(body)
    task = event.get("task_id") or event.get("data", {}).get("task_id")
    print(f"handled {event_id} of task {task}", flush=True)


def work_once():
    """Runs what is due; a done event has no due time and no body, its id stays known.

    A process that dies between handle() and the mark runs the event again; an application that must
    not writes its own rows and the mark in one transaction.
    """
    with database() as db:
        due = db.execute(
            "SELECT id, body, runs FROM inbox WHERE due <= ? ORDER BY due LIMIT 100", (time.time(),)
        ).fetchall()
    for event_id, body, runs in due:
        try:
            handle(event_id, body)
            with database() as db:
                db.execute("UPDATE inbox SET due = NULL, body = NULL WHERE id = ?", (event_id,))
            print(f"done {event_id}", flush=True)
        except Exception as fault:  # whatever it is, the event must not be forgotten
            print(f"failed {event_id}: {fault!r}", flush=True)
            later = time.time() + PAUSES[runs] if runs < len(PAUSES) else None
            with database() as db:
                db.execute(
                    "UPDATE inbox SET due = ?, runs = runs + 1 WHERE id = ?", (later, event_id)
                )


def work():
    while True:
        news.clear()
        work_once()
        news.wait(1)


def read_feed(url, token):
    """Takes in a page of the feed, then moves on: what was not taken in is read again."""
    with database() as db:
        row = db.execute("SELECT cursor FROM place WHERE feed = 'events'").fetchone()
    query = {"wait": "30s", "types": "task.succeeded,task.failed,task.cancelled,task.expired"}
    if row:
        query["after"] = row[0]
    asked = urllib.request.Request(
        f"{url}/v1/events?{urllib.parse.urlencode(query)}",
        headers={"Authorization": f"Bearer {token}"},
    )
    with urllib.request.urlopen(asked, timeout=60) as answer:
        page = json.load(answer)
    for item in page["items"]:
        take_in(item["event"]["id"], json.dumps(item["event"]).encode())
    with database() as db:
        db.execute(
            "INSERT INTO place VALUES ('events', ?)"
            " ON CONFLICT (feed) DO UPDATE SET cursor = excluded.cursor",
            (page["next"],),
        )


def reconcile(url, token):
    while True:
        try:
            read_feed(url, token)
        except OSError as fault:
            print(f"the feed cannot be read: {fault!r}", flush=True)
            time.sleep(5)


def main():
    make_tables()
    threading.Thread(target=work, daemon=True).start()
    if "CARILLON_URL" in os.environ:
        feed = (os.environ["CARILLON_URL"], os.environ["CARILLON_TOKEN"])
        threading.Thread(target=reconcile, args=feed, daemon=True).start()
    app.run(host="127.0.0.1", port=int(os.environ.get("PORT", "9000")))


if __name__ == "__main__":
    main()
