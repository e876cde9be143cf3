"""The whole system in memory: the real use cases and policy, and everything that surrounds them."""

import base64
import json
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from standardwebhooks.webhooks import Webhook

from shared.application.gate import Gate
from shared.application.guarded_passes import GuardedPasses, PassGuard
from shared.application.modes import CachedModes
from shared.application.standings import CachedStandings
from shared.bootstrap import Services, build
from shared.contracts.commands import decode_command
from shared.domain.authentication import Unknown
from shared.domain.cases import ENDED, OPEN, Case, CaseState, EventType
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId, UserId
from shared.domain.rivals import has_begun
from shared.domain.strategies import ByGroup
from shared.names import CASE_QUEUES
from shared.settings import Settings
from tests.builders import ROOMY_SETTINGS
from tests.fakes.administrators import FakeAdministrators
from tests.fakes.broker import FakeTicketQueue
from tests.fakes.budgets import FakeBudgets, FakeDirectorySize, spending
from tests.fakes.controls import FakeControls
from tests.fakes.enrolments import FakeEnrolmentLists
from tests.fakes.exemptions import FakeExemptions
from tests.fakes.ledger import FakeLedger
from tests.fakes.parked import FakeParkedMessages
from tests.fakes.passes import (
    FakeBreakGlass,
    FakeCollections,
    FakePassChecks,
    FakePassCounts,
)
from tests.fakes.registries import FakeRegistries
from tests.fakes.volumes import FakeVolumes
from tests.properties.broker import Broker, Message
from tests.properties.clock import WorldClock
from tests.properties.interrupting import ABOUT, WORKER, Crash, Interrupted, Interruptions, Turns
from tests.properties.leases import CrashedLeases
from tests.properties.store import CountedClaims, WatchedCases
from tests.properties.tenant import LaggingTenant
from tests.properties.watch import Watch
from tests.properties.watched import WatchedPasses, WatchedPrivileges

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
PROTECTED = UserId("b0000000-0000-4000-8000-000000000001")
ENVIRONMENT = {
    "MFA_TENANT_ID": "3f0c9a52-8a39-4b4c-8d8d-0a8f6c1f2b11",
    "TABLES_ENDPOINT": "https://contoso.table.example",
    "ServiceBusConnection__fullyQualifiedNamespace": "contoso.servicebus.example",
    "MFA_BREAK_GLASS_IDS": PROTECTED,
    "MFA_CHECK_MOST_HOURS": "24",
    "MFA_ATTEMPTS": "5",
    "HR_SOURCE_DEMO": '{"dailyVolume":100000,"types":["joiner","leaver"]}',
    "HR_SECRET_DEMO_1": SECRET,
    **ROOMY_SETTINGS,
}
SETTINGS = Settings.from_environment(ENVIRONMENT)
LONGEST_STORY = 400
"""Moments at which something happens in a case that nobody disturbs, with much to spare."""

OVER = ENDED | {CaseState.PARKED}
"""States in which nothing more happens by itself."""
AT_REST = OVER | {CaseState.WAITING_REGISTRATION, CaseState.OVERDUE}
"""States in which a case waits for the person, if need be for ever."""


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """A webhook that was answered 202."""

    event: str
    case_id: CaseId


