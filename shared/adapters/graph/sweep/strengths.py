"""Authentication strengths, from Microsoft Graph.

https://learn.microsoft.com/graph/api/authenticationstrengthroot-list-policies
"""

from collections.abc import Iterable, Mapping
from typing import Any, Final

import msgspec

from shared.adapters.graph.answers import Id, Page
from shared.adapters.graph.calls.sweep import STRENGTHS
from shared.adapters.graph.sweep.sending import Lists
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.strengths import Strength
from shared.domain.errors.directory import MalformedAnswer

_IS_MFA: Final = {"mfa": True, "none": False}
_BUILT_IN: Final = "builtin"
_KEYS: Final = "#microsoft.graph.fido2combinationconfiguration"
_PASSKEY: Final = frozenset({"fido2"})


class ConfigurationAnswer(msgspec.Struct, rename="camel"):
    """What is demanded of the methods in a combination beyond being there."""

    odata_type: str = msgspec.field(name="@odata.type", default="")
    applies_to_combinations: list[str] | None = None
    models: list[str] | None = msgspec.field(name="allowedAAGUIDs", default=None)


class StrengthAnswer(msgspec.Struct, rename="camel"):
    """A strength."""

    id: Id
    display_name: str | None = None
    policy_type: str | None = None
    requirements_satisfied: str | None = None
    allowed_combinations: list[str] | None = None
    combination_configurations: list[ConfigurationAnswer] | None = None


async def read_strengths(lists: Lists) -> Mapping[str, Strength] | Unknown:
    """`GET /v1.0/policies/authenticationStrengthPolicies`: by id, in small letters.

    One of the tenant's own that does not tell its configurations is left out: what reaches it
    cannot be told.
    """
    found = await lists.read(STRENGTHS, Page[StrengthAnswer])
    return found if isinstance(found, Unknown) else _by_id(found)


def strengths_told_with(policies: Iterable[Mapping[str, Any]]) -> Mapping[str, Strength]:
    """Those that policies ask for: they are told along with them, and cost no request.

    Args:
        policies: Conditional Access policies as Graph tells them.
    """
    grants = (one.get("grantControls") or {} for one in policies)
    named = (grant.get("authenticationStrength") for grant in grants if isinstance(grant, dict))
    found = (one for one in named if one is not None)
    return _by_id(map(_converted, found))


def _converted(told: object) -> StrengthAnswer:
    try:
        return msgspec.convert(told, StrengthAnswer)
    except msgspec.ValidationError as error:
        raise MalformedAnswer("policies.list: a strength is none of Graph's.") from error


def _by_id(found: Iterable[StrengthAnswer]) -> Mapping[str, Strength]:
    return {one.id.lower(): _strength(one) for one in found if _is_told(one)}


def _is_told(strength: StrengthAnswer) -> bool:
    if strength.allowed_combinations is None:
        return False
    is_built_in = (strength.policy_type or "").lower() == _BUILT_IN
    return is_built_in or strength.combination_configurations is not None


def _strength(told: StrengthAnswer) -> Strength:
    demands = told.combination_configurations or []
    models = [one.models or [] for one in demands if _names_models(one)]
    return Strength(
        strength_id=told.id.lower(),
        name=told.display_name or told.id,
        combinations=frozenset(_combinations(told.allowed_combinations)),
        is_mfa=_IS_MFA.get((told.requirements_satisfied or "").lower()),
        doubtful=frozenset(
            combination
            for one in demands
            if not _names_models(one)
            for combination in _combinations(one.applies_to_combinations)
        ),
        keys=frozenset(model.lower() for some in models for model in some) if models else None,
    )


def _names_models(demand: ConfigurationAnswer) -> bool:
    """Whether it only names models of passkeys; any other demand nobody can check from here."""
    return (
        demand.odata_type.lower() == _KEYS
        and bool(demand.models)
        and set(_combinations(demand.applies_to_combinations)) == {_PASSKEY}
    )


def _combinations(told: Iterable[str] | None) -> Iterable[frozenset[str]]:
    for one in told or ():
        yield frozenset(part.strip().casefold() for part in one.split(","))
