"""`/groups`: what they are, who is in them, and changing who is."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import islice

from local.graph.api import permissions as may
from local.graph.api.directory_objects import SELECTABLE, seen_object, shown
from local.graph.api.errors import bad_request
from local.graph.api.listing import (
    PAGED,
    context_of,
    list_answer,
    matching,
    page_answer,
    read_equalities,
    read_names,
)
from local.graph.api.messages import GraphAnswer
from local.graph.api.paging import start_after
from local.graph.api.query import check_options, read_page_size
from local.graph.api.routing import Call
from local.graph.tenant.groups import GROUP_PROPERTIES, Group
from local.graph.tenant.joining import join, leave
from local.graph.tenant.memberships import Members
from local.graph.tenant.person import Person

_BIND = "members@odata.bind"
_MOST_AT_ONCE = 20
_REFERENCE = "@odata.id"
_GRAPH = "https://graph.microsoft.com"
_COLLECTIONS = frozenset({"directoryObjects", "users", "groups"})
_ROLE_ASSIGNABLE = "isAssignableToRole eq true"


def list_groups(call: Call) -> GraphAnswer:
    """GET /groups; `$filter` by displayName, or the role-assignable ones."""
    check_options(call.request.query, PAGED | {"$filter"})
    names = read_names(call, GROUP_PROPERTIES, "group")
    rows = [group.properties() for group in call.tenant.groups.all_seen()]
    if call.request.query.get("$filter") == _ROLE_ASSIGNABLE:
        rows = [row for row in rows if row["isAssignableToRole"]]
    else:
        rows = matching(rows, read_equalities(call, {"id", "displayName"}))
    chosen = GROUP_PROPERTIES if names is None else names
    return list_answer(call, rows, lambda row: {name: row[name] for name in chosen}, "groups")


def get_group(call: Call) -> GraphAnswer:
    """GET /groups/{id}."""
    check_options(call.request.query, frozenset({"$select"}))
    group = _group(call)
    row = shown(call, group, read_names(call, GROUP_PROPERTIES, "group"))
    del row["@odata.type"]
    return GraphAnswer(200, {"@odata.context": context_of(call, "groups/$entity"), **row})


def list_members(*, transitive: bool, people_only: bool = False) -> Callable[[Call], GraphAnswer]:
    """GET /groups/{id}/members or transitiveMembers, whole or cast to users.

    Of a group with hidden membership, a token without `Member.Read.Hidden` sees nobody.
    """

    def handler(call: Call) -> GraphAnswer:
        group = _group(call)
        hidden = group.hidden_membership
        if hidden and not may.HIDDEN_MEMBERS_READ & call.request.caller.roles:
            return _listed(call, ())
        members = call.tenant.memberships_seen().members_of(group, transitive=transitive)
        find = call.tenant.people.find if people_only else partial(seen_object, call)
        return _page_of(call, members, find)

    return handler


def list_owners(call: Call) -> GraphAnswer:
    """GET /groups/{id}/owners."""
    return _listed(call, _group(call).owners)


def add_member(call: Call) -> GraphAnswer:
    """POST /groups/{id}/members/$ref: 204; who is a member already is a 400."""
    body = call.request.json_object()
    group = _group(call)
    _check_may_write(call, group)
    if body.keys() != {_REFERENCE}:
        raise bad_request("The request body must hold @odata.id and nothing else.")
    join(call.tenant, group.id, [_referred(call, body[_REFERENCE])], call.request.caller.app_id)
    return GraphAnswer(204)


def add_members(call: Call) -> GraphAnswer:
    """PATCH /groups/{id} with `members@odata.bind`: up to 20 members, all or none."""
    body = call.request.json_object()
    group = _group(call)
    _check_may_write(call, group)
    given = body.get(_BIND)
    if body.keys() != {_BIND} or not isinstance(given, list):
        raise bad_request(f"Only {_BIND} of a group can be changed.")
    if not 0 < len(given) <= _MOST_AT_ONCE:
        raise bad_request(f"At most {_MOST_AT_ONCE} references can be added in one request.")
    ids = [_referred(call, reference) for reference in given]
    join(call.tenant, group.id, ids, call.request.caller.app_id)
    return GraphAnswer(204)


def remove_member(call: Call) -> GraphAnswer:
    """DELETE /groups/{id}/members/{id}/$ref: 204; who is no member is a 404."""
    group = _group(call)
    _check_may_write(call, group)
    leave(call.tenant, group.id, call.parameters["member"], call.request.caller.app_id)
    return GraphAnswer(204)


def _group(call: Call) -> Group:
    return call.tenant.groups.seen(call.parameters["group"])


def _listed(call: Call, ids: Sequence[str]) -> GraphAnswer:
    return _page_of(call, Members(ids), partial(seen_object, call))


def _page_of(
    call: Call, members: Members, find: Callable[[str], Person | Group | None]
) -> GraphAnswer:
    """One page of members. Only theirs are looked up: the pages of a large group are many."""
    check_options(call.request.query, PAGED)
    names = read_names(call, SELECTABLE, "directoryObject")
    after, size = start_after(call.request), read_page_size(call.request.query)
    paged = after is not None or len(members.ids) > size
    ids = members.after(after) if paged else members.ids
    visible = (value for key in ids if (value := find(key)) is not None)
    found = list(islice(visible, size + 1))
    return page_answer(
        call,
        found,
        lambda value: shown(call, value, names),
        "directoryObjects",
        lambda: sum(find(key) is not None for key in members.ids),
    )


def _check_may_write(call: Call, group: Group) -> None:
    if group.is_assignable_to_role:
        call.require(may.ROLE_ASSIGNABLE_GROUP_WRITE)


def _referred(call: Call, reference: object) -> str:
    """The object id at the end of a reference, which must have this cloud's host.

    Raises:
        GraphError: 400 for any other address.
    """
    for root in (call.request.root, _GRAPH):
        for version in ("v1.0", "beta"):
            prefix = f"{root}/{version}/"
            if isinstance(reference, str) and reference.startswith(prefix):
                collection, _, key = reference.removeprefix(prefix).partition("/")
                if collection in _COLLECTIONS and key and "@" not in key and "/" not in key:
                    return key
    raise bad_request("Invalid URI format specified for @odata.id.")
