"""Who could join a group by way of others, as the sweep and the posture of one person read it."""

from collections.abc import AsyncIterator

import pytest

from shared.application.ports.sweep import RowPage
from shared.domain.errors.directory import GroupUnusable, MembersHidden, PermissionMissing
from shared.domain.ids import GroupId, UserId
from shared.domain.sweep.rows import Link, MemberRow
from shared.domain.sweep.runs import GroupToRead
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_world import Sweep, sweep_on_record, sweep_on_stand
from tests.stands.graph import GraphControl, GraphStand

STAFF = GroupId("c0000000-0000-4000-8000-00000000000a")
INNER = "c0000000-0000-4000-8000-00000000000b"
KIM = "a0000000-0000-4000-8000-00000000000a"
SAM = "a0000000-0000-4000-8000-00000000000b"
GROUPS = "/v1.0/groups"
ELIGIBLE = "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
LONGEST_PAGE = 32_000
"""Characters in a value of a table."""


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A Graph of the test's own, with a group in a group; nobody is eligible for either."""
    async with running_graph() as running:
        for group in (STAFF, INNER):
            running.says(f"{GROUPS}/{group}", {"id": group, "groupTypes": [], "visibility": None})
            running.lists(f"{GROUPS}/{group}/owners")
        running.lists(f"{GROUPS}/{STAFF}/transitiveMembers", member(INNER, "group"), member(KIM))
        running.lists(ELIGIBLE)
        yield running


