"""The timers go on past what can't be worked on."""

from datetime import timedelta

import pytest

from shared.application.draining import KeepDeadLetters
from shared.application.holding import Holding
from shared.application.outbox import Outbox
from shared.application.parking import Parking, TellParked
from shared.application.ports.cases import StoredCase
from shared.application.ports.messages import DeadLetter
from shared.application.recovery import RecoverDueCases
from shared.domain.errors.storage import StoreUnavailable, UnreadableRow
from shared.domain.ids import CaseId
from shared.domain.schedules import Rules
from shared.names import Queue
from tests.builders import a_case, accepted
from tests.fakes.broker import FakeBroker
from tests.fakes.cases import FakeCases
from tests.fakes.claims import FakeClaims
from tests.fakes.leases import FakeLeases
from tests.fakes.parked import FakeParkedMessages
from tests.properties.clock import WorldClock

SPOILT, SOUND = CaseId("0" * 32), CaseId("f" * 32)


class SpoiltCases(FakeCases):
    """A store in which one case can't be read."""

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """The case."""
        if case_id == SPOILT:
            raise UnreadableRow("Cases row: State is missing.")
        return await super().load(case_id)


async def recovery(cases: FakeCases) -> tuple[RecoverDueCases, FakeBroker]:
    """The timer over two cases that are due, the first of which can't be read."""
    clock, broker = WorldClock(), FakeBroker()
    for case_id in (SPOILT, SOUND):
        await cases.create(accepted(a_case(case_id=case_id)))
    clock.advance(timedelta(minutes=5))
    outbox = Outbox(cases, broker, "tenant", clock)
    timer = RecoverDueCases(
        due_cases=cases, cases=cases, commands=broker, outbox=outbox, clock=clock
    )
    return timer, broker


async def test_one_unreadable_case_keeps_no_other_waiting() -> None:
    """It is passed over until later, and every other case is taken up."""
    timer, broker = await recovery(SpoiltCases())
    assert await timer() == 2
    assert [sent.command.case_id for sent in broker.commands] == [SOUND]
    assert await timer() == 0


async def test_a_store_that_is_down_ends_the_run() -> None:
    """Nothing is passed over for trouble that the next run may not meet."""
    cases = FakeCases()
    timer, broker = await recovery(cases)
    cases.down = True
    with pytest.raises(StoreUnavailable):
        await timer()
    cases.down = False
    assert await timer() == 2
    assert len(broker.commands) == 2


@pytest.mark.parametrize("body", [b"\xff\xfe", b"[" * 100_000, b'{"caseId":"x"}'])
async def test_a_strangers_dead_letter_is_parked(body: bytes) -> None:
    """Whatever stands in it, it is kept in redacted form and leaves the queue."""
    broker, cases, parked, clock = FakeBroker(), FakeCases(), FakeParkedMessages(), WorldClock()
    letter = DeadLetter(
        message_id="1", queue=Queue.ONBOARDING, body=body, reason="TTLExpired", attempts=5
    )
    broker.dead_letters.append(letter)
    drain = KeepDeadLetters(
        dead_letters=broker,
        claims=FakeClaims(),
        cases=cases,
        holding=Holding(cases, FakeLeases(), clock),
        parking=Parking(parked, TellParked(parked, parked, broker, "tenant"), clock),
        clock=clock,
        rules=Rules(),
    )
    assert await drain(Queue.ONBOARDING) == 1
    (kept,), _ = await parked.newest(None)
    assert (kept.reason, kept.case_id) == ("dead-lettered", None)
    assert broker.dead_letters == []
