"""What a fresh stack needs before the app can work: accounts, and the word to act."""

import time
from collections.abc import Mapping
from http import HTTPStatus

import httpx

from local.stack.description import Description
from local.stack.parts import HOST
from local.stack.processes import PartDiedError, Processes
from shared.domain.control import Capability

_BREAK_GLASS = ("break-glass-1@contoso.example", "break-glass-2@contoso.example")
_POLL = 0.1


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


def wait_until_healthy(
    processes: Processes, description: Description, *, within: float = 60
) -> None:
    """Wait until the app says that it reaches all it needs.

    Raises:
        PartDiedError: the host has ended.
        PreparationError: it does not become healthy in time; says what its health check says.
    """
    headers = {"x-functions-key": description.function_key}
    deadline = time.monotonic() + within
    with httpx.Client(base_url=description.http, trust_env=False, timeout=30) as client:
        while not _is_well(answer := client.get("/api/health", headers=headers)):
            if not processes.runs(HOST):
                raise PartDiedError(processes.obituary(HOST))
            if time.monotonic() > deadline:
                raise PreparationError(f"The app is not healthy: {answer.text}")
            time.sleep(_POLL)


def _is_well(answer: httpx.Response) -> bool:
    return answer.is_success and answer.json()["status"] == "ok"


def set_mode(description: Description) -> None:
    """Set every capability to the stack's mode. To act, two administrators have to agree.

    Raises:
        PreparationError: the app refuses.
    """
    wanted = dict.fromkeys(Capability, description.mode)
    with httpx.Client(base_url=description.http, trust_env=False, timeout=30) as client:
        answer = _put_control(client, wanted, description.principals["Admin"])
        if answer.status_code == HTTPStatus.ACCEPTED:
            answer = _put_control(client, wanted, description.principals["Admin2"])
        if answer.status_code != HTTPStatus.OK:
            raise PreparationError(f"PUT /api/control: {answer.status_code} {answer.text}")


def _put_control(
    client: httpx.Client, wanted: Mapping[Capability, str], headers: Mapping[str, str]
) -> httpx.Response:
    return _checked(client.put("/api/control", json=dict(wanted), headers=dict(headers)))


def _checked(answer: httpx.Response) -> httpx.Response:
    if answer.is_error:
        request = f"{answer.request.method} {answer.request.url.path}"
        raise PreparationError(f"{request}: {answer.status_code} {answer.text}")
    return answer
