"""The app, with a tripwire around every call of a port: a case can be held at any step boundary.

The host runs it in place of `local.stack.app`. The folder that `TRIPWIRES` names is how a test
talks to it, by the id of the HR event that a case came from:

- `<event>.trace`: a line for each call that was begun, such as `message 7 cases.save`, the
  seventh of an invocation by a message and not by the webhook;
- `<event>`: where to hold the case, such as `before message 7` or `after message 7`. Held means
  that the call never goes on, whoever cancels it, so that the test can kill the process there;
- `<event>.held`: it is being held, at this call. From then on it runs freely, in any process.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from function_app import create_app
from local.stack.app import stack_services
from shared.application.ports.cases import Claim
from shared.application.ports.leases import Lease, Leases
from shared.bootstrap import Services, build

PORTS = ("claims", "cases", "commands", "events", "directory", "writes", "modes", "parked")
UNWATCHED = (
    *("read_case", "list_cases", "cancel_case", "recover_due_cases", "keep_dead_letters"),
    *("read_control", "change_control", "check_health"),
)
"""Use cases that work on no case's next step: they keep the plain ports."""


@dataclass
class Invocation:
    """One run of a function for a case.

    Attributes:
        event: the HR event that the case came from.
        kind: whether it takes in the event or works on a message.
        calls: how many calls of ports it has begun.
    """

    event: str
    kind: Literal["webhook", "message"]
    calls: int = 0


_invocation: ContextVar[Invocation | None] = ContextVar("invocation", default=None)
"""The present one, once its first call has shown what it is about."""


class Wires:
    """Writes the traces and holds the cases that are to be held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def around(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - any port's
        """Make a call of a port."""
        invocation = _invocation.get()
        if invocation is None:
            return await call()
        invocation.calls += 1
        here = f"{invocation.kind} {invocation.calls}"
        with (self._folder / f"{invocation.event}.trace").open("a") as trace:
            trace.write(f"{here} {name}\n")
        await self._hold(invocation.event, f"before {here}", name)
        result = await call()
        if isinstance(result, Claim):
            (self._folder / f"{result.case_id}.event").write_text(invocation.event)
        await self._hold(invocation.event, f"after {here}", name)
        return result

    def recognise(self, name: str, subject: object) -> None:
        """Recognise the invocation by its first call: a webhook claims, a message loads."""
        if name == "claims.claim":
            _invocation.set(Invocation(str(subject).rpartition(":")[2], "webhook"))
        elif name == "cases.load" and _invocation.get() is None:
            claimed = self._folder / f"{subject}.event"
            if claimed.exists():
                _invocation.set(Invocation(claimed.read_text(), "message"))

    async def _hold(self, event: str, here: str, name: str) -> None:
        order, held = self._folder / event, self._folder / f"{event}.held"
        if held.exists() or not order.exists() or order.read_text() != here:
            return
        held.write_text(f"{here} {name}")
        while True:
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                continue


class Wired:
    """A port, each of whose calls has a boundary before and after it."""

    def __init__(self, wires: Wires, name: str, port: object) -> None:
        self._wires, self._name, self._port = wires, name, port

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        real, name = getattr(self._port, method), f"{self._name}.{method}"

        async def call(*arguments: object, **named: object) -> Any:  # noqa: ANN401 - any port's
            self._wires.recognise(name, arguments[0])
            return await self._wires.around(name, lambda: real(*arguments, **named))

        return call


class WiredLeases:
    """The port `Leases`, with boundaries around taking, confirming and giving back."""

    def __init__(self, wires: Wires, leases: Leases) -> None:
        self._wires, self._leases = wires, leases

    @asynccontextmanager
    async def hold(self, subject: str) -> AsyncIterator[Lease]:
        """Hold a lease."""
        holding = self._leases.hold(subject)
        lease: Lease = await self._wires.around("leases.take", holding.__aenter__)
        try:
            yield WiredLease(self._wires, lease)
        finally:
            await self._wires.around(
                "leases.give_back", lambda: holding.__aexit__(None, None, None)
            )


class WiredLease:
    """The port `Lease`."""

    def __init__(self, wires: Wires, lease: Lease) -> None:
        self._wires, self._lease = wires, lease

    @property
    def subject(self) -> str:
        """Whom it is on."""
        return self._lease.subject

    @property
    def fence(self) -> int:
        """The fencing number."""
        return self._lease.fence

    async def confirm(self) -> None:
        """Make sure that the lease is still ours."""
        await self._wires.around("lease.confirm", self._lease.confirm)


@lru_cache(maxsize=1)
def wired_services() -> Services:
    """The stack's services with a tripwire around every port."""
    real, wires = stack_services(), Wires(Path(os.environ["TRIPWIRES"]))
    ports: dict[str, object] = {name: getattr(real, name) for name in UNWATCHED}
    ports |= {name: Wired(wires, name, getattr(real, name)) for name in PORTS}
    leases = WiredLeases(wires, real.leases)
    return build(real.settings, clock=real.clock, leases=leases, **ports)


app = create_app(wired_services)
