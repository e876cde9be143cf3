"""Named locations, of addresses and of countries.

Source: https://learn.microsoft.com/graph/api/resources/namedlocation
"""

import uuid
from typing import Any

from local.graph.api import permissions as may
from local.graph.api.errors import (
    GraphError,
    bad_policy_request,
    policy_access_denied,
)
from local.graph.api.listing import check_whole_list, context_of, list_answer
from local.graph.api.location_schema import InvalidLocationError, read_location
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.times import graph_time

_CONTEXT = "identity/conditionalAccess/namedLocations"
_READ_ONLY = ("id", "createdDateTime", "modifiedDateTime")


def list_locations(call: Call) -> GraphAnswer:
    """GET all of them."""
    check_whole_list(call)
    return list_answer(call, list(_locations(call).values()), lambda row: row, _CONTEXT)


def get_location(call: Call) -> GraphAnswer:
    """GET one."""
    check_options(call.request.query, frozenset())
    return _entity(call, 200, _location(call))


def add_location(call: Call) -> GraphAnswer:
    """POST one: 201."""
    _check_may_write(call)
    given = _read(call.request.json_object())
    key, now = str(uuid.uuid4()), graph_time(call.tenant.now())
    fixed = {"id": key, "createdDateTime": now, "modifiedDateTime": now}
    _locations(call)[key] = {"@odata.type": given["@odata.type"], **fixed, **given}
    call.tenant.record("Add named location", key, call.request.caller.app_id)
    return _entity(call, 201, _locations(call)[key])


def change_location(call: Call) -> GraphAnswer:
    """PATCH one: 204. The body tells the type, which stays."""
    _check_may_write(call)
    old, given = _location(call), call.request.json_object()
    if given.get("@odata.type") != old["@odata.type"]:
        raise bad_policy_request("The request body must have the location's @odata.type.")
    kept = {name: value for name, value in old.items() if name not in _READ_ONLY}
    fixed = {name: old[name] for name in _READ_ONLY}
    fixed["modifiedDateTime"] = graph_time(call.tenant.now())
    _locations(call)[old["id"]] = {**fixed, **_read({**kept, **given})}
    call.tenant.record("Update named location", old["id"], call.request.caller.app_id)
    return GraphAnswer(204)


def delete_location(call: Call) -> GraphAnswer:
    """DELETE one that is not trusted and that no policy names: 204.

    Source: https://learn.microsoft.com/entra/identity/conditional-access/concept-assignment-network
    (trusted locations).
    """
    _check_may_write(call)
    location = _location(call)
    if location.get("isTrusted"):
        raise bad_policy_request("A trusted named location cannot be deleted.")
    if any(location["id"] in _named(row) for row in _policies(call)):
        raise bad_policy_request("The named location is used by a Conditional Access policy.")
    del _locations(call)[location["id"]]
    call.tenant.record("Delete named location", location["id"], call.request.caller.app_id)
    return GraphAnswer(204)


def _locations(call: Call) -> dict[str, dict[str, Any]]:
    return call.tenant.policies.named_locations


def _policies(call: Call) -> list[dict[str, Any]]:
    return list(call.tenant.policies.conditional_access.values())


def _named(policy: dict[str, Any]) -> list[str]:
    places = policy["conditions"]["locations"] or {}
    return [key for keys in places.values() for key in keys]


def _location(call: Call) -> dict[str, Any]:
    key = call.parameters["location"]
    location = _locations(call).get(key.casefold())
    if location is None:
        raise GraphError(404, "NotFound", f"NamedLocation with id {key} does not exist.")
    return location


def _read(given: dict[str, Any]) -> dict[str, Any]:
    try:
        return read_location(given)
    except InvalidLocationError as error:
        raise bad_policy_request(str(error)) from error


def _check_may_write(call: Call) -> None:
    if not may.POLICY_READ & call.request.caller.roles:
        raise policy_access_denied()


def _entity(call: Call, status: int, row: dict[str, Any]) -> GraphAnswer:
    return GraphAnswer(status, {"@odata.context": context_of(call, f"{_CONTEXT}/$entity"), **row})
