"""Authentication strengths: what is made and read, and which methods reach one.

https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy and
https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths
"""

from typing import Any

import httpx
import pytest

from tests.local.graph.clients import v1_client
from tests.local.graph.policies import (
    POLICIES,
    STRENGTHS,
    add_policy,
    add_strength,
    added,
    sign_in,
    strength_grant,
)
from tests.stands.graph import GraphControl, GraphStand

pytestmark = pytest.mark.usefixtures("no_policy_stays")

_MFA, _PASSWORDLESS, _RESISTANT = (f"00000000-0000-0000-0000-00000000000{n}" for n in (2, 3, 4))
_YUBIKEY = "cb69481e-8ff7-4039-93ec-0a2729a154a8"
_AUTHENTICATOR = "de1e552d-db1d-4423-a619-566b625cdc84"
_KEYS = {
    "@odata.type": "#microsoft.graph.fido2CombinationConfiguration",
    "appliesToCombinations": ["fido2"],
    "allowedAAGUIDs": [_YUBIKEY.upper()],
}
_OURS = {"displayName": "Ours", "allowedCombinations": ["fido2", "sms, password"]}


async def test_v1_models_read_the_built_in_strengths(
    stand: GraphStand, graph: httpx.Client
) -> None:
    """Three of them, all of which are MFA."""
    del graph
    async with v1_client(stand) as client:
        read = await client.policies.authentication_strength_policies.get()
    assert read is not None
    assert [row.id for row in read.value or []] == [_MFA, _PASSWORDLESS, _RESISTANT]
    assert all("Mfa" in str(row.requirements_satisfied) for row in read.value or [])


@pytest.mark.parametrize(
    "root",
    [
        "policies/authenticationStrengthPolicies",
        "identity/conditionalAccess/authenticationStrength/policies",
    ],
)
def test_a_custom_strength_is_read_as_it_was_made(graph: httpx.Client, root: str) -> None:
    """Under both addresses; its combinations in Graph's spelling, and its key models."""
    body = {**_OURS, "combinationConfigurations": [_KEYS]}
    path = f"/v1.0/{root}/{added(graph, f'/v1.0/{root}', body)}"
    read = graph.get(f"{path}?$expand=combinationConfigurations").json()
    assert read["policyType"] == "custom"
    assert read["requirementsSatisfied"] == "mfa"
    assert read["allowedCombinations"] == ["fido2", "password,sms"]
    (keys,) = read["combinationConfigurations"]
    assert keys == {**_KEYS, "id": keys["id"], "allowedAAGUIDs": [_YUBIKEY]}
    assert graph.get(f"{path}/combinationConfigurations").json()["value"] == [keys]
    assert graph.get(f"{path}?$expand=pigeons").status_code == 400
    assert graph.get(f"/v1.0/{root}?$filter=policyType eq 'custom'").status_code == 501
    assert graph.patch(path, json={"displayName": "x"}).status_code == 501
    assert graph.post(f"{path}/updateAllowedCombinations", json={}).status_code == 501
    assert graph.delete(path).status_code == 204
    assert graph.get(path).status_code == 404


def test_key_models_are_added_to_a_strength_once(graph: httpx.Client) -> None:
    """A second configuration is refused, and so is one of a built-in strength."""
    path = f"{STRENGTHS}/{added(graph, STRENGTHS, _OURS)}/combinationConfigurations"
    assert graph.post(path, json={**_KEYS, "allowedAAGUIDs": []}).status_code == 400
    assert graph.post(path, json=_KEYS).status_code == 201
    assert graph.post(path, json=_KEYS).status_code == 400
    built_in = f"{STRENGTHS}/{_MFA}/combinationConfigurations"
    assert graph.post(built_in, json=_KEYS).status_code == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"displayName": ""},
        {"displayName": "multifactor authentication"},
        {"allowedCombinations": []},
        {"allowedCombinations": ["pigeon"]},
        {"allowedCombinations": ["sms,voice"]},
        {"allowedCombinations": ["password,fido2"]},
        {"policyType": "builtIn"},
        {"combinationConfigurations": [{**_KEYS, "appliesToCombinations": ["password,sms"]}]},
        {"combinationConfigurations": [{**_KEYS, "allowedAAGUIDs": ["x"]}]},
        {"combinationConfigurations": [_KEYS, _KEYS]},
        {"allowedCombinations": ["password,sms"], "combinationConfigurations": [_KEYS]},
    ],
)
def test_a_strength_of_another_shape_is_refused(
    graph: httpx.Client, changes: dict[str, Any]
) -> None:
    """Combinations are those that Graph lists, and no free choice of methods."""
    assert graph.post(STRENGTHS, json={**_OURS, **changes}).status_code == 400


