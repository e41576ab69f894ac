"""The official command lines, unchanged, pointed here by their environment variables."""

import os
import re
import subprocess
import sys

from steps import BASE, PICTURE, TOKEN, check, run

BIN = os.path.dirname(sys.executable)
ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def call(*command, status=0, token=TOKEN):
    """Runs one and gives its output."""
    environment = {
        **os.environ,
        "ACEDATACLOUD_API_BASE_URL": BASE,
        "ACEDATACLOUD_API_TOKEN": token,
        "COLUMNS": "300",
        "NO_COLOR": "1",
    }
    done = subprocess.run(
        [os.path.join(BIN, command[0]), *command[1:]],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    output = done.stdout + done.stderr
    check(done.returncode == status, " ".join(command), "ended with", done.returncode, output)
    return output


def task_of(output):
    found = ID.search(output)
    check(found, "no task id in", output)
    return found.group()


def waits(submit, wait):
    """Submits, waits for the end, reads the task and a batch of it."""

    def step():
        task = task_of(call(*submit))
        output = call(*wait, task, "--interval", "1", "--timeout", "40")
        check("imeout" not in output and "rror" not in output, output)

    return step


def inline(*command, shows="http"):
    """Submits and gets the result in the same answer."""

    def step():
        check(shows in call(*command), "no", shows)

    return step


def pair(program, *submit):
    return waits((program, *submit), (program, "wait"))


STEPS = {
    "luma": pair("luma", "generate", "a cat", "--async"),
    "adc": waits(("adc", "image", "a cat"), ("adc", "wait", "-s", "flux")),
    "adc music": waits(("adc", "music", "a song"), ("adc", "wait", "-s", "suno")),
    "kling": pair("kling", "generate", "a cat", "--async"),
    "hailuo": pair("hailuo", "generate", "a cat", "--async"),
    "happyhorse": pair("happyhorse", "generate", "a horse", "--async"),
    "nano-banana": pair("nano-banana-pro", "generate", "a cat", "--async"),
    "seedance": pair("seedance", "generate", "a cat", "--async"),
    "seedream": pair("seedream", "generate", "a cat", "--async"),
    "sora": pair("sora", "generate", "a cat", "--async"),
    "veo": pair("veo", "generate", "a cat", "--async"),
    "wan": pair("wan", "generate", "a cat", "--async"),
    "producer": pair("producer", "generate", "a song", "--async"),
    "suno": pair("suno", "generate", "a song", "--async"),
    "flux": pair("flux", "generate", "a cat", "--async"),
    "flux inline": inline("flux", "generate", "a cat", "--json"),
    "luma inline": inline("luma", "generate", "a cat", "--json"),
    "suno inline": inline("suno", "generate", "a song", "--json"),
    "openai inline": inline("openai-cli", "image", "a cat", "--json"),
    "seedance inline": inline("seedance", "generate", "a cat", "--json"),
    "midjourney submits": inline("midjourney", "imagine", "a cat", "--json", shows="task_id"),
    "midjourney describe": inline("midjourney", "describe", PICTURE, "--json", shows="descriptions"),
    "suno lyrics": inline("suno", "lyrics", "rain", "--json", shows="text"),
}


def batch():
    first = task_of(call("luma", "generate", "one", "--async", "--json"))
    second = task_of(call("luma", "generate", "two", "--async", "--json"))
    output = call("luma", "tasks", first, second, "--json")
    check(first in output and second in output, output)


def failure():
    task = task_of(call("luma", "generate", "[[sandbox fail=forbidden]] x", "--async", "--json"))
    output = call("luma", "wait", task, "--interval", "1", "--timeout", "40")
    check("failed" in output, output)


def hailuo_failure():
    task = task_of(call("hailuo", "generate", "[[sandbox fail=forbidden]] x", "--async", "--json"))
    call("hailuo", "wait", task, "--interval", "1", "--timeout", "40", status=1)


def wrong_token():
    check("nvalid" in call("luma", "generate", "x", status=1, token="wrong"), "no word of the token")


def midjourney_wait():
    task = task_of(call("midjourney", "imagine", "a cat", "--json"))
    output = call("midjourney", "wait", task, "--interval", "1", "--timeout", "20")
    check("completed" in output, output)


if sys.argv[1:] == ["midjourney-wait"]:
    run([("midjourney wait", midjourney_wait)])
STEPS |= {
    "batch": batch,
    "a failure is seen": failure,
    "hailuo sees a failure": hailuo_failure,
    "a wrong token is seen": wrong_token,
}
run(list(STEPS.items()), at_once=3)
