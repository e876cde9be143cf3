"""The port `PeopleSource` on Microsoft Graph: everybody, and what they have registered."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.errors.directory import (
    LicenceMissing,
    MalformedAnswer,
    PermissionMissing,
    RequestRejected,
    Throttled,
)
from shared.domain.posture.means import Means
from shared.domain.sweep.rows import PersonRow, RegistrationRow
from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_world import Sweep, sweep_on_record, sweep_on_stand, to_the_end, turns
from tests.stands.graph import GraphControl, GraphStand

USERS = "/v1.0/users"
REPORT = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
KIM = "a0000000-0000-4000-8000-00000000000a"
SAM = "a0000000-0000-4000-8000-00000000000b"


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A Graph of the test's own."""
    async with running_graph() as running:
        yield running


@pytest.fixture
async def sweep(graph: RecordedGraph) -> AsyncIterator[Sweep]:
    """A sweep of it."""
    async with sweep_on_record(graph) as running:
        yield running


async def person(sweep: Sweep) -> PersonRow:
    """The one person that there is."""
    (row,) = (await sweep.sources.people.people(None)).rows
    return row


async def registration(sweep: Sweep) -> RegistrationRow:
    """What the one person has registered."""
    (row,) = (await sweep.sources.people.registrations(None)).rows
    return row


