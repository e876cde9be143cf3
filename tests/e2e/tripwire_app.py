"""The app, with a tripwire around every call of a port: a case can be held at any step boundary.

The host runs it in place of `local.stack.app`. The folder that `TRIPWIRES` names is how a test
talks to it, by the id of the request that a case came from (an HR event, a ticket, an enrolment):

- `<event>.trace`: a line for each call that was begun, such as `message 7 cases.save`: made by the
  seventh invocation of this process, which works on a message;
- `<event>`: where to hold the case, such as `before message cases.save 2`: at the second such call
  from the order on. Held means that the call never goes on, whoever cancels it, so that the test
  can kill the process there;
- `<event>.held`: it is being held, in those words. From then on it runs freely, in any process;
- `<case>.event`: which event the case comes from;
- `<person>.event`: which event their exemption comes from, whose request has no id of its own.
"""

import asyncio
import os
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

from function_app import create_app
from local.stack.app import stack_services
from shared.application.ports.cases import Claim
from shared.application.ports.leases import Lease, Leases
from shared.bootstrap import Services, build
from shared.domain.errors.storage import LeaseHeld
from shared.domain.exemption.limits import ExemptionRecord
from shared.domain.ids import CaseId

WATCHED = (
    *("claims", "contacts", "cases", "commands", "events", "directory", "writes", "modes"),
    *("parked", "passes", "collections", "pass_counts", "enrolment_lists", "volumes"),
    "exemptions",
)
"""The ports whose calls can be held."""
PLAIN = (
    *("case_lists", "suspensions", "group_members", "standings", "employee_numbers", "groups"),
    *("newcomers", "pass_checks", "pass_guard", "tickets", "untold"),
    *("sign_ins", "managers", "registration_guards", "administrators"),
)
"""Ports of a case's next step that change nothing."""
UNWATCHED = (
    *("read_case", "list_cases", "list_parked", "replay_parked", "cancel_case"),
    *("read_control", "change_control", "list_entries", "put_entry", "remove_entry"),
    *("recover_due_cases", "keep_dead_letters", "withdraw_passes", "forget_contacts"),
    *("check_health", "tell_parked"),
)
"""Use cases that are none of a case's next step: they keep the plain ports."""
ENTRIES = {
    "accept_hr_event": "webhook",
    "accept_ticket_webhook": "webhook",
    "work_on_message": "message",
    "approve_case": "operator",
    "grant_exemption": "operator",
    "end_exemption": "operator",
    "request_enrolment": "operator",
    "confirm_case": "operator",
    "collect_pass": "operator",
}
"""The use cases that are watched, and who calls them."""


@dataclass
class Invocation:
    """One run of a function for a case.

    Attributes:
        kind: who called it.
        number: its number in this process.
        event: the request that the case came from, once its first call has shown it.
        is_kept_out: whether somebody else is at work on the case. When that happens is a matter of
            chance, and so is what follows: no boundary that another life has.
    """

    kind: str
    number: int
    event: str | None = None
    is_kept_out: bool = False


_invocation: ContextVar[Invocation | None] = ContextVar("invocation", default=None)
_numbers = count(1)


