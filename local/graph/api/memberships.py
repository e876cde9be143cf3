"""What people and groups belong to: memberOf, checkMemberGroups.

What people own (ownedObjects) is not told to applications.
"""

from collections.abc import Callable, Sequence

from local.graph.api import permissions as may
from local.graph.api.directory_objects import SELECTABLE, shown
from local.graph.api.errors import bad_request
from local.graph.api.listing import PAGED, context_of, list_answer, read_names
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.groups import Group
from local.graph.tenant.roles import Role

_MOST_AT_ONCE = 20

Objects = Sequence[Group | Role]


def list_memberships(
    *, transitive: bool, groups: bool = True, roles: bool = True
) -> Callable[[Call], GraphAnswer]:
    """GET /users/{id}/memberOf or transitiveMemberOf, whole or cast to one type.

    A role of which the token may read nothing is a row with an id alone; a cast leaves it out.
    Custom roles are no `directoryRole` and never here, nor are groups of hidden membership without
    the permission.
    """

    def handler(call: Call) -> GraphAnswer:
        person = call.tenant.people.seen(call.parameters["user"])
        memberships = call.tenant.memberships_seen()
        found: list[Group | Role] = []
        if groups and (roles or may.GROUP_READ & call.request.caller.roles):
            found += visible(call, memberships.groups_of(person.id, transitive=transitive))
        if roles and (groups or may.ROLES_READ & call.request.caller.roles):
            held = memberships.roles_of(person.id, transitive=transitive)
            found += [role for role in held if role.is_built_in]
        return _listed(call, found)

    return handler


def check_member_groups(call: Call) -> GraphAnswer:
    """POST checkMemberGroups: which of up to 20 groups an object is in, transitively."""
    call.require(may.GROUP_READ)
    wanted = _wanted(call, "groupIds")
    mine = {group.id for group in _visible_groups(call)}
    return _found(call, [key for key in wanted if key.casefold() in mine])


def check_member_objects(call: Call) -> GraphAnswer:
    """POST checkMemberObjects: which of up to 20 groups and roles an object is in."""
    wanted = _wanted(call, "ids")
    mine = {group.id for group in _visible_groups(call)}
    for role in call.tenant.memberships_seen().roles_of(_subject(call)):
        mine |= {role.id, role.instance_id} if role.is_built_in else set()
    return _found(call, [key for key in wanted if key.casefold() in mine])


def _visible_groups(call: Call) -> list[Group]:
    return visible(call, call.tenant.memberships_seen().groups_of(_subject(call)))


def _subject(call: Call) -> str:
    if "group" in call.parameters:
        return call.tenant.groups.seen(call.parameters["group"]).id
    return call.tenant.people.seen(call.parameters["user"]).id


def _wanted(call: Call, name: str) -> list[str]:
    body = call.request.json_object()
    ids = body.get(name)
    if body.keys() != {name} or not isinstance(ids, list):
        raise bad_request(f"The request body must hold {name} and nothing else.")
    if not 0 < len(ids) <= _MOST_AT_ONCE or not all(isinstance(key, str) for key in ids):
        raise bad_request(f"{name} holds 1 to {_MOST_AT_ONCE} ids.")
    return ids


def _found(call: Call, ids: list[str]) -> GraphAnswer:
    context = context_of(call, "Collection(Edm.String)")
    return GraphAnswer(200, {"@odata.context": context, "value": ids})


def visible(call: Call, groups: Sequence[Group]) -> list[Group]:
    """The groups whose membership the token may see: hidden ones take a permission of their own."""
    hidden_too = bool(may.HIDDEN_MEMBERS_READ & call.request.caller.roles)
    return [group for group in groups if hidden_too or not group.hidden_membership]


def _listed(call: Call, found: Objects) -> GraphAnswer:
    check_options(call.request.query, PAGED)
    names = read_names(call, SELECTABLE, "directoryObject")
    return list_answer(call, found, lambda value: shown(call, value, names), "directoryObjects")
