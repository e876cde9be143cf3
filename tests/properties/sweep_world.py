"""Runs of the sweep over a tenant in memory, with everything that can go wrong on the way."""

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from typing import Any

from shared.application.ports.messages import OutgoingEvent
from shared.application.sweep.announced import ReadAnnounced
from shared.application.sweep.announcing import Announce
from shared.application.sweep.app_passwords import ReadAppPasswords
from shared.application.sweep.collecting import Collect
from shared.application.sweep.filling import Filling
from shared.application.sweep.finishing import Finish
from shared.application.sweep.judging import JudgeStage
from shared.application.sweep.nightly import StartNightly
from shared.application.sweep.planning import Plan
from shared.application.sweep.reconciling import Reconcile
from shared.application.sweep.rounds import ReadRound
from shared.application.sweep.sending import SendStage
from shared.application.sweep.starting import StartRun
from shared.application.sweep.telling import Tell
from shared.application.sweep.watching import STILL_FOR, WatchRuns
from shared.application.sweep.working import WorkOnRun
from shared.contracts.sweep_commands import SweepCommand, encode_sweep_command
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import Throttled
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.sweep.lines import Line
from shared.domain.sweep.runs import Run, RunId, Stage
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals
from tests.fakes.cases import FakeCases
from tests.fakes.ledger import FakeLedger
from tests.fakes.own_changes import FakeOwnChanges
from tests.fakes.runs import FakeRuns
from tests.fakes.sweeping import FakeHistory, FakeSnapshots, FakeStaging
from tests.properties.clock import WorldClock
from tests.properties.interrupting import Crash, Interrupted, Interruptions
from tests.properties.swept_tenant import SweptTenant, populated

_MOST_MESSAGES = 3_000


@dataclass
class Queue:
    """The port `SweepCommands`, and the broker behind it.

    Attributes:
        waiting: the bodies that wait, with how often each was delivered.
    """

    waiting: list[tuple[bytes, int]] = field(default_factory=list)

    async def send(
        self,
        commands: Sequence[SweepCommand],
        *,
        at: datetime | None = None,  # noqa: ARG002  (the port's; here everything is due at once)
    ) -> None:
        """Take commands."""
        self.waiting += [(encode_sweep_command(one), 0) for one in commands]


