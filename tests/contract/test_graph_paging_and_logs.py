"""What the simulated tenant does not do: pages of methods, links that lead away, odd headers."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

import pytest
from aiohttp import web

from shared.adapters.graph.directory import GraphDirectory
from shared.domain.authentication import MethodType
from shared.domain.errors.directory import DirectoryUnavailable, MalformedAnswer, Throttled
from shared.domain.ids import UserId, UserPrincipalName
from tests.contract.graph_client import GivenTokens, graph_client

KIM = UserId("11111111-1111-1111-1111-111111111111")
PHONE = {"@odata.type": "#microsoft.graph.phoneAuthenticationMethod", "id": "1"}
NEW_KIND = {"@odata.type": "#microsoft.graph.telepathyAuthenticationMethod", "id": "2"}


@dataclass
class Script:
    """A server that answers from a script, on a free port of the loopback interface.

    Attributes:
        answers: makes the JSON of an answer from the query's `page` and the server's address.
        headers: of every answer.
        status: of every answer.
        dripping: answers come a byte at a time.
        requests: what came.
    """

    answers: Callable[[str, str], object]
    headers: dict[str, str] = field(default_factory=dict)
    status: int = 200
    dripping: bool = False
    requests: list[web.Request] = field(default_factory=list)

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one request."""
        self.requests.append(request)
        if self.dripping:
            return await _drip(request)
        body = self.answers(request.query.get("page", ""), f"http://{request.host}")
        return web.json_response(body, headers=self.headers, status=self.status)


async def _drip(request: web.Request) -> web.StreamResponse:
    """Send a good answer byte by byte, in a second and a half."""
    answer = b" " * 70 + b'{"perUserMfaState":"disabled"}'
    response = web.StreamResponse(headers={"Content-Length": str(len(answer))})
    await response.prepare(request)
    with suppress(ConnectionError):
        for byte in answer:
            await response.write(bytes([byte]))
            await asyncio.sleep(0.015)
    return response


@asynccontextmanager
async def serving(script: Script) -> AsyncIterator[str]:
    """The script's address while it is served."""
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", script.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def directory_on(script: Script, *, patience: float = 5.0) -> AsyncIterator[GraphDirectory]:
    """The real adapter on a scripted server."""
    async with (
        serving(script) as root,
        graph_client(root, GivenTokens(["a.b.c"]), patience=patience) as client,
    ):
        yield GraphDirectory(client)


async def test_every_page_of_methods_is_read() -> None:
    """The list ends where Graph says so, and not at the first page."""

    def answers(page: str, root: str) -> object:
        if page == "2":
            return {"value": [NEW_KIND]}
        return {"value": [PHONE], "@odata.nextLink": f"{root}/beta/more?page=2&$skiptoken=a%2Cb"}

    script = Script(answers)
    async with directory_on(script) as directory:
        found = await directory.methods(KIM)
    assert [method.method_type for method in found] == [
        MethodType.PHONE,
        MethodType.UNRECOGNISED,
    ]
    assert script.requests[1].rel_url.raw_query_string == "page=2&$skiptoken=a%2Cb"


@pytest.mark.parametrize(
    "link",
    [
        "http://192.0.2.1/beta/more",
        "https://127.0.0.1/beta/more",
        "http://127.0.0.1:1/beta/more",
        "/beta/more",
        "",
    ],
)
async def test_link_that_leads_elsewhere_is_not_followed(link: str) -> None:
    """Our token goes to no other origin than Graph's, whatever an answer says."""
    script = Script(lambda _page, _root: {"value": [], "@odata.nextLink": link})
    async with directory_on(script) as directory:
        with pytest.raises(MalformedAnswer):
            await directory.methods(KIM)
    assert len(script.requests) == 1


async def test_link_with_user_information_is_not_followed() -> None:
    """A link that only begins like Graph's address leads elsewhere too."""

    def answers(_page: str, root: str) -> object:
        return {"value": [], "@odata.nextLink": f"{root}@192.0.2.1/beta/more"}

    script = Script(answers)
    async with directory_on(script) as directory:
        with pytest.raises(MalformedAnswer):
            await directory.methods(KIM)
    assert len(script.requests) == 1


async def test_endless_pages_end() -> None:
    """A list whose pages lead in a circle is given up after a bounded number of requests."""

    def answers(_page: str, root: str) -> object:
        return {"value": [PHONE], "@odata.nextLink": f"{root}/beta/more"}

    script = Script(answers)
    async with directory_on(script) as directory:
        with pytest.raises(MalformedAnswer):
            await directory.methods(KIM)
    assert len(script.requests) == 20