def test_a_choice_among_certificates_is_not_modelled(graph: httpx.Client) -> None:
    """Graph takes it; nobody here has a certificate."""
    certificates = {
        "@odata.type": "#microsoft.graph.x509CertificateCombinationConfiguration",
        "appliesToCombinations": ["x509CertificateMultiFactor"],
        "allowedIssuerSkis": ["9A4248C6AC8C2931AB2A86537818E92E7B6C97B6"],
    }
    body = {"displayName": "Ours", "allowedCombinations": ["x509CertificateMultiFactor"]}
    both = {**body, "combinationConfigurations": [certificates]}
    assert graph.post(STRENGTHS, json=both).status_code == 501
    path = f"{STRENGTHS}/{added(graph, STRENGTHS, body)}/combinationConfigurations"
    assert graph.post(path, json=certificates).status_code == 501


def test_strengths_have_limits(graph: httpx.Client) -> None:
    """Fifteen custom ones; built-in ones are neither changed nor deleted."""
    for number in range(15):
        added(graph, STRENGTHS, {**_OURS, "displayName": f"Ours {number}"})
    assert graph.post(STRENGTHS, json=_OURS).status_code == 400
    assert graph.delete(f"{STRENGTHS}/{_MFA}").status_code == 400
    assert graph.patch(f"{STRENGTHS}/{_MFA}", json={"displayName": "x"}).status_code == 400


def test_a_strength_that_a_policy_uses_is_not_deleted(graph: httpx.Client) -> None:
    """First the policy."""
    grant = add_strength(graph, ["fido2"])
    policy = add_policy(graph, {"includeUsers": ["All"]}, grant)
    strength = f"{STRENGTHS}/{grant['authenticationStrength']['id']}"
    assert graph.delete(strength).status_code == 400
    assert graph.delete(f"{POLICIES}/{policy}").status_code == 204
    assert graph.delete(strength).status_code == 204


@pytest.mark.parametrize(
    ("combinations", "satisfies"),
    [(["fido2", "password,voice"], "mfa"), (["fido2", "password"], "none"), (["sms"], "none")],
)
def test_a_policy_tells_the_whole_strength(
    graph: httpx.Client, combinations: list[str], satisfies: str
) -> None:
    """Who reads it sees the combinations, and `mfa` where every one of them is."""
    policy = add_policy(graph, {"includeUsers": ["All"]}, add_strength(graph, combinations))
    (listed,) = graph.get(POLICIES).json()["value"]
    for row in (listed, graph.get(f"{POLICIES}/{policy}").json()):
        strength = row["grantControls"]["authenticationStrength"]
        assert strength["requirementsSatisfied"] == satisfies
        assert strength["allowedCombinations"] == combinations
        assert strength["combinationConfigurations"] == []


@pytest.mark.parametrize(
    ("roles", "status"),
    [
        (["Policy.ReadWrite.ConditionalAccess"], 201),
        (["Policy.ReadWrite.AuthenticationMethod"], 201),
        (["Policy.Read.All"], 403),
    ],
)
def test_strengths_take_their_permissions(
    control: GraphControl, graph: httpx.Client, roles: list[str], status: int
) -> None:
    """Either of two writes; all of these read."""
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    assert graph.post(STRENGTHS, json=_OURS, headers=headers).status_code == status
    assert graph.get(STRENGTHS, headers=headers).status_code == 200


@pytest.mark.parametrize(
    ("built_in", "kind", "enough"),
    [
        (_MFA, "mobile", True),
        (_MFA, "office", True),
        (_MFA, "microsoftAuthenticator", True),
        (_MFA, "softwareOath", True),
        (_MFA, "hardwareOath", True),
        (_MFA, "windowsHelloForBusiness", True),
        (_MFA, "external", False),
        (_MFA, "email", False),
        (_PASSWORDLESS, "microsoftAuthenticator", False),
        (_PASSWORDLESS, "platformCredential", True),
        (_RESISTANT, "fido2", True),
        (_RESISTANT, "windowsHelloForBusiness", True),
        (_RESISTANT, "mobile", False),
    ],
)
def test_methods_reach_built_in_strengths(
    control: GraphControl, graph: httpx.Client, *, built_in: str, kind: str, enough: bool
) -> None:
    """By their combinations with the password or alone; other providers' methods by none."""
    user = control.create_user()["id"]
    control.register(user, kind)
    add_policy(graph, {"includeUsers": [user]}, strength_grant(built_in))
    result = sign_in(control, user, credentials=["password", kind])
    assert (result == "allowed") is enough


