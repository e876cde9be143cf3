"""HTTP functions, called over a real connection on a host in a process of its own."""

import asyncio
import base64
import gzip
import io
import json
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.local.host.host_process import (
    FUNCTION_KEY,
    MASTER_KEY,
    READER_ID,
    READER_TOKEN,
    RunningHost,
    running,
    wait_for,
)

APP = "tests.local.host.http_app:app"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningHost]:
    """One host for all tests that leave no trace in it."""
    with running(
        tmp_path_factory.mktemp("http"),
        APP,
        environment={"AzureWebJobs.switched_off.Disabled": "1"},
    ) as started:
        yield started


async def test_request_and_response_arrive_whole(host: RunningHost) -> None:
    """A function sees method, URL, headers, query, route and body; its response passes through."""
    status, body, headers = await host.call(
        "PUT", "/API/Echo/J%C3%BCrgen/x/y%2Fz?q=1&q=2&empty=", data=b"hello", headers={"X-Two": "b"}
    )
    seen = json.loads(body)
    assert (status, seen["method"], seen["text"]) == (207, "PUT", "hello")
    assert seen["url"].startswith(f"{host.base}/API/Echo/J%C3%BCrgen/x/y%2Fz?q=1&q=2")
    assert seen["params"] == {"q": "1,2"}
    assert seen["routeParams"] == {"name": "Jürgen", "rest": "x/y%2Fz"}
    assert seen["headers"]["x-two"] == "b"
    assert headers["X-Sample"] == "yes"
    assert headers["Content-Type"] == "application/json"
    assert headers["Set-Cookie"] == "a=1; Path=/"


async def test_catch_all_may_be_empty(host: RunningHost) -> None:
    """`{*rest}` matches nothing too, and is then absent."""
    _, body, _ = await host.call("GET", "/api/echo/x")
    assert json.loads(body)["routeParams"] == {"name": "x"}


async def test_large_body_is_taken(host: RunningHost) -> None:
    """Azure takes bodies of up to 100 MB."""
    _, body, _ = await host.call("POST", "/api/echo/x", data=io.BytesIO(bytes(8 << 20)))
    assert json.loads(body)["bodyLength"] == 8 << 20


async def test_body_of_unannounced_length_is_empty(host: RunningHost) -> None:
    """Azure hands a chunked request to the worker without its body."""

    async def pieces() -> AsyncIterator[bytes]:
        yield b"piece"

    _, body, _ = await host.call("POST", "/api/echo/x", data=pieces())
    assert json.loads(body)["bodyLength"] == 0


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/unknown"),
        ("GET", "/echo/x"),
        ("DELETE", "/api/guarded"),
        ("HEAD", "/api/guarded"),
        ("GET", "/api/switched-off"),
        ("GET", "/api/items/one"),
        ("GET", "/admin/unknown"),
        ("GET", "/runtime/webhooks"),
        ("GET", "/"),
    ],
)
async def test_no_route_is_404(host: RunningHost, method: str, path: str) -> None:
    """A wrong path, method or constraint, and a function switched off, are all 404."""
    status, body, _ = await host.call(method, path, key=MASTER_KEY)
    assert (status, body) == (404, b"")


@pytest.mark.parametrize(
    ("path", "key", "status"),
    [
        ("/api/guarded", "", 401),
        ("/api/guarded", "wrong", 401),
        ("/api/guarded", FUNCTION_KEY, 200),
        ("/api/guarded", MASTER_KEY, 200),
        ("/api/guarded?code=" + FUNCTION_KEY, "", 200),
        ("/api/guarded?code=wrong", "", 401),
        ("/api/guarded?code=" + FUNCTION_KEY, "wrong", 401),
        ("/api/guarded", "schlüssel", 401),
        ("/api/chief", FUNCTION_KEY, 401),
        ("/api/chief", MASTER_KEY, 200),
        ("/api/echo/x", "", 207),
    ],
)
async def test_keys_open_their_level(host: RunningHost, path: str, key: str, status: int) -> None:
    """The function key opens `function`, the master key everything, nothing else anything."""
    assert (await host.call("GET", path, key=key))[0] == status


async def test_a_compressed_body_arrives_as_it_came(host: RunningHost) -> None:
    """Nothing is unpacked: a signature is over the raw bytes, and noise is not the host's fault."""
    for noise in (b"noise", gzip.compress(b"text")):
        status, body, _ = await host.call(
            "POST", "/api/echo/x", headers={"Content-Encoding": "gzip"}, data=noise
        )
        assert status < 500
        assert b"Server got itself in trouble" not in body


async def test_a_key_that_is_no_text_is_a_wrong_key(host: RunningHost) -> None:
    """Bytes that no client would send are refused like any other wrong key."""
    address = urlsplit(host.base)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = b"GET /api/guarded HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    writer.write(head + b"x-functions-key: \xff\xfe\r\n\r\n")
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    assert answer.startswith(b"HTTP/1.1 401 ")


async def test_plain_function_runs_in_a_thread(host: RunningHost) -> None:
    """A function that is no coroutine does not block the loop; a string is a 200 of text."""
    _, body, headers = await host.call("GET", "/api/guarded", key=FUNCTION_KEY)
    assert body.startswith(b"function_")
    assert headers["Content-Type"] == "text/plain; charset=utf-8"


async def test_context_tells_the_invocation(host: RunningHost) -> None:
    """`func.Context` carries the name, the id that is in the log, and a trace."""
    _, body, headers = await host.call("GET", "/api/chief", key=MASTER_KEY)
    method, name, invocation_id = json.loads(body)
    assert (method, name) == ("GET", "chief")
    assert headers["traceparent"].startswith("00-")
    assert invocation_id in {line.get("invocationId") for line in host.lines()}


