"""When a policy applies.

Source: https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
"""

from typing import Literal

import msgspec

from local.graph.api.policy_schema.model import (
    Filter,
    InvalidPolicyError,
    Known,
    Model,
    UnmodelledPolicyError,
    check_known,
    is_guid,
    read_flags,
)
from local.graph.api.policy_schema.targets import Applications, checked_applications
from local.graph.api.policy_schema.users import NOBODY, Users, checked_users

_LOCATION_WORDS = frozenset({"All", "AllTrusted"})
_MFA_TRUSTED_IPS = "00000000-0000-0000-0000-000000000000"
_OWN_PRINCIPALS = "ServicePrincipalsInMyTenant"
_Risk = Literal["low", "medium", "high", "hidden", "none"]
_Platform = Literal["all", "android", "iOS", "windows", "windowsPhone", "macOS", "linux"]
_Client = Literal[
    "all", "browser", "mobileAppsAndDesktopClients", "exchangeActiveSync", "easSupported", "other"
]


class Platforms(Model, frozen=True):
    """From which platforms."""

    include_platforms: tuple[_Platform, ...] = ()
    exclude_platforms: tuple[_Platform, ...] = ()


class Locations(Model, frozen=True):
    """From where."""

    include_locations: tuple[str, ...] = ()
    exclude_locations: tuple[str, ...] = ()


class Devices(Model, frozen=True):
    """With which devices."""

    device_filter: Filter


class Flows(Model, frozen=True):
    """By which flows of authentication."""

    transfer_methods: str


class ClientApplications(Model, frozen=True):
    """Which workload identities a policy covers, instead of people."""

    include_service_principals: tuple[str, ...] = ()
    exclude_service_principals: tuple[str, ...] = ()
    service_principal_filter: Filter | None = None


class Conditions(Model, frozen=True):
    """When a policy applies."""

    applications: Applications
    client_app_types: tuple[_Client, ...]
    users: Users | None = None
    client_applications: ClientApplications | None = None
    sign_in_risk_levels: tuple[_Risk, ...] = ()
    user_risk_levels: tuple[_Risk, ...] = ()
    service_principal_risk_levels: tuple[Literal["low", "medium", "high", "none"], ...] = ()
    insider_risk_levels: str | None = None
    platforms: Platforms | None = None
    locations: Locations | None = None
    devices: Devices | None = None
    authentication_flows: Flows | None = None


def checked_conditions(given: Conditions, known: Known) -> Conditions:
    """When a policy applies, as the service stores it.

    Raises:
        InvalidPolicyError: it contradicts itself, or names what is not there.
        UnmodelledPolicyError: it says what this tenant does not decide on.
    """
    clients = given.client_app_types
    if not clients or ("all" in clients and len(clients) > 1):
        raise InvalidPolicyError("1011: The client types must be 'all' or a list of others.")
    if "easSupported" in clients:
        raise UnmodelledPolicyError("the client type 'easSupported'")
    if given.platforms is not None and not given.platforms.include_platforms:
        raise UnmodelledPolicyError("no included platform")
    insider, flows = given.insider_risk_levels, given.authentication_flows
    if insider is not None:
        insider = read_flags(
            insider, ("minor", "moderate", "elevated"), "conditionalAccessInsiderRiskLevels"
        )
    if flows is not None:
        methods = ("deviceCodeFlow", "authenticationTransfer")
        flows = Flows(
            transfer_methods=read_flags(
                flows.transfer_methods, methods, "conditionalAccessTransferMethods"
            )
        )
    return msgspec.structs.replace(
        given,
        users=_checked_people(given, known),
        applications=checked_applications(given.applications),
        locations=_checked_places(given.locations, known),
        insider_risk_levels=insider,
        authentication_flows=flows,
    )


def _checked_people(given: Conditions, known: Known) -> Users:
    """Source: https://learn.microsoft.com/entra/identity/conditional-access/workload-identity"""
    workloads, users = given.client_applications, given.users
    if workloads is None:
        if given.service_principal_risk_levels:
            raise InvalidPolicyError("1011: Service principal risk is about workload identities.")
        if users is None:
            raise InvalidPolicyError("1011: The policy must include users or workload identities.")
        return checked_users(users, known)
    if users not in {None, NOBODY}:
        raise InvalidPolicyError("1011: A policy is about users or about workload identities.")
    included = workloads.include_service_principals
    if not included and workloads.service_principal_filter is None:
        raise InvalidPolicyError("1011: The policy must include service principals.")
    named = included + workloads.exclude_service_principals
    check_known(named, {_OWN_PRINCIPALS}, is_guid, "service principal")
    return NOBODY


def _checked_places(places: Locations | None, known: Known) -> Locations | None:
    if places is None:
        return None
    if not places.include_locations:
        raise UnmodelledPolicyError("no included location")
    named = places.include_locations + places.exclude_locations
    if _MFA_TRUSTED_IPS in named:
        raise UnmodelledPolicyError("the trusted addresses of the MFA service settings")
    check_known(named, _LOCATION_WORDS, known.location, "location")
    return Locations(
        include_locations=_folded(places.include_locations),
        exclude_locations=_folded(places.exclude_locations),
    )


def _folded(values: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(value if value in _LOCATION_WORDS else value.casefold() for value in values)
