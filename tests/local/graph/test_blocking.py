"""Blocking sign-in and changing passwords: through Graph, in the portal, and what is on record."""

from typing import Any

import httpx
import jwt
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.user import User
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand

_Get = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters
_BLOCKER = ("User.EnableDisableAccount.All", "User.Read.All")


def _as(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def _audits(graph: httpx.Client, user: str) -> list[dict[str, Any]]:
    query = {"$filter": f"targetResources/any(t:t/id eq '{user}')"}
    rows: list[dict[str, Any]] = graph.get("/v1.0/auditLogs/directoryAudits", params=query).json()[
        "value"
    ]
    return rows


async def test_v1_model_blocks_and_unblocks(stand: GraphStand, control: GraphControl) -> None:
    """The least privileged pair of permissions is enough, and signing in is over meanwhile."""
    user = control.create_user()["id"]
    signed_in = []
    async with v1_client(stand, _BLOCKER) as client:
        for enabled in (False, True):
            await client.users.by_user_id(user).patch(User(account_enabled=enabled))
            signed_in.append(control.do("POST", f"users/{user}/sign-in", {})["result"])
    assert signed_in == ["blocked", "allowed"]


@pytest.mark.parametrize(
    ("roles", "body", "status"),
    [
        (_BLOCKER, {"accountEnabled": False}, 204),
        (("User.EnableDisableAccount.All", "User.ReadWrite.All"), {"accountEnabled": False}, 204),
        (("Directory.ReadWrite.All",), {"accountEnabled": False}, 204),
        (("User.EnableDisableAccount.All",), {"accountEnabled": False}, 403),
        (("User.EnableDisableAccount.All", "Directory.Read.All"), {"accountEnabled": False}, 403),
        (("User.Read.All",), {"accountEnabled": False}, 403),
        (_BLOCKER, {"accountEnabled": False, "jobTitle": "x"}, 403),
        (_BLOCKER, {"jobTitle": "x"}, 403),
        (_BLOCKER, {"accountDisabled": True}, 400),
        (_BLOCKER, {"accountEnabled": "false"}, 400),
        (_BLOCKER, {"accountEnabled": 0}, 400),
        (_BLOCKER, {"accountEnabled": None}, 400),
        (_BLOCKER, {}, 400),
    ],
)
def test_blocking_takes_its_two_permissions_and_changes_nothing_else(
    control: GraphControl,
    graph: httpx.Client,
    roles: tuple[str, ...],
    body: dict[str, object],
    status: int,
) -> None:
    """Whoever may block may not write the rest of a person; what is malformed blocks nobody."""
    user = control.create_user()["id"]
    answer = graph.patch(f"/v1.0/users/{user}", json=body, headers=_as(control.token(roles)))
    assert answer.status_code == status
    assert control.truth(user)["accountEnabled"] is (status != 204)


def test_readers_see_a_block_after_the_lag(control: GraphControl, graph: httpx.Client) -> None:
    """As with every write; the person is out at once."""
    user = control.create_user()["id"]
    control.lag(30)
    path = f"/v1.0/users/{user}"
    graph.patch(path, json={"accountEnabled": False}).raise_for_status()
    select = {"$select": "accountEnabled"}
    assert graph.get(path, params=select).json()["accountEnabled"] is True
    assert control.do("POST", f"users/{user}/sign-in", {})["by"] == "accountDisabled"
    control.advance(31)
    assert graph.get(path, params=select).json()["accountEnabled"] is False


def test_the_log_says_which_application_blocked(control: GraphControl, graph: httpx.Client) -> None:
    """By its service principal, the token's `oid`; by `appId` only where it is switched so."""
    user = control.create_user()["id"]
    token = control.do("POST", "token", {"appId": "our-app"})["access_token"]
    for _ in range(2):
        body = {"accountEnabled": False}
        graph.patch(f"/v1.0/users/{user}", json=body, headers=_as(token)).raise_for_status()
    again, disabled, updated = _audits(graph, user)
    assert [row["activityDisplayName"] for row in (again, disabled, updated)] == [
        "Update user",
        "Disable account",
        "Update user",
    ]
    claims = jwt.decode(token, options={"verify_signature": False})
    initiator = disabled["initiatedBy"]
    assert (initiator["user"], initiator["app"]["appId"]) == (None, None)
    assert initiator["app"]["servicePrincipalId"] == claims["oid"]
    changed = {"displayName": "AccountEnabled", "oldValue": "[true]", "newValue": "[false]"}
    assert changed in disabled["targetResources"][0]["modifiedProperties"]
    assert changed in updated["targetResources"][0]["modifiedProperties"]
    assert again["targetResources"][0]["modifiedProperties"] == []
    control.do("POST", "switches", {"auditNamesAppId": True})
    assert _audits(graph, user)[0]["initiatedBy"]["app"]["appId"] == "our-app"


def test_an_administrator_in_the_portal_is_no_application(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Who blocks and who lets in again is a user, named or not."""
    user, chief = control.create_user()["id"], control.create_user()
    control.do("POST", f"users/{user}/block", {"blocked": True})
    assert control.truth(user)["accountEnabled"] is False
    named = {"blocked": False, "by": chief["userPrincipalName"]}
    control.do("POST", f"users/{user}/block", named)
    enabled, _, disabled, _ = _audits(graph, user)
    assert enabled["activityDisplayName"] == "Enable account"
    assert enabled["initiatedBy"]["user"]["id"] == chief["id"]
    assert enabled["initiatedBy"]["user"]["userPrincipalName"] == chief["userPrincipalName"]
    assert disabled["activityDisplayName"] == "Disable account"
    assert (disabled["initiatedBy"]["app"], disabled["initiatedBy"]["user"]["id"] == user) == (
        None,
        False,
    )
    unknown = {"blocked": True, "by": "nobody@contoso.example"}
    assert control.request("POST", f"users/{user}/block", unknown).status_code == 404


async def test_v1_model_reads_when_the_password_changed(
    stand: GraphStand, control: GraphControl
) -> None:
    """The person changes it, the helpdesk resets it: a later time each."""
    user = control.create_user()["id"]
    select = RequestConfiguration(query_parameters=_Get(select=["lastPasswordChangeDateTime"]))
    times = []
    async with v1_client(stand) as client:
        for body in (None, {}, {"by": "portal"}):
            control.advance(60)
            if body is not None:
                control.do("POST", f"users/{user}/password", body)
            read = await client.users.by_user_id(user).get(select)
            assert read is not None
            times.append(read.last_password_change_date_time)
    assert None not in times
    assert times == sorted(set(times), key=str)


def test_the_log_says_whether_the_person_changed_the_password(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A change is the person's, a reset somebody else's; unselected, the time is not shown."""
    user = control.create_user()["id"]
    control.do("POST", f"users/{user}/password", {})
    control.do("POST", f"users/{user}/password", {"by": "portal"})
    assert "lastPasswordChangeDateTime" not in graph.get(f"/v1.0/users/{user}").json()
    reset, changed = _audits(graph, user)
    assert reset["activityDisplayName"] == "Reset user password"
    assert changed["activityDisplayName"] == "Change user password"
    assert changed["initiatedBy"]["user"]["id"] == user
    assert reset["initiatedBy"]["user"]["id"] != user


def test_who_is_blocked_has_the_password_reset_by_somebody_else(control: GraphControl) -> None:
    """A blocked person cannot sign in to change it; an administrator can reset it."""
    user = control.create_user()["id"]
    control.do("POST", f"users/{user}/block", {"blocked": True})
    assert control.request("POST", f"users/{user}/password", {}).status_code == 400
    assert control.request("POST", f"users/{user}/password", {"by": "portal"}).status_code == 200
