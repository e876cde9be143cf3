"""`/roleManagement/directory`: definitions, assignments, and who is eligible (PIM)."""

from collections.abc import Callable, Iterator
from typing import Any

from local.graph.api.directory_objects import seen_object, shown
from local.graph.api.errors import bad_request, unsupported_query
from local.graph.api.listing import (
    PAGED,
    context_of,
    list_answer,
    matching,
    read_equalities,
    read_names,
    selected,
)
from local.graph.api.messages import GraphAnswer, Version
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.roles import Role

Row = dict[str, Any]

_OPTIONS = PAGED | {"$filter", "$expand"}
_FILTERABLE = frozenset({"principalId", "roleDefinitionId", "directoryScopeId"})
_EXPANDABLE = frozenset({"principal", "roleDefinition"})
_ROOT = "roleManagement/directory"


def list_role_definitions(call: Call) -> GraphAnswer:
    """GET roleDefinitions; `isPrivileged` is on beta only."""
    check_options(call.request.query, PAGED | {"$filter"})
    rows = [_definition(call, role) for role in call.tenant.roles.all_seen()]
    if call.request.query.get("$filter") == "isPrivileged eq true" and _is_beta(call):
        rows = [row for row in rows if row["isPrivileged"]]
    else:
        rows = matching(rows, read_equalities(call, {"displayName", "templateId"}))
    names = read_names(call, _definition(call, _NOBODY), "unifiedRoleDefinition")
    return list_answer(call, rows, lambda row: selected(row, names), f"{_ROOT}/roleDefinitions")


def get_role_definition(call: Call) -> GraphAnswer:
    """GET roleDefinitions/{id}."""
    check_options(call.request.query, frozenset())
    role = call.tenant.roles.seen(call.parameters["role"])
    context = context_of(call, f"{_ROOT}/roleDefinitions/$entity")
    return GraphAnswer(200, {"@odata.context": context, **_definition(call, role)})


def list_holders(
    collection: str, rows_of: Callable[[Role], Iterator[Row]]
) -> Callable[[Call], GraphAnswer]:
    """GET a list of who holds which role; principals are as assigned, groups unresolved."""

    def handler(call: Call) -> GraphAnswer:
        check_options(call.request.query, _OPTIONS)
        rows = [row for role in call.tenant.roles.all_seen() for row in rows_of(role)]
        rows = matching(rows, read_equalities(call, _FILTERABLE))
        return _answer(call, rows, collection, next(rows_of(_NOBODY)))

    return handler


def list_transitive_assignments(call: Call) -> GraphAnswer:
    """GET transitiveRoleAssignments (beta): of one principal, its own and its groups'."""
    check_options(call.request.query, _OPTIONS)
    if not call.request.advanced or call.request.query.get("$count") != "true":
        raise unsupported_query("The request needs 'ConsistencyLevel: eventual' and '$count=true'.")
    wanted = read_equalities(call, _FILTERABLE)
    principal = wanted.pop("principalId", None)
    if principal is None:
        raise unsupported_query("The filter must name a principalId.")
    groups = call.tenant.memberships_seen().groups_of(principal.casefold())
    holders = {principal.casefold(), *(group.id for group in groups)}
    rows = [row for role in call.tenant.roles.all_seen() for row in assignments(role)]
    rows = [row for row in rows if row["principalId"] in holders]
    return _answer(
        call, matching(rows, wanted), "transitiveRoleAssignments", next(assignments(_NOBODY))
    )


def assignments(role: Role) -> Iterator[Row]:
    """The active assignments of a role."""
    for holder in role.members:
        yield {
            "id": f"{role.assignment_id(holder)}-1",
            "principalId": holder,
            "roleDefinitionId": role.id,
            "directoryScopeId": "/",
            "appScopeId": None,
        }


def assignment_instances(role: Role) -> Iterator[Row]:
    """The active assignments as PIM shows them."""
    for row in assignments(role):
        yield {
            **row,
            "startDateTime": role.created,
            "endDateTime": None,
            "assignmentType": "Assigned",
            "memberType": "Direct",
            "roleAssignmentOriginId": row["id"],
            "roleAssignmentScheduleId": row["id"],
        }


def eligibility_instances(role: Role) -> Iterator[Row]:
    """Who can activate a role now."""
    for holder in role.eligible_members:
        schedule = role.assignment_id(holder)
        yield {
            "id": f"{schedule}-1-e",
            "principalId": holder,
            "roleDefinitionId": role.id,
            "directoryScopeId": "/",
            "appScopeId": None,
            "startDateTime": role.created,
            "endDateTime": None,
            "memberType": "Direct",
            "roleEligibilityScheduleId": schedule,
        }


def eligibility_schedules(role: Role) -> Iterator[Row]:
    """The schedules behind the eligibilities."""
    for row in eligibility_instances(role):
        yield {
            "id": row["roleEligibilityScheduleId"],
            "principalId": row["principalId"],
            "roleDefinitionId": role.id,
            "directoryScopeId": "/",
            "appScopeId": None,
            "createdUsing": row["roleEligibilityScheduleId"],
            "createdDateTime": role.created,
            "modifiedDateTime": None,
            "status": "Provisioned",
            "memberType": "Direct",
            "scheduleInfo": {
                "startDateTime": role.created,
                "recurrence": None,
                "expiration": {"type": "noExpiration", "endDateTime": None, "duration": None},
            },
        }


def _answer(call: Call, rows: list[Row], collection: str, shape: Row) -> GraphAnswer:
    expanded = _expansion(call)
    names = read_names(call, shape, "unifiedRoleScheduleInstanceBase")

    def show(row: Row) -> Row:
        return {**selected(row, names), **_expanded(call, row, expanded)}

    return list_answer(call, rows, show, f"{_ROOT}/{collection}")


def _expansion(call: Call) -> str | None:
    text = call.request.query.get("$expand")
    if text is None or text in _EXPANDABLE:
        return text
    raise bad_request(f"The query option $expand does not take '{text}': one of {_EXPANDABLE}.")


def _expanded(call: Call, row: Row, name: str | None) -> Row:
    if name == "principal":
        principal = seen_object(call, row["principalId"])
        return {name: None if principal is None else shown(call, principal)}
    if name == "roleDefinition":
        return {name: _definition(call, call.tenant.roles.seen(row["roleDefinitionId"]))}
    return {}


def _definition(call: Call, role: Role) -> Row:
    privileged = {"isPrivileged": role.is_privileged} if _is_beta(call) else {}
    return {
        "id": role.id,
        "description": role.display_name,
        "displayName": role.display_name,
        "isBuiltIn": role.is_built_in,
        "isEnabled": True,
        "resourceScopes": ["/"],
        "rolePermissions": [],
        "templateId": role.id,
        "version": None,
        **privileged,
    }


def _is_beta(call: Call) -> bool:
    return call.request.version is Version.BETA


_NOBODY = Role(id="", display_name="", created="", members=("",), eligible_members=("",))
