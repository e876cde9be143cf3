"""What a policy asks for.

Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-grant
"""

from typing import Any, Literal

import msgspec

from local.graph.api.policy_schema.conditions import Conditions
from local.graph.api.policy_schema.model import (
    InvalidPolicyError,
    Known,
    Model,
    check_known,
    is_guid,
)
from local.graph.api.policy_schema.targets import REGISTER_DEVICE

_SESSION_CONTROLS = frozenset(
    {
        "applicationEnforcedRestrictions",
        "cloudAppSecurity",
        "disableResilienceDefaults",
        "persistentBrowser",
        "secureSignInSession",
        "signInFrequency",
    }
)


class Strength(Model, frozen=True):
    """A reference to an authentication strength."""

    id: str


class GrantControls(Model, frozen=True):
    """What a policy asks for."""

    operator: Literal["AND", "OR"]
    built_in_controls: tuple[
        Literal[
            "block",
            "mfa",
            "compliantDevice",
            "domainJoinedDevice",
            "approvedApplication",
            "compliantApplication",
            "passwordChange",
            "riskRemediation",
        ],
        ...,
    ] = ()
    authentication_strength: Strength | None = None
    custom_authentication_factors: tuple[str, ...] = ()
    terms_of_use: tuple[str, ...] = ()


def checked_grant(
    grant: GrantControls | None,
    session: dict[str, Any] | None,
    conditions: Conditions,
    known: Known,
) -> GrantControls | None:
    """What a policy asks for, as the service stores it.

    Raises:
        InvalidPolicyError: it asks for nothing, contradicts itself, or names what is not there.
    """
    for name in session or {}:
        if name not in _SESSION_CONTROLS:
            raise InvalidPolicyError(f"1007: There is no session control '{name}'.")
    if grant is None:
        if not session:
            raise InvalidPolicyError("1036: The policy must have grant or session controls.")
        return None
    controls, strength = grant.built_in_controls, grant.authentication_strength
    others = bool(strength or grant.terms_of_use or grant.custom_authentication_factors)
    if not controls and not others:
        raise InvalidPolicyError("1036: The grant controls must not be empty.")
    if "block" in controls and (len(controls) > 1 or others):
        raise InvalidPolicyError("1010: 'block' cannot be combined with other controls.")
    if strength is not None and ("mfa" in controls or not known.strength(strength.id)):
        raise InvalidPolicyError(
            "1033: The authentication strength does not exist, or stands beside 'mfa'."
        )
    check_known(grant.terms_of_use, (), is_guid, "terms of use")
    _check_fitting(grant, conditions)
    if strength is None:
        return grant
    return msgspec.structs.replace(
        grant, authentication_strength=Strength(id=strength.id.casefold())
    )


def _check_fitting(grant: GrantControls, conditions: Conditions) -> None:
    """What goes with some conditions only."""
    controls = set(grant.built_in_controls)
    others = grant.terms_of_use or grant.custom_authentication_factors
    if conditions.client_applications is not None and controls != {"block"}:
        raise InvalidPolicyError("1010: Workload identities can be blocked and nothing else.")
    registers_device = REGISTER_DEVICE in conditions.applications.include_user_actions
    if registers_device and (controls - {"mfa"} or others):
        raise InvalidPolicyError("1010: Registering a device can ask for MFA and nothing else.")
    if "passwordChange" not in controls:
        return
    if controls - {"passwordChange", "mfa"} or others:
        raise InvalidPolicyError("1010: 'passwordChange' goes with MFA and no other control.")
    if len(controls) + bool(grant.authentication_strength) > 1 and grant.operator != "AND":
        raise InvalidPolicyError("1010: 'passwordChange' comes after MFA: the operator is 'AND'.")
    if conditions.applications.include_applications != ("All",) or any(
        (
            conditions.applications.exclude_applications,
            conditions.applications.application_filter,
            conditions.sign_in_risk_levels,
            conditions.insider_risk_levels,
            conditions.platforms,
            conditions.locations,
            conditions.devices,
            conditions.authentication_flows,
        )
    ):
        raise InvalidPolicyError(
            "1010: 'passwordChange' is about all applications and user risk, and nothing else."
        )
