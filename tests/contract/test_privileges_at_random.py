"""Whoever could come to a role in any number of steps is privileged, and nobody else is."""

import asyncio
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pytest
from hypothesis import Phase, event, given, settings
from hypothesis import strategies as st

from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege
from tests.contract.privilege_worlds import NEEDED, Roles, privileges_of
from tests.stands.graph import GraphStand

PEOPLE = range(4)
ROLE_GROUPS = range(100, 102)
GROUPS = range(100, 106)
HOLDING = 100


@dataclass(frozen=True)
class Made:
    """A group; people and groups in it by number.

    Attributes:
        role: as what it holds one, if it does.
    """

    members: frozenset[int]
    owners: frozenset[int]
    eligible_members: frozenset[int]
    eligible_owners: frozenset[int]
    role: str | None


def one_of(numbers: Iterable[int]) -> st.SearchStrategy[frozenset[int]]:
    """One of them, or none."""
    return st.sampled_from([frozenset[int](), *(frozenset({one}) for one in numbers)])


@st.composite
def groups(draw: st.DrawFn, number: int) -> Made:
    """A group as Entra ID makes them: what can hold roles has no groups in it."""
    assignable = number in ROLE_GROUPS
    others = [one for one in GROUPS if one != number]
    nested = () if assignable else (one for one in others if one > number)
    return Made(
        members=draw(one_of(PEOPLE)) | draw(one_of(nested)),
        owners=draw(one_of(PEOPLE)),
        eligible_members=draw(one_of([*others, *PEOPLE])),
        eligible_owners=draw(one_of([*others, *PEOPLE])) if draw(st.booleans()) else frozenset(),
        role=draw(st.sampled_from(["members", "eligibleMembers"])) if number == HOLDING else None,
    )


TENANTS = st.tuples(*(groups(number) for number in GROUPS)).map(
    lambda made: dict(zip(GROUPS, made, strict=True))
)


@dataclass
class Somebody:
    """A person who does whatever lets them into more groups, step by step.

    Attributes:
        selves: they themselves, and the groups in which they are.
        owned: what they own.
    """

    person: int
    selves: set[int] = field(default_factory=set)
    owned: set[int] = field(default_factory=set)

    def reaches_a_role(self, tenant: dict[int, Made]) -> bool:
        """Whether they come to a role at last."""
        self.selves.add(self.person)
        before = -1
        while before != len(self.selves) + len(self.owned):
            before = len(self.selves) + len(self.owned)
            for number, group in tenant.items():
                if self.selves & (group.owners | group.eligible_owners):
                    self.owned.add(number)
                if number in self.owned or self.selves & (group.members | group.eligible_members):
                    self.selves.add(number)
        return any(tenant[one].role for one in self.selves & {*tenant})


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    """One event loop for all examples."""
    with asyncio.Runner() as runner:
        yield runner


# A smaller tenant is no clearer, and to look for one asks the tenant for minutes.
@settings(max_examples=25, phases=[Phase.reuse, Phase.generate])
@given(tenant=TENANTS)
def test_who_could_come_to_a_role_is_privileged(
    graph_stand: GraphStand, loop: asyncio.Runner, tenant: dict[int, Made]
) -> None:
    """The guard searches from the roles back; somebody who tries everything finds the same."""
    control = graph_stand.control
    roles = Roles(control)
    ids = {one: str(roles.person()) for one in PEOPLE}
    ids |= {one: roles.group() for one in GROUPS}

    def of(numbers: frozenset[int]) -> list[str]:
        return [ids[one] for one in sorted(numbers)]

    for number, made in tenant.items():
        group = {
            "id": ids[number],
            "displayName": f"Group {number}",
            "isAssignableToRole": number in ROLE_GROUPS,
            "members": of(made.members),
            "owners": of(made.owners),
            "eligibleMembers": of(made.eligible_members),
            "eligibleOwners": of(made.eligible_owners),
        }
        control.do("POST", "groups", group)
    for how in ("members", "eligibleMembers"):
        holding = [ids[one] for one, made in tenant.items() if made.role == how]
        roles.role(**{how: holding})

    async def told() -> list[bool]:
        async with privileges_of(graph_stand, control.token(NEEDED)) as privileges:
            return [
                await privileges.privilege(UserId(ids[one])) is not Privilege.NONE for one in PEOPLE
            ]

    expected = [Somebody(one).reaches_a_role(tenant) for one in PEOPLE]
    try:
        assert loop.run(told()) == expected
    finally:
        roles.undo()
    event(f"{sum(expected)} privileged")
