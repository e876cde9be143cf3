"""The worker decides on what it read after the last wait, not before it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from shared.application.advance import AdvanceCases
from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.application.outbox import Outbox
from shared.application.parking import Parking
from shared.application.ports.cases import StoredCase
from shared.contracts.commands import AdvanceCase
from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.cases import CaseState
from shared.domain.control import Capability, Mode
from shared.domain.ids import UserId
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from tests.builders import NOW, SIGN_IN_NAME, a_case, a_plan, accepted
from tests.fakes.broker import FakeBroker
from tests.fakes.cases import FakeCases
from tests.fakes.directory import FakeDirectory
from tests.fakes.leases import FakeLeases
from tests.fakes.parked import FakeParkedMessages


@dataclass
class SetClock:
    """A clock that moves when it is told to."""

    at: datetime = NOW

    def now(self) -> datetime:
        """The time."""
        return self.at

    async def sleep(self, seconds: float) -> None:
        """Let the time pass."""
        self.at += timedelta(seconds=seconds)


class Acting:
    """Everything may act."""

    async def mode(self, capability: Capability) -> Mode:  # noqa: ARG002  (there is one so far)
        """The mode."""
        return Mode.ACT


class InterruptedCases(FakeCases):
    """The worker is frozen for a day right after it has stored that somebody is overdue."""

    def __init__(self, clock: SetClock, directory: FakeDirectory, user: UserId) -> None:
        super().__init__()
        self._clock, self._directory, self._user = clock, directory, user

    async def save(self, stored: StoredCase, transition: Transition) -> StoredCase:
        """Store it; meanwhile the person registers."""
        saved = await super().save(stored, transition)
        if saved.case.state is CaseState.OVERDUE and self._clock.at < NOW + timedelta(days=1):
            self._clock.at += timedelta(days=1)
            self._directory.register(self._user, MethodType.MICROSOFT_AUTHENTICATOR)
        return saved


async def test_what_was_read_before_a_wait_is_read_again_after_it() -> None:
    """A wait that is over by the time it was stored does not make old readings new."""
    clock, directory, broker = SetClock(), FakeDirectory(), FakeBroker()
    user = directory.add(SIGN_IN_NAME)
    cases = InterruptedCases(clock, directory, user)
    case = a_case(plan=a_plan(enforce_by=NOW + timedelta(minutes=1)))
    await cases.create(accepted(case))
    dispatch = Dispatch(broker)
    advance = AdvanceCases(
        cases=cases,
        holding=Holding(cases, FakeLeases()),
        directory=directory,
        mfa_states=directory,
        modes=Acting(),
        commands=broker,
        dispatch=dispatch,
        outbox=Outbox(cases, broker, "tenant"),
        parking=Parking(FakeParkedMessages(), clock),
        clock=clock,
        rules=Rules(check_first=timedelta(minutes=1)),
    )
    command = AdvanceCase(case_id=case.case_id)
    await advance(command)
    clock.at += timedelta(minutes=1)
    await advance(command)
    stored = await cases.load(case.case_id)
    assert stored is not None
    assert stored.case.state is CaseState.COMPLETED
    assert directory.people[user].state is PerUserMfaState.ENFORCED
