"""`/users/{id}/authentication/requirements`: the per-user MFA state. Beta has it, v1.0 does not."""

from local.graph.api.errors import bad_method_request
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.per_user_mfa import PerUserMfaState

_ANNOTATION = "@odata."


def get_requirements(call: Call) -> GraphAnswer:
    """GET: the state as readers see it."""
    check_options(call.request.query, frozenset())
    person = call.tenant.people.seen(call.parameters["user"])
    root = f"{call.request.root}/{call.request.version}"
    return GraphAnswer(
        200,
        {
            "@odata.context": f"{root}/$metadata#users('{person.id}')/authentication/requirements",
            "perUserMfaState": person.per_user_mfa_state,
        },
    )


def update_requirements(call: Call) -> GraphAnswer:
    """PATCH: 204. The state may move on by itself; read it back."""
    changes = call.request.json_object()
    person = call.tenant.people.seen(call.parameters["user"])
    given = {name for name in changes if not name.startswith(_ANNOTATION)}
    if given != {"perUserMfaState"}:
        raise bad_method_request("The request body must hold perUserMfaState and nothing else.")
    value = changes["perUserMfaState"]
    if not isinstance(value, str) or value not in set(PerUserMfaState):
        raise bad_method_request(f"Invalid value specified for perUserMfaState: {value!r}.")
    call.tenant.set_per_user_mfa_state(
        person.id, PerUserMfaState(value), by=call.request.caller.app_id
    )
    return GraphAnswer(204)
