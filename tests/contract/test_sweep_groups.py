"""The port `PeopleSource` on Microsoft Graph: who is bound to groups."""

from collections.abc import AsyncIterator

import pytest

from shared.domain.authentication import Unknown
from shared.domain.errors.directory import (
    AccountNotVisible,
    MalformedAnswer,
    MembersHidden,
    PermissionMissing,
)
from shared.domain.ids import GroupId
from shared.domain.sweep.rows import Link, MemberRow
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_world import ROLES, Sweep, sweep_on_record, sweep_on_stand
from tests.stands.graph import GraphControl, GraphStand

STAFF = GroupId("c0000000-0000-4000-8000-00000000000a")
INNER = "c0000000-0000-4000-8000-00000000000b"
OTHER = "c0000000-0000-4000-8000-00000000000c"
KIM = "a0000000-0000-4000-8000-00000000000a"
SAM = "a0000000-0000-4000-8000-00000000000b"
ANN = "a0000000-0000-4000-8000-00000000000c"
GROUPS = "/v1.0/groups"
ELIGIBLE = "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
USER, GROUP = "#microsoft.graph.user", "#microsoft.graph.group"


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A Graph of the test's own, with a group of which nothing is said but that it is there."""
    async with running_graph() as running:
        for group in (STAFF, INNER, OTHER):
            running.says(f"{GROUPS}/{group}", {"id": group, "groupTypes": [], "visibility": None})
        running.lists(f"{GROUPS}/{STAFF}/owners")
        running.lists(ELIGIBLE)
        yield running


