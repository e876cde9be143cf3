"""The tenant's policies, as Graph spells them."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

import msgspec

_EVERYBODY = "all_users"
ONE_FACTOR, TWO_FACTORS = "x509CertificateSingleFactor", "x509CertificateMultiFactor"

# Each method with the settings of its own, beside state and targets.
_OWN_SETTINGS: dict[str, dict[str, Any]] = {
    "microsoftAuthenticator": {"isSoftwareOathEnabled": False},
    "temporaryAccessPass": {
        "defaultLifetimeInMinutes": 60,
        "defaultLength": 8,
        "minimumLifetimeInMinutes": 60,
        "maximumLifetimeInMinutes": 480,
        "isUsableOnce": False,
    },
    "fido2": {"isAttestationEnforced": False, "isSelfServiceRegistrationAllowed": True},
    "sms": {},
    "voice": {"isOfficePhoneAllowed": True},
    "email": {"allowExternalIdToUseEmailOtp": "default"},
    "softwareOath": {},
    "x509Certificate": {
        "authenticationModeConfiguration": {
            "x509CertificateAuthenticationDefaultMode": ONE_FACTOR,
            "x509CertificateDefaultRequiredAffinityLevel": "low",
            "rules": [],
        },
    },
}
_OFF_AT_FIRST = frozenset({"x509Certificate"})
TYPE_NAMES = {
    name: f"#microsoft.graph.{name}AuthenticationMethodConfiguration" for name in _OWN_SETTINGS
}


def _first_configurations() -> dict[str, dict[str, Any]]:
    return {
        name: {
            "@odata.type": TYPE_NAMES[name],
            "id": name,
            "state": "disabled" if name in _OFF_AT_FIRST else "enabled",
            **own,
            "excludeTargets": [],
            "includeTargets": [
                {"id": _EVERYBODY, "isRegistrationRequired": False, "targetType": "group"}
            ],
        }
        for name, own in _OWN_SETTINGS.items()
    }


class Policies(msgspec.Struct, kw_only=True):
    """All policies.

    Attributes:
        methods: the configuration of each method in the authentication methods policy, by id.
        conditional_access: the Conditional Access policies, by id.
        authentication_strengths: those that administrators made, by id.
        named_locations: by id.
        inbound_trust: what is believed of every other tenant.
        partners: the configurations of cross-tenant access, by the partner's tenant id.
        security_defaults: security defaults are on.
    """

    methods: dict[str, dict[str, Any]] = msgspec.field(default_factory=_first_configurations)
    conditional_access: dict[str, dict[str, Any]] = {}
    authentication_strengths: dict[str, dict[str, Any]] = {}
    named_locations: dict[str, dict[str, Any]] = {}
    inbound_trust: dict[str, bool] | None = None
    partners: dict[str, dict[str, Any]] = {}
    security_defaults: bool = False


def is_allowed(configuration: Mapping[str, Any], groups: Collection[str]) -> bool:
    """Whether a method's configuration lets somebody in these groups (ids) use it."""
    mine = {_EVERYBODY, *groups}
    included = {target["id"] for target in configuration["includeTargets"]}
    excluded = {target["id"] for target in configuration["excludeTargets"]}
    allowed = bool(included & mine) and not excluded & mine
    return allowed and configuration["state"] == "enabled"


class AllowedPeople:
    """Everybody whom a method's configuration lets use it (object ids), asked about many of them.

    Args:
        everybody_in: the object ids in a group.
    """

    def __init__(
        self, configuration: Mapping[str, Any], everybody_in: Callable[[str], Collection[str]]
    ) -> None:
        included = {target["id"] for target in configuration["includeTargets"]}
        excluded = {target["id"] for target in configuration["excludeTargets"]}
        self._nobody = configuration["state"] != "enabled" or _EVERYBODY in excluded
        self._everybody = _EVERYBODY in included
        self._included = _together(map(everybody_in, included))
        self._excluded = _together(map(everybody_in, excluded))

    def __contains__(self, person_id: str) -> bool:
        if self._nobody or person_id in self._excluded:
            return False
        return self._everybody or person_id in self._included


def _together(groups: Iterable[Collection[str]]) -> frozenset[str]:
    return frozenset[str]().union(*groups)
