"""What a person registers, and the policies that guard it."""

from typing import Any

import httpx
import pytest

from tests.stands.graph import GraphControl

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_POLICIES = "/v1.0/identity/conditionalAccess/policies"
_REGISTER = "urn:user:registersecurityinfo"
_NO_MODEL = "00000000-0000-0000-0000-000000000000"


def _guard(graph: httpx.Client, *, controls: tuple[str, ...] = ("mfa",), **more: object) -> str:
    body = {
        "displayName": "Guard the registration",
        "state": "enabled",
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": {"includeUserActions": [_REGISTER]},
            "users": {"includeUsers": ["All"]},
            **more,
        },
        "grantControls": {"operator": "OR", "builtInControls": list(controls)},
    }
    answer = graph.post(_POLICIES, json=body)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def _pass_for(graph: httpx.Client, user: str) -> None:
    path = f"/v1.0/users/{user}/authentication/temporaryAccessPassMethods"
    graph.post(path, json={"isUsableOnce": True}).raise_for_status()


def _registers(control: GraphControl, user: str, **body: object) -> tuple[int, str]:
    wanted = {"method": "microsoftAuthenticator", **body}
    answer = control.request("POST", f"users/{user}/register", wanted)
    return answer.status_code, str(answer.json().get("error", ""))


@pytest.mark.parametrize(
    ("passkey", "fields"),
    [
        (None, {"model": "YubiKey 5", "passkeyType": "deviceBound"}),
        ("securityKey", {"model": "YubiKey 5", "passkeyType": "deviceBound"}),
        ("authenticator", {"aaGuid": "de1e552d-db1d-4423-a619-566b625cdc84"}),
        ("authenticatorOnIphone", {"aaGuid": "90a3ccdf-635c-4729-a248-9b709135078f"}),
        ("synced", {"passkeyType": "synced"}),
        ("unknown", {"aaGuid": _NO_MODEL, "model": None, "attestationLevel": "notAttested"}),
    ],
)
def test_a_passkey_is_kept_where_the_person_chooses(
    control: GraphControl, graph: httpx.Client, passkey: str | None, fields: dict[str, Any]
) -> None:
    """Graph tells it by the model's id; a security key unless said otherwise."""
    user = control.create_user()["id"]
    chosen = {} if passkey is None else {"passkey": passkey}
    control.do("POST", f"users/{user}/register", {"method": "fido2", **chosen})
    (shown,) = graph.get(f"/v1.0/users/{user}/authentication/fido2Methods").json()["value"]
    assert {name: shown[name] for name in fields} == fields
    assert ("model" in shown, shown["passkeyType"] == "synced") == (True, passkey == "synced")


def test_nothing_but_a_passkey_is_kept_somewhere(control: GraphControl) -> None:
    """`passkey` beside another method is a mistake of the test, and no phone."""
    user = control.create_user()["id"]
    assert _registers(control, user, passkey="synced")[0] == 400
    assert _registers(control, user, method="fido2", passkey="pigeon")[0] == 400
    assert len(control.truth(user)["methods"]) == 1


def test_without_a_policy_the_password_registers(control: GraphControl) -> None:
    """Whoever has the password registers first; whoever has nothing does not."""
    user = control.create_user()["id"]
    assert _registers(control, user, credentials=["fido2"])[0] == 400
    assert _registers(control, user, credentials=["password"])[0] == 201


@pytest.mark.parametrize("controls", [("mfa",), ("mfa", "compliantDevice"), ("compliantDevice",)])
def test_a_policy_keeps_the_bare_password_out(
    control: GraphControl, graph: httpx.Client, controls: tuple[str, ...]
) -> None:
    """Who has neither a method nor a pass is refused, and the refusal names the policy."""
    policy = _guard(graph, controls=controls)
    user = control.create_user()["id"]
    assert _registers(control, user) == (400, f"blocked-by-policy: conditionalAccess:{policy}")
    assert len(control.truth(user)["methods"]) == 1


def test_a_method_that_one_has_opens_the_registration(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The person comes with what they have; a thief of the password with the password alone."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    _guard(graph)
    assert _registers(control, user, credentials=["password"])[0] == 400
    assert _registers(control, user, credentials=["password", "softwareOath"])[0] == 400
    assert _registers(control, user)[0] == 201


def test_a_pass_opens_the_registration_once_and_for_ten_minutes(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The one-time pass is used by it, and within its session another method follows."""
    _guard(graph)
    user = control.create_user()["id"]
    _pass_for(graph, user)
    with_pass = {"credentials": ["temporaryAccessPass"], "method": "email"}
    assert _registers(control, user, **with_pass)[0] == 201
    held = control.truth(user)["methods"]
    reasons = [one.get("methodUsabilityReason") for one in held]
    assert "OneTimeUsed" in reasons
    assert _registers(control, user, **with_pass)[0] == 201
    control.advance(601)
    assert _registers(control, user, **with_pass)[0] == 400


def test_an_unguarded_registration_leaves_the_pass_alone(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Nothing asked for it, so nothing used it."""
    user = control.create_user()["id"]
    _pass_for(graph, user)
    assert _registers(control, user)[0] == 201
    held = control.truth(user)["methods"]
    assert "OneTimeUsed" not in [one.get("methodUsabilityReason") for one in held]


def test_a_block_outside_trusted_locations_lets_the_office_register(
    control: GraphControl, graph: httpx.Client
) -> None:
    """The usual shape of such a policy: blocked everywhere but where the network is trusted."""
    places = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}
    _guard(graph, controls=("block",), locations=places)
    user = control.create_user()["id"]
    assert _registers(control, user)[0] == 400
    assert _registers(control, user, location="trusted")[0] == 201


def test_policies_about_applications_do_not_guard_it(
    control: GraphControl, graph: httpx.Client
) -> None:
    """`All` applications are not the user action, and report-only guards nothing."""
    _guard(graph, applications={"includeApplications": ["All"]})
    only = _guard(graph)
    graph.patch(f"{_POLICIES}/{only}", json={"state": "enabledForReportingButNotEnforced"})
    user = control.create_user()["id"]
    assert _registers(control, user)[0] == 201