@pytest.fixture
async def sweep(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """A sweep of it."""
    async with sweep_on_record(graph) as running:
        yield running


def member(key: str, kind: str = "user") -> dict[str, str]:
    """A row of a list of members."""
    return {"@odata.type": f"#microsoft.graph.{kind}", "id": key}


def tell(graph: RecordedGraph, kind: dict[str, object]) -> None:
    """Tell of the group that it is of that kind."""
    graph.forget(f"{GROUPS}/{STAFF}")
    graph.says(f"{GROUPS}/{STAFF}", {"id": STAFF, **kind})


async def pages_of(sweep: Sweep, group: str) -> list[RowPage[MemberRow]]:
    """All pages of who could join a group."""
    found: list[RowPage[MemberRow]] = []
    page: str | None = None
    while not found or page is not None:
        found.append(await sweep.sources.people.linked(GroupId(group), Link.COULD_JOIN, page))
        page = found[-1].following
    return found


async def joiners(sweep: Sweep, group: str) -> set[str]:
    """Who could join a group, as a sweep reads it."""
    return {row.user_id for page in await pages_of(sweep, group) for row in page.rows}


async def could_join(sweep: Sweep, user: str, group: str) -> bool | None:
    """The same of one person, live; None where nobody can tell."""
    asked = GroupToRead(GroupId(group), Link.COULD_JOIN)
    found = await sweep.sources.one_person.bonds(UserId(user), [asked])
    return None if asked in found.unread else bool(found.members)


async def test_every_way_into_a_group_is_seen(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Through groups inside it, groups that are eligible for one, and groups inside those."""
    names = ("owner", "deep", "eligible", "owner-to-be", "of-eligible", "inside", "owns", "late")
    people = {name: roles.person() for name in names}
    belongs, nobody = roles.person(), roles.person()
    deepest = roles.group(owners=[people["deep"]], eligibleOwners=[people["owner-to-be"]])
    through = roles.group(members=[deepest, belongs], eligibleMembers=[people["eligible"]])
    in_eligible = roles.group(members=[people["inside"]], owners=[people["owns"]])
    eligible = roles.group(
        members=[in_eligible], owners=[people["of-eligible"]], eligibleMembers=[people["late"]]
    )
    group = roles.group(
        members=[through, belongs], owners=[people["owner"]], eligibleMembers=[eligible]
    )
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        assert await joiners(sweep, group) == set(people.values())
        for user in people.values():
            assert await could_join(sweep, user, group) is True
        assert await could_join(sweep, belongs, group) is False
        assert await could_join(sweep, nobody, group) is False


async def test_a_role_is_reached_by_who_owns_a_group_that_may_activate_it(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """No group is inside one that can hold roles, but one may be eligible for it."""
    owner = roles.person()
    held = roles.role_group(eligibleMembers=[roles.group(owners=[owner])])
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        tenant.do("DELETE", "requests")
        assert await joiners(sweep, held) == {owner}
        assert await could_join(sweep, owner, held) is True
    asked = [one["path"] for one in tenant.requests()]
    assert f"{GROUPS}/{held}/transitiveMembers" not in asked


async def test_groups_that_lead_to_each_other_come_to_an_end(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Each is asked about once, in two requests, and all members are one list."""
    owner = roles.person()
    inner = roles.group(owners=[owner])
    outer = roles.group(members=[inner], eligibleMembers=[inner])
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        tenant.do("DELETE", "requests")
        assert await joiners(sweep, outer) == {owner}
    asked = [one["path"] for one in tenant.requests()]
    assert sorted(asked) == sorted(
        [
            f"{GROUPS}/{outer}",
            *[f"{GROUPS}/{one}/owners" for one in (outer, inner)],
            *[ELIGIBLE] * 2,
            "/v1.0/%24batch",
            *[f"{GROUPS}/{one}/transitiveMembers" for one in (outer, inner)],
        ]
    )


async def test_members_are_looked_through_page_by_page(graph: RecordedGraph, sweep: Sweep) -> None:
    """A group on the second page is one, too; who belongs already joins nothing."""
    path = f"{GROUPS}/{STAFF}/transitiveMembers"
    graph.forget(path)
    graph.says(path, {"value": [member(KIM)], "@odata.nextLink": f"{graph.root}{path}?more"})
    graph.lists(path, member(INNER.upper(), "group"))
    graph.forget(f"{GROUPS}/{INNER}/owners")
    graph.lists(f"{GROUPS}/{INNER}/owners", {"id": SAM.upper()})
    pages = await pages_of(sweep, STAFF)
    assert [[row.user_id for row in page.rows] for page in pages] == [[], [], [], [SAM]]
    assert {one.headers["x-ms-throttle-priority"] for one in graph.asked} == {"low"}


@pytest.mark.parametrize("what", ["owners", "eligible"])
async def test_a_group_inside_that_cannot_be_read_leaves_it_unknown(
    graph: RecordedGraph, sweep: Sweep, what: str
) -> None:
    """Nobody is said not to be able to join; who surely can is known all the same."""
    graph.forget(f"{GROUPS}/{STAFF}/owners")
    graph.lists(f"{GROUPS}/{STAFF}/owners", {"id": SAM})
    path = f"{GROUPS}/{INNER}/owners" if what == "owners" else ELIGIBLE
    if what == "owners":
        graph.forget(path)
    graph.refuses(path, 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing):
        await pages_of(sweep, STAFF)
    assert await could_join(sweep, KIM, STAFF) is None


async def test_members_that_nobody_may_see_may_be_groups(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """An empty answer is not believed."""
    tell(graph, {"groupTypes": [], "visibility": "HiddenMembership"})
    with pytest.raises(MembersHidden, match=STAFF):
        await pages_of(sweep, STAFF)
    assert await could_join(sweep, KIM, STAFF) is None


@pytest.mark.parametrize(
    "kind",
    [
        {"groupTypes": ["Unified"], "visibility": "HiddenMembership"},
        {"groupTypes": ["DynamicMembership"]},
        {"groupTypes": [], "isAssignableToRole": True},
    ],
)
async def test_a_group_that_holds_no_groups_is_not_looked_into(
    graph: RecordedGraph, sweep: Sweep, kind: dict[str, object]
) -> None:
    """Its owners and who is eligible are all there is, and are told whoever may see its members."""
    tell(graph, kind)
    assert await joiners(sweep, STAFF) == set()
    assert graph.paths() == [f"{GROUPS}/{STAFF}", f"{GROUPS}/{STAFF}/owners", ELIGIBLE]


@pytest.mark.parametrize(
    "told", [{"visibility": "Public"}, {"visibility": "Other"}, {"visibility": None}, {}]
)
async def test_anybody_joins_a_public_group_by_themselves(
    graph: RecordedGraph, sweep: Sweep, told: dict[str, object]
) -> None:
    """A Microsoft 365 group is public unless something else is told. Nobody is told to stay out."""
    tell(graph, {"groupTypes": ["Unified"], **told})
    with pytest.raises(GroupUnusable, match=STAFF):
        await pages_of(sweep, STAFF)
    assert await could_join(sweep, KIM, STAFF) is None


@pytest.mark.parametrize(
    "kind",
    [
        {"groupTypes": ["Unified"], "visibility": "Private"},
        {"groupTypes": ["Unified", "DynamicMembership"], "visibility": "Public"},
        {"groupTypes": ["Unified"], "isAssignableToRole": True},
        {"groupTypes": [], "visibility": "Public"},
    ],
)
async def test_no_other_group_is_open_to_anybody(
    graph: RecordedGraph, sweep: Sweep, kind: dict[str, object]
) -> None:
    """A private one, one with a rule, one that can hold roles, and every security group."""
    tell(graph, kind)
    assert await joiners(sweep, STAFF) == set()
    assert await could_join(sweep, KIM, STAFF) is False


async def test_who_may_join_an_eligible_group_by_themselves_is_eligible(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """So a role may be open to anybody, by way of a public group."""
    anybody = roles.person()
    held = roles.role_group(eligibleMembers=[roles.group(public=True)])
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        with pytest.raises(GroupUnusable, match=held):
            await joiners(sweep, held)
        assert await could_join(sweep, anybody, held) is None


async def test_a_group_inside_that_goes_meanwhile_lets_nobody_in(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """The others are asked about all the same."""
    gone = "c0000000-0000-4000-8000-00000000000c"
    path = f"{GROUPS}/{STAFF}/transitiveMembers"
    graph.forget(path)
    graph.lists(path, member(gone, "group"), member(INNER, "group"))
    graph.forget(f"{GROUPS}/{INNER}/owners")
    graph.lists(f"{GROUPS}/{INNER}/owners", {"id": SAM})
    assert await joiners(sweep, STAFF) == {SAM}


async def test_more_groups_than_anybody_looks_at_leave_it_unknown(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """How far it is fits into the record of a run, up to the most that are looked at."""
    many = [f"c0000000-0000-4000-8000-{number:012x}" for number in range(256, 456)]
    for group in many:
        graph.lists(f"{GROUPS}/{group}/owners", {"id": KIM})
    path = f"{GROUPS}/{STAFF}/transitiveMembers"
    graph.forget(path)
    graph.lists(path, *[member(group, "group") for group in many[:-1]])
    pages = await pages_of(sweep, STAFF)
    assert max(len(page.following or "") for page in pages) < LONGEST_PAGE
    assert [row.user_id for page in pages for row in page.rows] == [KIM] * 199
    graph.forget(path)
    graph.lists(path, *[member(group, "group") for group in many])
    with pytest.raises(GroupUnusable, match=STAFF):
        await pages_of(sweep, STAFF)
    assert await could_join(sweep, SAM, STAFF) is None
