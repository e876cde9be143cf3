"""The shape of an authentication strength, as strictly as the service checks it.

Source: https://learn.microsoft.com/graph/api/authenticationstrengthroot-post-policies and
https://learn.microsoft.com/graph/api/resources/fido2combinationconfiguration
"""

import uuid
from typing import Any

import msgspec

from local.graph.tenant.access.strengths import COMBINATIONS, FIDO2_CONFIGURATION

_CERTIFICATES = "#microsoft.graph.x509CertificateCombinationConfiguration"
_ONE = "One configuration of FIDO2 keys is all that a strength has."


class InvalidStrengthError(Exception):
    """The service does not take the strength; the text says why."""


class UnmodelledStrengthError(Exception):
    """The service takes it, and this tenant does not decide on it; the text says on what."""


class Configuration(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    rename="camel",
    forbid_unknown_fields=True,
    tag_field="@odata.type",
    tag=FIDO2_CONFIGURATION,
):
    """Which models of FIDO2 keys reach some combinations."""

    applies_to_combinations: tuple[str, ...]
    allowed_aaguids: tuple[uuid.UUID, ...] = msgspec.field(name="allowedAAGUIDs")

    def __post_init__(self) -> None:
        if not self.allowed_aaguids:
            raise ValueError("allowedAAGUIDs is not empty")
        if self.applies_to_combinations != ("fido2",):
            raise ValueError("a configuration of FIDO2 keys applies to 'fido2'")


class Strength(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True
):
    """What a client writes of a strength."""

    display_name: str
    description: str | None = None
    allowed_combinations: tuple[str, ...]
    combination_configurations: tuple[Configuration, ...] = ()


def read_strength(given: dict[str, Any]) -> dict[str, Any]:
    """A strength as the service stores it.

    Raises:
        InvalidStrengthError: it has another shape, or allows what is no combination.
        UnmodelledStrengthError: it chooses among certificates.
    """
    for row in given.get("combinationConfigurations") or ():
        _check_modelled(row)
    plain = {key: value for key, value in given.items() if not key.startswith("@odata.")}
    try:
        strength = msgspec.convert(plain, Strength)
    except msgspec.ValidationError as error:
        raise InvalidStrengthError(f"The authentication strength is not valid. {error}") from error
    if not strength.display_name.strip() or not strength.allowed_combinations:
        raise InvalidStrengthError("displayName and allowedCombinations must not be empty.")
    combinations = [_combination(text) for text in strength.allowed_combinations]
    if len(strength.combination_configurations) > 1:
        raise InvalidStrengthError(_ONE)
    stored: dict[str, Any] = msgspec.to_builtins(strength)
    allowed = list(dict.fromkeys(combinations))
    configurations = [
        _stored(configuration, allowed) for configuration in strength.combination_configurations
    ]
    return {**stored, "allowedCombinations": allowed, "combinationConfigurations": configurations}


def read_configuration(given: dict[str, Any], strength: dict[str, Any]) -> dict[str, Any]:
    """A configuration that is added to a stored strength.

    Raises:
        InvalidStrengthError: it has another shape, does not fit, or there is one.
        UnmodelledStrengthError: it chooses among certificates.
    """
    _check_modelled(given)
    if strength["combinationConfigurations"]:
        raise InvalidStrengthError(_ONE)
    try:
        configuration = msgspec.convert(given, Configuration)
    except msgspec.ValidationError as error:
        raise InvalidStrengthError(f"The configuration is not valid. {error}") from error
    return _stored(configuration, strength["allowedCombinations"])


def _check_modelled(row: object) -> None:
    if isinstance(row, dict) and row.get("@odata.type") == _CERTIFICATES:
        raise UnmodelledStrengthError("a choice among certificates")


def _stored(configuration: Configuration, allowed: list[str]) -> dict[str, Any]:
    if not set(configuration.applies_to_combinations) <= set(allowed):
        raise InvalidStrengthError("A configuration applies to what the strength allows.")
    row: dict[str, Any] = msgspec.to_builtins(configuration)
    return {"id": str(uuid.uuid4()), **row}


def _combination(text: str) -> str:
    modes = frozenset(mode.strip() for mode in text.split(","))
    if modes not in COMBINATIONS:
        raise InvalidStrengthError(f"'{text}' is no combination of authentication methods.")
    return COMBINATIONS[modes]
