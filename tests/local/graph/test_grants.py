"""What policies ask for: MFA and its alternatives, and which grants are taken.

https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant
"""

from typing import Any
from uuid import uuid4

import httpx
import pytest

from tests.local.graph.policies import POLICIES, add_policy, policy_body, sign_in
from tests.stands.graph import GraphControl

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_TERMS = str(uuid4())
_RESISTANT = {"id": "00000000-0000-0000-0000-000000000004"}
_BOTH = ["password", "mobile"]


def _grant(operator: str, *controls: str, **more: object) -> dict[str, Any]:
    return {"operator": operator, "builtInControls": list(controls), **more}


@pytest.mark.parametrize(
    ("grant", "attempt", "result"),
    [
        (_grant("OR", "mfa", "compliantDevice"), {}, "mfa-required"),
        (_grant("OR", "mfa", "compliantDevice"), {"satisfies": ["compliantDevice"]}, "allowed"),
        (_grant("OR", "mfa", "compliantDevice"), {"credentials": _BOTH}, "allowed"),
        (
            _grant("OR", "mfa", "compliantDevice"),
            {"satisfies": ["domainJoinedDevice"]},
            "mfa-required",
        ),
        (
            _grant("AND", "mfa", "compliantDevice"),
            {"satisfies": ["compliantDevice"]},
            "mfa-required",
        ),
        (_grant("AND", "mfa", "compliantDevice"), {"credentials": _BOTH}, "blocked"),
        (
            _grant("AND", "mfa", "compliantDevice"),
            {"satisfies": ["compliantDevice"], "credentials": _BOTH},
            "allowed",
        ),
        (_grant("OR", "mfa", termsOfUse=[_TERMS]), {"satisfies": ["termsOfUse"]}, "allowed"),
        (_grant("OR", termsOfUse=[_TERMS]), {"credentials": _BOTH}, "blocked"),
        (_grant("AND", "mfa", termsOfUse=[_TERMS]), {"credentials": _BOTH}, "blocked"),
        (
            _grant("OR", "mfa", customAuthenticationFactors=["Duo"]),
            {"satisfies": ["customAuthenticationFactors"]},
            "allowed",
        ),
        (_grant("AND", "mfa", "passwordChange"), {"credentials": _BOTH}, "blocked"),
        (
            _grant("AND", "mfa", "passwordChange"),
            {"credentials": _BOTH, "satisfies": ["passwordChange"]},
            "allowed",
        ),
        (_grant("OR", "passwordChange"), {"satisfies": ["passwordChange"]}, "mfa-required"),
        (_grant("OR", "riskRemediation"), {"satisfies": ["riskRemediation"]}, "allowed"),
        (_grant("OR", "riskRemediation"), {"credentials": _BOTH}, "blocked"),
        (
            _grant("OR", "compliantDevice", authenticationStrength=_RESISTANT),
            {"satisfies": ["compliantDevice"]},
            "allowed",
        ),
        (
            _grant("OR", "mfa", "compliantDevice"),
            {"satisfies": ["compliantDevice"], "clientApp": "other"},
            "blocked",
        ),
    ],
)
def test_one_control_or_all_of_them(
    control: GraphControl,
    graph: httpx.Client,
    *,
    grant: object,
    attempt: dict[str, object],
    result: str,
) -> None:
    """Under OR a device lets in without MFA; old clients fulfil nothing but the password."""
    user = control.create_user()["id"]
    control.register(user, "mobile")
    add_policy(graph, {"includeUsers": [user]}, grant)
    assert sign_in(control, user, **attempt) == result


def test_session_controls_alone_ask_for_nothing(control: GraphControl, graph: httpx.Client) -> None:
    """Such a policy has no grant, and is kept as it was written."""
    user = control.create_user()["id"]
    session = {"signInFrequency": {"isEnabled": True, "type": "hours", "value": 4}}
    body = {**policy_body({"includeUsers": [user]}, None), "sessionControls": session}
    made = graph.post(POLICIES, json=body)
    assert made.status_code == 201, made.text
    assert (made.json()["grantControls"], made.json()["sessionControls"]) == (None, session)
    assert sign_in(control, user) == "allowed"
    unknown = {**body, "sessionControls": {"pigeon": {}}}
    assert graph.post(POLICIES, json=unknown).status_code == 400


def test_a_grant_is_read_as_it_was_written(graph: httpx.Client) -> None:
    """All of its parts."""
    grant = _grant("OR", "mfa", termsOfUse=[_TERMS], customAuthenticationFactors=["Duo"])
    policy = add_policy(graph, {"includeUsers": ["All"]}, grant)
    read = graph.get(f"{POLICIES}/{policy}").json()["grantControls"]
    assert read == {**grant, "authenticationStrength": None}


@pytest.mark.parametrize(
    ("grant", "conditions"),
    [
        (_grant("OR", "pigeon"), {}),
        (_grant("XOR", "mfa"), {}),
        (_grant("OR", "block", termsOfUse=[_TERMS]), {}),
        (_grant("OR", "mfa", termsOfUse=["x"]), {}),
        (_grant("OR", "mfa", "passwordChange"), {}),
        (_grant("AND", "passwordChange", "compliantDevice"), {}),
        (_grant("AND", "mfa", "passwordChange", termsOfUse=[_TERMS]), {}),
        (
            _grant("AND", "mfa", "passwordChange"),
            {"applications": {"includeApplications": ["Office365"]}},
        ),
        (_grant("AND", "mfa", "passwordChange"), {"signInRiskLevels": ["high"]}),
        (
            _grant("OR", "compliantDevice"),
            {"applications": {"includeUserActions": ["urn:user:registerdevice"]}},
        ),
    ],
)
def test_a_grant_that_contradicts_itself_is_refused(
    graph: httpx.Client, grant: object, conditions: dict[str, Any]
) -> None:
    """Blocks stand alone, a password change goes with MFA, devices register with MFA or freely."""
    body = policy_body({"includeUsers": ["All"]}, grant, **conditions)
    assert graph.post(POLICIES, json=body).status_code == 400
