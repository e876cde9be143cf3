"""`/users`: list, get, change, delete, revoke sessions; manager and direct reports."""

from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from typing import Any

from local.graph.api.directory_objects import USER, shown, type_annotation
from local.graph.api.errors import GraphError, bad_request, not_found, request_denied
from local.graph.api.filters import MFA_STATE, Test, employee_id_in
from local.graph.api.listing import PAGED, context_of, list_answer, read_names
from local.graph.api.messages import GraphAnswer, without_annotations
from local.graph.api.paging import next_link, start_position
from local.graph.api.permissions import (
    USER_ENABLE,
    USER_PASSWORD,
    USER_READ_TO_ENABLE,
    USER_WRITE,
)
from local.graph.api.query import (
    LARGEST_PAGE_WITH_SIGN_INS,
    SIGN_INS,
    Selection,
    check_options,
    read_filter,
    read_page_size,
    read_selection,
)
from local.graph.api.routing import Call
from local.graph.tenant.accounts import (
    SENSITIVE,
    check_mastered_here,
    holds_role,
    revoke_sessions,
)
from local.graph.tenant.person import Person
from local.graph.tenant.switches import BulkMfaState
from local.graph.tenant.user_properties import PROPERTIES, empty_value

_LIST_OPTIONS = frozenset({"$select", "$top", "$filter", "$count", "$skiptoken"})


def list_users(call: Call) -> GraphAnswer:
    """GET /users."""
    request, switches = call.request, call.tenant.switches
    check_options(request.query, _LIST_OPTIONS)
    selection = read_selection(request, switches)
    size = read_page_size(request.query)
    if SIGN_INS in selection.names:
        size = min(size, LARGEST_PAGE_WITH_SIGN_INS)
    test = read_filter(request, switches)
    people, start = call.tenant.people, start_position(request)
    number = employee_id_in(request.query.get("$filter", ""))
    candidates = (
        people.all_seen(start) if number is None else people.seen_with_number(number, start)
    )
    matching = (
        (position, person) for position, person in candidates if test is None or test(person)
    )
    page = list(islice(matching, size + 1))
    body: dict[str, Any] = {"@odata.context": _context(call, selection, "users", "")}
    if request.advanced and request.query.get("$count") == "true":
        body["@odata.count"] = _count(call, test)
    if len(page) > size:
        body["@odata.nextLink"] = next_link(request, page[size][0])
    row = _rows(call, selection)
    body["value"] = [row(person) for _, person in page[:size]]
    return GraphAnswer(200, body)


def count_users(call: Call) -> GraphAnswer:
    """GET /users/$count: a bare number."""
    if not call.request.advanced:
        raise bad_request("$count is not currently supported.")
    check_options(call.request.query, frozenset({"$filter"}))
    test = read_filter(call.request, call.tenant.switches)
    return GraphAnswer(200, str(_count(call, test)), {"Content-Type": "text/plain"})


def get_user(call: Call) -> GraphAnswer:
    """GET /users/{id or sign-in name}."""
    check_options(call.request.query, frozenset({"$select"}))
    selection = read_selection(call.request, call.tenant.switches)
    person = call.tenant.people.seen(call.parameters["user"])
    if SIGN_INS in selection.names and call.parameters["user"].casefold() != person.id:
        message = "Get By Key only supports UserId and the key has to be a valid Guid"
        raise GraphError(400, "BadRequest", message)
    return GraphAnswer(
        200,
        {
            "@odata.context": _context(call, selection, "users", "/$entity"),
            **_rows(call, selection)(person),
        },
    )


def get_manager(call: Call) -> GraphAnswer:
    """GET /users/{id or sign-in name}/manager."""
    check_options(call.request.query, frozenset({"$select"}))
    selection = read_selection(call.request, call.tenant.switches)
    person = call.tenant.people.seen(call.parameters["user"])
    if person.manager_id is None:
        raise not_found("manager")
    manager = call.tenant.people.seen(person.manager_id)
    return GraphAnswer(
        200,
        {
            "@odata.context": _context(call, selection, "directoryObjects", "/$entity"),
            "@odata.type": USER,
            **_rows(call, selection)(manager),
        },
    )


