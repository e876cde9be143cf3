"""What a run makes of the changes that the audit log shows under our name."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.application.ports.audits import ChangesPage
from shared.application.ports.cases import StoredCase
from shared.application.ports.messages import OutgoingEvent
from shared.application.ports.runs import StoredRun
from shared.application.sweep.announced import ReadAnnounced
from shared.application.sweep.reconciling import MOST_TOLD, Reconcile
from shared.contracts.sweep_events import run_event
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.errors.directory import PermissionMissing, Throttled
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.errors.storage import StoreUnavailable, UnreadableRow
from shared.domain.ids import CaseId, UserId
from shared.domain.ledger import Span
from shared.domain.sweep.reconciliation import LONGEST, Reconciliation
from shared.domain.sweep.reconciling import AuditLine
from shared.domain.sweep.runs import RunId, Stage
from shared.domain.transitions import record
from tests.builders import a_case, accepted
from tests.fakes.cases import FakeCases
from tests.fakes.own_changes import FakeOwnChanges
from tests.fakes.runs import FakeRuns
from tests.properties.clock import WorldClock
from tests.results import a_run

STATE = "Update per-user multifactor authentication state"
KIM = UserId("a0000000-0000-4000-8000-000000000001")
LEE = UserId("a0000000-0000-4000-8000-000000000002")


class Subscribers:
    """The port `Events`: every event as often as it is told; `then` is what happens next."""

    def __init__(self) -> None:
        self.told: list[OutgoingEvent] = []
        self.away = False
        self.then: Callable[[], None] = lambda: None

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Take events."""
        if self.away:
            raise BrokerUnavailable("The fake is away.")
        self.told += events
        self.then()


class Torn(FakeCases):
    """Cases of which one may be none that we write."""

    torn = False

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """The case."""
        if self.torn:
            raise UnreadableRow(f"Case {case_id}: it is not what we write.")
        return await super().load(case_id)


class Night:
    """A run that is about to finish, and all around it."""

    def __init__(self) -> None:
        self.clock, self.runs, self.cases = WorldClock(), FakeRuns(), Torn()
        self.changes, self.subscribers = FakeOwnChanges(), Subscribers()
        self.reconcile = Reconcile(
            changes=self.changes,
            announced=ReadAnnounced(self.cases, self.cases),
            runs=self.runs,
            events=self.subscribers,
            clock=self.clock,
            monotonic=self.clock.monotonic,
            retention=timedelta(days=7),
            tenant_id="tenant",
        )

    async def begin(self) -> StoredRun:
        """A run begins."""
        now = self.clock.now()
        run = a_run(run_id=RunId(f"{now:%Y%m%dT%H%M%SZ}-4f9c01de"))
        run = replace(run, stage=Stage.FINISH, started_at=now)
        return await self.runs.begin(run, given_up_before=now)

    async def pass_over(self) -> Reconciliation:
        """A run begins and reads the log."""
        found = (await self.reconcile(await self.begin(), last_try=False)).run.reconciliation
        assert found is not None
        return found

    async def enforce(self, user: UserId, *, proven: bool = False) -> None:
        """A case announces that it enforces a person, and does, which may be proven."""
        case_id = CaseId(user.replace("-", ""))
        case: Case = replace(
            a_case(CaseState.WAITING_REGISTRATION, case_id=case_id, user_id=user),
            accepted_at=self.clock.now(),
        )
        stored = await self.cases.create(accepted(case))
        now = self.clock.now()
        begun = record(stored.case, now, action="enforce", outcome=StepOutcome.BEGUN)
        stored = await self.cases.save(stored, begun)
        if proven:
            done = record(stored.case, now, action="enforce", outcome=StepOutcome.DONE)
            await self.cases.save(stored, done)
        self.change(user)

    def change(self, user: UserId, activity: str = STATE) -> AuditLine:
        """The log shows a change of a person under our name, as of now."""
        line = AuditLine(
            line_id=f"Directory_{len(self.changes.lines)}",
            activity=activity,
            at=self.clock.now(),
            identity="b0000000-0000-4000-8000-000000000003",
            people=(user,),
        )
        self.changes.lines.append(line)
        return line

    def doubts(self, many: int) -> None:
        """The log shows changes of which it does not say whom they concern."""
        for number in range(many):
            line = replace(self.change(KIM), line_id=f"Doubt_{number}", people=(), nameless=True)
            self.changes.lines[-1] = line

    def told(self) -> list[dict[str, Any]]:
        """What subscribers were told."""
        return [json.loads(event.body) for event in self.subscribers.told]


