"""What a fresh stack needs before the app can work: accounts, and the word to act."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Literal

import httpx

from local.stack.description import Description
from local.stack.keys import Person
from local.stack.parts import HOST
from local.stack.processes import PartDiedError, Processes
from shared.adapters.tables.controls import TableControls
from shared.adapters.tables.store import TableStore
from shared.domain.control import Capability, ControlEntry, Mode

_BREAK_GLASS = ("break-glass-1@contoso.example", "break-glass-2@contoso.example")
_POLL = 0.1
_HEALTHY_WITHIN = 60
"""Seconds."""


class PreparationError(Exception):
    """A part answers, but not as it has to."""


def create_break_glass_accounts(graph: str) -> list[str]:
    """Make the two accounts in the simulated tenant where they are missing.

    Returns:
        Their object ids.
    """
    with httpx.Client(base_url=graph, trust_env=False, timeout=30) as client:
        return [_account(client, name) for name in _BREAK_GLASS]


def _account(client: httpx.Client, name: str) -> str:
    answer = client.get(f"/_sim/users/{name}")
    if answer.status_code == HTTPStatus.NOT_FOUND:
        user = {"userPrincipalName": name, "displayName": name.partition("@")[0]}
        answer = client.post("/_sim/users", json=user)
    return str(_checked(answer).json()["id"])


def wait_until_healthy(processes: Processes, description: Description) -> None:
    """Wait until the app says that it reaches all it needs.

    Raises:
        PartDiedError: the host has ended.
        PreparationError: it does not become healthy in time; says what its health check says.
    """
    headers = {"x-functions-key": description.function_key}
    deadline = time.monotonic() + _HEALTHY_WITHIN
    with httpx.Client(
        base_url=description.http, headers=headers, trust_env=False, timeout=30
    ) as client:
        while (ailment := _ailment(client)) is not None:
            if not processes.runs(HOST):
                raise PartDiedError(processes.obituary(HOST))
            if time.monotonic() > deadline:
                raise PreparationError(f"The app is not healthy: {ailment}")
            time.sleep(_POLL)


def _ailment(client: httpx.Client) -> str | None:
    """Why the app is not well; None where it is."""
    try:
        answer = client.get("/api/health")
    except httpx.TransportError as error:
        return str(error)
    return None if answer.is_success and answer.json()["status"] == "ok" else answer.text


async def set_modes(
    connection_string: str, mode: Literal["act", "observe"], people: Mapping[str, Person]
) -> None:
    """Set every capability to the stack's mode, as if its two administrators had agreed."""
    async with TableStore.from_connection_string(connection_string) as store:
        controls, now = TableControls(store), datetime.now(UTC)
        for capability in Capability:
            old = await controls.entry(capability)
            wanted = ControlEntry(
                mode=Mode(mode),
                changed_by=people["Admin2"].object_id,
                changed_at=now,
                requested_by=people["Admin"].object_id if mode == "act" else None,
                requested_at=now if mode == "act" else None,
            )
            if (old.mode, old.pending) != (wanted.mode, False):
                await controls.replace(capability, old, wanted)


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        request = f"{answer.request.method} {answer.request.url.path}"
        raise PreparationError(f"{request}: {answer.status_code} {answer.text}")
    return answer
