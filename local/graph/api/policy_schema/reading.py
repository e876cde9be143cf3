"""A whole policy."""

from typing import Any, Literal

import msgspec

from local.graph.api.policy_schema.conditions import Conditions, checked_conditions
from local.graph.api.policy_schema.grants import GrantControls, checked_grant
from local.graph.api.policy_schema.model import InvalidPolicyError, Known, Model

_TYPED = "externalTenants"


class Policy(Model, frozen=True):
    """What a client writes of a policy."""

    display_name: str
    state: Literal["enabled", "disabled", "enabledForReportingButNotEnforced"]
    conditions: Conditions
    grant_controls: GrantControls | None = None
    session_controls: dict[str, Any] | None = None


def read_policy(given: dict[str, Any], known: Known) -> dict[str, Any]:
    """A policy as the service stores it, everything that was left out filled in.

    Raises:
        InvalidPolicyError: it has another shape, contradicts itself, or names who is not there.
        UnmodelledPolicyError: it says what this tenant does not decide on.
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
    conditions = checked_conditions(policy.conditions, known)
    grant = checked_grant(policy.grant_controls, policy.session_controls, conditions, known)
    stored: dict[str, Any] = msgspec.to_builtins(
        msgspec.structs.replace(policy, conditions=conditions, grant_controls=grant)
    )
    return stored


def without_type_names(value: dict[str, Any]) -> dict[str, Any]:
    """The same JSON object without annotations, but for the type of what has several."""
    return {
        key: item if key == _TYPED or not isinstance(item, dict) else without_type_names(item)
        for key, item in value.items()
        if not key.startswith("@odata.")
    }
