"""`/auditLogs/directoryAudits`: what readers find of the audit log, and when."""

import re
from typing import Any

import httpx
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.audit_logs.directory_audits.directory_audits_request_builder import (
    DirectoryAuditsRequestBuilder,
)
from msgraph.generated.models.operation_result import OperationResult

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand

_Get = DirectoryAuditsRequestBuilder.DirectoryAuditsRequestBuilderGetQueryParameters
_AUDITS = "/v1.0/auditLogs/directoryAudits"
_CREATED = "Create application password for user"
_DELETED = "Delete application password for user"


def _about(user: str) -> str:
    return f"targetResources/any(t: t/id eq '{user}')"


def _listed(graph: httpx.Client, wanted: str, **options: str) -> list[dict[str, Any]]:
    answer = graph.get(_AUDITS, params={"$filter": wanted, **options})
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["value"]
    return rows


def _names(graph: httpx.Client, wanted: str) -> list[str]:
    return [str(row["activityDisplayName"]) for row in _listed(graph, wanted)]


def _enforced(control: GraphControl, graph: httpx.Client) -> str:
    user: str = control.create_user()["id"]
    requirements = f"/beta/users/{user}/authentication/requirements"
    graph.patch(requirements, json={"perUserMfaState": "enforced"}).raise_for_status()
    return user


@pytest.fixture
def enforced(control: GraphControl, graph: httpx.Client) -> str:
    """A person who can have app passwords."""
    return _enforced(control, graph)


async def test_v1_models_read_the_portals_app_passwords(
    stand: GraphStand, control: GraphControl, enforced: str
) -> None:
    """Made by the person, deleted by an administrator."""
    user = enforced
    name = control.truth(user)["userPrincipalName"]
    control.do("POST", f"users/{user}/app-passwords", {"name": "printer"})
    control.do("DELETE", f"users/{user}/app-passwords", {"name": "printer"})
    wanted = f"activityDisplayName eq '{_CREATED}' or activityDisplayName eq '{_DELETED}'"
    query = _Get(filter=f"({wanted}) and {_about(user)}")
    async with v1_client(stand) as client:
        audits = client.audit_logs.directory_audits
        page = await audits.get(RequestConfiguration(query_parameters=query))
    assert page is not None
    assert page.value is not None
    assert [row.activity_display_name for row in page.value] == [_DELETED, _CREATED]
    deleted, created = page.value
    for row in (deleted, created):
        assert (row.category, row.logged_by_service) == ("UserManagement", "Core Directory")
        assert row.result is OperationResult.Success
        assert row.additional_data == {}
        assert row.target_resources is not None
        (target,) = row.target_resources
        assert (target.id, target.type) == (user, "User")
        assert target.user_principal_name == name
        assert row.initiated_by is not None
        assert row.initiated_by.app is None
    assert created.initiated_by is not None
    assert created.initiated_by.user is not None
    assert created.initiated_by.user.id == user
    assert deleted.initiated_by is not None
    assert deleted.initiated_by.user is not None
    assert deleted.initiated_by.user.id != user


def test_it_does_not_tell_what_an_app_password_is_called(
    control: GraphControl, graph: httpx.Client, enforced: str
) -> None:
    """Creations and deletions can be counted, and not be matched by name."""
    control.do("POST", f"users/{enforced}/app-passwords", {"name": "printer"})
    answer = graph.get(_AUDITS, params={"$filter": _about(enforced)})
    assert _CREATED in answer.text
    assert "printer" not in answer.text


