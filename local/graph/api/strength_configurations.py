"""Which models of a method a custom strength allows.

Source: https://learn.microsoft.com/graph/api/authenticationstrengthpolicy-post-combinationconfigurations
"""

from typing import Any

from local.graph.api.authentication_strengths import check_licensed, strength_of
from local.graph.api.errors import bad_policy_request, not_modelled
from local.graph.api.listing import context_of, list_answer
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.api.strength_schema import (
    InvalidStrengthError,
    UnmodelledStrengthError,
    read_configuration,
)
from local.graph.tenant.times import graph_time


def list_configurations(call: Call) -> GraphAnswer:
    """GET them."""
    check_options(call.request.query, frozenset())
    strength = strength_of(call)
    rows = strength["combinationConfigurations"]
    return list_answer(call, rows, lambda row: row, _context(strength))


def add_configuration(call: Call) -> GraphAnswer:
    """POST one to a custom strength that has none: 201."""
    check_licensed(call)
    strength = strength_of(call)
    if strength["policyType"] == "builtIn":
        raise bad_policy_request("A built-in authentication strength cannot be changed.")
    try:
        made = read_configuration(call.request.json_object(), strength)
    except UnmodelledStrengthError as error:
        raise not_modelled(f"{error} in an authentication strength") from error
    except InvalidStrengthError as error:
        raise bad_policy_request(str(error)) from error
    call.tenant.policies.authentication_strengths[strength["id"]] = {
        **strength,
        "combinationConfigurations": [made],
        "modifiedDateTime": graph_time(call.tenant.now()),
    }
    by = call.request.caller.app_id
    call.tenant.record("Add combination configuration", strength["id"], by)
    context = context_of(call, f"{_context(strength)}/$entity")
    return GraphAnswer(201, {"@odata.context": context, **made})


def change_combinations(call: Call) -> GraphAnswer:
    """POST updateAllowedCombinations: not modelled."""
    raise not_modelled(f"{'/'.join(call.request.segments)}")


def _context(strength: dict[str, Any]) -> str:
    return f"policies/authenticationStrengthPolicies('{strength['id']}')/combinationConfigurations"
