"""What the policies of small tenants say and refer to, as Graph tells it."""

from typing import Any, Final

LOCATIONS: Final[dict[str, dict[str, Any]]] = {
    "Place-DE": {"countriesAndRegions": ["DE"]},
    "Place-FR": {"countriesAndRegions": ["FR", "CH"]},
    "Place-EU": {"countriesAndRegions": ["DE", "FR"]},
    "Place-Phone": {
        "countriesAndRegions": ["DE"],
        "countryLookupMethod": "authenticatorAppGps",
    },
    "Place-HQ": {"isTrusted": True},
}
NO_APPLICATION: Final[tuple[dict[str, Any], ...]] = (
    {"includeApplications": ["None"]},
    {"includeUserActions": ["urn:user:registersecurityinfo"]},
    {"includeUserActions": ["urn:user:registerdevice"]},
    {"includeAuthenticationContextClassReferences": ["c1"]},
)
STRENGTHS: Final = {
    "Strength-MFA": {"allowedCombinations": ["fido2", "password,sms", "deviceBasedPush"]},
    "Strength-Resistant": {"allowedCombinations": ["fido2", "x509CertificateMultiFactor"]},
    "Strength-Weak": {"allowedCombinations": ["fido2", "x509CertificateSingleFactor"]},
}

MFA: Final = {"operator": "OR", "builtInControls": ["mfa"]}
GRANTS: Final[tuple[dict[str, Any] | None, ...]] = (
    {"operator": "AND", "builtInControls": ["mfa", "compliantDevice"]},
    {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]},
    {"operator": "OR", "builtInControls": ["block"]},
    {"operator": "OR", "authenticationStrength": {"id": "Strength-MFA"}},
    {"operator": "AND", "authenticationStrength": {"id": "Strength-Resistant"}},
    {"operator": "OR", "authenticationStrength": {"id": "Strength-Weak"}},
    {"operator": "AND", "builtInControls": ["mfa"], "termsOfUse": ["terms"]},
    {"operator": "OR", "builtInControls": ["mfa"], "customAuthenticationFactors": ["duo"]},
    {"operator": "OR", "builtInControls": [], "termsOfUse": ["terms"]},
    {"operator": "AND", "builtInControls": ["passwordChange", "mfa"]},
    {"operator": "OR", "builtInControls": ["riskRemediation"]},
    {
        "operator": "OR",
        "builtInControls": ["compliantDevice"],
        "authenticationStrength": {"id": "Strength-MFA"},
    },
    None,
)
STRANGE_GRANTS: Final[tuple[dict[str, Any], ...]] = (
    {"operator": "OR", "builtInControls": ["mfa", "somethingNew"]},
    {"operator": "AND", "builtInControls": ["mfa", "somethingNew"]},
    {"operator": "AND", "builtInControls": ["somethingNew", "compliantDevice"]},
    {"operator": "OR", "builtInControls": ["compliantDevice", "somethingNew"]},
    {"operator": "OR", "authenticationStrength": {"id": "Strength-Gone"}},
)
