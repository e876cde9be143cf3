"""What is decided in one go is stored at once; before a write, a wait and the end it is stored."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest

from shared.application.advance import AdvanceCases
from shared.application.drafts import Draft
from shared.application.ports.cases import StoredCase
from shared.application.ports.leases import Lease
from shared.application.ports.messages import OutgoingEvent
from shared.contracts.commands import AdvanceCase
from shared.domain.authentication import MethodType
from shared.domain.budgets.flows import Spender
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import DirectoryUnavailable, RequestRejected
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.errors.storage import LeaseLost
from shared.domain.facts import Facts
from shared.domain.ids import UserId
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from shared.names import Queue
from tests.builders import SIGN_IN_NAME, a_case, accepted, an_exemption, an_exemption_plan
from tests.fakes.broker import FakeBroker
from tests.fakes.cases import FakeCases
from tests.fakes.directory import FakeDirectory
from tests.fakes.parked import FakeParkedMessages
from tests.unit.application.test_advance import SetClock, a_worker
from tests.unit.domain.reset.decisions import a_reset_plan


class ToldCases(FakeCases):
    """Cases whose saves are told.

    Attributes:
        told: what happened, in order: each save with its actions, and what others add.
        trouble: what the next new case raises instead.
    """

    def __init__(self, told: list[str]) -> None:
        super().__init__()
        self.told = told
        self.trouble: LifecycleError | None = None

    async def create(self, *transitions: Transition) -> StoredCase:
        """Store it."""
        if self.trouble is not None:
            raise self.trouble
        created = await super().create(*transitions)
        self.told.append(" ".join(["create", *_told(transitions)]))
        return created

    async def save(
        self, stored: StoredCase, *transitions: Transition, more_to_come: bool = False
    ) -> StoredCase:
        """Store it."""
        saved = await super().save(stored, *transitions, more_to_come=more_to_come)
        more = ["..."] if more_to_come else []
        self.told.append(" ".join(["save", *_told(transitions), *more]))
        return saved


def _told(transitions: Iterable[Transition]) -> list[str]:
    return [f"{one.step.action}:{one.step.outcome}" for one in transitions if one.step is not None]


@dataclass
class ToldDirectory(FakeDirectory):
    """A directory that tells of its writes.

    Attributes:
        story: what happened, in order.
        trouble: what the next write raises instead.
    """

    story: list[str] = field(default_factory=list)
    trouble: LifecycleError | None = None

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,
        lease: Lease,
        spender: Spender,
        approved: bool = False,
    ) -> None:
        """Make it so."""
        if self.trouble is not None:
            raise self.trouble
        self.story.append(f"write {effect.action}")
        await super().write(
            user,
            effect,
            capability=capability,
            lease=lease,
            spender=spender,
            approved=approved,
        )


@dataclass
class ToldBroker(FakeBroker):
    """A broker that tells of what it is to publish.

    Attributes:
        told: what happened, in order.
        failures: so many times it takes no event.
    """

    told: list[str] = field(default_factory=list)
    failures: int = 0

    async def publish(self, events: tuple[OutgoingEvent, ...]) -> None:
        """Take events."""
        self.failures -= 1
        if self.failures >= 0:
            self.told.append("publish")
            raise BrokerUnavailable("Not now.")
        self.told.append(" ".join(["publish", *(event.event_type for event in events)]))
        await super().publish(events)


class Office:
    """A worker over fakes, with whom it asks.

    Attributes:
        told: what was saved, written and published, in order.
    """

    def __init__(self) -> None:
        self.told: list[str] = []
        self.cases, self.directory = ToldCases(self.told), ToldDirectory(story=self.told)
        self.broker, self.parked = ToldBroker(told=self.told), FakeParkedMessages()
        self.clock = SetClock()
        self.user = self.directory.add(SIGN_IN_NAME)
        self.directory.register(self.user, MethodType.MICROSOFT_AUTHENTICATOR)
        self.advance: AdvanceCases = a_worker(
            self.cases,
            self.directory,
            self.clock,
            self.directory,
            Rules(),
            broker=self.broker,
            parked=self.parked,
        )

    async def works_on(self, case: Case) -> StoredCase:
        """The case after its command came."""
        await self.advance(AdvanceCase.of(case))
        stored = await self.cases.load(case.case_id)
        assert stored is not None
        return stored

    async def a_ticket(self) -> Case:
        """A reset of the person, by object id."""
        plan = replace(a_reset_plan(), user_id=self.user, user_principal_name=None)
        case = (await self.cases.create(accepted(a_case(plan=plan)))).case
        self.told.clear()
        return case

    def published(self) -> list[EventType]:
        """What subscribers got, in order."""
        return [EventType(event.event_type) for event in self.broker.events]


@pytest.fixture
def office() -> Office:
    """An office."""
    return Office()


async def test_all_up_to_a_write_is_stored_at_once(office: Office) -> None:
    """What is read in between is no reason to store; but what is announced is, before it is done.

    What was written is proven and the next announced in one, too.
    """
    await office.works_on(await office.a_ticket())
    written = [n for n, one in enumerate(office.told) if one.startswith("write")]
    assert office.told[: written[1] + 1] == [
        "save find-account:done verify-caller:done remove-methods:begun ...",
        "write remove-method",
        "save remove-methods:done revoke-sessions:begun ...",
        "write revoke-sessions",
    ]
    assert not office.told[-1].endswith("...")


async def test_a_read_that_fails_stores_what_was_decided_before_it(office: Office) -> None:
    """Both, in one: who the person is, and that it is tried again."""
    case = await office.a_ticket()
    office.directory.troubles = [None, DirectoryUnavailable("Gone.")]
    stored = await office.works_on(case)
    assert office.told[0] == "save find-account:done verify-caller:done try-again:deferred"
    assert (stored.case.user_id, stored.case.attempts) == (office.user, 1)
    assert stored.case.wait_until is not None
    assert [step.seq for step in stored.steps] == [1, 2, 3, 4]


async def test_a_lost_lease_stores_nothing_more(office: Office) -> None:
    """Whoever has taken over decides; what was announced by then is stored."""
    office.directory.trouble = LeaseLost("Taken over.")
    stored = await office.works_on(await office.a_ticket())
    assert len(office.told) == 1
    assert stored.steps[-1].action == "remove-methods"
    assert [sent.command.case_id for sent in office.broker.commands] == [stored.case.case_id]


async def test_a_case_that_is_parked_anew_is_kept_once(office: Office) -> None:
    """It is taken up by itself, fails again, and what was kept the first time is dropped."""
    plan = an_exemption_plan(user_id=office.user)
    case = an_exemption(CaseState.ACTIVE, plan=plan, before="enforced")
    await office.cases.create(accepted(case))
    office.told.clear()
    office.clock.at = plan.ends_at
    office.directory.troubles = [RequestRejected("Not so.")]
    stored = await office.works_on(case)
    assert stored.case.state is CaseState.PARKED
    (first,), _ = await office.parked.newest(None)
    office.told.clear()
    assert stored.case.wait_until is not None
    office.clock.at = stored.case.wait_until
    office.directory.troubles = [RequestRejected("Not so.")]
    again = await office.works_on(case)
    assert office.told[0] == "save take-up-again:done park:parked"
    (second,), _ = await office.parked.newest(None)
    assert again.case.state is CaseState.PARKED
    assert first.parked_id != second.parked_id


async def test_a_case_that_has_to_wait_for_its_person_still_tells_of_itself(
    office: Office,
) -> None:
    """Somebody else is busy with the person: that the ticket was accepted need not wait."""
    case = await office.a_ticket()
    async with office.advance.holding.leases.hold(office.user):
        await office.works_on(case)
    assert office.published() == [EventType.ACCEPTED]
    assert [sent.command.case_id for sent in office.broker.commands] == [case.case_id]
    assert office.told == ["publish mfa.case.accepted"]


async def test_an_event_is_published_as_soon_as_it_is_stored(office: Office) -> None:
    """With those before it, by whoever follows the policy: nobody has to come by once more."""
    case = await office.a_ticket()
    stored = await office.cases.load(case.case_id)
    assert stored is not None
    async with office.advance.holding.hold(stored) as (held, lease):
        await office.advance.follow(Draft(held), Facts(), lease, Queue.RESETS)
    assert office.told[-1] == "publish mfa.case.accepted mfa.case.contained"
    assert office.told[-2].startswith("save")
    assert not [one for one in office.told[:-1] if one.startswith("publish")]


async def test_what_was_stored_first_is_published_first(office: Office) -> None:
    """Events that the broker did not take go before those of the next save."""
    office.broker.failures = 1
    stored = await office.works_on(await office.a_ticket())
    assert office.told.count("publish") == 1
    assert office.published() == [event.type for event in stored.events]
