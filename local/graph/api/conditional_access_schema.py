"""The shape of a Conditional Access policy, as strictly as the service checks it.

What Graph takes and this tenant does not decide on is refused, never ignored: filters for
applications, external user types, authentication flows, insider and workload risk, terms of use.
"""

from collections.abc import Callable
from typing import Any, Literal
from uuid import UUID

import msgspec

from local.graph.tenant.conditional_access import STRENGTHS

_PERSON_WORDS = frozenset({"All", "None", "GuestsOrExternalUsers"})
_APP_WORDS = frozenset({"All", "None", "Office365", "MicrosoftAdminPortals"})
_LOCATION_WORDS = frozenset({"All", "AllTrusted"})
_UNMODELLED = frozenset(
    {
        "applicationFilter",
        "authenticationFlows",
        "clientApplications",
        "customAuthenticationFactors",
        "devices",
        "excludeGuestsOrExternalUsers",
        "includeAuthenticationContextClassReferences",
        "includeGuestsOrExternalUsers",
        "insiderRiskLevels",
        "servicePrincipalRiskLevels",
        "termsOfUse",
    }
)
_Nothing = tuple[()]
_Risk = Literal["low", "medium", "high", "none"]
_Platform = Literal["all", "android", "iOS", "windows", "windowsPhone", "macOS", "linux"]


class InvalidPolicyError(Exception):
    """The service does not take the policy; the text says why."""


class _Model(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    pass


class Users(_Model, frozen=True):
    """Whom a policy covers."""

    include_users: tuple[str, ...] = ()
    exclude_users: tuple[str, ...] = ()
    include_groups: tuple[str, ...] = ()
    exclude_groups: tuple[str, ...] = ()
    include_roles: tuple[str, ...] = ()
    exclude_roles: tuple[str, ...] = ()
    include_guests_or_external_users: None = None
    exclude_guests_or_external_users: None = None


class Applications(_Model, frozen=True):
    """Which applications or user actions a policy covers."""

    include_applications: tuple[str, ...] = ()
    exclude_applications: tuple[str, ...] = ()
    include_user_actions: tuple[
        Literal["urn:user:registersecurityinfo", "urn:user:registerdevice"], ...
    ] = ()
    include_authentication_context_class_references: _Nothing = ()
    application_filter: None = None


class Platforms(_Model, frozen=True):
    """From which platforms."""

    include_platforms: tuple[_Platform, ...] = ()
    exclude_platforms: tuple[_Platform, ...] = ()


class Locations(_Model, frozen=True):
    """From where; named locations are not modelled."""

    include_locations: tuple[str, ...] = ()
    exclude_locations: tuple[str, ...] = ()


class Conditions(_Model, frozen=True):
    """When a policy applies."""

    users: Users
    applications: Applications
    client_app_types: tuple[
        Literal["all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "other"],
        ...,
    ]
    sign_in_risk_levels: tuple[_Risk, ...] = ()
    user_risk_levels: tuple[Literal["low", "medium", "high"], ...] = ()
    platforms: Platforms | None = None
    locations: Locations | None = None
    service_principal_risk_levels: _Nothing = ()
    insider_risk_levels: None = None
    authentication_flows: None = None
    client_applications: None = None
    devices: None = None


class Strength(_Model, frozen=True):
    """A reference to an authentication strength."""

    id: str


class GrantControls(_Model, frozen=True):
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
        ],
        ...,
    ] = ()
    authentication_strength: Strength | None = None
    custom_authentication_factors: _Nothing = ()
    terms_of_use: _Nothing = ()


class Policy(_Model, frozen=True):
    """What a client writes of a policy."""

    display_name: str
    state: Literal["enabled", "disabled", "enabledForReportingButNotEnforced"]
    conditions: Conditions
    grant_controls: GrantControls | None = None
    session_controls: dict[str, Any] | None = None


