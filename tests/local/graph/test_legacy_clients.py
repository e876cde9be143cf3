"""Legacy clients: what an app password opens, and what shuts it."""

from collections.abc import Mapping

import httpx
import pytest

from tests.stands.graph import GraphControl

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_POLICIES = "/v1.0/identity/conditionalAccess/policies"
_OTHER = {"clientApp": "other", "credentials": ["appPassword"]}
_ACTIVE_SYNC = {"clientApp": "exchangeActiveSync", "credentials": ["appPassword"]}


@pytest.fixture
def user(control: GraphControl, graph: httpx.Client) -> str:
    """A person with an app password."""
    return _with_app_password(control, graph)


def _with_app_password(control: GraphControl, graph: httpx.Client, **fields: object) -> str:
    made: str = control.create_user(**fields)["id"]
    requirements = f"/beta/users/{made}/authentication/requirements"
    graph.patch(requirements, json={"perUserMfaState": "enforced"}).raise_for_status()
    control.do("POST", f"users/{made}/app-passwords", {"name": "printer"})
    return made


def _attempt(control: GraphControl, user: str, attempt: Mapping[str, object]) -> list[str]:
    return list(control.do("POST", f"users/{user}/sign-in", attempt).values())


def _block_legacy(graph: httpx.Client, **users: object) -> str:
    body = {
        "displayName": "Block legacy authentication",
        "state": "enabled",
        "conditions": {
            "clientAppTypes": ["exchangeActiveSync", "other"],
            "applications": {"includeApplications": ["All"]},
            "users": {"includeUsers": ["All"], **users},
        },
        "grantControls": {"operator": "OR", "builtInControls": ["block"]},
    }
    answer = graph.post(_POLICIES, json=body)
    answer.raise_for_status()
    return str(answer.json()["id"])


def test_nothing_but_its_deletion_and_a_block_ends_an_app_password(
    control: GraphControl, graph: httpx.Client, user: str
) -> None:
    """It survives revoked sessions, another password, removed methods and disabled MFA."""
    graph.post(f"/v1.0/users/{user}/revokeSignInSessions").raise_for_status()
    control.do("POST", f"users/{user}/password", {})
    requirements = f"/beta/users/{user}/authentication/requirements"
    graph.patch(requirements, json={"perUserMfaState": "disabled"}).raise_for_status()
    assert _attempt(control, user, _OTHER) == ["allowed", "appPassword"]
    graph.patch(f"/v1.0/users/{user}", json={"accountEnabled": False}).raise_for_status()
    assert _attempt(control, user, _OTHER) == ["blocked", "accountDisabled"]
    graph.patch(f"/v1.0/users/{user}", json={"accountEnabled": True}).raise_for_status()
    assert _attempt(control, user, _OTHER) == ["allowed", "appPassword"]
    control.do("DELETE", f"users/{user}/app-passwords")
    assert _attempt(control, user, _OTHER) == ["blocked", "credentials"]


def test_a_policy_that_blocks_legacy_clients_shuts_it(
    control: GraphControl, graph: httpx.Client, user: str
) -> None:
    """For everybody whom it covers, by both client types; who is excluded goes on."""
    excluded = _with_app_password(control, graph)
    policy = _block_legacy(graph, excludeUsers=[excluded])
    for attempt in (_OTHER, _ACTIVE_SYNC):
        assert _attempt(control, user, attempt) == ["blocked", f"conditionalAccess:{policy}"]
        assert _attempt(control, excluded, attempt) == ["allowed", "appPassword"]


def test_who_has_no_mailbox_has_app_passwords_of_other_applications(
    control: GraphControl, graph: httpx.Client
) -> None:
    """There is no mailbox to reach; another application on a legacy flow is still open."""
    user = _with_app_password(control, graph, mailbox=False)
    assert control.truth(user)["mailbox"] is None
    assert _attempt(control, user, _OTHER) == ["allowed", "appPassword"]
    assert _attempt(control, user, {**_OTHER, "protocol": "imap"}) == ["blocked", "mailbox"]
    assert _attempt(control, user, _ACTIVE_SYNC) == ["blocked", "mailbox"]


def test_members_have_a_mailbox_and_guests_none(control: GraphControl) -> None:
    """Open by every protocol, as Exchange makes it; `mailbox` says otherwise."""
    assert control.create_user()["mailbox"] == {
        "SmtpClientAuthenticationDisabled": None,
        "ImapEnabled": True,
        "PopEnabled": True,
        "ActiveSyncEnabled": True,
    }
    assert control.create_user(userType="Guest")["mailbox"] is None
    assert control.request("POST", "users", {"mailbox": "yes"}).status_code == 400