@pytest.fixture
async def sweep(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """A sweep of it."""
    async with sweep_on_record(graph) as running:
        yield running


async def everybody(sweep: Sweep, group: str, link: Link) -> list[str]:
    """Who is bound to a group, page by page; every row names the group and the link."""
    found: list[MemberRow] = []
    page: str | None = None
    while True:
        read = await sweep.sources.people.linked(GroupId(group), link, page)
        found += read.rows
        page = read.following
        if page is None:
            break
    assert {(row.group_id, row.link) for row in found} <= {(GroupId(group), link)}
    return [row.user_id for row in found]


def member(user: str, kind: str = USER) -> dict[str, str]:
    """A row of a list of members."""
    return {"@odata.type": kind, "id": user}


async def test_members_are_people_and_nothing_else(graph: RecordedGraph, sweep: Sweep) -> None:
    """Groups and devices among them are left out, in small letters are all."""
    graph.lists(
        f"{GROUPS}/{STAFF}/transitiveMembers",
        member(KIM.upper()),
        member(INNER, GROUP),
        member("d", "#microsoft.graph.device"),
        member(SAM, "#microsoft.graph.agentUser"),
    )
    assert await everybody(sweep, STAFF, Link.MEMBER) == [KIM, SAM]
    assert {one.headers["x-ms-throttle-priority"] for one in graph.asked} == {"low"}


async def test_a_group_is_looked_at_once_and_read_page_by_page(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """One request more than pages."""
    path = f"{GROUPS}/{STAFF}/transitiveMembers"
    link = f"{graph.root}{path}?$skiptoken=2"
    graph.says(path, {"value": [member(KIM)], "@odata.nextLink": link})
    graph.lists(path, member(SAM))
    assert await everybody(sweep, STAFF, Link.MEMBER) == [KIM, SAM]
    assert graph.paths() == [f"{GROUPS}/{STAFF}", path, path]


@pytest.mark.parametrize("link", Link)
async def test_a_group_that_is_gone_is_told_so(
    graph: RecordedGraph, sweep: Sweep, link: Link
) -> None:
    """It is no group without members."""
    graph.forget(f"{GROUPS}/{STAFF}")
    with pytest.raises(AccountNotVisible):
        await everybody(sweep, STAFF, link)


@pytest.mark.parametrize("link", Link)
async def test_without_the_permission_nobody_can_tell(
    graph: RecordedGraph, sweep: Sweep, link: Link
) -> None:
    """The error names the role."""
    graph.forget(f"{GROUPS}/{STAFF}")
    graph.refuses(f"{GROUPS}/{STAFF}", 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing, match=r"GroupMember\.Read\.All"):
        await everybody(sweep, STAFF, link)


@pytest.mark.parametrize("roles", [ROLES, Unknown("No token.")])
async def test_hidden_members_are_not_nobody(
    graph: RecordedGraph, roles: frozenset[str] | Unknown
) -> None:
    """Graph answers 200 and an empty list to whoever may not see them."""
    graph.forget(f"{GROUPS}/{STAFF}")
    graph.says(
        f"{GROUPS}/{STAFF}", {"id": STAFF, "groupTypes": [], "visibility": "HiddenMembership"}
    )
    graph.lists(f"{GROUPS}/{STAFF}/transitiveMembers")
    async with sweep_on_record(graph, roles) as sweep:
        with pytest.raises(MembersHidden, match=STAFF):
            await everybody(sweep, STAFF, Link.MEMBER)


async def test_who_may_see_hidden_members_sees_them(graph: RecordedGraph) -> None:
    """With `Member.Read.Hidden` in the token the list is a true one."""
    graph.forget(f"{GROUPS}/{STAFF}")
    graph.says(
        f"{GROUPS}/{STAFF}", {"id": STAFF, "groupTypes": [], "visibility": "Hiddenmembership"}
    )
    graph.lists(f"{GROUPS}/{STAFF}/transitiveMembers", member(KIM))
    async with sweep_on_record(graph, ROLES | {"Member.Read.Hidden"}) as sweep:
        assert await everybody(sweep, STAFF, Link.MEMBER) == [KIM]


async def test_owners_and_the_eligible_could_join(graph: RecordedGraph, sweep: Sweep) -> None:
    """People at once; those in an eligible group, with all inside it, on the pages after."""
    graph.forget(f"{GROUPS}/{STAFF}/owners")
    graph.lists(f"{GROUPS}/{STAFF}/owners", {"id": KIM})
    graph.forget(ELIGIBLE)
    eligible = [{"principalId": one, "accessId": "owner"} for one in (SAM, INNER, OTHER, SAM)]
    graph.lists(ELIGIBLE, *eligible)
    inner = f"{GROUPS}/{INNER}/transitiveMembers"
    graph.says(inner, {"value": [member(ANN)], "@odata.nextLink": f"{graph.root}{inner}?more"})
    graph.lists(inner, member(KIM))
    graph.lists(f"{GROUPS}/{OTHER}/transitiveMembers", member(SAM))
    assert await everybody(sweep, STAFF, Link.COULD_JOIN) == [KIM, SAM, ANN, KIM, SAM]
    asked = next(one for one in graph.asked if one.path == ELIGIBLE)
    assert asked.query["$filter"] == f"groupId eq '{STAFF}'"
    assert [len(one) for one in graph.batches] == [3]


async def test_without_the_licence_only_owners_could_join(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """There is no PIM, so nobody is eligible."""
    graph.forget(f"{GROUPS}/{STAFF}/owners")
    graph.lists(f"{GROUPS}/{STAFF}/owners", {"id": KIM})
    graph.forget(ELIGIBLE)
    graph.refuses(ELIGIBLE, 400, "AadPremiumLicenseRequired")
    assert await everybody(sweep, STAFF, Link.COULD_JOIN) == [KIM]


async def test_nobody_eligible_counts_only_for_who_may_read_it(graph: RecordedGraph) -> None:
    """Graph may answer 200 and nothing to a token that lacks the role."""
    role = "PrivilegedEligibilitySchedule.Read.AzureADGroup"
    async with sweep_on_record(graph, ROLES - {role}) as sweep:
        with pytest.raises(PermissionMissing, match=role):
            await everybody(sweep, STAFF, Link.COULD_JOIN)
    async with sweep_on_record(graph) as sweep:
        assert await everybody(sweep, STAFF, Link.COULD_JOIN) == []


async def test_an_eligible_group_that_hides_its_members_hides_who_could_join(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """They are somebody, and nobody can tell who."""
    graph.forget(ELIGIBLE)
    graph.lists(ELIGIBLE, {"principalId": INNER})
    graph.forget(f"{GROUPS}/{INNER}")
    graph.says(
        f"{GROUPS}/{INNER}", {"id": INNER, "groupTypes": [], "visibility": "HiddenMembership"}
    )
    with pytest.raises(MembersHidden, match=INNER):
        await everybody(sweep, STAFF, Link.COULD_JOIN)


async def test_an_eligible_group_that_goes_meanwhile_lets_nobody_in(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """The others are read all the same."""
    graph.forget(ELIGIBLE)
    graph.lists(ELIGIBLE, {"principalId": INNER}, {"principalId": OTHER})
    graph.lists(f"{GROUPS}/{OTHER}/transitiveMembers", member(SAM))
    assert await everybody(sweep, STAFF, Link.COULD_JOIN) == [SAM]


@pytest.mark.parametrize("page", ["nonsense", "{}", '{"groups": 1}', "https://graph.example/x"])
async def test_a_page_that_is_none_of_ours(graph: RecordedGraph, sweep: Sweep, page: str) -> None:
    """It is refused before anything is sent."""
    with pytest.raises(MalformedAnswer):
        await sweep.sources.people.linked(STAFF, Link.COULD_JOIN, page)
    assert graph.asked == []


async def test_the_simulated_tenant_tells_the_same(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Members through groups; owners, the eligible, and members of eligible groups."""
    kim, sam, ann, bob = (roles.person() for _ in range(4))
    inner = roles.group(members=[sam])
    eligible = roles.group(members=[ann])
    group = roles.group(members=[kim, inner], owners=[kim], eligibleMembers=[bob, eligible])
    hidden = roles.group(members=[kim], hiddenMembership=True)
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        assert set(await everybody(sweep, group, Link.MEMBER)) == {kim, sam}
        assert set(await everybody(sweep, group, Link.COULD_JOIN)) == {kim, bob, ann}
        assert set(await everybody(sweep, inner, Link.COULD_JOIN)) == set()
        with pytest.raises(MembersHidden):
            await everybody(sweep, hidden, Link.MEMBER)
    async with sweep_on_stand(graph_stand, tenant, ROLES | {"Member.Read.Hidden"}) as sweep:
        assert await everybody(sweep, hidden, Link.MEMBER) == [kim]
    tenant.do("POST", "switches", {"licence": "free"})
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        assert await everybody(sweep, group, Link.COULD_JOIN) == [kim]
