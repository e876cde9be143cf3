"""No write leaves fewer than two Global Administrators who surely can sign in (safety rule S2)."""

import asyncio
from dataclasses import dataclass, replace

from hypothesis import given
from hypothesis import strategies as st

from shared.application.gate import Gate
from shared.application.guarded import GuardedWrites
from shared.application.ports.leases import Lease
from shared.domain.authentication import MethodType, Unknown
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability, Mode
from shared.domain.effects import Request
from shared.domain.effects.methods import RemoveMethod
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn
from shared.domain.errors.people import TooFewAdministrators
from shared.domain.errors.storage import LeaseHeld
from shared.domain.ids import UserId
from shared.domain.people.administrators import FEWEST_ADMINISTRATORS, Administrator
from shared.domain.people.rulings import Impact
from tests.builders import NOW
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.administrators import FakeAdministrators
from tests.fakes.budgets import FakeBudgets, spending
from tests.fakes.leases import FakeLeases
from tests.properties.clock import WorldClock
from tests.unit.application.test_guarded import KnownStandings, SetModes

PEOPLE = tuple(UserId(f"aaaaaaaa-0000-0000-0000-00000000000{n}") for n in range(6))
REMOVAL = RemoveMethod(MethodType.FIDO2, "1", Impact.CONTAIN)
EFFECTS: tuple[Request, ...] = (REMOVAL, BlockSignIn(), RevokeSessions(NOW, Impact.CONTAIN))
MAYBE = Unknown("The read failed.")


@dataclass
class Tenant:
    """The port inside the guard, which takes from administrators what it is asked to take."""

    administrators: FakeAdministrators

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,  # noqa: ARG002  (nothing in here may need it)
        lease: Lease,  # noqa: ARG002  (nothing in here may need it)
        spender: Spender,  # noqa: ARG002  (nothing in here may need it)
        approved: bool = False,  # noqa: ARG002  (nothing in here may need it)
    ) -> None:
        """Make it so, a moment later: another write may come between."""
        await asyncio.sleep(0)
        known = self.administrators.all.get(user)
        if known is not None and isinstance(effect, RemoveMethod):
            self.administrators.all[user] = replace(known, registered=False)
        if known is not None and isinstance(effect, BlockSignIn):
            self.administrators.all[user] = replace(known, blocked=True)


def able(administrators: FakeAdministrators) -> int:
    """How many surely can sign in."""
    return sum(one.surely_able for one in administrators.all.values())


class CountedAdministrators(FakeAdministrators):
    """The port, which counts how often it is asked."""

    asked = 0

    async def beside(self, target: UserId) -> tuple[Administrator, ...]:
        """The administrators."""
        self.asked += 1
        return await super().beside(target)


def guarded_by(
    administrators: FakeAdministrators, privileged: frozenset[UserId] = frozenset(PEOPLE)
) -> GuardedWrites:
    """The guard before a tenant with these administrators, and more who are privileged."""
    return GuardedWrites(
        Tenant(administrators),
        gate=Gate(
            SetModes(Mode.ACT), spending(FakeBudgets(), WorldClock()), WorldClock().monotonic
        ),
        standings=KnownStandings(frozenset(), privileged),
        administrators=administrators,
        leases=FakeLeases(),
        enforcement=None,
    )


async def passes(guarded: GuardedWrites, user: UserId, effect: Request) -> bool:
    """Whether a write passes to which a second person has agreed."""
    try:
        await guarded.write(
            user,
            effect,
            capability=Capability.RESET,
            lease=PlainLease(user),
            spender=A_SPENDER,
            approved=True,
        )
    except (TooFewAdministrators, LeaseHeld):
        return False
    return True


async def reset(
    administrators: FakeAdministrators, sequence: list[tuple[UserId, Request]]
) -> list[bool]:
    """Which of these writes passed, one after the other."""
    guarded = guarded_by(administrators)
    return [await passes(guarded, user, effect) for user, effect in sequence]


an_administrator = st.builds(
    Administrator,
    user_id=st.sampled_from(PEOPLE),
    blocked=st.sampled_from([False, False, True, MAYBE]),
    registered=st.sampled_from([True, True, False, MAYBE]),
)


@given(
    holders=st.lists(an_administrator, max_size=6),
    sequence=st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(EFFECTS)), max_size=12),
)
def test_no_sequence_of_resets_leaves_fewer_than_two(
    holders: list[Administrator], sequence: list[tuple[UserId, Request]]
) -> None:
    """Whoever is reset in whatever order, two able ones stay where there were two before."""
    administrators = FakeAdministrators(*holders)
    before = able(administrators)
    asyncio.run(reset(administrators, sequence))
    assert able(administrators) >= min(before, FEWEST_ADMINISTRATORS)


async def test_the_third_last_is_reset_and_the_second_last_is_not() -> None:
    """With three able ones one may lose their methods; ending their sessions takes nobody away."""
    three = FakeAdministrators(
        *(Administrator(user_id=user, blocked=False, registered=True) for user in PEOPLE[:3])
    )
    ends = (PEOPLE[1], RevokeSessions(NOW, Impact.CONTAIN))
    sequence: list[tuple[UserId, Request]] = [
        (PEOPLE[0], REMOVAL),
        (PEOPLE[1], REMOVAL),
        (PEOPLE[1], BlockSignIn()),
        ends,
    ]
    assert await reset(three, sequence) == [True, False, False, True]


async def test_two_at_the_same_moment_do_not_count_on_each_other() -> None:
    """Of three able ones, two are to be reset side by side: one is, and the other waits."""
    three = FakeAdministrators(
        *(Administrator(user_id=user, blocked=False, registered=True) for user in PEOPLE[:3])
    )
    guarded = guarded_by(three)
    both = await asyncio.gather(*(passes(guarded, user, REMOVAL) for user in PEOPLE[:2]))
    assert sorted(both) == [False, True]
    assert able(three) == FEWEST_ADMINISTRATORS


async def test_nobody_is_asked_about_who_is_nobody_special() -> None:
    """Resets of most people cost no look at administrators; those of privileged people do."""
    administrators = CountedAdministrators()
    guarded = guarded_by(administrators, frozenset(PEOPLE[:1]))
    for effect in EFFECTS:
        assert await passes(guarded, PEOPLE[1], effect)
    assert administrators.asked == 0
    assert await passes(guarded, PEOPLE[0], REMOVAL)
    assert administrators.asked == 1
