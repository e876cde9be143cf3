"""How somebody is bound to groups: as a member, and as one who could join."""

from functools import partial

import pytest

from shared.application.ports.sweep import Bonds
from shared.domain.errors.directory import AccountNotVisible, MembersHidden
from shared.domain.ids import GroupId
from shared.domain.sweep.rows import Link, MemberRow
from shared.domain.sweep.runs import GroupToRead
from tests.contract.one_person.asking import (
    HIDDEN,
    OPERATORS,
    STAFF,
    bonds,
    bound,
    could_join,
    members,
)
from tests.contract.privilege_worlds import Roles
from tests.contract.sweep_world import Sweep, sweep_on_stand, to_the_end
from tests.stands.graph import GraphControl, GraphStand


async def test_members_belong_through_groups_too(live: Sweep, roles: Roles) -> None:
    """Direct and nested; who does not belong is bound to nothing."""
    kim, sam = roles.person(), roles.person()
    inner = roles.group(members=[kim])
    outer, other = roles.group(members=[inner]), roles.group(members=[sam])
    found = await bonds(live, kim, members(inner, outer, other))
    assert bound(found) == {(inner, Link.MEMBER), (outer, Link.MEMBER)}
    assert found.unread == ()
    assert bound(await bonds(live, roles.person(), members(inner, outer, other))) == set()


@pytest.mark.parametrize("link", Link)
async def test_to_a_group_that_is_gone_nobody_is_bound(
    live: Sweep, roles: Roles, link: Link
) -> None:
    """It is not unread, and the others are told all the same."""
    kim = roles.person()
    there = roles.group(members=[kim])
    found = await bonds(live, kim, [GroupToRead(GroupId(STAFF), link), *members(there)])
    assert (bound(found), found.unread) == ({(there, Link.MEMBER)}, ())


async def test_of_hidden_members_nobody_can_tell(
    live: Sweep, graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Graph would leave the group out as if they were none; with the role it is told."""
    kim = roles.person()
    hidden = roles.group(members=[kim], hiddenMembership=True)
    there = roles.group(members=[kim])
    found = await bonds(live, kim, members(hidden, there))
    assert (bound(found), found.unread) == ({(there, Link.MEMBER)}, tuple(members(hidden)))
    async with sweep_on_stand(graph_stand, tenant, OPERATORS | {HIDDEN}) as seeing:
        found = await bonds(seeing, kim, members(hidden))
        assert (bound(found), found.unread) == ({(hidden, Link.MEMBER)}, ())


async def test_owners_and_the_eligible_could_join(live: Sweep, roles: Roles) -> None:
    """At once, as an owner to be, and through a group that is eligible; a member alone can't."""
    owner, eligible, owner_to_be, through, member = (roles.person() for _ in range(5))
    group = roles.group(
        members=[member],
        owners=[owner],
        eligibleMembers=[eligible, roles.group(members=[roles.group(members=[through])])],
        eligibleOwners=[owner_to_be],
    )
    for user in (owner, eligible, owner_to_be, through):
        assert bound(await bonds(live, user, could_join(group))) == {(group, Link.COULD_JOIN)}
    for user in (member, roles.person()):
        assert await bonds(live, user, could_join(group)) == Bonds(members=(), unread=())


async def test_both_links_to_one_group_are_told(live: Sweep, roles: Roles) -> None:
    """Who belongs to a group and owns it is bound twice."""
    kim = roles.person()
    group = roles.group(members=[kim], owners=[kim])
    found = await bonds(live, kim, [*members(group), *could_join(group)])
    assert bound(found) == {(group, Link.MEMBER), (group, Link.COULD_JOIN)}


async def test_bonds_are_what_the_lists_of_a_sweep_tell(live: Sweep, roles: Roles) -> None:
    """For everybody and each group; what one can't read the other can't."""
    kim, sam, ann = (roles.person() for _ in range(3))
    inner = roles.group(members=[sam], owners=[ann])
    groups = [
        inner,
        roles.group(members=[kim, inner], owners=[kim], eligibleMembers=[inner]),
        roles.group(members=[kim], owners=[sam], hiddenMembership=True),
        roles.group(eligibleMembers=[roles.group(members=[ann], hiddenMembership=True)]),
        STAFF,
    ]
    rows, unread = set[MemberRow](), set[GroupToRead]()
    for one in (*members(*groups), *could_join(*groups)):
        linked = partial(live.sources.people.linked, one.group_id, one.link)
        try:
            rows |= set(await to_the_end(linked))
        except AccountNotVisible:
            continue
        except MembersHidden:
            unread.add(one)
    assert len(unread) == 2
    for user in (kim, sam, ann):
        told_of = await bonds(live, user, [*members(*groups), *could_join(*groups)])
        assert set(told_of.members) == {row for row in rows if row.user_id == user}
        # Of who is known to be able to join, nothing more is looked at.
        assert set(told_of.unread) <= unread
        assert unread - set(told_of.unread) <= {
            GroupToRead(row.group_id, row.link) for row in told_of.members
        }


async def test_more_groups_than_graph_checks_at_once(
    live: Sweep, tenant: GraphControl, roles: Roles
) -> None:
    """They are asked about twenty at a time, each once."""
    kim = roles.person()
    groups = [roles.group(members=[kim] if number % 2 else []) for number in range(45)]
    tenant.do("DELETE", "requests")
    found = await bonds(live, kim, members(*groups))
    assert bound(found) == {(group, Link.MEMBER) for group in groups[1::2]}
    assert found.unread == ()