async def test_a_person_is_read_with_all_that_a_verdict_needs(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """Ids in small letters; hired beats made; unknown fields are passed over."""
    graph.lists(
        USERS,
        {
            "id": KIM.upper(),
            "userPrincipalName": "kim@contoso.example",
            "displayName": "Kim",
            "department": "Research",
            "accountEnabled": False,
            "userType": "Member",
            "employeeId": "17",
            "employeeHireDate": "2026-03-02T09:00:00+09:00",
            "createdDateTime": "2026-01-15T00:00:00Z",
            "assignedLicenses": [{"skuId": "x", "disabledPlans": []}],
            "perUserMfaState": "Enforced",
            "favouriteColour": {"is": ["green"]},
        },
    )
    assert await person(sweep) == PersonRow(
        user_id=KIM,  # type: ignore[arg-type]
        sign_in_name="kim@contoso.example",
        display_name="Kim",
        department="Research",
        enabled=False,
        licensed=True,
        numbered=True,
        since=datetime(2026, 3, 2, tzinfo=UTC),
        made=datetime(2026, 1, 15, tzinfo=UTC),
        state=PerUserMfaState.ENFORCED,
    )
    (asked,) = graph.asked
    assert asked.query["$top"] == "999"
    assert asked.headers["x-ms-throttle-priority"] == "low"


async def test_what_is_not_told_is_made_up_by_nobody(graph: RecordedGraph, sweep: Sweep) -> None:
    """Null and missing alike: no state, no name, no licence; and nobody is blocked by silence."""
    empty = dict.fromkeys(
        ["userPrincipalName", "displayName", "accountEnabled", "userType", "assignedLicenses"]
    )
    graph.lists(USERS, {"id": KIM}, {"id": SAM, **empty, "perUserMfaState": None})
    page = await sweep.sources.people.people(None)
    assert {(row.state, row.enabled, row.licensed, row.since) for row in page.rows} == {
        (None, True, False, None)
    }


@pytest.mark.parametrize("state", ["unknownFutureValue", "", "on"])
async def test_a_state_that_nobody_knows_is_none(
    graph: RecordedGraph, sweep: Sweep, state: str
) -> None:
    """Above all it is not `disabled`."""
    graph.lists(USERS, {"id": KIM, "perUserMfaState": state})
    assert (await person(sweep)).state is None


@pytest.mark.parametrize(
    ("name", "told", "kind"),
    [
        ("kim@contoso.example", {"userType": "Member"}, None),
        ("kim@contoso.example", {"userType": None}, None),
        ("kim@contoso.example", {"userType": "Guest"}, GuestKind.INTERNAL_GUEST),
        ("k_f.example#EXT#@c.example", {"userType": "guest"}, GuestKind.COLLABORATION_GUEST),
        ("k_f.example#ext#@c.example", {"userType": "Guest"}, GuestKind.COLLABORATION_GUEST),
        ("k_f.example#EXT#@c.example", {"userType": "Member"}, GuestKind.COLLABORATION_MEMBER),
        ("k_f.example#EXT#@c.example", {}, GuestKind.COLLABORATION_MEMBER),
        (
            "renamed@contoso.example",
            {"userType": "Guest", "externalUserState": "Accepted"},
            GuestKind.COLLABORATION_GUEST,
        ),
        (
            "renamed@contoso.example",
            {"userType": "Member", "externalUserState": "PendingAcceptance"},
            GuestKind.COLLABORATION_MEMBER,
        ),
    ],
)
async def test_the_kind_of_guest(
    graph: RecordedGraph, sweep: Sweep, name: str, told: dict[str, str], kind: GuestKind | None
) -> None:
    """By what the account is called, and by where it comes from."""
    graph.lists(USERS, {"id": KIM, "userPrincipalName": name, **told})
    assert (await person(sweep)).guest is kind


async def test_the_user_of_an_agent_is_no_person(graph: RecordedGraph, sweep: Sweep) -> None:
    """Graph names the type of a row that is no plain user."""
    graph.lists(USERS, {"id": KIM, "@odata.type": "#microsoft.graph.agentUser"}, {"id": SAM})
    page = await sweep.sources.people.people(None)
    assert [row.agent for row in page.rows] == [True, False]


@pytest.mark.parametrize(
    "body",
    [
        {"value": [{"userPrincipalName": "kim@contoso.example"}]},
        {"value": [{"id": ""}]},
        {"value": [{"id": None}]},
        {"value": [{"id": KIM, "createdDateTime": "yesterday"}]},
        {"value": "nobody"},
        {"values": []},
        "<html>A proxy.</html>",
    ],
)
async def test_nonsense_is_no_page(graph: RecordedGraph, sweep: Sweep, body: object) -> None:
    """Who has no id cannot be judged; the page is read again later."""
    graph.says(USERS, body)
    with pytest.raises(MalformedAnswer):
        await sweep.sources.people.people(None)


async def test_a_tenant_without_anybody_is_nonsense(graph: RecordedGraph, sweep: Sweep) -> None:
    """Everybody would have left overnight. A first page without rows and a next one is fine."""
    graph.lists(USERS)
    with pytest.raises(MalformedAnswer):
        await sweep.sources.people.people(None)
    graph.forget(USERS)
    graph.says(USERS, {"value": [], "@odata.nextLink": f"{graph.root}{USERS}?more"})
    assert (await sweep.sources.people.people(None)).rows == ()


@pytest.mark.parametrize(("status", "code"), [(400, "BadRequest"), (403, "accessDenied")])
async def test_without_the_state_in_bulk_people_are_read_without_it(
    graph: RecordedGraph, sweep: Sweep, status: int, code: str
) -> None:
    """The first page finds out; the next ones go where it says, and ask nothing again."""
    link = f"{graph.root}{USERS}?$skiptoken=2"
    graph.refuses(USERS, status, code)
    graph.says(USERS, {"value": [{"id": KIM}], "@odata.nextLink": link})
    graph.lists(USERS, {"id": SAM})
    first = await sweep.sources.people.people(None)
    second = await sweep.sources.people.people(first.following)
    assert [row.user_id for row in (*first.rows, *second.rows)] == [KIM, SAM]
    assert second.following is None
    assert ["perUserMfaState" in one.query.get("$select", "") for one in graph.asked] == [
        True,
        False,
        False,
    ]
    assert graph.asked[2].query == {"$skiptoken": "2"}


async def test_what_is_refused_either_way_is_told(graph: RecordedGraph, sweep: Sweep) -> None:
    """Without the permission there is no page at all; a later page is never asked in other ways."""
    graph.refuses(USERS, 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing, match=r"User\.Read\.All"):
        await sweep.sources.people.people(None)
    graph.forget(USERS)
    graph.refuses(USERS, 400, "Directory_ExpiredPageToken")
    with pytest.raises(RequestRejected):
        await sweep.sources.people.people(f"{graph.root}{USERS}?$skiptoken=2")
    assert len(graph.asked) == 3


async def test_pages_are_read_of_this_graph_only(graph: RecordedGraph, sweep: Sweep) -> None:
    """A token goes nowhere else, whoever wrote the address down."""
    with pytest.raises(MalformedAnswer):
        await sweep.sources.people.people("https://graph.example/v1.0/users?$skiptoken=2")
    with pytest.raises(MalformedAnswer):
        await sweep.sources.people.registrations("http://127.0.0.1:9/v1.0/reports")
    assert graph.asked == []


async def test_the_report_tells_what_is_registered(graph: RecordedGraph, sweep: Sweep) -> None:
    """Its words are ours, whatever their case; a word that nobody knows may be anything."""
    graph.lists(
        REPORT,
        {
            "id": KIM.upper(),
            "isMfaCapable": True,
            "isSsprRegistered": True,
            "isSsprEnabled": False,
            "isSsprCapable": None,
            "methodsRegistered": ["MobilePhone", "passKeySynced", "telepathy"],
        },
    )
    assert await registration(sweep) == RegistrationRow(
        user_id=KIM,  # type: ignore[arg-type]
        means=frozenset({Means.MOBILE_PHONE, Means.PASSKEY, Means.UNRECOGNISED}),
        capable=True,
        sspr_registered=True,
    )
    assert turns(sweep) == (1, 0)
    (asked,) = graph.asked
    assert asked.query["$top"] == "999"
    assert asked.headers["x-ms-throttle-priority"] == "low"


async def test_who_has_registered_nothing(graph: RecordedGraph, sweep: Sweep) -> None:
    """They are in the report and have no means."""
    graph.lists(REPORT, {"id": KIM, "isMfaCapable": False, "methodsRegistered": []})
    assert await registration(sweep) == RegistrationRow(user_id=KIM)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "told",
    [
        {},
        {"isMfaCapable": True},
        {"methodsRegistered": ["email"]},
        {"isMfaCapable": True, "methodsRegistered": None},
        {"isMfaCapable": None, "methodsRegistered": []},
    ],
)
async def test_who_is_told_of_by_halves_is_not_told_of(
    graph: RecordedGraph, sweep: Sweep, told: dict[str, object]
) -> None:
    """What the report leaves out is unknown, and no empty list of methods."""
    whole = {"id": SAM, "isMfaCapable": False, "methodsRegistered": []}
    graph.lists(REPORT, {"id": KIM, **told}, whole)
    assert (await registration(sweep)).user_id == SAM


