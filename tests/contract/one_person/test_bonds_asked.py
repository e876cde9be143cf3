"""How memberships are asked about, and which answers leave a group unread."""

import pytest

from shared.application.ports.sweep import Bonds
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.sweep.rows import Link
from tests.contract.one_person.asking import (
    CHECK,
    KIM,
    OPERATORS,
    STAFF,
    bonds,
    bound,
    could_join,
    members,
)
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_world import Sweep, sweep_on_stand
from tests.stands.graph import GraphControl, GraphStand


async def test_twenty_groups_are_one_question(graph: RecordedGraph, recorded: Sweep) -> None:
    """Whose ids are told in whatever case of letters."""
    groups = [f"c0000000-0000-4000-8000-{number:012x}" for number in range(41)]
    for group in groups:
        graph.says(f"/v1.0/groups/{group}", {"id": group, "groupTypes": [], "visibility": None})
    graph.says(CHECK, {"value": [groups[10].upper()]})
    found = await bonds(recorded, KIM, members(*groups))
    assert bound(found) == {(groups[10], Link.MEMBER)}
    asked = [one.body["groupIds"] for one in graph.asked if one.path == CHECK]
    assert [len(ids) for ids in asked] == [20, 20, 1]
    assert sorted(group for ids in asked for group in ids) == groups
    assert [len(batch) for batch in graph.batches] == [20, 20, 1]


async def test_about_no_groups_nothing_is_asked(graph: RecordedGraph, recorded: Sweep) -> None:
    """A tenant whose policies name none."""
    assert await bonds(recorded, KIM, []) == Bonds(members=(), unread=())
    assert graph.asked == []


async def test_without_the_right_to_read_groups_nobody_can_tell(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """Each is unread, and no membership is asked about."""
    graph.forget(f"/v1.0/groups/{STAFF}")
    graph.refuses(f"/v1.0/groups/{STAFF}", 403, "Authorization_RequestDenied")
    asked = [*members(STAFF), *could_join(STAFF)]
    assert await bonds(recorded, KIM, asked) == Bonds(members=(), unread=tuple(asked))
    assert CHECK not in graph.paths()


async def test_without_the_right_to_ask_about_memberships_nobody_can_tell(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """That takes roles of its own; groups without their members are as good as unread."""
    graph.refuses(CHECK, 403, "Authorization_RequestDenied")
    found = await bonds(recorded, KIM, members(STAFF))
    assert found == Bonds(members=(), unread=tuple(members(STAFF)))


async def test_without_the_right_to_read_who_is_eligible_nobody_can_tell(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Of who could join; who belongs is told."""
    kim = roles.person()
    group = roles.group(members=[kim])
    role = "PrivilegedEligibilitySchedule.Read.AzureADGroup"
    async with sweep_on_stand(graph_stand, tenant, OPERATORS - {role}) as running:
        found = await bonds(running, kim, [*members(group), *could_join(group)])
    assert bound(found) == {(group, Link.MEMBER)}
    assert found.unread == tuple(could_join(group))


async def test_passing_trouble_is_no_group_unread(graph: RecordedGraph, recorded: Sweep) -> None:
    """Who asks comes again."""
    graph.refuses(CHECK, 503, "serviceNotAvailable")
    with pytest.raises(DirectoryUnavailable):
        await bonds(recorded, KIM, members(STAFF))


async def test_a_group_that_cannot_be_looked_at_now_is_passing_trouble(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """Not a group of which nobody can tell."""
    graph.forget(f"/v1.0/groups/{STAFF}")
    graph.refuses(f"/v1.0/groups/{STAFF}", 503, "serviceNotAvailable")
    with pytest.raises(DirectoryUnavailable):
        await bonds(recorded, KIM, members(STAFF))


async def test_owners_that_cannot_be_read_now_are_passing_trouble(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """Nor is it said that nobody can ever tell who could join."""
    graph.refuses(f"/v1.0/groups/{STAFF}/owners", 503, "serviceNotAvailable")
    with pytest.raises(DirectoryUnavailable):
        await bonds(recorded, KIM, could_join(STAFF))


async def test_a_group_that_goes_meanwhile_lets_nobody_in(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """Gone between two reads is gone, as if it had been before."""
    graph.refuses(f"/v1.0/groups/{STAFF}", 404, "Request_ResourceNotFound")
    assert await bonds(recorded, KIM, could_join(STAFF)) == Bonds(members=(), unread=())