@pytest.mark.parametrize("value", ["", "-1", "soon", "1.5", "²", "Wed, 21 Oct 2026 07:28:00 GMT"])
async def test_odd_retry_after_is_none(value: str) -> None:
    """A `Retry-After` that is no number of seconds is ignored, and breaks nothing."""
    script = Script(lambda *_: {}, {"Retry-After": value}, status=429)
    async with directory_on(script) as directory:
        with pytest.raises(Throttled) as raised:
            await directory.mfa_state(KIM)
    assert raised.value.retry_after is None
    assert len(script.requests) == 3


async def test_endless_retry_after_is_a_day() -> None:
    """A `Retry-After` of any length is capped at a day."""
    script = Script(lambda *_: {}, {"Retry-After": "9" * 4000}, status=429)
    async with directory_on(script) as directory:
        with pytest.raises(Throttled) as raised:
            await directory.mfa_state(KIM)
    assert raised.value.retry_after is not None
    assert raised.value.retry_after.days == 1


async def test_requests_tell_graph_who_asks_and_how_urgent_it_is() -> None:
    """Each request carries the token, an id and the throttling priority."""
    script = Script(lambda *_: {"perUserMfaState": "disabled"})
    async with directory_on(script) as directory:
        await directory.mfa_state(KIM)
    headers = script.requests[0].headers
    assert headers["Authorization"] == "Bearer a.b.c"
    assert headers["x-ms-throttle-priority"] == "normal"
    assert len(headers["client-request-id"]) == 36


async def test_no_name_and_no_token_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    """The log names the operation and the request ids; never a sign-in name, body or token."""
    body = {
        "id": KIM,
        "accountEnabled": True,
        "employeeId": "E-4711",
        "userPrincipalName": "kim@contoso.example",
    }
    script = Script(lambda *_: body, {"request-id": "22222222-2222"})
    caplog.set_level(logging.INFO)
    async with directory_on(script) as directory:
        await directory.find_account(UserPrincipalName("kim@contoso.example"))
    everything = " ".join(str(vars(record)) for record in caplog.records)
    entries = [record for record in caplog.records if record.message.startswith("graph.request ")]
    assert [vars(entry)["operation"] for entry in entries] == ["account.read"]
    assert vars(entries[0])["request_id"] == "22222222-2222"
    for secret in ("kim", "E-4711", "a.b.c"):
        assert secret not in everything


@pytest.mark.parametrize("status", [301, 302, 307, 308])
async def test_redirection_is_not_followed(status: int) -> None:
    """Graph redirects none of these calls: whoever does so gets no second request."""
    elsewhere = Script(lambda *_: {"perUserMfaState": "enforced"})
    async with serving(elsewhere) as other_root:
        script = Script(lambda *_: {}, {"Location": f"{other_root}/beta"}, status=status)
        async with directory_on(script) as directory:
            with pytest.raises(MalformedAnswer):
                await directory.mfa_state(KIM)
    assert len(script.requests) == 1
    assert elsewhere.requests == []


async def test_dripping_answer_is_cut_off() -> None:
    """The limit is for the whole answer: one that drips is given up too."""
    script = Script(lambda *_: {}, dripping=True)
    async with directory_on(script, patience=0.3) as directory:
        with pytest.raises(DirectoryUnavailable):
            await directory.mfa_state(KIM)


async def test_challenged_token_is_replaced_once() -> None:
    """A claims challenge is answered by the SDK, once, and not by us a second time."""
    challenge = {"WWW-Authenticate": 'Bearer error="insufficient_claims", claims="e30="'}
    script = Script(lambda *_: {"error": {"code": "x"}}, challenge, status=401)
    async with directory_on(script) as directory:
        with pytest.raises(DirectoryUnavailable):
            await directory.mfa_state(KIM)
    assert len(script.requests) == 2


async def test_challenge_that_cannot_be_read_is_no_crash() -> None:
    """A claims challenge that is no base64 is a malformed answer, not an error of ours."""
    challenge = {"WWW-Authenticate": 'Bearer claims="\u00e9!"'}
    script = Script(lambda *_: {"error": {"code": "x"}}, challenge, status=401)
    async with directory_on(script) as directory:
        with pytest.raises((MalformedAnswer, DirectoryUnavailable)):
            await directory.mfa_state(KIM)
