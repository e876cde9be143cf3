"""The app, with a tripwire around every call of a port: a case can be held at any step boundary.

The host runs it in place of `local.stack.app`. The folder that `TRIPWIRES` names is how a test
talks to it, by the id of the HR event that a case came from:

- `<event>.trace`: a line for each call that was begun, such as `7 cases.save`, and one for each
  invocation;
- `<event>`: where to hold the case, such as `before 7` or `after 7`. Held means that the call never
  goes on, whoever cancels it, so that the test can kill the process exactly there;
- `<event>.held`: it is being held, at this call. From then on it runs freely, in any process.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any

from function_app import create_app
from local.stack.app import stack_services
from shared.application.ports.cases import Claim
from shared.application.ports.leases import Lease, Leases
from shared.bootstrap import Services, build

PORTS = ("claims", "cases", "commands", "events", "directory", "mfa_states", "modes", "parked")
UNWATCHED = (
    *("read_case", "list_cases", "cancel_case", "recover_due_cases", "keep_dead_letters"),
    *("read_control", "change_control", "check_health"),
)
"""Use cases that work on no case's next step: they keep the plain ports."""

_event: ContextVar[str | None] = ContextVar("event", default=None)
"""The HR event whose case this invocation works on, once that is known."""


class Wires:
    """Counts the calls for each event and holds those that are to be held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._calls: dict[str, int] = {}

    async def around(self, name: str, call: Callable[[], Awaitable[Any]]) -> Any:  # noqa: ANN401 - any port's
        """Make a call of a port."""
        event = _event.get()
        if event is None:
            return await call()
        number = self._calls[event] = self._calls.get(event, 0) + 1
        self._note(event, f"{number} {name}")
        await self._hold(event, "before", number, name)
        result = await call()
        if isinstance(result, Claim):
            (self._folder / f"{result.case_id}.event").write_text(event)
        await self._hold(event, "after", number, name)
        return result

    def begin(self, name: str, subject: object) -> None:
        """Recognise the invocation by its first call: a webhook claims, a message loads."""
        if name == "claims.claim":
            self._begin(str(subject).rpartition(":")[2], "webhook")
        elif name == "cases.load" and _event.get() is None:
            claimed = self._folder / f"{subject}.event"
            if claimed.exists():
                self._begin(claimed.read_text(), "message")

    def _begin(self, event: str, kind: str) -> None:
        _event.set(event)
        self._note(event, kind)

    def _note(self, event: str, line: str) -> None:
        with (self._folder / f"{event}.trace").open("a") as trace:
            trace.write(f"{line}\n")

    async def _hold(self, event: str, side: str, number: int, name: str) -> None:
        order, held = self._folder / event, self._folder / f"{event}.held"
        if held.exists() or not order.exists() or order.read_text() != f"{side} {number}":
            return
        held.write_text(f"{side} {number} {name}")
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
            self._wires.begin(name, arguments[0])
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