def list_direct_reports(call: Call) -> GraphAnswer:
    """GET /users/{id or sign-in name}/directReports."""
    check_options(call.request.query, PAGED)
    names = read_names(call, PROPERTIES, "user")
    person = call.tenant.people.seen(call.parameters["user"])
    reports = [other for _, other in call.tenant.people.all_seen() if other.manager_id == person.id]
    return list_answer(call, reports, lambda other: shown(call, other, names), "directoryObjects")


def revoke_sign_in_sessions(call: Call) -> GraphAnswer:
    """POST /users/{id or sign-in name}/revokeSignInSessions: 200 and true."""
    if "content-length" not in call.request.headers:
        call.request.json_object()
    person = call.tenant.people.seen(call.parameters["user"])
    revoke_sessions(call.tenant, person.id, call.request.caller.app_id)
    context = context_of(call, "Edm.Boolean")
    return GraphAnswer(200, {"@odata.context": context, "value": True})


def update_user(call: Call) -> GraphAnswer:
    """PATCH /users/{id or sign-in name}: 204."""
    changes = without_annotations(call.request.json_object())
    person = call.tenant.people.seen(call.parameters["user"])
    if not changes:
        raise bad_request("Empty payload. JSON content expected.")
    for name in changes:
        known = PROPERTIES.get(name)
        if known is None:
            raise GraphError(
                400,
                "Request_BadRequest",
                "One or more property values specified are invalid. Could not find a property"
                f" named '{name}'.",
            )
        if known.read_only:
            raise bad_request(f"Property '{name}' is read-only and cannot be set.")
        _check_may_write(call, name)
    if SENSITIVE & changes.keys() and holds_role(call.tenant, person):
        raise request_denied()
    check_mastered_here(person, changes)
    call.tenant.update_person(person.id, changes, by=call.request.caller.app_id)
    return GraphAnswer(204)


def delete_user(call: Call) -> GraphAnswer:
    """DELETE /users/{id or sign-in name}: 204."""
    person = call.tenant.people.seen(call.parameters["user"])
    if holds_role(call.tenant, person):
        raise request_denied()
    check_mastered_here(person, {"id"})
    call.tenant.delete_person(person.id, by=call.request.caller.app_id)
    return GraphAnswer(204)


def _check_may_write(call: Call, name: str) -> None:
    """Each property has its permission; `User.ReadWrite.All` does not set passwords."""
    if name == "passwordProfile":
        call.require(USER_PASSWORD)
    elif name == "accountEnabled" and USER_ENABLE & call.request.caller.roles:
        call.require(USER_READ_TO_ENABLE)
    else:
        call.require(USER_WRITE)


def _count(call: Call, test: Test | None) -> int:
    people = call.tenant.people
    if test is None:
        return people.count_seen()
    return sum(test(person) for _, person in people.all_seen())


def _rows(call: Call, selection: Selection) -> Callable[[Person], dict[str, Any]]:
    """What makes the row of a person; all that is the same in each row is done once."""
    switches = call.tenant.switches
    stored = tuple(
        (name, empty_value(PROPERTIES[name]))
        for name in selection.names
        if name in PROPERTIES and name != "id"
    )
    with_id = "id" in selection.names
    shows_state = switches.bulk_per_user_mfa_state is BulkMfaState.ON
    with_state = MFA_STATE in selection.names and shows_state
    told = call.tenant.now() - timedelta(seconds=switches.sign_in_lag_seconds)
    with_sign_ins = SIGN_INS in selection.names

    def row(person: Person) -> dict[str, Any]:
        value = person.properties.get
        made: dict[str, Any] = type_annotation(person)
        if with_id:
            made["id"] = person.id
        made.update({name: value(name, empty) for name, empty in stored})
        if with_state:
            made[MFA_STATE] = person.per_user_mfa_state
        if with_sign_ins and (activity := person.activity(until=told)) is not None:
            made[SIGN_INS] = activity
        return made

    return row


def _context(call: Call, selection: Selection, collection: str, suffix: str) -> str:
    selected = f"({','.join(selection.names)})" if selection.explicit else ""
    root = f"{call.request.root}/{call.request.version}"
    return f"{root}/$metadata#{collection}{selected}{suffix}"
