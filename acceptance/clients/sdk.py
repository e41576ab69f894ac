"""The official Python SDK, unchanged: submit, poll, wait, callbacks, and each error."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from acedatacloud import AceDataCloud, AsyncAceDataCloud
from acedatacloud._runtime import errors

from steps import BASE, PICTURE, PLATFORM_TOKEN, SOUND, TOKEN, check, run

CLIENT = AceDataCloud(api_token=TOKEN, base_url=BASE, platform_base_url=BASE, max_retries=0)
SECONDS = 60


def waits(handle, urls=1):
    """Polls a handle to its end and looks for its results."""
    check(not handle.done, "the reply to the submission was taken for the result")
    handle.wait(poll_interval=0.2, max_wait=SECONDS)
    check(len(handle.urls()) >= urls, "urls:", handle.urls(), handle.result())
    check(all(url.startswith("http") for url in handle.urls()), handle.urls())
    check(handle.result()["response"]["success"] is True, handle.result())


def provider(service, method="generate", **arguments):
    return lambda: waits(getattr(getattr(CLIENT, service), method)(**arguments))


def flat(service, method="generate", **arguments):
    """Services whose record is not the generic one: the SDK sees an end and a result."""

    def step():
        handle = getattr(getattr(CLIENT, service), method)(**arguments)
        handle.wait(poll_interval=0.2, max_wait=SECONDS)
        check(handle.done and handle.urls(), handle.result())

    return step


CONTENT = [{"type": "text", "text": "a cat"}]
PROVIDERS = {
    "luma": provider("luma", prompt="x"),
    "luma with pictures": provider(
        "luma", prompt="x", start_image_url=PICTURE, end_image_url=PICTURE
    ),
    "flux": provider("flux", action="generate", prompt="x", size="1024x1024"),
    "suno": provider("suno", action="generate", prompt="a song", model="chirp-v5-5"),
    "suno inspired": provider("suno", action="inspo", prompt="a song", audio_urls=[SOUND]),
    "hailuo": provider("hailuo", action="generate", prompt="x", model="minimax-t2v"),
    "wan": provider("wan", model="wan2.6-t2v", prompt="x", image_url=PICTURE),
    "seedance": provider("seedance", model="doubao-seedance-1-0-pro-250528", content=CONTENT),
    "seedream": provider("seedream", model="doubao-seedream-5-0-lite-260128", prompt="x"),
    "nano-banana": provider("nano_banana", action="generate", prompt="x"),
    "producer": provider("producer", action="generate", prompt="x", lyric="la la"),
    "fish": provider("fish", text="hello", format="mp3"),
    "happyhorse": provider("happyhorse", prompt="x", image_url=PICTURE, video_url=PICTURE),
    "dreamina": provider("dreamina", image_url=PICTURE, audio_url=SOUND),
    "digital human": flat("digitalhuman", video_url=PICTURE, audio_url=SOUND),
    "maestro": flat("maestro", prompt="a film"),
    "minimax": flat(
        "minimax", model="MiniMax-H3", content=CONTENT, duration=5, resolution="768P"
    ),
}


def bare(kind, service, method="generate"):
    """The helpers that post no more than a prompt, and wait."""

    def step():
        helper = getattr(CLIENT, kind)
        record = helper.generate(prompt="a cat", provider=service, wait=True, poll_interval=0.2)
        if service == "fish":  # its inline answer is bare, so there is no task to wait for
            check(record["audio_url"].startswith("http"), record)
        else:
            check(record["response"]["success"] is True, record)

    return step


BARE = {
    f"{kind} helper for {service}": bare(kind, service)
    for kind, services in {
        "images": ["nano-banana", "flux", "seedream"],
        "video": ["sora", "luma", "veo", "kling", "hailuo", "seedance", "wan", "pika", "pixverse"],
        "audio": ["suno", "producer", "fish"],
    }.items()
    for service in services
}


def post(path, body):
    return CLIENT._transport.request("POST", path, json=body)


def raw_wait():
    task = post("/midjourney/imagine", {"prompt": "a cat", "async": True})["task_id"]
    record = CLIENT.tasks.wait(task, service="midjourney", poll_interval=0.2, max_wait=SECONDS)
    check(record["response"]["image_url"].startswith("http"), record)
    check("status" not in record, record)


def veo_answers_with_an_id():
    submitted = CLIENT.veo.generate(action="text2video", prompt="a paper boat")
    check(sorted(submitted) == ["success", "task_id", "trace_id"], submitted)
    record = CLIENT.tasks.wait(
        submitted["task_id"], service="veo", poll_interval=0.2, max_wait=SECONDS
    )
    check(record["response"]["data"][0]["video_url"].startswith("http"), record)


def kling_and_its_turbo():
    for model in ("kling-v1", "kling-v3-turbo"):
        submitted = CLIENT.kling.generate(
            action="text2video", model=model, prompt="x", async_=True
        )
        CLIENT.tasks.wait(submitted["task_id"], service="kling", poll_interval=0.2)


def openai_image_inline():
    answer = CLIENT.openai.images.generate(model="gpt-image-1", prompt="a cat")
    check(answer["data"][0]["url"].startswith("http"), answer)
    check(isinstance(answer["created"], int), answer)


def pending_is_seen_as_running():
    handle = CLIENT.luma.generate(
        prompt="[[sandbox hang]] x", start_image_url=PICTURE, callback_url="http://127.0.0.1:9/x"
    )
    check(not handle.done and not handle.is_completed(), handle.result())
    post(f"/v1/tasks/{handle.id}/cancel", {})
    check(handle.is_completed(), "a cancelled task is over")


def failure_is_seen_as_failure():
    handle = CLIENT.luma.generate(prompt="[[sandbox fail=forbidden]] x")
    record = handle.wait(poll_interval=0.2, max_wait=SECONDS)
    check(record["response"]["success"] is False, record)
    check(record["response"]["error"]["code"] == "forbidden", record)
    check(not handle.urls(), handle.urls())


def asynchronous_client():
    async def go():
        async with AsyncAceDataCloud(api_token=TOKEN, base_url=BASE) as client:
            handles = await asyncio.gather(
                *(client.flux.generate(action="generate", prompt="x", size="1:1") for _ in range(8))
            )
            await asyncio.gather(*(handle.wait(poll_interval=0.2) for handle in handles))
            check(all(handle.urls() for handle in handles))

    asyncio.run(go())


def callback():
    received, arrived = [], threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            size = int(self.headers["content-length"])
            received.append(json.loads(self.rfile.read(size)))
            self.send_response(200)
            self.end_headers()
            arrived.set()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    handle = CLIENT.suno.generate(
        prompt="x", callback_url=f"http://127.0.0.1:{server.server_port}/hook"
    )
    check(arrived.wait(SECONDS), "no callback came")
    server.shutdown()
    check(received[0]["task_id"] == handle.id and received[0]["success"] is True, received)
    check(received[0]["data"][0]["audio_url"].startswith("http"), received)
    check(handle.get()["response"] == received[0], "the callback is the stored response")


def fails_with(wanted, code, status, call):
    def step():
        try:
            answer = call()
        except errors.APIError as error:
            check(type(error) is wanted, type(error), error)
            check(error.code == code and error.status_code == status, error.code, error.status_code)
            check(error.message and error.trace_id, error.body)
            return
        raise AssertionError(f"no error: {answer}")

    return step


def with_token(token):
    return AceDataCloud(api_token=token, base_url=BASE, max_retries=0)


def scripted(code):
    return lambda: post("/midjourney/imagine", {"prompt": f"[[sandbox fail={code}]] x"})


ERRORS = {
    "wrong token": fails_with(
        errors.AuthenticationError, "invalid_token", 401,
        lambda: with_token("wrong").luma.generate(prompt="x"),
    ),
    "platform token": fails_with(
        errors.AuthenticationError, "invalid_token", 401,
        lambda: with_token("platform-x").luma.generate(prompt="x"),
    ),
    "missing field": fails_with(
        errors.ValidationError, "bad_request", 400, lambda: post("/midjourney/imagine", {})
    ),
    "missing id": fails_with(
        errors.ValidationError, "bad_request", 400,
        lambda: post("/midjourney/tasks", {"action": "retrieve"}),
    ),
    "unknown path": fails_with(errors.APIError, "no_api", 404, lambda: post("/no/such", {})),
    "moderation": fails_with(errors.ModerationError, "forbidden", 403, scripted("forbidden")),
    "time-out": fails_with(errors.APIError, "timeout", 504, scripted("timeout")),
    "gateway fault": fails_with(errors.APIError, "api_error", 500, scripted("api_error")),
    "busy": fails_with(errors.APIError, "busy", 500, scripted("busy")),
}


def unknown_task_is_an_empty_object():
    answer = CLIENT.tasks.get("11111111-2222-3333-4444-555555555555", service="suno")
    check(answer == {}, answer)


PLATFORM = AceDataCloud(
    api_token=PLATFORM_TOKEN, base_url=BASE, platform_base_url=BASE, max_retries=0
)


def works(token):
    return with_token(token)._transport.request("POST", "/suno/tasks", json={"id": "x"}) == {}


def refused(code, call):
    try:
        answer = call()
    except errors.APIError as error:
        check(error.code == code, error.code, error.message)
        return
    raise AssertionError(f"no error: {answer}")


def applications_are_managed():
    made = PLATFORM.platform.applications.create(service_id="suno", name="sdk")
    check(made["scope"] == "Individual" and made["remaining_amount"] == 0, made)
    check(PLATFORM.platform.applications.get(made["id"])["name"] == "sdk")
    found = PLATFORM.platform.applications.list(service_id=made["service_id"], limit=200)
    check(made["id"] in [one["id"] for one in found["items"]], found)
    check(found["items"] == found["results"] and found["count"] >= 1, found)


def credentials_are_managed():
    application = PLATFORM.platform.applications.create(service_id="suno")["id"]
    made = PLATFORM.platform.credentials.create(
        application_id=application, name="sdk", limited_amount=0.6
    )
    check(works(made["token"]), made)
    refused("used_up", lambda: with_token(made["token"]).suno.generate(prompt="x"))
    PLATFORM._transport.request(
        "POST",
        f"/api/v1/applications/{application}/update-allow-consume-global/",
        json={"allow_consume_global": True},
        platform=True,
    )
    waits(with_token(made["token"]).suno.generate(prompt="a song"))
    refused("used_up", lambda: with_token(made["token"]).suno.generate(prompt="x"))
    refused("token_mismatched", lambda: with_token(made["token"]).luma.generate(prompt="x"))

    listed = PLATFORM.platform.credentials.list(application_id=application)
    check(listed["count"] == 1 and listed["items"][0]["used_amount"] == 0.5, listed)
    check(made["token"] not in json.dumps(listed), "a list shows no token")
    rotated = PLATFORM.platform.credentials.rotate(made["id"])
    check(rotated["id"] == made["id"] and works(rotated["token"]), rotated)
    refused("token_expired", lambda: works(made["token"]))
    check(PLATFORM.platform.credentials.delete(made["id"]) == {}, "deleting answers an object")
    refused("invalid_token", lambda: works(rotated["token"]))
    usage = PLATFORM._transport.request(
        "GET", "/api/v1/usage/apis/", params={"application_id": application}, platform=True
    )
    check(usage["count"] == 1 and usage["items"][0]["amount"] == 0.5, usage)


def models_and_config_are_told():
    models = PLATFORM.platform.models.list()["data"]
    check(len(models) > 10 and all(model["id"] and model["owned_by"] for model in models), models)
    check("DISCOUNT_FOR_X402" in PLATFORM.platform.config.get()["features"])


def tokens_open_their_own_doors_only():
    business = AceDataCloud(api_token=TOKEN, platform_base_url=BASE, max_retries=0)
    refused("invalid_token", lambda: business.platform.applications.list())
    refused("invalid_token", lambda: works(PLATFORM_TOKEN))


OTHERS = {
    function.__name__.replace("_", " "): function
    for function in (
        raw_wait,
        veo_answers_with_an_id,
        kling_and_its_turbo,
        openai_image_inline,
        pending_is_seen_as_running,
        failure_is_seen_as_failure,
        asynchronous_client,
        callback,
        unknown_task_is_an_empty_object,
        applications_are_managed,
        credentials_are_managed,
        models_and_config_are_told,
        tokens_open_their_own_doors_only,
    )
}

run(list({**PROVIDERS, **BARE, **OTHERS, **ERRORS}.items()), at_once=6)
