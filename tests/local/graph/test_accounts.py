"""What is special about accounts: sign-ins, sessions, reports, and whom Graph shields."""

from pathlib import Path
from uuid import uuid4

import httpx
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.user import User
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand

_Get = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters
_ACTIVITY = {"$select": "id,signInActivity"}


def _as(control: GraphControl, *roles: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {control.token(roles)}"}


async def test_v1_model_reads_the_last_sign_ins(stand: GraphStand, control: GraphControl) -> None:
    """Attempts and successes are told apart; who never signed in has no activity."""
    user, never = control.create_user()["id"], control.create_user()["id"]
    control.do("POST", f"users/{user}/sign-in", {})
    control.advance(60)
    control.do("POST", f"users/{user}/sign-in", {"credentials": ["fido2"]})
    control.advance(24 * 3600)
    select = RequestConfiguration(query_parameters=_Get(select=["id", "signInActivity"]))
    async with v1_client(stand) as client:
        read = await client.users.by_user_id(user).get(select)
        other = await client.users.by_user_id(never).get(select)
    assert read is not None
    activity = read.sign_in_activity
    assert activity is not None
    assert activity.last_sign_in_date_time is not None
    assert activity.last_successful_sign_in_date_time is not None
    assert activity.last_sign_in_date_time > activity.last_successful_sign_in_date_time
    assert other is not None
    assert other.sign_in_activity is None


def test_sign_ins_take_a_permission_a_licence_and_the_object_id(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Without `AuditLog.Read.All` or a premium licence 403, by sign-in name 400."""
    made = control.create_user()
    path = f"/v1.0/users/{made['id']}"
    denied = graph.get(path, params=_ACTIVITY, headers=_as(control, "User.Read.All"))
    assert denied.status_code == 403
    assert denied.json()["error"]["code"] == "Authentication_MSGraphPermissionMissing"
    by_name = graph.get(f"/v1.0/users/{made['userPrincipalName']}", params=_ACTIVITY)
    assert by_name.status_code == 400
    control.do("POST", "switches", {"licence": "free"})
    unlicensed = graph.get(path, params=_ACTIVITY)
    assert unlicensed.status_code == 403
    code = "Authentication_RequestFromNonPremiumTenantOrB2CTenant"
    assert unlicensed.json()["error"]["code"] == code


def test_pages_with_sign_ins_are_smaller(tmp_path: Path) -> None:
    """`$top=999` is taken, and answered with 500 people and a next link."""
    with GraphStand(tmp_path, arguments=["--users", "501"]) as stand:
        headers = {"Authorization": f"Bearer {stand.control.token()}"}
        query = {**_ACTIVITY, "$top": "999"}
        path = f"{stand.base_url}/v1.0/users"
        page = httpx.get(path, params=query, headers=headers, trust_env=False).json()
    assert len(page["value"]) == 500
    assert page["@odata.nextLink"]


async def test_v1_models_read_direct_reports(stand: GraphStand, control: GraphControl) -> None:
    """Those whose manager a person is, each with its type."""
    manager = control.create_user()["id"]
    report = control.create_user(manager=manager)["id"]
    async with v1_client(stand) as client:
        page = await client.users.by_user_id(manager).direct_reports.get()
        none = await client.users.by_user_id(report).direct_reports.get()
    assert page is not None
    assert page.value is not None
    assert [(type(row), row.id) for row in page.value] == [(User, report)]
    assert none is not None
    assert none.value == []


async def test_v1_model_revokes_sessions(stand: GraphStand, control: GraphControl) -> None:
    """`signInSessionsValidFromDateTime` moves to now, for members; guests keep their sessions."""
    member = control.create_user()
    guest = control.create_user(userPrincipalName=f"{uuid4().hex}#EXT#@contoso.example")
    control.advance(60)
    async with v1_client(stand) as client:
        for user in (member["id"], guest["id"]):
            answer = await client.users.by_user_id(user).revoke_sign_in_sessions.post()
            assert answer is not None
            assert answer.value is True
    moved = [
        control.truth(user["id"])["signInSessionsValidFromDateTime"]
        > user["signInSessionsValidFromDateTime"]
        for user in (member, guest)
    ]
    assert moved == [True, False]


def test_revoking_sessions_takes_its_permission(control: GraphControl, graph: httpx.Client) -> None:
    """`User.RevokeSessions.All` alone is enough; reading people is not; in a batch it works too."""
    user = control.create_user()["id"]
    path = f"/users/{user}/revokeSignInSessions"
    for role, status in (("User.Read.All", 403), ("User.RevokeSessions.All", 200)):
        assert graph.post(f"/v1.0{path}", headers=_as(control, role)).status_code == status
    batch = {"requests": [{"id": "1", "method": "POST", "url": path}]}
    (step,) = graph.post("/v1.0/$batch", json=batch).json()["responses"]
    assert step["status"] == 200


@pytest.mark.parametrize("through", ["role", "group"])
def test_graph_shields_administrators_from_some_changes_only(
    control: GraphControl, graph: httpx.Client, through: str
) -> None:
    """Their phone, password and existence are 403 for every application; disabling them is not."""
    user = control.create_user()["id"]
    holder = user
    if through == "group":
        group = {"displayName": "Admins", "members": [user], "isAssignableToRole": True}
        holder = control.do("POST", "groups", group)["id"]
    control.do("POST", "roles", {"displayName": "Helpdesk", "members": [holder]})
    path = f"/v1.0/users/{user}"
    for change in (
        {"mobilePhone": "+1 2065550100"},
        {"otherMails": ["kim@example.com"]},
        {"passwordProfile": {"password": "Made-up-1"}},
    ):
        assert graph.patch(path, json=change).status_code == 403
    assert graph.delete(path).status_code == 403
    assert graph.patch(path, json={"accountEnabled": False}).status_code == 204
    activities = [e["activity"] for e in control.do("GET", "audit") if e["target"] == user]
    assert "Disable account" in activities


def test_what_is_mastered_on_premises_is_refused(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A synchronised person can be blocked in the cloud, and not be renamed or deleted there."""
    user = control.create_user(onPremisesSyncEnabled=True)["id"]
    path = f"/v1.0/users/{user}"
    refused = graph.patch(path, json={"displayName": "Other"})
    assert refused.status_code == 400
    assert "on-premises mastered" in refused.json()["error"]["message"]
    assert graph.delete(path).status_code == 400
    assert graph.patch(path, json={"accountEnabled": False}).status_code == 204


def test_a_filter_reads_what_the_token_may_read(control: GraphControl, graph: httpx.Client) -> None:
    """`employeeId` takes `User.Read.All`: the basic permission cannot find out by filtering."""
    number = uuid4().hex
    control.create_user(employeeId=number)
    query = {"$filter": f"employeeId eq '{number}'", "$select": "id"}
    for role, status in (("User.ReadBasic.All", 403), ("User.Read.All", 200)):
        answer = graph.get("/v1.0/users", params=query, headers=_as(control, role))
        assert answer.status_code == status