class World:
    """Ports in memory, and the services over them. Two hosts, each with caches of its own.

    Args:
        chance: decides which replica answers.
        settings: how the hosts are set up.
        watch: what must hold.
    """

    def __init__(
        self, chance: Random, settings: Settings = SETTINGS, *, watch: type[Watch] = Watch
    ) -> None:
        self.settings = settings
        self.clock = WorldClock()
        self.watch = watch(self.clock, frozenset({PROTECTED}))
        self.interruptions = Interruptions()
        self.tenant = LaggingTenant(self.clock, self.watch, chance)
        self.broker = Broker(self.watch)
        self.tickets = FakeTicketQueue()
        self.cases = WatchedCases(self.watch)
        self.claims = CountedClaims()
        self.volumes = FakeVolumes()
        self.exemptions = FakeExemptions()
        self._granted = 0
        self.enrolment_lists = FakeEnrolmentLists()
        self.controls = FakeControls()
        self.privileges = WatchedPrivileges(self.watch)
        self.registries = FakeRegistries()
        self.parked = FakeParkedMessages()
        self.collections = FakeCollections()
        self.passes = WatchedPasses(self.tenant, self.clock, self.watch, self.collections)
        self.pass_counts = FakePassCounts()
        self.budgets = FakeBudgets()
        self.contacts = self.tenant.contacts
        self.ledger = FakeLedger()
        self.leases = CrashedLeases(self.clock, self.interruptions)
        self.acknowledged: list[Acknowledged] = []
        strategy = settings.rules().strategy
        if isinstance(strategy, ByGroup):
            self.tenant.by_group = strategy
            self.watch.enforcing = strategy.enforcement
        self.hosts = [self._start(), self._start()]

    def _start(self) -> Services:
        """A host that has just started."""
        store = {
            name: Interrupted(port, self.interruptions, StoreUnavailable)
            for name, port in (
                ("cases", self.cases),
                ("case_lists", self.cases),
                ("exemptions", self.exemptions),
                ("claims", self.claims),
                ("volumes", self.volumes),
                ("enrolment_lists", self.enrolment_lists),
                ("due_cases", self.cases),
                ("parked", self.parked),
                ("controls", self.controls),
                ("collections", self.collections),
                ("pass_counts", self.pass_counts),
                ("budgets", self.budgets),
                ("contacts", self.contacts),
                ("ledger", self.ledger),
            )
        }
        broker = Interrupted(self.broker, self.interruptions, BrokerUnavailable)
        tenant = Interrupted(self.tenant, self.interruptions, DirectoryUnavailable)
        modes: Any = CachedModes(self.controls, self.clock.monotonic)
        guard = PassGuard(
            CachedStandings(
                directory=tenant,
                privileges=self.privileges,
                registries=self.registries,
                break_glass=SETTINGS.break_glass_ids,
                clock=self.clock,
                monotonic=self.clock.monotonic,
            )
        )
        budgets: Any = store["budgets"]
        passes: Any = Interrupted(self.passes, self.interruptions, DirectoryUnavailable)
        return build(
            self.settings,
            clock=self.clock,
            new_case_id=self._new_case_id,
            **store,
            commands=broker,
            events=broker,
            tickets=self.tickets,
            untold=store["parked"],
            dead_letters=broker,
            leases=self.leases,
            directory=tenant,
            employee_numbers=tenant,
            privileges=self.privileges,
            administrators=FakeAdministrators(),
            directory_size=FakeDirectorySize(Unknown("The tenant does not say.")),
            registries=self.registries,
            groups=tenant,
            group_members=tenant,
            newcomers=tenant,
            policies=tenant,
            managers=tenant,
            sign_ins=tenant,
            registration_guards=tenant,
            legacy_clients=tenant,
            audits=tenant,
            mailboxes=tenant,
            modes=modes,
            unguarded_writes=tenant,
            monotonic=self.clock.monotonic,
            passes=GuardedPasses(
                passes,
                guard=guard,
                break_glass=FakeBreakGlass(),
                gate=Gate(modes, spending(budgets, self.clock), self.clock.monotonic),
            ),
            pass_checks=FakePassChecks(self.tenant),
            pass_guard=guard,
        )

    def _new_case_id(self) -> CaseId:
        """Counted, so that a story that failed fails again."""
        self._granted += 1
        return CaseId(f"e{self._granted:031x}")

    async def attempt(self, worker: str, work: Coroutine[Any, Any, Any]) -> object:
        """Do something; a crash costs the host its memory, an error of ours is an answer."""
        WORKER.set(worker)
        try:
            return await work
        except LifecycleError as error:
            return error
        except Crash as crash:
            self.hosts = [self._start(), self._start()]
            return crash
        except Exception as error:  # noqa: BLE001  (whatever it is, the campaign has found it)
            self.watch.expect(False, f"an error that nobody foresaw: {error!r}")  # noqa: FBT003
            return error

    async def post(self, event: dict[str, Any], *, host: int = 0) -> None:
        """The HR system sends an event."""
        body = json.dumps(event)
        now = datetime.now(UTC)
        headers = {
            "webhook-id": "msg_1",
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(SECRET).sign("msg_1", now, body),
        }
        accept = self.hosts[host].accept_hr_event("demo", headers, body.encode())
        answer = await self.attempt(f"intake {host}", accept)
        if isinstance(answer, tuple):
            (case,) = answer
            self.acknowledged.append(Acknowledged(event["id"], case.case_id))

    async def deliver(
        self, message: Message, *, host: int = 0, settlement_lost: bool = False
    ) -> None:
        """The broker delivers a message to a worker."""
        self.broker.take(message)
        command = decode_command(message.body)
        queue = command.queue
        ABOUT.set(command.case_id)
        work = self.hosts[host].work_on_message(queue, message.body, message.deliveries)
        answer = await self.attempt(f"worker {host}", work)
        if settlement_lost or isinstance(answer, BaseException):
            self.broker.give_back(message)

    async def together(self, order: Random, *work: Coroutine[Any, Any, None]) -> None:
        """Several at once, taking turns operation by operation."""
        self.interruptions.turns = Turns(order)
        try:
            for answer in await self.interruptions.turns.run(*work):
                self.watch.expect(answer is None, f"raised {answer!r}")
        finally:
            self.interruptions.turns = None

    async def set_mode(self, mode: Mode) -> None:
        """Operators set the mode."""
        for capability in Capability:
            old = await self.controls.entry(capability)
            await self.controls.replace(capability, old, ControlEntry(mode=mode))
        self.watch.mode_set(mode)

    async def timers(self) -> None:
        """Both timers fire."""
        await self.attempt("recovery", self.hosts[0].recover_due_cases())
        for queue in CASE_QUEUES:
            await self.attempt("draining", self.hosts[0].keep_dead_letters(queue))

    async def settle(self, rest: frozenset[CaseState] = AT_REST) -> None:
        """All trouble passes, and time goes by until every case is in one of these states."""
        self.interruptions.plan.clear()
        self.tenant.troubles.clear()
        self.tenant.lost.clear()
        self.tenant.unknown.clear()
        self.tenant.lag = timedelta(0)
        await self.set_mode(Mode.ACT)
        self.clock.advance(timedelta(minutes=2))
        for _ in range(LONGEST_STORY):
            while messages := self.broker.deliverable(self.clock.now()):
                await self.deliver(messages[0])
            await self.timers()
            if not self.broker.deliverable(self.clock.now()):
                if await self._at_rest(rest):
                    return
                self.clock.advance_to(min(self._moments()))
        unrest = [stored.case.state.value for stored in self.watch.cases.values()]
        self.watch.expect(False, f"no end: {unrest}")  # noqa: FBT003  (as an assertion)

    def _moments(self) -> Iterator[datetime]:
        yield self.clock.now() + timedelta(hours=6)
        for message in self.broker.queue:
            if message.at is not None:
                yield message.at

    async def _at_rest(self, rest: frozenset[CaseState]) -> bool:
        for case_id in self.watch.cases:
            stored = await self.cases.load(case_id)
            if stored is None or not all(event.published for event in stored.events):
                return False
            case = stored.case
            over = case.state in OVER and not case.unfinished
            calm = case.state in rest or self._gives_way(case)
            if not over and (not calm or case.change is not None):
                return False
        return not self.broker.dead

    def _gives_way(self, case: Case) -> bool:
        """Whether it waits for another case that has not begun either, or is parked."""
        if case.gives_way_to is None or case.wait_until is None:
            return False
        other = self.watch.cases[case.gives_way_to].case
        return other.state is CaseState.PARKED or (other.state in OPEN and not has_begun(other))

    def user(self, name: str) -> UserId | None:
        """The person of this name, if there is one."""
        return next((u for u, person in self.tenant.people.items() if person.name == name), None)

    def published(self, case_id: CaseId, event_type: EventType) -> int:
        """How many events of a type subscribers got about a case."""
        return sum(
            event.event_type == event_type and event.event_id.startswith(case_id)
            for event in self.broker.published.values()
        )


def leaver(event: str, name: str, *, at: datetime) -> dict[str, str]:
    """A leaver's event."""
    told = {"id": event, "type": "leaver", "userPrincipalName": name}
    return {**told, "effectiveAt": at.isoformat()}


def joiner(event: str, name: str, *, start: datetime | None = None) -> dict[str, str]:
    """A joiner's event."""
    told = {"id": event, "type": "joiner", "userPrincipalName": name}
    return told if start is None else {**told, "startDate": start.date().isoformat()}