class Wires:
    """Writes the traces and holds the cases that are to be held."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._begun: Counter[tuple[str, str, str]] = Counter()
        self._published: set[str] = set()

    async def around(
        self,
        name: str,
        call: Callable[[], Awaitable[Any]],
        arguments: Sequence[object] = (),
    ) -> Any:  # noqa: ANN401 - any port's
        """Make a call of a port with these arguments."""
        invocation = _invocation.get()
        if (
            invocation is None
            or invocation.event is None
            or invocation.is_kept_out
            or self._is_repetition(name, arguments)
        ):
            return await call()
        event, kind = invocation.event, invocation.kind
        with (self._folder / f"{event}.trace").open("a") as trace:
            trace.write(f"{kind} {invocation.number} {name}\n")
        order = self._order(event)
        self._begun[event, order, f"{kind} {name}"] += 1
        here = f"{kind} {name} {self._begun[event, order, f'{kind} {name}']}"
        await self._hold(event, order, f"before {here}")
        result = await call()
        opened = _opened(event, arguments, result)
        if opened is not None:
            (self._folder / f"{opened}.event").write_text(event)
        await self._hold(event, order, f"after {here}")
        return result

    def recognise(self, name: str, subject: object) -> None:
        """Recognise the invocation by its first call: it claims, or loads what was claimed."""
        invocation = _invocation.get()
        if invocation is None or invocation.event is not None:
            return
        if name == "claims.claim":
            # What an event says is claimed besides; only its own id is known to the test.
            if ":says:" not in str(subject):
                invocation.event = _request(subject)
        elif name in {"cases.load", "exemptions.of"}:
            claimed = self._folder / f"{subject}.event"
            if claimed.exists():
                invocation.event = claimed.read_text()

    def _is_repetition(self, name: str, arguments: Sequence[object]) -> bool:
        """Whether these events were published before: by two at once, as chance has it."""
        match name, arguments:
            case "events.publish", (tuple() as events, *_):
                unknown = {event.event_id for event in events} - self._published
                self._published |= unknown
                return not unknown
            case _:
                return False

    def _order(self, event: str) -> str:
        order = self._folder / event
        return order.read_text() if order.exists() else ""

    async def _hold(self, event: str, order: str, here: str) -> None:
        held = self._folder / f"{event}.held"
        if order != here or held.exists():
            return
        held.write_text(here)
        while True:
            try:
                await asyncio.get_running_loop().create_future()
            except asyncio.CancelledError:
                continue


def _opened(event: str, arguments: Sequence[object], result: object) -> CaseId | None:
    """The case that a request has got by a call, where it was this call that gave it one."""
    match result, arguments:
        case Claim(case_id=case_id), (claimed, *_) if _request(claimed) == event:
            return case_id
        case None, (_, ExemptionRecord(), ExemptionRecord(case_id=case_id)):
            return case_id
        case _:
            return None


def _request(claimed: object) -> str:
    """The id of the request that a claim is about; an enrolment claims each of its people, too."""
    return str(claimed).rpartition(":")[2]


class Entered:
    """A use case, each of whose runs is an invocation."""

    def __init__(self, kind: str, use_case: Callable[..., Awaitable[Any]]) -> None:
        self._kind, self._use_case = kind, use_case

    async def __call__(self, *arguments: object, **named: object) -> Any:  # noqa: ANN401 - any use case's
        """Run it."""
        _invocation.set(Invocation(self._kind, next(_numbers)))
        return await self._use_case(*arguments, **named)


class Wired:
    """A port, each of whose calls has a boundary before and after it."""

    def __init__(self, wires: Wires, name: str, port: object) -> None:
        self._wires, self._name, self._port = wires, name, port

    def __getattr__(self, method: str) -> Callable[..., Awaitable[Any]]:
        real, name = getattr(self._port, method), f"{self._name}.{method}"

        async def call(*arguments: object, **named: object) -> Any:  # noqa: ANN401 - any port's
            subject = arguments[0] if arguments else None
            self._wires.recognise(name, subject)
            return await self._wires.around(name, lambda: real(*arguments, **named), arguments)

        return call


class WiredLeases:
    """The port `Leases`, with boundaries around taking, confirming and giving back."""

    def __init__(self, wires: Wires, leases: Leases) -> None:
        self._wires, self._leases = wires, leases

    @asynccontextmanager
    async def hold(self, subject: str) -> AsyncIterator[Lease]:
        """Hold a lease."""
        holding, invocation = self._leases.hold(subject), _invocation.get()
        try:
            lease: Lease = await self._wires.around("leases.take", holding.__aenter__)
        except LeaseHeld:
            if invocation is not None:
                invocation.is_kept_out = True
            raise
        if invocation is not None:
            invocation.is_kept_out = False
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
    ports: dict[str, object] = {name: getattr(real, name) for name in (*PLAIN, *UNWATCHED)}
    ports |= {name: Wired(wires, name, getattr(real, name)) for name in WATCHED}
    ports["leases"] = WiredLeases(wires, real.leases)
    wired = build(real.settings, clock=real.clock, **ports)
    entries = {name: Entered(kind, getattr(wired, name)) for name, kind in ENTRIES.items()}
    return build(real.settings, clock=real.clock, **ports, **entries)


app = create_app(wired_services)
