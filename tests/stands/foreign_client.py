"""A client of Service Bus that we did not write: Microsoft's own for JavaScript, run by Node."""

import asyncio
import base64
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from local.azurite.node import find_node
from local.npm import install_pinned

_HERE: Final = Path(__file__).parent / "javascript"
_PATIENCE: Final = 60.0

Message = dict[str, Any]


def octets(body: bytes, **further: object) -> Message:
    """A message whose body is these bytes."""
    return {"base64": base64.b64encode(body).decode(), **further}


def document(body: object, **further: object) -> Message:
    """A message whose body the client makes of a value, as most who use it have it do."""
    return {"json": body, **further}


async def send(connection: str, queue: str, *sendings: list[Message]) -> None:
    """Send messages; each list leaves as one batch."""
    modules = await asyncio.to_thread(
        install_pinned, _HERE, Path(sys.prefix) / "foreign-client", lambda: None
    )
    plan: Mapping[str, object] = {
        "connection": connection,
        "queue": queue,
        "sendings": sendings,
    }
    node = await asyncio.create_subprocess_exec(
        find_node().node,
        str(_HERE / "send.mjs"),
        str(modules / "anywhere.js"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(_PATIENCE):
            said, _ = await node.communicate(json.dumps(plan).encode())
    finally:
        if node.returncode is None:
            node.kill()
            await node.wait()
    assert node.returncode == 0, said.decode()