@pytest.fixture
def night() -> Night:
    """A quiet one."""
    return Night()


async def test_what_cases_did_is_no_misuse(night: Night) -> None:
    """Every page is read, everybody's cases are found, and nothing is told."""
    for number in range(5):
        await night.enforce(UserId(f"{KIM[:-1]}{number}"))
    found = await night.pass_over()
    assert (found.changes, found.misuse, found.unknown, found.done) == (5, 0, 0, True)
    assert night.told() == []


async def test_a_misuse_is_told_and_counted_once(night: Night) -> None:
    """Also where the next run reads the same line again."""
    await night.enforce(LEE)
    line = night.change(KIM)
    night.clock.advance(timedelta(minutes=1))
    assert (await night.pass_over()).misuse == 1
    (event,) = night.told()
    assert event["type"] == "mfa.identity.misuse"
    assert event["subject"] == KIM
    assert event["data"] == {
        "lineId": line.line_id,
        "activity": STATE,
        "at": f"{line.at:%Y-%m-%dT%H:%M:%S}Z",
        "identity": line.identity,
        "people": [KIM],
        "others": [],
    }
    assert night.subscribers.told[0].event_id == event["id"]

    night.clock.advance(timedelta(minutes=10))
    again = await night.pass_over()
    assert (again.changes, again.misuse) == (2, 0)
    assert len(night.told()) == 1


async def test_who_dies_before_it_is_counted_tells_the_same(night: Night) -> None:
    """The broker knows the event by its id."""
    night.change(KIM)
    stored = await night.begin()
    night.subscribers.then = lambda: setattr(night.runs, "down", True)
    with pytest.raises(StoreUnavailable):
        await night.reconcile(stored, last_try=True)
    night.subscribers.then, night.runs.down = (lambda: None), False
    after = await night.reconcile(await _loaded(night, stored), last_try=False)
    assert after.run.reconciliation is not None
    assert after.run.reconciliation.misuse == 1
    first, second = night.subscribers.told
    assert first == second


async def _loaded(night: Night, stored: StoredRun) -> StoredRun:
    found = await night.runs.load(stored.run.run_id)
    assert found is not None
    return found


async def test_nothing_is_counted_that_nobody_was_told(night: Night) -> None:
    """The run waits until the broker is back."""
    night.change(KIM)
    night.subscribers.away = True
    stored = await night.begin()
    with pytest.raises(BrokerUnavailable):
        await night.reconcile(stored, last_try=True)
    night.subscribers.away = False
    after = await night.reconcile(await _loaded(night, stored), last_try=False)
    assert after.run.reconciliation is not None
    assert after.run.reconciliation.misuse == 1
    assert len(night.told()) == 1


async def test_a_log_that_may_not_be_read_is_a_problem(night: Night) -> None:
    """Nobody is accused, the cause is told, and the next run reads that time too."""
    night.change(KIM)
    night.changes.trouble = PermissionMissing("sweep.audits: grant AuditLog.Read.All.")
    after = await night.reconcile(await night.begin(), last_try=False)
    (problem,) = after.run.problems
    why = "permission-missing: sweep.audits: grant AuditLog.Read.All. The next run reads on from "
    assert (problem.what, problem.reason.startswith(why)) == ("audit log", True)
    assert night.told() == []
    night.changes.trouble = None
    night.clock.advance(timedelta(days=1))
    assert (await night.pass_over()).misuse == 1


async def test_passing_trouble_is_waited_for_until_the_last_try(night: Night) -> None:
    """Then the run goes on without."""
    night.changes.trouble = Throttled("429")
    stored = await night.begin()
    with pytest.raises(Throttled):
        await night.reconcile(stored, last_try=False)
    after = await night.reconcile(await _loaded(night, stored), last_try=True)
    assert [one.what for one in after.run.problems] == ["audit log"]


async def test_a_case_that_cannot_be_read_leaves_its_person_in_doubt(night: Night) -> None:
    """It is counted, and nobody is accused."""
    await night.enforce(KIM)
    night.cases.torn = True
    found = await night.pass_over()
    assert (found.misuse, found.unknown) == (0, 1)
    assert night.told() == []


