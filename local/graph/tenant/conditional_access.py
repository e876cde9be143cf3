"""Whether a Conditional Access policy applies to an attempt, and what satisfies it.

Of report-only and disabled policies nothing follows. Controls other than MFA (a compliant device,
an approved app) are never satisfied here: nobody in this tenant has a managed device.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from local.graph.tenant.methods import Kind

Policy = Mapping[str, Any]

USER_ACTION = "urn:user:"
_PHISHING_RESISTANT = frozenset({Kind.FIDO2, Kind.WINDOWS_HELLO, Kind.PLATFORM_CREDENTIAL})
_PASSKEYS = ("windowsHelloForBusiness", "fido2", "x509CertificateMultiFactor")


@dataclass(frozen=True)
class AuthenticationStrength:
    """A strength that a policy may ask for.

    Attributes:
        combinations: what reaches it, in Graph's words.
        sufficient: the methods that reach it; None = every MFA.
        satisfies: `mfa`, or `none` where one factor may reach it.
        built_in: whether every tenant has it.
    """

    name: str
    combinations: tuple[str, ...]
    sufficient: frozenset[Kind] | None
    satisfies: str = "mfa"
    built_in: bool = True


STRENGTHS: dict[str, AuthenticationStrength] = {
    "00000000-0000-0000-0000-000000000002": AuthenticationStrength(
        "Multifactor authentication",
        (
            *_PASSKEYS,
            "deviceBasedPush",
            "temporaryAccessPassOneTime",
            "temporaryAccessPassMultiUse",
            "password,microsoftAuthenticatorPush",
            "password,softwareOath",
            "password,hardwareOath",
            "password,sms",
            "password,voice",
        ),
        None,
    ),
    "00000000-0000-0000-0000-000000000003": AuthenticationStrength(
        "Passwordless MFA", (*_PASSKEYS, "deviceBasedPush"), _PHISHING_RESISTANT
    ),
    "00000000-0000-0000-0000-000000000004": AuthenticationStrength(
        "Phishing-resistant MFA", _PASSKEYS, _PHISHING_RESISTANT
    ),
    "6f3b1c52-7d0e-4b8a-9c41-2e5a8d9f0b13": AuthenticationStrength(
        "One factor",
        ("password", "x509CertificateSingleFactor"),
        None,
        satisfies="none",
        built_in=False,
    ),
}
"""The built-in strengths, and one that an administrator made."""


@dataclass(frozen=True)
class Signals:
    """What the policies look at.

    Attributes:
        app: the application's id, or a user action (`urn:user:...`).
        client: a client type of Conditional Access.
        location: `trusted`, or anything else for an untrusted place.
        risk: the sign-in risk; empty for none.
        groups: the ids of all groups that the person is in.
        roles: the template ids of the person's active roles.
    """

    user: str
    guest: bool
    groups: Collection[str]
    roles: Collection[str]
    app: str
    client: str
    platform: str
    location: str
    risk: str


def applies(policy: Policy, signals: Signals) -> bool:
    """The policy is enabled and its conditions cover the attempt."""
    conditions = policy["conditions"]
    clients = conditions["clientAppTypes"]
    return (
        policy["state"] == "enabled"
        and _covers_person(conditions["users"], signals)
        and _covers_app(conditions["applications"], signals.app)
        and ("all" in clients or signals.client in clients)
        and _covers_place(conditions["platforms"], "Platforms", {"all", signals.platform})
        and _covers_place(conditions["locations"], "Locations", _locations(signals.location))
        and _covers_risk(conditions["signInRiskLevels"], signals.risk)
        and not conditions["userRiskLevels"]
    )


def is_block(policy: Policy) -> bool:
    """The policy lets nobody in."""
    return "block" in _controls(policy)


def is_satisfied(policy: Policy, strong: Collection[Kind]) -> bool:
    """The grant controls are met by these methods, each of which is good for MFA."""
    grant = policy["grantControls"]
    if grant is None:
        return True
    met = [control == "mfa" and bool(strong) for control in _controls(policy)]
    if grant["authenticationStrength"] is not None:
        met.append(_reaches(STRENGTHS[grant["authenticationStrength"]["id"]], strong))
    return any(met) if grant["operator"] == "OR" else all(met)


def _reaches(strength: AuthenticationStrength, strong: Collection[Kind]) -> bool:
    if strength.satisfies == "none":
        return True  # The password was right, or there would be no attempt to judge.
    enough = strength.sufficient
    return bool(strong) and (enough is None or not enough.isdisjoint(strong))


def _controls(policy: Policy) -> list[str]:
    grant = policy["grantControls"]
    return [] if grant is None else list(grant["builtInControls"])


def _covers_person(users: Mapping[str, Any], signals: Signals) -> bool:
    def named(prefix: str) -> bool:
        people = users[f"{prefix}Users"]
        return (
            "All" in people
            or signals.user in people
            or (signals.guest and "GuestsOrExternalUsers" in people)
            or not set(users[f"{prefix}Groups"]).isdisjoint(signals.groups)
            or not set(users[f"{prefix}Roles"]).isdisjoint(signals.roles)
        )

    return named("include") and not named("exclude")


def _covers_app(applications: Mapping[str, Any], app: str) -> bool:
    if app.startswith(USER_ACTION):
        return app in applications["includeUserActions"]
    included = applications["includeApplications"]
    return ("All" in included or app in included) and app not in applications["excludeApplications"]


def _covers_place(place: Mapping[str, Any] | None, name: str, mine: Collection[str]) -> bool:
    if place is None:
        return True
    included = set(place[f"include{name}"])
    return not included.isdisjoint(mine) and set(place[f"exclude{name}"]).isdisjoint(mine)


def _locations(location: str) -> set[str]:
    return {"All", "AllTrusted"} if location == "trusted" else {"All"}


def _covers_risk(levels: Collection[str], risk: str) -> bool:
    return not levels or (risk or "none") in levels