async def test_a_report_that_takes_no_options_is_read_as_it_comes(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """Its documentation names neither `$top` nor `$select`; each request waits for its turn."""
    graph.refuses(REPORT, 400, "BadRequest")
    graph.lists(REPORT, {"id": KIM, "isMfaCapable": False, "methodsRegistered": []})
    assert (await registration(sweep)).user_id == KIM
    assert [dict(one.query) for one in graph.asked][1] == {}
    assert turns(sweep) == (2, 0)


async def test_without_the_licence_there_is_no_report(graph: RecordedGraph, sweep: Sweep) -> None:
    """Nobody asks a second time."""
    graph.refuses(REPORT, 403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant")
    with pytest.raises(LicenceMissing):
        await sweep.sources.people.registrations(None)
    assert len(graph.asked) == 1


async def test_throttling_tells_how_long(graph: RecordedGraph, sweep: Sweep) -> None:
    """The work is put off for as long as Graph asks."""
    graph.refuses(REPORT, 429, "TooManyRequests", Retry_After="17")
    with pytest.raises(Throttled) as told:
        await sweep.sources.people.registrations(None)
    assert told.value.retry_after is not None
    assert told.value.retry_after.total_seconds() == 17


@pytest.mark.parametrize("bulk", ["on", "missing", "refused"])
async def test_the_simulated_tenant_tells_the_same(
    graph_stand: GraphStand, tenant: GraphControl, bulk: str
) -> None:
    """Whether it lets the state be read in bulk or not: it is never made up."""
    made = tenant.create_user(
        userPrincipalName=f"sweep-{bulk}@contoso.example", displayName="Kim", employeeId="17"
    )
    tenant.do("POST", "switches", {"bulkPerUserMfaState": bulk})
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        page: str | None = None
        rows: dict[str, PersonRow] = {}
        while True:
            found = await sweep.sources.people.people(page)
            rows |= {row.user_id: row for row in found.rows}
            page = found.following
            if page is None:
                break
    tenant.do("POST", "switches", {})
    row = rows[made["id"]]
    assert (row.display_name, row.enabled, row.numbered) == ("Kim", True, True)
    assert row.state is (PerUserMfaState.DISABLED if bulk == "on" else None)


async def test_the_simulated_report_tells_the_same(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """What was registered when it was made; without the licence there is none."""
    made = tenant.create_user(userPrincipalName="sweep-report@contoso.example")
    agent = tenant.create_user(
        userPrincipalName="sweep-agent@contoso.example", identityParentId="a0000000-agent"
    )
    for method in ("mobile", "softwareOath"):
        tenant.register(made["id"], method)
    tenant.do("POST", "report")
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        source = sweep.sources.people
        rows = {row.user_id: row for row in await to_the_end(source.registrations)}
        people = {row.user_id: row for row in await to_the_end(source.people)}
        tenant.do("POST", "switches", {"licence": "free"})
        with pytest.raises(LicenceMissing):
            await sweep.sources.people.registrations(None)
    tenant.do("POST", "switches", {})
    row = rows[made["id"]]
    assert row.means == {Means.MOBILE_PHONE, Means.SOFTWARE_OATH}
    assert row.capable
    assert people[agent["id"]].agent
    assert not people[made["id"]].agent
