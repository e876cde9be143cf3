"""The port `OnePerson` on Microsoft Graph: somebody live, while somebody waits."""

from collections.abc import AsyncIterator, Iterable

import pytest

from shared.application.ports.sweep import Bonds
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    LicenceMissing,
    MembersHidden,
    PermissionMissing,
)
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.means import Means
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import GroupToRead
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_world import Sweep, sweep_on_record, sweep_on_stand, turns
from tests.stands.graph import GraphControl, GraphStand

OPERATORS = GRAPH_ROLES[App.OPERATORS]
"""Who answers people: its roles are enough."""
HIDDEN = "Member.Read.Hidden"
KIM = UserId("a0000000-0000-4000-8000-00000000000a")
STAFF = "c0000000-0000-4000-8000-00000000000a"
CHECK = f"/v1.0/users/{KIM}/checkMemberGroups"
REPORTED = f"/v1.0/reports/authenticationMethods/userRegistrationDetails/{KIM}"
ROW = (
    "user_id",
    "sign_in_name",
    "display_name",
    "department",
    "enabled",
    "guest",
    "licensed",
    "numbered",
    "since",
    "agent",
)


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A Graph of the test's own, with a group of which nothing is said but that it is there."""
    async with running_graph() as running:
        running.says(f"/v1.0/groups/{STAFF}", {"id": STAFF, "groupTypes": [], "visibility": None})
        yield running


@pytest.fixture
async def recorded(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """What reads from it."""
    async with sweep_on_record(graph) as running:
        yield running


@pytest.fixture
async def live(graph_stand: GraphStand, tenant: GraphControl) -> AsyncIterator[Sweep]:
    """What reads the simulated tenant, with the roles of the operators' app."""
    async with sweep_on_stand(graph_stand, tenant, OPERATORS) as running:
        yield running


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


async def test_a_person_is_the_same_by_id_and_by_sign_in_name(
    live: Sweep, tenant: GraphControl
) -> None:
    """An invited person's name holds a character that would end an address."""
    name = "One.Person_fabrikam.example#EXT#@contoso.example"
    made = tenant.create_user(userPrincipalName=name, userType="Guest", employeeId="E-1")
    read = live.sources.one_person
    found = await read.person(made["id"])
    assert found is not None
    assert (found.user_id, found.sign_in_name) == (made["id"], name)
    assert (found.guest, found.numbered) == (GuestKind.COLLABORATION_GUEST, True)
    assert await read.person(name) == await read.person(name.lower()) == found
    assert await read.person(made["id"].upper()) == found


async def test_a_person_is_as_the_sweep_reads_them(live: Sweep, tenant: GraphControl) -> None:
    """The same row but for the state, which is read on its own."""
    made = tenant.create_user(
        userPrincipalName="one-as-many@contoso.example", department="Sales", accountEnabled=False
    )
    rows: list[PersonRow] = []
    page: str | None = None
    while True:
        found = await live.sources.people.people(page)
        rows += found.rows
        page = found.following
        if page is None:
            break
    (swept,) = (row for row in rows if row.user_id == made["id"])
    person = await live.sources.one_person.person(made["id"])
    assert person is not None
    assert (person.department, person.enabled) == ("Sales", False)
    assert {name: getattr(person, name) for name in ROW} == {
        name: getattr(swept, name) for name in ROW
    }


async def test_there_is_nobody_of_a_name(live: Sweep) -> None:
    """That is no trouble, by id and by sign-in name."""
    for name in (KIM, "nobody@contoso.example", "nobody_x.example#EXT#@contoso.example"):
        assert await live.sources.one_person.person(name) is None


async def test_without_the_right_to_read_people_nobody_is_called_gone(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """A refusal is no absence."""
    graph.refuses(f"/v1.0/users/{KIM}", 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing, match=r"User\.Read\.All"):
        await recorded.sources.one_person.person(KIM)


async def test_who_waits_is_served_first(graph: RecordedGraph, recorded: Sweep) -> None:
    """Other than for a sweep, nothing asks to be put off."""
    graph.says(f"/v1.0/users/{KIM}", {"id": KIM.upper(), "userPrincipalName": "k@contoso.example"})
    found = await recorded.sources.one_person.person(KIM)
    assert found is not None
    assert found.user_id == KIM
    assert [one.headers["x-ms-throttle-priority"] for one in graph.asked] == ["normal"]
    assert "perUserMfaState" not in graph.asked[0].query["$select"]


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
        page: str | None = None
        try:
            while True:
                found = await live.sources.people.linked(one.group_id, one.link, page)
                rows |= set(found.rows)
                page = found.following
                if page is None:
                    break
        except AccountNotVisible:
            continue
        except MembersHidden:
            unread.add(one)
    assert len(unread) == 2
    for user in (kim, sam, ann):
        told_of = await bonds(live, user, [*members(*groups), *could_join(*groups)])
        assert set(told_of.members) == {row for row in rows if row.user_id == user}
        # Somebody who is known to could join needs no more looking.
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


async def test_the_report_tells_of_one_person(live: Sweep, tenant: GraphControl) -> None:
    """What it tells of them in the list of all, in its turn."""
    made = tenant.create_user(userPrincipalName="one-reported@contoso.example")
    read = live.sources.one_person
    assert await read.reported(made["id"]) is None
    tenant.do("POST", "report")
    found = await read.reported(made["id"])
    assert found is not None
    assert found.user_id == made["id"]
    listed: list[RegistrationRow] = []
    page: str | None = None
    while True:
        rows = await live.sources.people.registrations(page)
        listed += rows.rows
        page = rows.following
        if page is None:
            break
    assert found in listed
    assert turns(live)[0] >= 2


async def test_a_row_without_what_it_is_for_tells_nothing(
    graph: RecordedGraph, recorded: Sweep
) -> None:
    """Methods that are left out are not none."""
    row = {"id": KIM, "isMfaCapable": True, "isSsprRegistered": True}
    graph.says(REPORTED, row)
    assert await recorded.sources.one_person.reported(KIM) is None
    graph.forget(REPORTED)
    graph.says(REPORTED, {**row, "methodsRegistered": ["microsoftAuthenticatorPush"]})
    found = await recorded.sources.one_person.reported(KIM)
    assert found is not None
    assert found.means == {Means.AUTHENTICATOR_PUSH}
    assert (found.capable, found.sspr_registered, found.sspr_capable) == (True, True, False)


async def test_without_the_licence_there_is_no_report(
    live: Sweep, tenant: GraphControl, roles: Roles
) -> None:
    """That is not that it tells nothing of somebody."""
    tenant.do("POST", "switches", {"licence": "free"})
    with pytest.raises(LicenceMissing):
        await live.sources.one_person.reported(roles.person())


async def test_no_address_holds_a_sign_in_name_in_the_clear_log(
    live: Sweep, tenant: GraphControl, caplog: pytest.LogCaptureFixture
) -> None:
    """Graph wants the name in its address; our log does not."""
    caplog.set_level("INFO")
    tenant.create_user(userPrincipalName="one-logged@contoso.example")
    assert await live.sources.one_person.person("one-logged@contoso.example") is not None
    assert "one-logged" not in caplog.text
    assert "person.read" in caplog.text
