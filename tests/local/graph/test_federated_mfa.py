"""People of federated domains: whose MFA is taken.

https://learn.microsoft.com/graph/api/resources/internaldomainfederation
"""

from uuid import uuid4

import httpx
import pytest

from tests.local.graph.policies import MFA, add_policy, add_strength, sign_in, strength_grant
from tests.stands.graph import GraphControl

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_ENFORCE, _REJECT = "enforceMfaByFederatedIdp", "rejectMfaByFederatedIdp"
_ACCEPT = "acceptIfMfaDoneByFederatedIdp"
_STRENGTH = strength_grant("00000000-0000-0000-0000-000000000002")
_BOTH = ["password", "mobile"]


def _person(control: GraphControl, behaviour: str | None) -> str:
    domain = f"{uuid4().hex}.example"
    federated = {"authenticationType": "Federated", "federatedIdpMfaBehavior": behaviour}
    control.do("POST", "domains", {"id": domain, **federated})
    user = str(control.create_user(userPrincipalName=f"kim@{domain}")["id"])
    for kind in ("mobile", "fido2"):
        control.register(user, kind)
    return user


@pytest.mark.parametrize(
    ("behaviour", "grant", "credentials", "result"),
    [
        (_ACCEPT, MFA, ["federatedMfa"], "allowed"),
        (_ACCEPT, MFA, ["password"], "mfa-required"),
        (_ACCEPT, MFA, _BOTH, "allowed"),
        (None, MFA, ["federatedMfa"], "allowed"),
        (_ENFORCE, MFA, ["federatedMfa"], "allowed"),
        (_ENFORCE, MFA, _BOTH, "mfa-required"),
        (_ENFORCE, MFA, ["fido2"], "allowed"),
        (_REJECT, MFA, ["federatedMfa"], "mfa-required"),
        (_REJECT, MFA, ["federatedMfa", "mobile"], "allowed"),
        (_ACCEPT, _STRENGTH, ["federatedMfa"], "allowed"),
        (_ACCEPT, _STRENGTH, _BOTH, "allowed"),
        (_ENFORCE, _STRENGTH, _BOTH, "mfa-required"),
        (_REJECT, _STRENGTH, ["federatedMfa"], "mfa-required"),
    ],
)
def test_the_domain_says_whose_mfa_counts(
    control: GraphControl,
    graph: httpx.Client,
    *,
    behaviour: str | None,
    grant: object,
    credentials: list[str],
    result: str,
) -> None:
    """Its provider's where accepted, nobody else's where enforced, Entra's own where rejected."""
    user = _person(control, behaviour)
    add_policy(graph, {"includeUsers": [user]}, grant)
    assert sign_in(control, user, credentials=credentials) == result


@pytest.mark.parametrize(
    ("combination", "result"),
    [("password,sms", "blocked"), ("sms,federatedSingleFactor", "allowed")],
)
def test_a_federated_password_is_a_federated_factor(
    control: GraphControl, graph: httpx.Client, combination: str, result: str
) -> None:
    """It is checked elsewhere, so it is no `password` to a strength."""
    user = _person(control, _ACCEPT)
    add_policy(graph, {"includeUsers": [user]}, add_strength(graph, [combination]))
    assert sign_in(control, user, credentials=_BOTH) == result


def test_nobody_else_has_such_mfa(control: GraphControl, graph: httpx.Client) -> None:
    """A person of a managed domain does not come with it."""
    user = control.create_user()["id"]
    add_policy(graph, {"includeUsers": [user]})
    assert sign_in(control, user, credentials=["federatedMfa"]) == "blocked"
    assert sign_in(control, user, credentials=["password", "homeMfa"]) == "registration-required"


def test_a_behaviour_that_is_none_is_a_mistake(control: GraphControl) -> None:
    """Graph has three."""
    body = {"id": "x.example", "authenticationType": "Federated", "federatedIdpMfaBehavior": "x"}
    assert control.request("POST", "domains", body).status_code == 400