def read_policy(
    given: dict[str, Any], user_exists: Callable[[str], bool], group_exists: Callable[[str], bool]
) -> dict[str, Any]:
    """A policy as the service stores it, everything that was left out filled in.

    Args:
        user_exists: tells whether an object id is a person's; `group_exists` likewise.

    Raises:
        InvalidPolicyError: it has another shape, contradicts itself, or names who is not there.
    """
    try:
        policy = msgspec.convert(given, Policy)
    except msgspec.ValidationError as error:
        raise InvalidPolicyError(
            "1007: Incoming ConditionalAccessPolicy object is null or does not match the schema of"
            f" ConditionalAccessPolicy type. {error}"
        ) from error
    if not policy.display_name.strip():
        raise InvalidPolicyError("1004: The display name must not be empty.")
    _check_users(policy.conditions.users, user_exists, group_exists)
    _check_applications(policy.conditions)
    _check_grant(policy)
    stored: dict[str, Any] = msgspec.to_builtins(policy)
    return stored


def _check_users(
    users: Users, user_exists: Callable[[str], bool], group_exists: Callable[[str], bool]
) -> None:
    if not users.include_users + users.include_groups + users.include_roles:
        raise InvalidPolicyError("1011: The policy must include users, groups or roles.")
    if {"All", "None"} & set(users.include_users) and len(users.include_users) > 1:
        raise InvalidPolicyError("1011: 'All' and 'None' stand alone among the included users.")
    excluded_words = _PERSON_WORDS - {"All", "None"}
    _check_known(users.include_users, _PERSON_WORDS, user_exists, "user")
    _check_known(users.exclude_users, excluded_words, user_exists, "user")
    _check_known(users.include_groups + users.exclude_groups, frozenset(), group_exists, "group")
    _check_known(users.include_roles + users.exclude_roles, frozenset(), _is_guid, "role")


def _check_applications(conditions: Conditions) -> None:
    applications, clients = conditions.applications, conditions.client_app_types
    if bool(applications.include_applications) == bool(applications.include_user_actions):
        raise InvalidPolicyError("1011: The policy must include applications or user actions.")
    if {"All", "None"} & set(applications.include_applications) and (
        len(applications.include_applications) > 1
    ):
        raise InvalidPolicyError("1011: 'All' and 'None' stand alone among the applications.")
    named = applications.include_applications + applications.exclude_applications
    _check_known(named, _APP_WORDS, _is_guid, "application")
    if not clients or ("all" in clients and len(clients) > 1):
        raise InvalidPolicyError("1011: The client types must be 'all' or a list of others.")
    places = conditions.locations or Locations()
    included = places.include_locations + places.exclude_locations
    _check_known(included, _LOCATION_WORDS, lambda _: False, "location")


def _check_grant(policy: Policy) -> None:
    grant = policy.grant_controls
    if grant is None:
        if not policy.session_controls:
            raise InvalidPolicyError("1036: The policy must have grant or session controls.")
        return
    controls, strength = grant.built_in_controls, grant.authentication_strength
    if not controls and strength is None:
        raise InvalidPolicyError("1036: The grant controls must not be empty.")
    if "block" in controls and (len(controls) > 1 or strength is not None):
        raise InvalidPolicyError("1010: 'block' cannot be combined with other controls.")
    if strength is not None and ("mfa" in controls or strength.id not in STRENGTHS):
        raise InvalidPolicyError(
            "1033: The authentication strength does not exist, or stands beside 'mfa'."
        )


def _check_known(
    values: tuple[str, ...], words: frozenset[str], exists: Callable[[str], bool], what: str
) -> None:
    for value in values:
        if value not in words and not exists(value):
            raise InvalidPolicyError(f"1020: The {what} '{value}' does not exist in the directory.")


def _is_guid(value: str) -> bool:
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def unmodelled(value: dict[str, Any]) -> str | None:
    """What a policy says and this tenant cannot decide on, if it says any such thing."""
    for key, item in value.items():
        if key in _UNMODELLED and item:
            return key
        if isinstance(item, dict) and (found := unmodelled(item)):
            return found
    return None
