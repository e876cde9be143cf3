"""Who is asked about, and how."""

from collections.abc import Iterable

from shared.application.ports.sweep import Bonds
from shared.domain.ids import GroupId, UserId
from shared.domain.sweep.rows import Link
from shared.domain.sweep.runs import GroupToRead
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.sweep_world import Sweep

OPERATORS = GRAPH_ROLES[App.OPERATORS]
"""Who answers people: its roles are enough."""
HIDDEN = "Member.Read.Hidden"
KIM = UserId("a0000000-0000-4000-8000-00000000000a")
STAFF = "c0000000-0000-4000-8000-00000000000a"
CHECK = f"/v1.0/users/{KIM}/checkMemberGroups"
REPORTED = f"/v1.0/reports/authenticationMethods/userRegistrationDetails/{KIM}"


def members(*groups: str) -> list[GroupToRead]:
    """Who belongs to these groups."""
    return [GroupToRead(GroupId(group), Link.MEMBER) for group in groups]


def could_join(*groups: str) -> list[GroupToRead]:
    """Who could make themselves belong to these."""
    return [GroupToRead(GroupId(group), Link.COULD_JOIN) for group in groups]


async def bonds(sweep: Sweep, user: str, groups: Iterable[GroupToRead]) -> Bonds:
    """How somebody is bound to groups; every row is theirs."""
    found = await sweep.sources.one_person.bonds(UserId(user), list(groups))
    assert {row.user_id for row in found.members} <= {user}
    return found


def bound(found: Bonds) -> set[tuple[str, Link]]:
    """The groups to which somebody is bound, and how."""
    return {(row.group_id, row.link) for row in found.members}