def test_it_is_filtered_by_activity_time_and_person_together(
    control: GraphControl, graph: httpx.Client
) -> None:
    """`and` binds closer than `or`; bounds are inclusive; parentheses group."""
    user, other = _enforced(control, graph), _enforced(control, graph)
    control.do("POST", f"users/{user}/app-passwords", {"name": "a"})
    control.do("POST", f"users/{other}/app-passwords", {"name": "a"})
    (first,) = _listed(graph, f"activityDisplayName eq '{_CREATED}' and {_about(user)}")
    at = first["activityDateTime"]
    assert re.fullmatch(r"[-\d]+T\d\d:\d\d:\d\d\.\d{7}Z", at)
    control.advance(60)
    control.do("POST", f"users/{user}/app-passwords", {"name": "b"})
    control.do("DELETE", f"users/{user}/app-passwords", {"name": "a"})
    mine = f"activityDisplayName eq '{_CREATED}' and {_about(user)}"
    assert _names(graph, mine) == [_CREATED] * 2
    assert _names(graph, f"{mine} and activityDateTime le {at}") == [_CREATED]
    assert _names(graph, f"{mine} and activityDateTime ge {at}") == [_CREATED] * 2
    deleted = f"activityDisplayName eq '{_DELETED}'"
    loose = f"{deleted} and {_about(user)} or {mine}"
    assert _names(graph, loose) == [_DELETED, _CREATED, _CREATED]
    grouped = f"({deleted} or activityDisplayName eq '{_CREATED}') and {_about(other)}"
    assert _names(graph, grouped) == [_CREATED]
    either = f"activityDisplayName eq '{_CREATED}' and ({_about(user)} or {_about(other)})"
    assert _names(graph, either) == [_CREATED] * 3


@pytest.mark.parametrize(
    ("wanted", "status"),
    [
        ("activityDisplayName ne 'x'", 400),
        ("activityDisplayName eq x", 400),
        ("activityDateTime gt 2026-01-01T00:00:00Z", 400),
        ("activityDateTime ge '2026-01-01T00:00:00Z'", 400),
        ("activityDateTime ge 2026-13-01T00:00:00Z", 400),
        ("activityDateTime ge 2026-01-01", 400),
        ("result eq 'success'", 400),
        ("targetResources/any(t: u/id eq 'x')", 400),
        ("targetResources/all(t: t/id eq 'x')", 400),
        ("activityDisplayName eq 'x' and", 400),
        ("(activityDisplayName eq 'x'", 400),
        ("activityDisplayName eq 'x')", 400),
        ("category eq 'UserManagement'", 501),
        ("initiatedBy/app/appId eq 'x'", 501),
        ("startswith(activityDisplayName, 'x')", 501),
    ],
)
def test_what_the_log_is_not_filtered_by_is_refused(
    graph: httpx.Client, wanted: str, status: int
) -> None:
    """What Graph refuses is 400; what it takes and the tenant does not know, 501."""
    assert graph.get(_AUDITS, params={"$filter": wanted}).status_code == status


@pytest.mark.parametrize(
    ("options", "status"),
    [
        ({"$top": "1000"}, 200),
        ({"$top": "1001"}, 400),
        ({"$top": "0"}, 400),
        ({"$skip": "1"}, 400),
        ({"$count": "true"}, 400),
        ({"$select": "id"}, 400),
        ({"$orderby": "activityDateTime desc"}, 200),
        ({"$orderby": "activityDateTime asc"}, 200),
        ({"$orderby": "activityDisplayName asc"}, 501),
    ],
)
def test_other_query_options_are_refused(
    graph: httpx.Client, options: dict[str, str], status: int
) -> None:
    """A page holds a thousand entries at most; the time is the only order."""
    assert graph.get(_AUDITS, params=options).status_code == status


@pytest.mark.parametrize("oldest_first", [True, False])
@pytest.mark.parametrize("of_one_person", [True, False])
def test_pages_hold_still_while_the_log_grows(
    control: GraphControl, graph: httpx.Client, *, of_one_person: bool, oldest_first: bool
) -> None:
    """Each entry is on one page, whatever is written in between."""
    user = _enforced(control, graph)
    control.advance(60)
    since = f"activityDateTime ge {control.do('GET', 'clock')['now']}"
    for name in "abcde":
        control.do("POST", f"users/{user}/app-passwords", {"name": name})
    about = _about(user) if of_one_person else since
    wanted = f"activityDisplayName eq '{_CREATED}' and {about}"
    order = f"activityDateTime {'asc' if oldest_first else 'desc'}"
    page = graph.get(_AUDITS, params={"$filter": wanted, "$top": "2", "$orderby": order}).json()
    found, sizes = [row["id"] for row in page["value"]], [len(page["value"])]
    while "@odata.nextLink" in page:
        if len(found) < 6:
            control.do("POST", f"users/{user}/app-passwords", {"name": f"later {len(found)}"})
        page = graph.get(page["@odata.nextLink"]).json()
        sizes.append(len(page["value"]))
        found += [row["id"] for row in page["value"]]
    newest_first = [row["id"] for row in _listed(graph, wanted)]
    if oldest_first:
        # What is written meanwhile stands behind.
        assert sizes[:2] == [2, 2]
        assert found == newest_first[::-1]
        return
    assert sizes == [2, 2, 1]
    assert len(set(found)) == 5
    assert newest_first[-5:] == found


