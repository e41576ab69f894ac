"""Runs named steps, prints a line for each, and ends with 1 when one failed."""

import os
import sys
import time
import traceback
from concurrent.futures import ThreadPoolExecutor

BASE = os.environ["ACEDATACLOUD_API_BASE_URL"]
TOKEN = os.environ["ACEDATACLOUD_API_TOKEN"]
PLATFORM_TOKEN = os.environ.get("ACEDATACLOUD_PLATFORM_TOKEN", "")
PICTURE = "https://example.com/cat.png"
SOUND = "https://example.com/voice.mp3"


def check(condition, *shown):
    """Fails the step when the condition does not hold."""
    if not condition:
        raise AssertionError(" ".join(str(part) for part in shown) or "the condition does not hold")


def timed(step):
    began = time.monotonic()
    try:
        step()
        return None, time.monotonic() - began
    except BaseException:  # a step that ends the interpreter has failed too
        return traceback.format_exc(), time.monotonic() - began


def run(steps, at_once=4):
    """Runs (name, function) pairs, a few at once, and leaves."""
    failed = 0
    with ThreadPoolExecutor(at_once) as pool:
        results = [(name, pool.submit(timed, step)) for name, step in steps]
        for name, future in results:
            failure, took = future.result()
            print(f"{'FAILED' if failure else 'ok    '} {name} ({took:.1f} s)", flush=True)
            if failure:
                print(failure, flush=True)
                failed += 1
    print(f"{len(steps)} steps, {failed} failed")
    sys.exit(1 if failed else 0)
