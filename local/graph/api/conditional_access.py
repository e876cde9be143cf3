"""`/identity/conditionalAccess/policies`, and security defaults, which exclude them."""

import uuid
from typing import Any

from local.graph.api import permissions as may
from local.graph.api.authentication_strengths import (
    check_licensed,
    shown_strength,
    strengths_of,
)
from local.graph.api.errors import (
    GraphError,
    bad_policy_request,
    not_modelled,
    policy_access_denied,
)
from local.graph.api.listing import PAGED, context_of, list_answer, read_names
from local.graph.api.messages import GraphAnswer, without_annotations
from local.graph.api.policy_schema.model import InvalidPolicyError, Known, UnmodelledPolicyError
from local.graph.api.policy_schema.reading import read_policy, without_type_names
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.refusals import UnknownObjectError
from local.graph.tenant.times import graph_time

_CONTEXT = "identity/conditionalAccess/policies"
_DEFAULTS = "policies/identitySecurityDefaultsEnforcementPolicy"
_READ_ONLY = ("id", "createdDateTime", "modifiedDateTime", "templateId")
_PROPERTIES = (
    *_READ_ONLY,
    "displayName",
    "state",
    "conditions",
    "grantControls",
    "sessionControls",
)
_DEFAULTS_ID = "00000000-0000-0000-0000-000000000005"


def list_policies(call: Call) -> GraphAnswer:
    """GET the policies, whatever their state."""
    check_options(call.request.query, PAGED)
    names = read_names(call, _PROPERTIES, "conditionalAccessPolicy")
    rows = list(call.tenant.policies.conditional_access.values())

    def show(row: dict[str, Any]) -> dict[str, Any]:
        shown = _shown(call, row)
        return shown if names is None else {name: shown[name] for name in names}

    return list_answer(call, rows, show, _CONTEXT)


def get_policy(call: Call) -> GraphAnswer:
    """GET one policy."""
    check_options(call.request.query, frozenset())
    return GraphAnswer(200, {"@odata.context": _entity(call), **_shown(call, _policy(call))})


def add_policy(call: Call) -> GraphAnswer:
    """POST a policy: 201. Nothing makes it unique: the same body again is a second policy."""
    _check_may_write(call)
    now = graph_time(call.tenant.now())
    stored = _checked(call, without_type_names(call.request.json_object()))
    fixed = {"id": str(uuid.uuid4()), "createdDateTime": now}
    policy = {**fixed, "modifiedDateTime": None, "templateId": None, **stored}
    call.tenant.policies.conditional_access[fixed["id"]] = policy
    by = call.request.caller.app_id
    call.tenant.record("Add conditional access policy", policy["id"], by)
    return GraphAnswer(201, {"@odata.context": _entity(call), **_shown(call, policy)})


def change_policy(call: Call) -> GraphAnswer:
    """PATCH a policy: 204. What is given replaces; inside `conditions`, part by part."""
    _check_may_write(call)
    old, given = _policy(call), without_type_names(call.request.json_object())
    if not given:
        raise bad_policy_request("The request body must not be empty.")
    kept = {name: value for name, value in old.items() if name not in _READ_ONLY}
    merged = {**kept, **given}
    if isinstance(given.get("conditions"), dict):
        merged["conditions"] = {**old["conditions"], **given["conditions"]}
    fixed = {name: old[name] for name in _READ_ONLY}
    fixed["modifiedDateTime"] = graph_time(call.tenant.now())
    call.tenant.policies.conditional_access[old["id"]] = {**fixed, **_checked(call, merged)}
    by = call.request.caller.app_id
    call.tenant.record("Update conditional access policy", old["id"], by)
    return GraphAnswer(204)


def delete_policy(call: Call) -> GraphAnswer:
    """DELETE a policy: 204."""
    _check_may_write(call)
    policy = _policy(call)
    del call.tenant.policies.conditional_access[policy["id"]]
    by = call.request.caller.app_id
    call.tenant.record("Delete conditional access policy", policy["id"], by)
    return GraphAnswer(204)


def get_security_defaults(call: Call) -> GraphAnswer:
    """GET whether security defaults are on."""
    check_options(call.request.query, frozenset())
    return GraphAnswer(
        200,
        {
            "@odata.context": context_of(call, f"{_DEFAULTS}/$entity"),
            "id": _DEFAULTS_ID,
            "displayName": "Security Defaults",
            "description": "Security defaults is a set of basic identity security mechanisms.",
            "isEnabled": call.tenant.policies.security_defaults,
        },
    )


def change_security_defaults(call: Call) -> GraphAnswer:
    """PATCH security defaults: 204; they do not go with an enabled policy."""
    call.require(may.POLICY_READ)
    given = without_annotations(call.request.json_object())
    value = given.get("isEnabled")
    if given.keys() != {"isEnabled"} or not isinstance(value, bool):
        raise bad_policy_request("The request body must hold isEnabled and nothing else.")
    policies = call.tenant.policies
    if value and any(row["state"] == "enabled" for row in policies.conditional_access.values()):
        raise bad_policy_request("Conditional Access policies prevent enabling security defaults.")
    policies.security_defaults = value
    call.tenant.record("Update security defaults", _DEFAULTS_ID, call.request.caller.app_id)
    return GraphAnswer(204)


def _shown(call: Call, policy: dict[str, Any]) -> dict[str, Any]:
    """A policy as it is read: with the whole strength that it names."""
    grant = policy["grantControls"]
    if grant is None or grant["authenticationStrength"] is None:
        return policy
    whole = shown_strength(call, strengths_of(call)[grant["authenticationStrength"]["id"]])
    return {**policy, "grantControls": {**grant, "authenticationStrength": whole}}


def _policy(call: Call) -> dict[str, Any]:
    key = call.parameters["policy"]
    policy = call.tenant.policies.conditional_access.get(key.casefold())
    if policy is None:
        raise GraphError(404, "NotFound", f"1030: Policy with id {key} was not found.")
    return policy


def _checked(call: Call, given: dict[str, Any]) -> dict[str, Any]:
    known = Known(
        user=lambda key: _is_person(call, key),
        group=call.tenant.is_group,
        location=lambda key: key.casefold() in call.tenant.policies.named_locations,
        strength=lambda key: key.casefold() in strengths_of(call),
    )
    try:
        stored = read_policy(given, known)
    except UnmodelledPolicyError as error:
        raise not_modelled(f"{error} in a Conditional Access policy") from error
    except InvalidPolicyError as error:
        raise bad_policy_request(str(error)) from error
    if stored["state"] == "enabled" and call.tenant.policies.security_defaults:
        raise bad_policy_request(
            "1035: Security Defaults is enabled in the tenant. You must disable Security defaults"
            " before enabling a Conditional Access policy."
        )
    return stored


def _check_may_write(call: Call) -> None:
    """Writing takes three permissions together, and a licence.

    Raises:
        GraphError: 403.
    """
    held = call.request.caller.roles
    if not (may.POLICY_READ & held and may.APPLICATIONS_READ & held):
        raise policy_access_denied()
    check_licensed(call)


def _is_person(call: Call, key: str) -> bool:
    try:
        return call.tenant.people.truth(key).id == key.casefold()
    except UnknownObjectError:
        return False


def _entity(call: Call) -> str:
    return context_of(call, f"{_CONTEXT}/$entity")