async def test_a_log_that_shows_nothing_of_what_cases_did_proves_nothing(night: Night) -> None:
    """An identity that nobody named, say; but lines may come for an hour yet."""
    night.clock.advance(timedelta(days=1))
    await night.enforce(KIM, proven=True)
    night.changes.lines.clear()
    for minutes, doubted in ((30, False), (40, True), (3 * 60, False)):
        night.clock.advance(timedelta(minutes=minutes))
        after = await night.reconcile(await night.begin(), last_try=False)
        assert ["MFA_IDENTITIES" in one.reason for one in after.run.problems] == [True] * doubted
    await night.enforce(LEE, proven=True)
    night.clock.advance(timedelta(hours=2))
    assert (await night.reconcile(await night.begin(), last_try=False)).run.problems == ()


async def test_a_change_that_is_only_announced_is_missed_by_nobody(night: Night) -> None:
    """It may never have been made."""
    await night.enforce(KIM)
    night.changes.lines.clear()
    night.clock.advance(timedelta(hours=2))
    assert (await night.reconcile(await night.begin(), last_try=False)).run.problems == ()


async def test_doubts_and_older_misuses_keep_no_misuse_from_being_told(night: Night) -> None:
    """Each has room of its own."""
    night.changes.page = 500
    night.doubts(MOST_TOLD)
    deed = night.change(KIM, "Disable Strong Authentication")
    night.clock.advance(timedelta(seconds=1))
    found = await night.pass_over()
    assert (found.misuse, found.unknown) == (1, MOST_TOLD)
    assert [event["data"]["lineId"] for event in night.told()] == [deed.line_id]
    again = night.change(LEE)
    night.clock.advance(timedelta(seconds=1))
    assert (await night.pass_over()).misuse == 1
    assert night.told()[-1]["data"]["lineId"] == again.line_id


async def test_of_misuses_beyond_the_first_thousand_one_event_tells_the_number(
    night: Night,
) -> None:
    """Once, at the end."""
    night.changes.page = 500
    for _ in range(MOST_TOLD + 7):
        night.change(KIM)
    night.clock.advance(timedelta(seconds=1))
    stored = await night.reconcile(await night.begin(), last_try=False)
    assert stored.run.reconciliation is not None
    assert stored.run.reconciliation.misuse == MOST_TOLD + 7
    *single, rest = night.told()
    assert len({event["id"] for event in single}) == len(single) == MOST_TOLD
    assert rest["type"] == "mfa.identity.misuse"
    assert rest["data"] == {"runId": stored.run.run_id, "more": 7}
    assert rest["id"] == night.subscribers.told[-1].event_id
    ended = json.loads(run_event(stored.run, "tenant"))
    assert (ended["data"]["misuse"], ended["data"]["unknown"]) == (MOST_TOLD + 7, 0)


class Endless(FakeOwnChanges):
    """A log with more lines than anybody can read; a page takes two seconds."""

    def __init__(self, clock: WorldClock) -> None:
        super().__init__()
        self.clock = clock

    async def changes(self, span: Span, page: str | None) -> ChangesPage:
        """A page, and always another one."""
        self.asked.append(span)
        self.clock.advance(timedelta(seconds=2))
        number = int(page or 0) + 1
        return ChangesPage((), str(number), span.since + number * timedelta(seconds=1))


async def test_a_run_waits_for_a_long_log_only_so_long(night: Night) -> None:
    """It says so and goes on; the next one begins where it ended, and comes further."""
    night.reconcile = replace(night.reconcile, changes=Endless(night.clock))
    reached = []
    for _ in range(2):
        stored = await night.begin()
        began = night.clock.now()
        current = stored.run.reconciliation
        while current is None or not current.done:
            stored = await night.reconcile(stored, last_try=False)
            current = stored.run.reconciliation
        assert LONGEST <= night.clock.now() - began < LONGEST + timedelta(minutes=1)
        assert "It was read for 2:00:00." in stored.run.problems[-1].reason
        reached.append((current.since, current.covered))
    (since, until), (later, further) = reached
    assert (later, further - until) == (until, until - since)
    assert until - since == timedelta(hours=1)


async def test_what_the_log_forgot_is_a_problem(night: Night) -> None:
    """Nobody looked for longer than it lasts."""
    await night.pass_over()
    night.clock.advance(timedelta(days=9))
    after = await night.reconcile(await night.begin(), last_try=False)
    (problem,) = after.run.problems
    assert "were gone before they were read" in problem.reason
