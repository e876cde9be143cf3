"""The groups and administrators of a population."""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from local.graph.tenant.groups import Group
from local.graph.tenant.person import Person
from local.graph.tenant.roles import Role

_PEOPLE_PER_GROUP = 200
_SMALLEST, _LARGEST = 5, 60
_EVERY_NTH_IS_NESTED = 10
_GROUPS_IN_A_NESTED_ONE = 3
_FEWEST_WITH_ADMINISTRATORS = 20
_PEOPLE_PER_HELPER = 1000

_GLOBAL = ("62e90394-69f5-4237-9190-012177145e10", "Global Administrator")
_PRIVILEGED = ("7be44c8a-adaf-4e2a-84d6-ab2649e08a13", "Privileged Authentication Administrator")
_USERS = ("fe930be7-5e62-47db-91af-98c3a49a38b1", "User Administrator")
_HELPDESK = ("729827e3-9c14-49f7-bb1b-9608f156bbb8", "Helpdesk Administrator")


@dataclass(frozen=True)
class Organised:
    """The groups of a population, and its roles: what people and groups hold of each."""

    groups: tuple[Group, ...]
    roles: tuple[Role, ...]

    @property
    def administrators(self) -> frozenset[str]:
        """Who holds a role or could, themselves or by a group (object ids)."""
        by_id = {group.id: group for group in self.groups}
        holders = [key for role in self.roles for key in (*role.members, *role.eligible_members)]
        return frozenset(
            person for key in holders for person in (by_id[key].members if key in by_id else (key,))
        )


def organise(people: Sequence[Person], seed: int, created: str) -> Organised:
    """Make the groups and roles of a population; they depend on it and on `seed` alone.

    Args:
        created: RFC 3339.
    """
    random = Random(f"groups of {seed}")  # noqa: S311 - it makes test data
    maker = _Maker(random, created)
    groups = [*_large_groups(maker, people), *_small_groups(maker, people)]
    able = [one.id for one in people if one.value("employeeId") and one.value("accountEnabled")]
    if len(able) < _FEWEST_WITH_ADMINISTRATORS:
        return Organised(tuple(groups), ())
    helpers = 2 + len(able) // _PEOPLE_PER_HELPER
    chosen = iter(random.sample(able, 6 + 2 * helpers))

    def some(count: int) -> tuple[str, ...]:
        return tuple(next(chosen) for _ in range(count))

    helpdesk = maker.group("Helpdesk", some(helpers), is_assignable_to_role=True)
    roles = (
        maker.role(_GLOBAL, some(2), some(2)),
        maker.role(_PRIVILEGED, some(1), some(1)),
        maker.role(_USERS, (), some(helpers)),
        maker.role(_HELPDESK, (helpdesk.id,)),
    )
    return Organised((*groups, helpdesk), roles)


@dataclass(frozen=True)
class _Maker:
    random: Random
    created: str

    def group(
        self, name: str, members: Sequence[str], *, is_assignable_to_role: bool = False
    ) -> Group:
        return Group(
            id=str(uuid.UUID(int=self.random.getrandbits(128), version=4)),
            display_name=name,
            created=self.created,
            members=tuple(members),
            is_assignable_to_role=is_assignable_to_role,
        )

    def role(
        self, known: tuple[str, str], members: Sequence[str], eligible: Sequence[str] = ()
    ) -> Role:
        return Role(
            id=known[0],
            display_name=known[1],
            created=self.created,
            members=tuple(members),
            eligible_members=tuple(eligible),
        )


def _large_groups(maker: _Maker, people: Sequence[Person]) -> Iterator[Group]:
    """Everybody in one group, everybody by department, and the departments in another."""
    yield maker.group("Everybody", [one.id for one in people])
    departments: dict[str, list[str]] = {}
    for one in people:
        departments.setdefault(str(one.value("department")), []).append(one.id)
    made = [maker.group(f"All of {name}", ids) for name, ids in departments.items()]
    yield from made
    yield maker.group("All departments", [group.id for group in made])


def _small_groups(maker: _Maker, people: Sequence[Person]) -> Iterator[Group]:
    made: list[Group] = []
    for number in range(len(people) // _PEOPLE_PER_GROUP):
        size = maker.random.randint(_SMALLEST, _LARGEST)
        members = [one.id for one in maker.random.sample(people, size)]
        if number % _EVERY_NTH_IS_NESTED == _EVERY_NTH_IS_NESTED - 1:
            nested = maker.random.sample(made, _GROUPS_IN_A_NESTED_ONE)
            members += [group.id for group in nested]
        made.append(maker.group(f"Team {number + 1}", members))
    yield from made