@dataclass
class Subscribers:
    """The port `Events`: each event once, by its id."""

    told: dict[str, OutgoingEvent] = field(default_factory=dict)

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Take events."""
        for event in events:
            self.told.setdefault(event.event_id, event)

    @property
    def types(self) -> list[str]:
        """The types of all events, in order."""
        return [event.event_type for event in self.told.values()]


@dataclass
class Mended:
    """Stands where people are taken up again: nobody is."""

    async def __call__(self, run: Run, totals: Totals) -> None:
        """Take up nobody."""


class SweepWorld:
    """Everything around the stages of a run.

    Args:
        tenant: what is swept.
        random: draws what is delivered next.
    """

    def __init__(self, tenant: SweptTenant, random: Random) -> None:
        self.tenant = tenant
        self.clock = WorldClock()
        self.queue, self.subscribers = Queue(), Subscribers()
        self.runs, self.staging = FakeRuns(), FakeStaging()
        self.snapshots, self.history = FakeSnapshots(), FakeHistory()
        self.ledger = FakeLedger()
        self.cases, self.own_changes = FakeCases(), FakeOwnChanges()
        self.interruptions = Interruptions()
        self._random = random

    def _port(self, inner: object, trouble: type[LifecycleError]) -> Any:  # noqa: ANN401
        return Interrupted(inner, self.interruptions, trouble)

    def worker(self) -> WorkOnRun:
        """A worker that knows nothing yet."""
        tenant = self._port(self.tenant, Throttled)
        runs = self._port(self.runs, StoreUnavailable)
        staging = self._port(self.staging, StoreUnavailable)
        snapshots = self._port(self.snapshots, StoreUnavailable)
        app_passwords = ReadAppPasswords(self._port(self.ledger, StoreUnavailable), self.clock)
        send = SendStage(self._port(self.queue, BrokerUnavailable), self.clock)
        events = self._port(self.subscribers, BrokerUnavailable)
        cases = self._port(self.cases, StoreUnavailable)
        reconcile = Reconcile(
            changes=self._port(self.own_changes, Throttled),
            announced=ReadAnnounced(cases, cases),
            runs=runs,
            events=events,
            clock=self.clock,
            monotonic=self.clock.monotonic,
            retention=timedelta(days=7),
            tenant_id="tenant",
        )
        return WorkOnRun(
            runs=runs,
            plan=Plan(tenant, tenant, app_passwords, runs, self.clock),
            collect=Collect(
                ReadRound(
                    people=tenant,
                    filling=Filling(tenant),
                    monotonic=self.clock.monotonic,
                    live_most=1_000,
                    pages=3,
                ),
                staging,
                runs,
                self.clock,
                self.clock.monotonic,
            ),
            judge=JudgeStage(runs, staging, snapshots, app_passwords, self.clock),
            finish=Finish(runs, snapshots, reconcile, Mended(), self.clock),
            announce=Announce(
                runs,
                snapshots,
                self._port(self.history, StoreUnavailable),
                Tell(events, "tenant"),
                self.clock,
            ),
            nightly=self.nightly(send),
            send=send,
            clock=self.clock,
        )

    def nightly(self, send: SendStage | None = None) -> StartNightly:
        """What begins the run of the night."""
        send = send or SendStage(self.queue, self.clock)
        runs = self._port(self.runs, StoreUnavailable)
        return StartNightly(StartRun(runs, send, self.clock), runs, send, self.clock)

    async def begin(self) -> RunId:
        """A run begins."""
        start = StartRun(self.runs, SendStage(self.queue, self.clock), self.clock)
        return (await start("timer")).run_id

    async def sweep(self) -> Run:
        """A run from its beginning to its end."""
        run_id = await self.begin()
        await self.work()
        return await self.run(run_id)

    async def work(self) -> None:
        """Deliver messages, in any order, until no run goes on.

        Raises:
            AssertionError: it does not end.
        """
        worker = self.worker()
        for _ in range(_MOST_MESSAGES):
            if not self.queue.waiting:
                if not await self._goes_on():
                    return
                self.clock.advance(STILL_FOR + timedelta(minutes=1))
                await self.watch()
                continue
            chosen = self._random.randrange(len(self.queue.waiting))
            body, deliveries = self.queue.waiting.pop(chosen)
            try:
                await worker(body, deliveries + 1)
            except (Crash, LifecycleError) as error:
                self.queue.waiting.append((body, deliveries + 1))
                if isinstance(error, Crash):
                    worker = self.worker()
        raise AssertionError("The run does not end.")

    async def watch(self) -> None:
        """The watch looks once."""
        send = SendStage(self.queue, self.clock)
        await WatchRuns(self.runs, self.snapshots, send, self.clock)()

    async def _goes_on(self) -> bool:
        runs, _ = await self.runs.newest(None, 5)
        return any(run.stage is not Stage.NOTHING for run in runs)

    async def run(self, run_id: RunId) -> Run:
        """A run as it is now."""
        stored = await self.runs.load(run_id)
        assert stored is not None
        return stored.run

    async def lines(self, run: Run) -> dict[str, Line]:
        """What a run found about everybody."""
        return {
            line.user_id: line
            for number in range(run.slices)
            for line in await self.snapshots.lines(run.run_id, Slice(number, run.slices))
        }


def drawn(seed: int, people: int) -> SweepWorld:
    """A tenant of so many people that a seed decides, and what happens in it."""
    first, second = Random(seed), Random(seed)  # noqa: S311  (it makes test data)
    return SweepWorld(populated(first, people), second)


def tell(story: Coroutine[Any, Any, None]) -> None:
    """Play a story to its end."""
    asyncio.run(story)


async def until(world: SweepWorld, stage: Stage) -> RunId:
    """A run that has come to a stage."""
    run_id = await world.begin()
    worker = world.worker()
    while (await world.run(run_id)).stage is not stage:
        body, _ = world.queue.waiting.pop(0)
        await worker(body, 1)
    return run_id
