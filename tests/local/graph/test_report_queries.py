"""Asking for the report of registrations: pages, selections, filters, licence, limits."""

from uuid import uuid4

import httpx
import pytest

from tests.local.graph.test_registration_report import REPORT
from tests.stands.graph import GraphControl


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("userPrincipalName eq '{upn}'", True),
        ("userDisplayName eq 'O''Hara {number}'", True),
        ("startsWith(userDisplayName,'o''hara {number}')", True),
        ("startswith(userPrincipalName, '{number}') and isMfaRegistered eq true", True),
        ("userPrincipalName eq '{upn}' and isAdmin eq true", False),
        ("userPrincipalName eq '{upn}' and isMfaCapable eq false", False),
        ("userPrincipalName eq '{upn}' and methodsRegistered/any(m:m eq 'mobilePhone')", True),
        ("userPrincipalName eq '{upn}' and methodsRegistered/any(x: x eq 'email')", False),
    ],
)
def test_filters_find_the_rows(
    control: GraphControl,
    graph: httpx.Client,
    expression: str,
    found: bool,  # noqa: FBT001
) -> None:
    """The comparisons that the reference page lists, answered."""
    number = uuid4().hex
    upn = f"{number}@contoso.example"
    user = control.create_user(userPrincipalName=upn, displayName=f"O'Hara {number}")["id"]
    control.register(user, "mobile")
    control.do("POST", "report")
    query = {"$filter": expression.format(upn=upn, number=number), "$select": "id"}
    assert graph.get(REPORT, params=query).json()["value"] == [{"id": user}] * found


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ({"$filter": "isMfaCapable eq 'true'"}, 400),
        ({"$filter": "isMfaCapable ne true"}, 400),
        ({"$filter": "isMfaCapable eq true and "}, 400),
        ({"$filter": "isMfaCapable eq trueish"}, 400),
        ({"$filter": "userType eq 'guest'"}, 400),
        ({"$filter": "nickname eq 'x'"}, 400),
        ({"$filter": "methodsRegistered eq 'email'"}, 400),
        ({"$filter": "methodsRegistered/any(m:n eq 'email')"}, 400),
        ({"$filter": "isMfaCapable eq true or isAdmin eq true"}, 501),
        ({"$orderby": "userDisplayName"}, 501),
        ({"$select": "id,nickname"}, 400),
        ({"$top": "1000"}, 400),
        ({"$skip": "1"}, 400),
        ({"$count": "true"}, 400),
    ],
)
def test_what_the_report_does_not_answer_is_refused(
    graph: httpx.Client, query: dict[str, str], status: int
) -> None:
    """Bad syntax, unknown properties and other options: 400, or 501 for what is not modelled."""
    assert graph.get(REPORT, params=query).status_code == status


def test_one_row_takes_no_options(control: GraphControl, graph: httpx.Client) -> None:
    """By id there is one row, of which nothing is selected; a sign-in name finds nobody."""
    user = control.create_user()
    control.do("POST", "report")
    assert graph.get(f"{REPORT}/{user['id']}").json()["id"] == user["id"]
    assert graph.get(f"{REPORT}/{user['id']}?$select=id").status_code == 400
    assert graph.get(f"{REPORT}/{user['userPrincipalName']}").status_code == 404


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_pages_follow_each_other_over_a_new_report(
    control: GraphControl, graph: httpx.Client, version: str
) -> None:
    """Nobody is missed or told twice, though people come and go and a new report is made."""
    name = uuid4().hex
    users = [control.create_user(displayName=name)["id"] for _ in range(5)]
    control.do("POST", "report")
    query = {"$filter": f"userDisplayName eq '{name}'", "$top": "2", "$select": "id"}
    page = graph.get(REPORT.replace("v1.0", version), params=query).json()
    seen = [row["id"] for row in page["value"]]
    graph.delete(f"/v1.0/users/{users[0]}").raise_for_status()
    control.do("POST", "report")
    while "@odata.nextLink" in page:
        page = graph.get(page["@odata.nextLink"]).json()
        seen += [row["id"] for row in page["value"]]
    assert seen == users


def test_a_free_tenant_has_no_report(control: GraphControl, graph: httpx.Client) -> None:
    """Without a premium licence both requests are 403, in the words of the reports."""
    user = control.create_user()["id"]
    control.do("POST", "switches", {"licence": "free"})
    for path in (REPORT, f"{REPORT}/{user}"):
        answer = graph.get(path)
        error = answer.json()["error"]
        assert answer.status_code == 403
        assert error["code"] == "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
        assert error["message"] == "Tenant is not a B2C tenant and doesn't have premium licenses"
    control.do("POST", "switches", {"licence": "p1"})
    assert graph.get(REPORT).status_code == 200
