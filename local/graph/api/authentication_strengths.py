"""Authentication strengths: the built-in ones, and those that administrators make.

Source: https://learn.microsoft.com/graph/api/resources/authenticationstrengthpolicy
"""

import uuid
from typing import Any

from local.graph.api.errors import GraphError, bad_policy_request, not_modelled
from local.graph.api.listing import PAGED, check_whole_list, context_of, list_answer
from local.graph.api.messages import GraphAnswer
from local.graph.api.routing import Call
from local.graph.api.strength_schema import (
    InvalidStrengthError,
    UnmodelledStrengthError,
    read_strength,
)
from local.graph.tenant.access.strengths import BUILT_IN, requirements_satisfied
from local.graph.tenant.switches import Licence
from local.graph.tenant.times import graph_time

_CONTEXT = "policies/authenticationStrengthPolicies"
_EXPANDED = "combinationConfigurations"
_MOST = 15


def strengths_of(call: Call) -> dict[str, dict[str, Any]]:
    """All strengths, by id."""
    return {**BUILT_IN, **call.tenant.policies.authentication_strengths}


def shown_strength(call: Call, strength: dict[str, Any]) -> dict[str, Any]:
    """A strength with its configurations, as Graph expands them."""
    context = context_of(call, f"{_CONTEXT}('{strength['id']}')/combinationConfigurations")
    plain = {name: strength[name] for name in strength if name != "combinationConfigurations"}
    configurations = strength["combinationConfigurations"]
    return {
        **plain,
        "combinationConfigurations@odata.context": context,
        "combinationConfigurations": configurations,
    }


def list_strengths(call: Call) -> GraphAnswer:
    """GET all of them."""
    _check_query(call)
    rows = list(strengths_of(call).values())
    return list_answer(call, rows, lambda row: shown_strength(call, row), _CONTEXT)


def get_strength(call: Call) -> GraphAnswer:
    """GET one."""
    _check_query(call)
    return _entity(call, 200, strength_of(call))


def add_strength(call: Call) -> GraphAnswer:
    """POST a custom one: 201. A tenant has fifteen of them at most."""
    check_licensed(call)
    strengths = call.tenant.policies.authentication_strengths
    try:
        given = read_strength(call.request.json_object())
    except UnmodelledStrengthError as error:
        raise not_modelled(f"{error} in an authentication strength") from error
    except InvalidStrengthError as error:
        raise bad_policy_request(str(error)) from error
    names = {row["displayName"].casefold() for row in strengths_of(call).values()}
    if given["displayName"].casefold() in names:
        raise bad_policy_request("An authentication strength with this display name exists.")
    if len(strengths) >= _MOST:
        raise bad_policy_request(f"A tenant has at most {_MOST} custom authentication strengths.")
    key, now = str(uuid.uuid4()), graph_time(call.tenant.now())
    strengths[key] = {
        "id": key,
        "createdDateTime": now,
        "modifiedDateTime": now,
        "policyType": "custom",
        "requirementsSatisfied": requirements_satisfied(given["allowedCombinations"]),
        **given,
    }
    call.tenant.record("Add authentication strength policy", key, call.request.caller.app_id)
    return _entity(call, 201, strengths[key])


def change_strength(call: Call) -> GraphAnswer:
    """PATCH: a built-in one is never changed, and how a custom one changes is not modelled."""
    if strength_of(call)["policyType"] == "builtIn":
        raise bad_policy_request("A built-in authentication strength cannot be changed.")
    raise not_modelled("changes of authentication strengths")


def delete_strength(call: Call) -> GraphAnswer:
    """DELETE a custom one that no policy uses: 204."""
    strength = strength_of(call)
    if strength["policyType"] == "builtIn":
        raise bad_policy_request("A built-in authentication strength cannot be deleted.")
    grants = [row["grantControls"] for row in call.tenant.policies.conditional_access.values()]
    if {"id": strength["id"]} in [grant and grant["authenticationStrength"] for grant in grants]:
        raise bad_policy_request("The authentication strength is used by a policy.")
    del call.tenant.policies.authentication_strengths[strength["id"]]
    by = call.request.caller.app_id
    call.tenant.record("Delete authentication strength policy", strength["id"], by)
    return GraphAnswer(204)


def check_licensed(call: Call) -> None:
    """What Conditional Access needs is written where its licence is.

    Raises:
        GraphError: 403.
    """
    if not call.tenant.switches.licence.covers(Licence.P1):
        raise GraphError(403, "AccessDenied", "Your tenant is not licensed for this feature.")


def strength_of(call: Call) -> dict[str, Any]:
    """The strength that the path names.

    Raises:
        GraphError: 404.
    """
    key = call.parameters["strength"]
    strength = strengths_of(call).get(key.casefold())
    if strength is None:
        raise GraphError(404, "NotFound", f"Authentication strength {key} was not found.")
    return strength


def _check_query(call: Call) -> None:
    """What `$expand` adds is there without it."""
    if call.request.query.get("$expand", _EXPANDED) != _EXPANDED:
        raise GraphError(400, "BadRequest", "Parsing OData Select and Expand failed.")
    check_whole_list(call, PAGED | {"$expand"})


def _entity(call: Call, status: int, strength: dict[str, Any]) -> GraphAnswer:
    context = context_of(call, f"{_CONTEXT}/$entity")
    return GraphAnswer(status, {"@odata.context": context, **shown_strength(call, strength)})
