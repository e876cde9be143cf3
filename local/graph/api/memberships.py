"""What a person or group belongs to and owns: memberOf, transitiveMemberOf, ownedObjects."""

from collections.abc import Callable, Sequence

from local.graph.api import permissions as may
from local.graph.api.directory_objects import SELECTABLE, shown
from local.graph.api.listing import PAGED, list_answer, read_names
from local.graph.api.messages import GraphAnswer
from local.graph.api.query import check_options
from local.graph.api.routing import Call
from local.graph.tenant.groups import Group
from local.graph.tenant.roles import Role

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


def list_owned_objects(call: Call) -> GraphAnswer:
    """GET /users/{id}/ownedObjects: the groups that a person owns."""
    person = call.tenant.people.seen(call.parameters["user"])
    return _listed(
        call, [group for group in call.tenant.groups.all_seen() if person.id in group.owners]
    )


def visible(call: Call, groups: Sequence[Group]) -> list[Group]:
    """The groups whose membership the token may see: hidden ones take a permission of their own."""
    hidden_too = bool(may.HIDDEN_MEMBERS_READ & call.request.caller.roles)
    return [group for group in groups if hidden_too or not group.hidden_membership]


def _listed(call: Call, found: Objects) -> GraphAnswer:
    check_options(call.request.query, PAGED)
    names = read_names(call, SELECTABLE, "directoryObject")
    return list_answer(call, found, lambda value: shown(call, value, names), "directoryObjects")
