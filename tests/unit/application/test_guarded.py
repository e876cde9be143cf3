"""The guard before every write (safety rules S2, S6 and S8)."""

import asyncio
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.application.gate import Gate
from shared.application.guarded import GuardedWrites
from shared.application.ports.leases import Lease
from shared.domain.accounts import Account
from shared.domain.authentication import PerUserMfaState
from shared.domain.budgets.flows import Spender
from shared.domain.contacts import ContactKind
from shared.domain.control import Capability, Mode
from shared.domain.effects import Request
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.methods import RegisterContact
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors import LifecycleError
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.people import ProtectedAccount
from shared.domain.errors.storage import LeaseLost, StoreUnavailable
from shared.domain.ids import CaseId, GroupId, UserId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege, Standing, standing_of
from tests.builders import an_account
from tests.contract.leases import A_SPENDER
from tests.fakes.administrators import FakeAdministrators
from tests.fakes.budgets import FakeBudgets, spending
from tests.fakes.leases import FakeLeases
from tests.properties.clock import WorldClock

PEOPLE = tuple(UserId(f"aaaaaaaa-0000-0000-0000-00000000000{n}") for n in range(4))


@dataclass
class Writes:
    """The port inside the guard: notes what reaches it."""

    done: list[tuple[UserId, Request]] = field(default_factory=list)

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,  # noqa: ARG002  (nothing in here may need it)
        lease: Lease,  # noqa: ARG002  (nothing in here may need it)
        spender: Spender,  # noqa: ARG002  (budgets count by it)
        approved: bool = False,  # noqa: ARG002  (nothing in here may need it)
    ) -> None:
        """Note a write."""
        self.done.append((user, effect))


@dataclass
class SetModes:
    """Modes as the test sets them."""

    now: Mode

    async def mode(self, capability: Capability) -> Mode:  # noqa: ARG002  (there is one so far)
        """The mode."""
        return self.now


@dataclass
class TroubledLease:
    """A lease whose confirmation may fail."""

    trouble: LifecycleError | None
    subject: str
    fence: int = 1

    async def confirm(self) -> None:
        """Fail as the test says."""
        if self.trouble is not None:
            raise self.trouble


@dataclass
class KnownStandings:
    """Whom nobody may touch, and who is privileged."""

    protected: frozenset[UserId]
    privileged: frozenset[UserId]

    async def standing(
        self, person: Account | UserId, impact: Impact, *, last_attempt: bool = False
    ) -> Standing:
        """The standing of a person, by id alone: the guard has nothing else in hand."""
        del impact, last_attempt
        assert isinstance(person, str)
        user = UserId(person.lower())
        privilege = Privilege.ROLE if user in self.privileged else Privilege.NONE
        return standing_of(
            an_account(), protected=user in self.protected, excluded=False, privilege=privilege
        )


GROUP = GroupId("group")
EFFECTS: list[Request] = [
    *(SetMfaState(state) for state in PerUserMfaState),
    SetMfaState(PerUserMfaState.ENFORCED, unregistered=True),
    AddToGroup(GROUP),
    AddToGroup(GROUP, unregistered=True),
    RemoveFromGroup(GROUP),
    RegisterContact(ContactKind.MOBILE, CaseId("case")),
]
STRENGTHENS = frozenset(
    {
        SetMfaState(PerUserMfaState.ENABLED),
        SetMfaState(PerUserMfaState.ENFORCED),
        AddToGroup(GROUP),
    }
)


@dataclass(frozen=True)
class Attempt:
    """One write that somebody tries."""

    user: UserId
    effect: Request
    mode: Mode = Mode.ACT
    trouble: LifecycleError | None = None
    approved: bool = False


attempts = st.lists(
    st.builds(
        Attempt,
        user=st.sampled_from([*PEOPLE, *(UserId(person.upper()) for person in PEOPLE)]),
        effect=st.sampled_from(EFFECTS),
        mode=st.sampled_from(Mode),
        trouble=st.sampled_from([None, LeaseLost("Taken over."), StoreUnavailable("Down.")]),
        approved=st.booleans(),
    )
)
some_people = st.frozensets(st.sampled_from(PEOPLE))


async def carry_out(
    sequence: list[Attempt],
    *,
    protected: frozenset[UserId] = frozenset(),
    privileged: frozenset[UserId] = frozenset(),
) -> tuple[list[tuple[UserId, Request]], list[type[LifecycleError] | None]]:
    """The writes that passed, and how each attempt ended."""
    inner, modes = Writes(), SetModes(Mode.OBSERVE)
    guarded = GuardedWrites(
        inner,
        gate=Gate(modes, spending(FakeBudgets(), WorldClock()), WorldClock().monotonic),
        standings=KnownStandings(protected, privileged),
        administrators=FakeAdministrators(),
        leases=FakeLeases(),
        enforcement=None,
    )
    outcomes: list[type[LifecycleError] | None] = []
    for one in sequence:
        modes.now = one.mode
        try:
            await guarded.write(
                one.user,
                one.effect,
                capability=Capability.ONBOARDING,
                lease=TroubledLease(one.trouble, subject=one.user),
                spender=A_SPENDER,
                approved=one.approved,
            )
        except LifecycleError as error:
            outcomes.append(type(error))
        else:
            outcomes.append(None)
    return inner.done, outcomes


@given(protected=some_people, privileged=some_people, sequence=attempts)
def test_only_an_allowed_write_passes(
    protected: frozenset[UserId], privileged: frozenset[UserId], sequence: list[Attempt]
) -> None:
    """A write passes if and only if mode, lease, person and, where due, a second person allow it.

    The privileged are strengthened like everybody else; what may lock them out or weakens them, or
    gives somebody else's phone a say, needs an approval (S2).
    """
    passed, _ = asyncio.run(carry_out(sequence, protected=protected, privileged=privileged))
    assert passed == [
        (one.user, one.effect)
        for one in sequence
        if one.mode is Mode.ACT
        and one.trouble is None
        and one.user.lower() not in protected
        and (one.approved or one.effect in STRENGTHENS or one.user.lower() not in privileged)
    ]


@pytest.mark.parametrize(
    ("protected", "mode", "trouble", "expected"),
    [
        (True, Mode.STOP, LeaseLost("Taken over."), ProtectedAccount),
        (True, Mode.ACT, None, ProtectedAccount),
        (False, Mode.STOP, LeaseLost("Taken over."), Stopped),
        (False, Mode.OBSERVE, LeaseLost("Taken over."), Observing),
        (False, Mode.ACT, LeaseLost("Taken over."), LeaseLost),
        (False, Mode.ACT, StoreUnavailable("Down."), StoreUnavailable),
        (False, Mode.ACT, None, None),
    ],
)
async def test_first_reason_is_told(
    protected: bool,  # noqa: FBT001  (a row of a table)
    mode: Mode,
    trouble: LifecycleError | None,
    expected: type[LifecycleError] | None,
) -> None:
    """A refusal for good comes before one that passes, so that nobody waits for nothing."""
    _, outcomes = await carry_out(
        [Attempt(PEOPLE[0], SetMfaState(PerUserMfaState.ENABLED), mode, trouble)],
        protected=frozenset(PEOPLE[:1] if protected else ()),
    )
    assert outcomes == [expected]
