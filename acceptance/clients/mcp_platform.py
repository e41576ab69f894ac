"""The official MCP server for managing an account, unchanged: every tool that has an answer here.

It reads PLATFORM_API_BASE_URL and ACEDATACLOUD_PLATFORM_TOKEN.
"""

import asyncio
import importlib
import json
import logging
import os
import pkgutil
import sys

from steps import check, run

FOLDER = os.path.join(os.path.dirname(os.path.dirname(sys.executable)), "mcp", "acedatacloud")


def load():
    logging.disable(logging.CRITICAL)
    from loguru import logger

    logger.remove()
    sys.path.insert(0, FOLDER)
    import tools
    import tools.user

    for package in (tools, tools.user):
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"{package.__name__}.{module.name}")
    from core.server import mcp

    return mcp


MCP = load()


def tool(name, /, **arguments):
    result = asyncio.run(MCP.call_tool("acedatacloud_" + name, arguments))
    content = result[0] if isinstance(result, tuple) else result
    answer = json.loads(content[0].text)
    check("error" not in answer, name, answer)
    return answer


def the_catalog():
    service = tool("get_service", service="suno")
    check(service["alias"] == "suno" and service["unit"] == "Credit", service)
    check(tool("list_services", search="suno")["count"] == 1)
    check(tool("get_pricing", service="suno")["cost"]["/suno/audios"]["amount"] == 0.5)
    apis = tool("list_apis", service="suno", limit=100)
    check(apis["count"] == len(apis["items"]) > 3, apis)
    check(tool("get_api_spec", path="/suno/audios")["definition"]["requestBody"])
    check(tool("list_models")["data"])
    check(tool("list_model_catalog", modality="video")["count"] > 1)
    check(tool("get_model", model="veo")["count"] > 1)


def applications():
    service = tool("get_service", service="suno")["id"]
    made = tool("create_application", service_id=service, confirm=True)
    check(made["service_id"] == service, made)
    check(tool("get_application", application_id=made["id"])["id"] == made["id"])
    changed = tool(
        "update_application_balance_policy",
        application_id=made["id"],
        allow_consume_global=True,
        confirm=True,
    )
    check(changed["allow_consume_global"] is True, changed)
    listed = tool("list_applications", service_id=[service], affiliation=["owner"], limit=200)
    check(made["id"] in [one["id"] for one in listed["items"]], listed)
    check(tool("list_applications", scope="Global")["count"] >= 1)
    check(tool("get_balance")["total_remaining"] > 0)


def credentials():
    service = tool("get_service", service="suno")["id"]
    application = tool("create_application", service_id=service, confirm=True)["id"]
    api = tool("get_api_spec", path="/suno/audios")["id"]
    made = tool(
        "create_credential",
        application_id=application,
        name="k",
        limited_amount=5,
        expired_at="2030-01-01T00:00:00",
        allowed_api_ids=[api],
        confirm=True,
    )
    check(len(made["token"]) == 32 and made["allowed_api_ids"] == [api], made)
    check(tool("list_credentials", application_id=application)["count"] == 1)
    changed = tool(
        "update_credential",
        credential_id=made["id"],
        clear_limited_amount=True,
        clear_expired_at=True,
        allowed_api_ids=[],
        confirm=True,
    )
    check(changed["limited_amount"] is None and changed["expired_at"] is None, changed)
    check(changed["allowed_api_ids"] == [], changed)
    rotated = tool("rotate_credential", credential_id=made["id"], confirm=True)
    check(rotated["token"] not in (None, made["token"]), rotated)
    check(tool("get_credential", credential_id=made["id"])["id"] == made["id"])
    tool("delete_credential", credential_id=made["id"], confirm=True)
    check(tool("list_credentials", application_id=application)["count"] == 0)


def usage():
    check("items" in tool("list_usage", days=3))
    check("total_credits" in tool("usage_summary", days=3))
    check(tool("export_usage")["content"].startswith("id,created_at,"))


def platform_tokens():
    check(tool("get_user_info")["id"])
    made = tool("create_platform_token", confirm=True)
    check(made["token"].startswith("platform-"), made)
    check(tool("list_platform_tokens")["count"] >= 2)
    tool("delete_platform_token", token_id=made["id"], confirm=True)


STEPS = (the_catalog, applications, credentials, usage, platform_tokens)
run([(step.__name__.replace("_", " "), step) for step in STEPS], at_once=1)