def test_entries_come_late_where_they_are_switched_to(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Visible at once by default; with a lag, only when it has passed."""
    user = _enforced(control, graph)
    control.do("POST", f"users/{user}/app-passwords", {"name": "a"})
    wanted = f"activityDisplayName eq '{_CREATED}' and {_about(user)}"
    assert len(_listed(graph, wanted)) == 1
    control.do("POST", "switches", {"auditLagSeconds": 300})
    assert _listed(graph, wanted) == []
    control.advance(301)
    assert len(_listed(graph, wanted)) == 1


@pytest.mark.parametrize(("licence", "days"), [("p1", 30), ("free", 7)])
def test_entries_go_with_their_retention(
    control: GraphControl, graph: httpx.Client, licence: str, days: int
) -> None:
    """A month with a premium licence, a week without."""
    control.do("POST", "switches", {"licence": licence})
    user = _enforced(control, graph)
    control.do("POST", f"users/{user}/app-passwords", {"name": "a"})
    wanted = f"activityDisplayName eq '{_CREATED}' and {_about(user)}"
    control.advance(days * 86_400 - 60)
    assert len(_listed(graph, wanted)) == 1
    control.advance(120)
    assert _listed(graph, wanted) == []


def test_a_gap_can_be_made(control: GraphControl, graph: httpx.Client) -> None:
    """What is older than the switch says is gone; a time without an offset is refused."""
    user = _enforced(control, graph)
    control.do("POST", f"users/{user}/app-passwords", {"name": "a"})
    control.advance(60)
    now = control.do("GET", "clock")["now"]
    control.do("POST", f"users/{user}/app-passwords", {"name": "b"})
    control.do("POST", "switches", {"auditGoneBefore": now})
    wanted = f"activityDisplayName eq '{_CREATED}' and {_about(user)}"
    assert len(_listed(graph, wanted)) == 1
    naive = {"auditGoneBefore": "2026-11-21T08:00:00"}
    assert control.request("POST", "switches", naive).status_code == 400


def test_it_takes_its_permission(control: GraphControl, graph: httpx.Client) -> None:
    """`AuditLog.Read.All`, and where it is switched so a permission on the directory besides."""

    def status(*roles: str) -> int:
        headers = {"Authorization": f"Bearer {control.token(roles)}"}
        return graph.get(_AUDITS, params={"$top": "1"}, headers=headers).status_code

    assert status("User.Read.All", "Directory.Read.All") == 403
    assert status("AuditLog.Read.All") == 200
    control.do("POST", "switches", {"auditNeedsDirectoryRead": True})
    assert status("AuditLog.Read.All") == 403
    assert status("AuditLog.Read.All", "Directory.Read.All") == 200


def test_it_is_throttled_as_a_report(control: GraphControl, graph: httpx.Client) -> None:
    """Five requests in ten seconds for an application; other reads are not counted with them."""
    control.do("POST", "throttling", {"enabled": True, "timeScale": 100})
    query = {"$top": "1"}
    statuses = [graph.get(_AUDITS, params=query).status_code for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    refused = graph.get(_AUDITS, params=query)
    assert graph.get("/v1.0/users?$top=1").status_code == 200
    control.advance(int(refused.headers["Retry-After"]))
    assert graph.get(_AUDITS, params=query).status_code == 200
