"""Authentication strengths: the combinations of methods there are, and which one is reached.

Source: https://learn.microsoft.com/graph/api/authenticationstrengthroot-list-policies and
https://learn.microsoft.com/entra/identity/authentication/concept-authentication-strengths
"""

from collections.abc import Collection, Mapping
from typing import Any

from local.graph.tenant.access.proof import Proof

BUILT_IN_MFA = "00000000-0000-0000-0000-000000000002"
FIDO2_CONFIGURATION = "#microsoft.graph.fido2CombinationConfiguration"
_SECOND_FACTORS = ("microsoftAuthenticatorPush", "softwareOath", "hardwareOath", "sms", "voice")
_PHISHING_RESISTANT = ("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor")
_PASSWORDLESS = (*_PHISHING_RESISTANT, "deviceBasedPush")
_MFA = (
    *_PASSWORDLESS,
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    *(f"password,{second}" for second in _SECOND_FACTORS[:3]),
    "password,x509CertificateSingleFactor",
    "password,x509CertificateMultiFactor",
    *(f"password,{second}" for second in _SECOND_FACTORS[3:]),
    "federatedMultiFactor",
    *(f"{second},federatedSingleFactor" for second in _SECOND_FACTORS),
)
_ONE_FACTOR = (
    "password",
    "sms",
    "x509CertificateSingleFactor",
    "federatedSingleFactor",
    "qrCodePin",
)
COMBINATIONS = {frozenset(one.split(",")): one for one in (*_MFA, *_ONE_FACTOR)}
"""Every combination that a strength may allow, by its modes, as Graph spells it."""


def _built_in(key: str, name: str, what: str, combinations: Collection[str]) -> dict[str, Any]:
    return {
        "id": key,
        "createdDateTime": "2021-12-01T00:00:00Z",
        "modifiedDateTime": "2021-12-01T00:00:00Z",
        "displayName": name,
        "description": what,
        "policyType": "builtIn",
        "requirementsSatisfied": "mfa",
        "allowedCombinations": list(combinations),
        "combinationConfigurations": [],
    }


BUILT_IN: dict[str, dict[str, Any]] = {
    row["id"]: row
    for row in (
        _built_in(
            BUILT_IN_MFA,
            "Multifactor authentication",
            "Combinations of methods that satisfy strong authentication, such as a password + SMS",
            _MFA,
        ),
        _built_in(
            "00000000-0000-0000-0000-000000000003",
            "Passwordless MFA",
            "Passwordless methods that satisfy strong authentication, such as Passwordless sign-in"
            " with the Microsoft Authenticator",
            _PASSWORDLESS,
        ),
        _built_in(
            "00000000-0000-0000-0000-000000000004",
            "Phishing-resistant MFA",
            "Phishing-resistant, Passwordless methods for the strongest authentication, such as a"
            " FIDO2 security key",
            _PHISHING_RESISTANT,
        ),
    )
}
"""The strengths of every tenant."""


def requirements_satisfied(combinations: Collection[str]) -> str:
    """`mfa` where every one of the combinations is MFA, `none` otherwise."""
    return "mfa" if set(combinations) <= set(_MFA) else "none"


def reaches(strength: Mapping[str, Any], proof: Proof) -> bool:
    """What is proven contains one of the combinations that the strength allows."""
    if proof.unnamed_mfa and strength["id"] == BUILT_IN_MFA:
        return True
    return any(
        proof.modes.issuperset(modes) and _key_is_allowed(strength, combination, modes, proof)
        for combination in strength["allowedCombinations"]
        for modes in (combination.split(","),)
    )


def _key_is_allowed(
    strength: Mapping[str, Any], combination: str, modes: Collection[str], proof: Proof
) -> bool:
    if "fido2" not in modes or proof.key_models is None:
        return True
    return all(
        not proof.key_models.isdisjoint(configuration["allowedAAGUIDs"])
        for configuration in strength["combinationConfigurations"]
        if combination in configuration["appliesToCombinations"]
    )
