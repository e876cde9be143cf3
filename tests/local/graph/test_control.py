"""The control side: what people do, and what can be asked."""

import httpx
import pytest

from tests.stands.graph import GraphControl


def test_a_person_gets_sensible_defaults(control: GraphControl) -> None:
    """Nothing need be said to make a person, and the truth has the whole contract."""
    truth = control.create_user()
    assert truth["userPrincipalName"].endswith("@contoso.example")
    assert (truth["accountEnabled"], truth["userType"]) == (True, "Member")
    assert truth["perUserMfaState"] == "disabled"
    assert {"methods", "defaultMethod", "appPasswords", "rememberedDevices"} <= truth.keys()
    assert truth["signInSessionsValidFromDateTime"]
    assert control.truth(truth["userPrincipalName"]) == truth


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"nickname": "x"}, 400),
        ({"userPrincipalName": "no-at-sign"}, 400),
        ({"displayName": None}, 400),
        ({"accountEnabled": "yes"}, 400),
        ({"employeeHireDate": "tomorrow"}, 400),
        ({"employeeHireDate": "2026-12-01T08:00:00"}, 400),
        ({"signInActivity": {"lastSignInDateTime": "yesterday"}}, 400),
        ({"signInActivity": {"lastSignInDateTime": "2026-01-01T08:00:00"}}, 400),
        ({"signInActivity": {"lastSignIn": "2026-01-01T08:00:00Z"}}, 400),
        ({"id": "not-a-guid"}, 400),
        ({"otherMails": [1]}, 400),
        ({"manager": "nobody@contoso.example"}, 404),
    ],
)
def test_a_person_whom_graph_would_refuse_is_refused(
    control: GraphControl, fields: dict[str, object], status: int
) -> None:
    """Unknown properties, bad values and unknown managers make nobody."""
    assert control.request("POST", "users", fields).status_code == status


def test_sign_in_names_are_unique(control: GraphControl) -> None:
    """The same name in other letters is the same name; a deleted person's is free again."""
    upn = control.create_user()["userPrincipalName"]
    again = {"userPrincipalName": upn.upper()}
    assert control.request("POST", "users", again).status_code == 409


def test_an_account_has_app_passwords_only_while_enforced(
    control: GraphControl, graph: httpx.Client
) -> None:
    """They are made while enforced, survive `disabled`, and go by the portal's button."""
    user = control.create_user()["id"]
    path = f"users/{user}/app-passwords"
    assert control.request("POST", path, {"name": "printer"}).status_code == 400
    requirements = f"/beta/users/{user}/authentication/requirements"
    graph.patch(requirements, json={"perUserMfaState": "enforced"}).raise_for_status()
    control.do("POST", path, {"name": "printer"})
    control.do("POST", path, {"name": "scanner"})
    assert control.request("POST", path, {"name": "printer"}).status_code == 400
    graph.patch(requirements, json={"perUserMfaState": "disabled"}).raise_for_status()
    assert [held["name"] for held in control.truth(user)["appPasswords"]] == [
        "printer",
        "scanner",
    ]
    assert control.do("DELETE", path, {"name": "printer"}) == {"deleted": 1}
    assert control.do("DELETE", path) == {"deleted": 1}
    activities = [e["activity"] for e in control.do("GET", "audit") if e["target"] == user]
    assert activities.count("Create application password for user") == 2
    assert activities.count("Delete application password for user") == 2


def test_signing_in_is_answered_with_what_decided(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The joiner's way: password, then registration, then MFA, then blocked."""
    user = control.create_user()["id"]

    def attempt(**fields: object) -> list[str]:
        return list(control.do("POST", f"users/{user}/sign-in", fields).values())

    assert attempt() == ["allowed", "password"]
    requirements = f"/beta/users/{user}/authentication/requirements"
    graph.patch(requirements, json={"perUserMfaState": "enabled"}).raise_for_status()
    assert attempt() == ["registration-required", "perUserMfa"]
    assert attempt(clientApp="other") == ["allowed", "password"]
    control.register(user, "microsoftAuthenticator")
    assert attempt() == ["mfa-required", "perUserMfa"]
    assert attempt(clientApp="other") == ["blocked", "perUserMfa"]
    assert attempt(credentials=["password", "microsoftAuthenticator"]) == ["allowed", "mfa"]
    assert attempt(credentials=["microsoftAuthenticator"]) == ["blocked", "credentials"]
    graph.patch(f"/v1.0/users/{user}", json={"accountEnabled": False}).raise_for_status()
    assert attempt(credentials=["password", "microsoftAuthenticator"])[0] == "blocked"


def test_a_registered_person_who_stays_enabled_needs_app_passwords_in_legacy_clients(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Registration, not the word `enforced`, ends the plain password in legacy protocols."""
    control.do("POST", "switches", {"enabledAgainStaysEnabled": True})
    user = control.create_user()["id"]
    control.register(user, "mobile")
    requirements = f"/beta/users/{user}/authentication/requirements"
    legacy = {"clientApp": "exchangeActiveSync"}
    results = []
    for state in ("enabled", "disabled", "enabled"):
        graph.patch(requirements, json={"perUserMfaState": state}).raise_for_status()
        results.append(control.do("POST", f"users/{user}/sign-in", legacy)["result"])
    assert control.truth(user)["perUserMfaState"] == "enabled"
    assert results == ["blocked", "allowed", "blocked"]


def test_groups_and_roles_take_known_people(control: GraphControl) -> None:
    """A member who does not exist makes no group and no role."""
    user = control.create_user()
    for kind in ("groups", "roles"):
        body = {"displayName": "Sales", "members": [user["userPrincipalName"]]}
        made = control.do("POST", kind, body)
        assert (made["displayName"], made["members"]) == ("Sales", [user["id"]])
        body = {"displayName": "Sales", "members": ["nobody"]}
        assert control.request("POST", kind, body).status_code == 404


def test_requests_are_counted_by_route(control: GraphControl, graph: httpx.Client) -> None:
    """Counts name the route, not the person; refused writes are no writes."""
    user = control.create_user()["id"]
    control.do("DELETE", "requests")
    path = f"/beta/users/{user}/authentication/requirements"
    graph.get(path)
    graph.patch(path, json={"perUserMfaState": "enabled"})
    graph.patch(path, json={"perUserMfaState": "nonsense"})
    graph.get("/beta/nothing")
    template = "/beta/users/{user}/authentication/requirements"
    assert control.stats() == {
        "requests": {f"GET {template}": 1, f"PATCH {template}": 2, "GET unknown": 1},
        "writes": 1,
    }
    assert [entry["status"] for entry in control.requests()] == [200, 204, 400, 400]


def test_what_the_control_side_does_not_know_is_an_error(control: GraphControl) -> None:
    """A misspelt control path or field never passes in silence."""
    assert control.request("POST", "fautls", {}).status_code == 404
    assert control.request("POST", "clock", {"advance": 3}).status_code == 400
    assert control.request("POST", "lag", {"seconds": -1}).status_code == 400
    assert control.request("GET", "users/nobody").status_code == 404
