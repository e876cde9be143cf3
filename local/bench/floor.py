"""The least that acknowledging a webhook can be: a bare ASGI handler, no layer of ours.

It checks the same signature, writes the same rows and sends one message, as a short script would.
`local.bench.acknowledgement` runs it under uvicorn, against the same stand-ins as the app.
"""

import asyncio
import json
import os
import secrets
import socket
import sys
from collections.abc import Awaitable, Callable, MutableMapping
from datetime import UTC, datetime
from typing import Any, Final

import uvicorn
from azure.data.tables.aio import TableServiceClient
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from standardwebhooks import Webhook

from shared.names import Queue, Table

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_COLUMN: Final = "x" * 400
"""About what a row of ours holds."""


class Floor:
    """The handler."""

    def __init__(self) -> None:
        self._tables = TableServiceClient.from_connection_string(os.environ["FLOOR_TABLES"])
        self._broker = ServiceBusClient.from_connection_string(os.environ["FLOOR_BUS"])
        self._sender = self._broker.get_queue_sender(Queue.ONBOARDING)
        self._claims = self._tables.get_table_client(Table.CLAIMS)
        self._due = self._tables.get_table_client(Table.DUE)
        self._lines = self._tables.get_table_client(Table.CASES_BY_STATE)
        self._cases = self._tables.get_table_client(Table.CASES)
        self._webhook = Webhook(os.environ["FLOOR_SECRET"])
        self._sending = asyncio.Lock()

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer one request."""
        body = b""
        while True:
            part = await receive()
            body += part.get("body", b"")
            if not part.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        event = self._webhook.verify(body, headers)
        answer = json.dumps(await self._accept(event)).encode()
        await send(
            {
                "type": "http.response.start",
                "status": 202,
                "headers": [(b"content-type", b"application/json")],
            }
        )
        await send({"type": "http.response.body", "body": answer})

    async def _accept(self, event: dict[str, Any]) -> dict[str, str]:
        case_id, now = secrets.token_hex(16), datetime.now(UTC)
        await self._claims.create_entity(_row(event["id"], "claim", CaseId=case_id))
        await asyncio.gather(
            self._due.upsert_entity(_row("00", f"{now.timestamp():.6f}{case_id}")),
            self._lines.upsert_entity(_row("accepted00", case_id)),
        )
        rows = [_row(case_id, key) for key in ("case", "step:0001", "event:0001")]
        await self._cases.submit_transaction([("create", row) for row in rows])
        async with self._sending:
            await self._sender.send_messages(ServiceBusMessage(json.dumps({"caseId": case_id})))
        return {"caseId": case_id, "state": "accepted"}


def _row(partition: str, key: str, **columns: str) -> dict[str, Any]:
    return {"PartitionKey": partition, "RowKey": key, "Data": _COLUMN, **columns}


async def app(scope: Message, receive: Receive, send: Send) -> None:
    """The ASGI application; its clients live as long as the server."""
    if scope["type"] == "lifespan":
        await receive()
        scope["state"]["floor"] = Floor()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await scope["state"]["floor"](scope, receive, send)


def serve(descriptor: int) -> None:
    """Serve on an inherited socket, until a signal ends it."""
    listening = socket.socket(fileno=descriptor)
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run(sockets=[listening])


if __name__ == "__main__":
    serve(int(sys.argv[1]))
