"""The worker decides on what it read after the last wait, and gives up in the end."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from shared.application.advance import AdvanceCases
from shared.application.contacts import ForgetContact
from shared.application.crowd import Crowd
from shared.application.dispatch import Dispatch
from shared.application.enrolling import WorkOnEnrolment
from shared.application.examining import ExaminePerson
from shared.application.following import FollowPolicy
from shared.application.holding import Holding
from shared.application.identifying import Identify
from shared.application.ledger import ReadLedger
from shared.application.looking import Looking
from shared.application.others import OtherCases
from shared.application.outbox import Outbox
from shared.application.parking import Parking, TellParked
from shared.application.ports.cases import StoredCase
from shared.application.ports.directory import DirectoryWrites
from shared.application.ports.leases import Lease
from shared.application.writing import WriteEffect
from shared.contracts.commands import AdvanceCase
from shared.domain.accounts import Account
from shared.domain.approvals import approve, plan_hash
from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.budgets.flows import Spender
from shared.domain.cases import CaseState
from shared.domain.control import Capability, Mode
from shared.domain.effects import Request
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.ids import CaseId, SourceName, UserId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege, Standing, standing_of
from shared.domain.schedules import FormerMethods, Rules
from shared.domain.transitions import Transition
from shared.names import Queue
from tests.builders import NOW, SIGN_IN_NAME, a_case, a_plan, accepted, an_account
from tests.fakes.broker import FakeBroker
from tests.fakes.budgets import FakeBudgets
from tests.fakes.cases import FakeCases
from tests.fakes.claims import FakeClaims
from tests.fakes.directory import FakeDirectory
from tests.fakes.enrolments import FakeEnrolmentLists
from tests.fakes.leases import FakeLeases
from tests.fakes.ledger import FakeLedger
from tests.fakes.parked import FakeParkedMessages
from tests.fakes.volumes import FakeVolumes


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

    async def save(
        self, stored: StoredCase, *transitions: Transition, more_to_come: bool = False
    ) -> StoredCase:
        """Store it; meanwhile the person registers."""
        saved = await super().save(stored, *transitions, more_to_come=more_to_come)
        if saved.case.state is CaseState.OVERDUE and self._clock.at < NOW + timedelta(days=1):
            self._clock.at += timedelta(days=1)
            self._directory.register(self._user, MethodType.MICROSOFT_AUTHENTICATOR)
        return saved


class EverybodyIsPlain:
    """Nobody is special to the guards."""

    async def standing(
        self,
        person: Account | UserId,  # noqa: ARG002  (whoever it is)
        impact: Impact,  # noqa: ARG002  (whatever it is)
        *,
        last_attempt: bool = False,  # noqa: ARG002  (or not)
    ) -> Standing:
        """Somebody whom everything may be done about."""
        return standing_of(an_account(), protected=False, excluded=False, privilege=Privilege.NONE)


class NobodySuspended:
    """Every source is let in."""

    async def is_suspended(self, source: SourceName) -> bool:  # noqa: ARG002  (whichever it is)
        """No."""
        return False


class UnwritableStates:
    """Graph can be read, and takes no write."""

    async def write(
        self,
        user: UserId,  # noqa: ARG002  (whatever it is, it fails)
        effect: Request,  # noqa: ARG002  (whatever it is, it fails)
        *,
        capability: Capability,  # noqa: ARG002  (whatever it is, it fails)
        lease: Lease,  # noqa: ARG002  (whatever it is, it fails)
        spender: Spender,  # noqa: ARG002  (budgets count by it)
        approved: bool = False,  # noqa: ARG002  (whatever it is, it fails)
    ) -> None:
        """Fail."""
        raise DirectoryUnavailable("The fake takes no write.")


def a_worker(
    cases: FakeCases,
    directory: FakeDirectory,
    clock: SetClock,
    writes: DirectoryWrites,
    rules: Rules,
    *,
    budgets: FakeBudgets | None = None,
    broker: FakeBroker | None = None,
    parked: FakeParkedMessages | None = None,
) -> AdvanceCases:
    """The worker over fakes."""
    broker, parked = broker or FakeBroker(), parked or FakeParkedMessages()
    looking = Looking(
        directory=directory,
        identify=Identify(directory, directory),
        standings=EverybodyIsPlain(),
        groups=directory,
        newcomers=directory,
        policies=directory,
        managers=directory,
        sign_ins=directory,
        registration_guards=directory,
        legacy_clients=directory,
        ledger=ReadLedger(
            audits=directory, ledger=FakeLedger(), clock=clock, retention=timedelta(days=7)
        ),
        mailboxes=directory,
        contacts=directory.contacts,
        budgets=budgets or FakeBudgets(),
        clock=clock,
        others=OtherCases(cases, cases),
        modes=Acting(),
        suspensions=NobodySuspended(),
        attempts=rules.attempts,
    )
    forget_contact = ForgetContact(directory.contacts)
    outbox = Outbox(cases, broker, "tenant", clock)
    follow = FollowPolicy(
        cases=cases,
        looking=looking,
        write=WriteEffect(writes),
        enrolment=WorkOnEnrolment(
            lists=FakeEnrolmentLists(),
            members=directory,
            examine=ExaminePerson(looking, rules),
            claims=FakeClaims(),
            volumes=FakeVolumes(),
            cases=cases,
            dispatch=Dispatch(broker),
            clock=clock,
            rules=rules,
        ),
        forget_contact=forget_contact,
        outbox=outbox,
        parking=Parking(parked, TellParked(parked, parked, broker, "tenant"), clock),
        clock=clock,
        rules=rules,
    )
    return AdvanceCases(
        cases=cases,
        holding=Holding(cases, FakeLeases(), clock),
        follow=follow,
        commands=broker,
        forget_contact=forget_contact,
        dispatch=Dispatch(broker),
        outbox=outbox,
        crowd=Crowd(cases, cases, clock),
        clock=clock,
        rules=rules,
    )


async def test_what_was_read_before_a_wait_is_read_again_after_it() -> None:
    """A wait that is over by the time it was stored does not make old readings new."""
    clock, directory = SetClock(), FakeDirectory()
    user = directory.add(SIGN_IN_NAME)
    cases = InterruptedCases(clock, directory, user)
    case = a_case()
    await cases.create(accepted(case))
    minute = timedelta(minutes=1)
    rules = Rules(check_first=minute, grace=minute, minimum_grace=minute)
    advance = a_worker(cases, directory, clock, directory, rules)
    command = AdvanceCase.of(case)
    await advance(command)
    clock.at += timedelta(minutes=1)
    await advance(command)
    stored = await cases.load(case.case_id)
    assert stored is not None
    assert stored.case.state is CaseState.COMPLETED
    assert directory.people[user].state is PerUserMfaState.ENFORCED


async def test_a_write_that_always_fails_uses_up_the_attempts() -> None:
    """A change that is announced anew for each attempt is parked like any other trouble."""
    clock, directory, cases = SetClock(), FakeDirectory(), FakeCases()
    directory.add(SIGN_IN_NAME)
    case = a_case()
    await cases.create(accepted(case))
    rules = Rules(attempts=3)
    advance = a_worker(cases, directory, clock, UnwritableStates(), rules)
    for _ in range(rules.attempts + 1):
        await advance(AdvanceCase.of(case))
        clock.at += timedelta(hours=1)
    stored = await cases.load(case.case_id)
    assert stored is not None
    assert stored.case.state is CaseState.PARKED
    assert stored.events[-1].reason == "attempts-used-up"


async def test_events_that_only_a_sign_in_name_connects_meet_at_the_person() -> None:
    """Without an employee id the other case shows once the person is known, and then it counts."""
    clock, directory, cases = SetClock(), FakeDirectory(), FakeCases()
    directory.add(SIGN_IN_NAME)
    advance = a_worker(cases, directory, clock, directory, Rules())
    first = a_case(case_id=CaseId("1" * 32))
    again = a_case(case_id=CaseId("2" * 32), plan=a_plan(occurred_at=NOW))
    for case in (first, again):
        await cases.create(accepted(case))
        await advance(AdvanceCase.of(case))
    stored = [await cases.load(case.case_id) for case in (first, again)]
    assert [one.case.state for one in stored if one is not None] == [
        CaseState.WAITING_REGISTRATION,
        CaseState.SUPERSEDED,
    ]
    assert len(directory.writes) == 1


async def test_a_case_that_needs_other_powers_is_handed_over() -> None:
    """The worker stops there; a command that comes to the wrong app goes on to the right one."""
    clock, directory, cases = SetClock(), FakeDirectory(), FakeCases()
    user = directory.add(SIGN_IN_NAME)
    directory.register(user, MethodType.FIDO2)
    rules, broker = Rules(former_methods=FormerMethods.REMOVE), FakeBroker()
    advance = replace(
        a_worker(cases, directory, clock, directory, rules), dispatch=Dispatch(broker)
    )
    case = a_case(plan=replace(a_plan(), rehire=True))
    await cases.create(accepted(case))
    first = AdvanceCase.of(case)
    assert first.queue is Queue.ONBOARDING
    await advance(first)
    asking = await cases.load(case.case_id)
    assert asking is not None
    agreed = approve(asking.case, plan_hash(asking.case), "approver", clock.now())
    await cases.save(asking, agreed)
    broker.commands.clear()
    for _ in range(2):
        await advance(first)
        handed_over = broker.commands.pop().command
        assert handed_over.queue is Queue.RESETS
        assert directory.writes == []
    await advance(handed_over)
    clock.at += rules.gone_after
    await advance(handed_over)
    back = broker.commands.pop().command
    assert back.queue is Queue.ONBOARDING
    assert [effect.action for _, effect in directory.writes] == ["remove-method"]
    await advance(back)
    assert [effect.action for _, effect in directory.writes] == ["remove-method", "enable"]