@pytest.mark.parametrize(
    ("combinations", "kind", "enough"),
    [
        (["password,sms"], "mobile", True),
        (["password,sms"], "office", False),
        (["password,voice"], "mobile", True),
        (["password,voice"], "office", True),
        (["password"], "mobile", True),
        (["sms"], "mobile", True),
        (["password,softwareOath", "fido2"], "softwareOath", True),
        (["password,hardwareOath"], "softwareOath", False),
        (["federatedMultiFactor"], "mobile", False),
        (["x509CertificateMultiFactor"], "fido2", False),
        (["deviceBasedPush"], "microsoftAuthenticator", False),
        (["qrCodePin"], "qrCodePin", True),
    ],
)
def test_methods_reach_custom_strengths(
    control: GraphControl, graph: httpx.Client, *, combinations: list[str], kind: str, enough: bool
) -> None:
    """One combination is enough, and all of its parts must be presented."""
    user = control.create_user()["id"]
    control.register(user, kind)
    add_policy(graph, {"includeUsers": [user]}, add_strength(graph, combinations))
    result = sign_in(control, user, credentials=["password", kind])
    assert (result == "allowed") is enough


@pytest.mark.parametrize(
    ("models", "result"),
    [(None, "allowed"), ([_YUBIKEY.upper()], "allowed"), ([_AUTHENTICATOR], "mfa-required")],
)
def test_a_key_of_another_model_does_not_reach_the_strength(
    control: GraphControl, graph: httpx.Client, models: list[str] | None, result: str
) -> None:
    """The model is the `aaGuid`; another key may be registered, so the person is asked."""
    user = control.create_user()["id"]
    control.register(user, "fido2")
    add_policy(graph, {"includeUsers": [user]}, add_strength(graph, ["fido2"], models))
    assert sign_in(control, user, credentials=["fido2"]) == result


@pytest.mark.parametrize(
    ("once", "combination", "result"),
    [
        (True, "temporaryAccessPassOneTime", "allowed"),
        (True, "temporaryAccessPassMultiUse", "registration-required"),
        (False, "temporaryAccessPassMultiUse", "allowed"),
    ],
)
def test_a_pass_is_of_one_time_or_of_several(
    control: GraphControl, graph: httpx.Client, *, once: bool, combination: str, result: str
) -> None:
    """Each is a combination of its own."""
    user = control.create_user()["id"]
    passes = f"/v1.0/users/{user}/authentication/temporaryAccessPassMethods"
    graph.post(passes, json={"isUsableOnce": once}).raise_for_status()
    add_policy(graph, {"includeUsers": [user]}, add_strength(graph, [combination]))
    assert sign_in(control, user, credentials=["temporaryAccessPass"]) == result


@pytest.mark.parametrize(
    ("combinations", "result"),
    [(["x509CertificateMultiFactor"], "blocked"), (["fido2"], "registration-required")],
)
def test_who_could_never_reach_it_is_blocked(
    control: GraphControl, graph: httpx.Client, combinations: list[str], result: str
) -> None:
    """Others are led to register: .../concept-authentication-strength-how-it-works."""
    user = control.create_user()["id"]
    add_policy(graph, {"includeUsers": [user]}, add_strength(graph, combinations))
    assert sign_in(control, user) == result


def test_every_strength_that_applies_must_be_reached(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Two policies with different strengths ask for methods of both."""
    user = control.create_user()["id"]
    for kind in ("mobile", "fido2"):
        control.register(user, kind)
    for grant in (strength_grant(_RESISTANT), add_strength(graph, ["password,sms"])):
        add_policy(graph, {"includeUsers": [user]}, grant)
    assert sign_in(control, user, credentials=["password", "mobile"]) == "mfa-required"
    assert sign_in(control, user, credentials=["fido2"]) == "mfa-required"
    assert sign_in(control, user, credentials=["password", "mobile", "fido2"]) == "allowed"