@pytest.mark.parametrize("path", ["/api/broken", "/api/nothing"])
async def test_failure_is_500_without_a_word(host: RunningHost, path: str) -> None:
    """An exception, and a missing response, are 500 with an empty body; the log has the cause."""
    status, body, _ = await host.call("GET", path)
    assert (status, body) == (500, b"")
    assert host.lines()[-1]["outcome"] == "failed"
    assert "Error" in host.lines()[-1]["exception"]


async def test_first_name_wins_where_routes_overlap(tmp_path: Path, host: RunningHost) -> None:
    """Routes are tried by function name as in Azure; constraints keep them apart."""
    del tmp_path
    assert (await host.call("GET", "/api/items/7"))[1] == b"item 7"
    assert (await host.call("GET", "/api/items/newest"))[1] == b"newest GET"


async def test_head_has_no_body(host: RunningHost) -> None:
    """A HEAD request runs the function and sends the headers only."""
    status, body, headers = await host.call("HEAD", "/api/echo/x")
    assert (status, body, headers["X-Sample"]) == (207, b"", "yes")


async def test_known_token_becomes_a_principal(host: RunningHost) -> None:
    """A bearer token of the configuration is turned into App Service's principal headers."""
    _, body, _ = await host.call(
        "GET", "/api/echo/x", headers={"Authorization": f"Bearer {READER_TOKEN}"}
    )
    headers = json.loads(body)["headers"]
    principal = json.loads(base64.b64decode(headers["x-ms-client-principal"]))
    roles = [claim["val"] for claim in principal["claims"] if claim["typ"] == "roles"]
    assert (principal["auth_typ"], roles) == ("aad", ["Reader", "Helpdesk"])
    assert {
        "typ": "http://schemas.microsoft.com/identity/claims/objectidentifier",
        "val": READER_ID,
    } in principal["claims"]
    assert headers["x-ms-client-principal-id"] == READER_ID
    assert headers["x-ms-client-principal-name"] == "reader@contoso.example"
    assert headers["x-ms-client-principal-idp"] == "aad"


@pytest.mark.parametrize("authorization", ["", "Bearer unknown", f"Basic {READER_TOKEN}"])
async def test_principals_can_not_be_forged(host: RunningHost, authorization: str) -> None:
    """Principal headers from outside never reach a function; an unknown token adds none."""
    forged = {
        "X-MS-CLIENT-PRINCIPAL": "forged",
        "x-ms-client-principal-id": "forged",
        "X-Ms-Client-Principal-Name": "forged",
        "X-MS-TOKEN-AAD-ID-TOKEN": "forged",
        "Authorization": authorization,
    }
    _, body, _ = await host.call("GET", "/api/echo/x", headers=forged)
    assert "forged" not in body.decode()


async def test_app_sees_that_authentication_is_on(host: RunningHost) -> None:
    """`WEBSITE_AUTH_ENABLED` is True, as App Service sets it."""
    assert (await host.call("GET", "/api/auth-flag"))[1] == b"GET True"


async def test_log_tells_invocations_and_no_contents(host: RunningHost) -> None:
    """Each invocation is a line; what it logs carries its id, also from a thread; no bodies."""
    secret = "do-not-log-me"
    await host.call(
        "POST", f"/api/guarded?s={secret}", key=FUNCTION_KEY, data=secret, headers={"X-S": secret}
    )
    own, invocation = host.lines()[-2:]
    assert own["message"] == "in the function"
    assert own["verb"] == "POST"
    assert own["invocationId"] == invocation["invocationId"]
    assert (invocation["function"], invocation["outcome"]) == ("guarded", "succeeded")
    assert invocation["durationMs"] >= 0
    text = host.log.read_text()
    assert secret not in text
    assert FUNCTION_KEY not in text


async def test_drain_finishes_what_runs(tmp_path: Path) -> None:
    """SIGTERM lets a running request end, and the process then ends with 0."""
    with running(tmp_path, APP) as own_host:
        waiting = asyncio.create_task(own_host.call("GET", "/api/hold"))
        await asyncio.to_thread(
            wait_for, lambda: any(line["message"] == "holding" for line in own_host.lines())
        )
        await own_host.call("GET", "/api/release")
        code = await asyncio.to_thread(own_host.stop)
        status, body, _ = await waiting
        assert (status, body, code) == (200, b"released GET", 0)


async def test_route_prefix_is_the_app_s(tmp_path: Path) -> None:
    """`extensions.http.routePrefix` replaces `api`; empty means none."""
    prefix = {"extensions": {"http": {"routePrefix": ""}}}
    with running(tmp_path, APP, host_file=prefix) as own_host:
        assert (await own_host.call("GET", "/items/7"))[1] == b"item 7"
        assert (await own_host.call("GET", "/api/items/7"))[0] == 404


async def test_a_blocked_loop_is_told_with_the_line_that_blocks(tmp_path: Path) -> None:
    """While a function blocks the loop nothing is answered; the log then says where it stands."""
    released = tmp_path / "released"
    with running(tmp_path, APP, environment={"RELEASED": str(released)}) as own_host:
        waiting = asyncio.create_task(own_host.call("GET", "/api/block"))
        await asyncio.to_thread(wait_for, lambda: "block_the_loop" in own_host.log.read_text())
        released.touch()
        assert (await waiting)[:2] == (200, b"GET")
