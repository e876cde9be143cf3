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
from shared.domain.ids import UserId
from shared.domain.people.administrators import FEWEST_ADMINISTRATORS, Administrator
from shared.domain.people.rulings import Impact
from tests.builders import NOW
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.administrators import FakeAdministrators
from tests.fakes.budgets import FakeBudgets, spending
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
        """Make it so."""
        known = self.administrators.all.get(user)
        if known is not None and isinstance(effect, RemoveMethod):
            self.administrators.all[user] = replace(known, registered=False)
        if known is not None and isinstance(effect, BlockSignIn):
            self.administrators.all[user] = replace(known, blocked=True)


def able(administrators: FakeAdministrators) -> int:
    """How many surely can sign in."""
    return sum(one.surely_able for one in administrators.all.values())


async def reset(
    administrators: FakeAdministrators, sequence: list[tuple[UserId, Request]]
) -> list[bool]:
    """Which of these writes passed; a second person has agreed to all of them."""
    guarded = GuardedWrites(
        Tenant(administrators),
        gate=Gate(SetModes(Mode.ACT), spending(FakeBudgets(), WorldClock())),
        standings=KnownStandings(frozenset(), frozenset(PEOPLE)),
        administrators=administrators,
        enforcement=None,
    )
    passed = []
    for user, effect in sequence:
        try:
            await guarded.write(
                user,
                effect,
                capability=Capability.RESET,
                lease=PlainLease(user),
                spender=A_SPENDER,
                approved=True,
            )
        except TooFewAdministrators:
            passed.append(False)
        else:
            passed.append(True)
    return passed


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
