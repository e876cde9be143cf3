"""A small Exchange Online over real HTTP: CAS mailboxes, and the cmdlets that read and set them.

It is strict where Exchange is: no token of its own audience, no answer; unknown parameters are
refused; who has no mailbox is an object that is not found.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

TENANT = "3f0c9a52-8a39-4b4c-8d8d-0a8f6c1f2b11"
TOKEN = "exchange-token"
OPEN = {"ImapEnabled": True, "PopEnabled": True, "ActiveSyncEnabled": True}
_SETS = {*OPEN, "SmtpClientAuthenticationDisabled"}


@dataclass
class Exchange:
    """What it holds; tests write it and read it back.

    Attributes:
        mailboxes: the settings, by the person's object id.
        answers: statuses to answer with, first to last, in place of the real answers.
        bodies: every command that it was sent.
        headers: the headers of the last one.
        root: where it answers.
    """

    mailboxes: dict[str, dict[str, Any]] = field(default_factory=dict)
    answers: list[web.Response] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)
    root: str = ""

    def add(self, user: str) -> None:
        """Give a person a mailbox as it is made: SMTP AUTH is as the organisation has it."""
        self.mailboxes[user] = {**OPEN, "SmtpClientAuthenticationDisabled": None}

    async def invoke(self, request: web.Request) -> web.Response:
        """Run a cmdlet."""
        self.headers = dict(request.headers)
        body = await request.json()
        self.bodies.append(body)
        if self.answers:
            return self.answers.pop(0)
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return problem(401, "Unauthorized", "")
        asked = body["CmdletInput"]
        given = dict(asked["Parameters"])
        identity = given.pop("Identity")
        if set(given) - _SETS:
            return problem(400, "BadRequest", "A parameter cannot be found.")
        found = self.mailboxes.get(identity)
        if found is None:
            return problem(
                404,
                "NotFound",
                "|Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException|The "
                f"operation couldn't be performed because object '{identity}' couldn't be found.",
            )
        if asked["CmdletName"] == "Set-CASMailbox":
            found |= given
            return web.json_response({"value": []})
        return web.json_response({"value": [{"Name": "Kim", **found}]})


def problem(status: int, code: str, message: str, **headers: str) -> web.Response:
    """An error in Exchange's shape."""
    details = [{"code": "Context", "target": "", "message": message}]
    body = {"error": {"code": code, "message": "Error executing cmdlet", "details": details}}
    return web.json_response(body, status=status, headers=headers)


@asynccontextmanager
async def running_exchange() -> AsyncIterator[Exchange]:
    """A server with a short life."""
    exchange = Exchange()
    app = web.Application()
    app.router.add_post(f"/adminapi/beta/{TENANT}/InvokeCommand", exchange.invoke)
    async with TestServer(app) as server:
        exchange.root = str(server.make_url("")).rstrip("/")
        yield exchange
