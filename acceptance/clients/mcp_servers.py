"""The official MCP servers, unchanged: each makes something and sees its end.

Every server has top-level packages called core and tools, so each runs in a process of its own with
its folder first on the path; without arguments this script starts them all.
"""

import asyncio
import json
import logging
import os
import subprocess
import sys
import time
import urllib.request

from steps import BASE, PICTURE, SOUND, TOKEN, check, run

FOLDER = os.path.join(os.path.dirname(os.path.dirname(sys.executable)), "mcp")

# server: (tool that makes, its arguments, tool that reads)
SERVERS = {
    "midjourney": ("midjourney_imagine", {"prompt": "a cat"}, "midjourney_get_task"),
    "suno": ("suno_generate_music", {"prompt": "a song"}, "suno_get_task"),
    "luma": ("luma_generate_video", {"prompt": "a cat"}, "luma_get_task"),
    "veo": ("veo_text_to_video", {"prompt": "a cat"}, "veo_get_task"),
    "sora": ("sora_generate_video", {"prompt": "a cat"}, "sora_get_task"),
    "kling": ("kling_generate_video", {"prompt": "a cat"}, "kling_get_task"),
    "wan": ("wan_generate_video", {"prompt": "a cat"}, "wan_get_task"),
    "producer": ("producer_generate_music", {"prompt": "a song"}, "producer_get_task"),
    "fish": ("fish_generate_audio", {"text": "hello"}, "fish_get_task"),
    "hailuo": ("hailuo_generate_video", {"prompt": "a cat"}, "hailuo_get_task"),
    "flux_pro": ("flux_generate_image", {"prompt": "a cat", "size": "1:1"}, "flux_get_task"),
    "nanobanana_pro": ("nanobanana_generate_image", {"prompt": "a cat"}, "nanobanana_get_task"),
    "seedance": ("seedance_generate_video", {"prompt": "a cat"}, "seedance_get_task"),
    "seedream_pro": ("seedream_generate_image", {"prompt": "a cat"}, "seedream_get_task"),
    "grok": ("grok_text_to_video", {"prompt": "a cat"}, "grok_get_task"),
    "happyhorse": ("happyhorse_generate_video", {"prompt": "a cat"}, "happyhorse_get_task"),
    "maestro": ("maestro_create_video", {"prompt": "a film"}, "maestro_get_task"),
    "minimax": (
        "minimax_generate_video_from_text",
        {"prompt": "a cat", "duration": 5, "resolution": "768P"},
        "minimax_get_task",
    ),
    "digitalhuman": (
        "digitalhuman_create_video",
        {"image_url": PICTURE, "audio_url": SOUND, "async": True},
        "digitalhuman_get_task",
    ),
    "openai_pro": ("openai_generate_image", {"prompt": "a cat"}, "openai_get_task"),
}


def load(server):
    logging.disable(logging.CRITICAL)
    from loguru import logger

    logger.remove()
    sys.path.insert(0, os.path.join(FOLDER, server))
    import importlib
    import pkgutil

    import tools

    for module in pkgutil.iter_modules(tools.__path__):
        importlib.import_module("tools." + module.name)
    from core.server import mcp

    return mcp


async def call(mcp, tool, arguments):
    result = await mcp.call_tool(tool, arguments)
    content = result[0] if isinstance(result, tuple) else result
    return json.loads(content[0].text)


def await_end(task):
    """Waits over the native API, as a tool that sees an open task sleeps five seconds."""
    request = urllib.request.Request(
        f"{BASE}/v1/tasks/{task}?wait=40s", headers={"authorization": f"Bearer {TOKEN}"}
    )
    began = time.monotonic()
    with urllib.request.urlopen(request, timeout=50) as answer:
        state = json.load(answer)["state"]
    check(state == "succeeded", "the task is", state, "after", time.monotonic() - began, "s")


async def use(server):
    mcp = load(server)
    make, arguments, read = SERVERS[server]
    submitted = await call(mcp, make, arguments)
    task = submitted.get("task_id")
    check(task, submitted)
    await_end(task)
    key = "id" if server == "openai_pro" else "task_id"
    seen = await call(mcp, read, {key: task})
    polling = seen.get("mcp_task_polling")
    check(polling, seen)
    check(polling["terminal_state_reached"] and not polling["should_poll"], seen)
    check(polling["is_complete"] and not polling["is_failed"], seen)


def start(server):
    def step():
        done = subprocess.run(
            [sys.executable, __file__, server], capture_output=True, text=True, timeout=90
        )
        check(done.returncode == 0, done.stdout, done.stderr)

    return step


if len(sys.argv) > 1:
    asyncio.run(use(sys.argv[1]))
else:
    run([(server, start(server)) for server in SERVERS], at_once=3)
