"""Users, groups and roles where Graph mixes them: as members, owners, principals."""

from collections.abc import Collection
from typing import Any

from local.graph.api import permissions as may
from local.graph.api.messages import Version
from local.graph.api.routing import Call
from local.graph.tenant.groups import GROUP_PROPERTIES, Group
from local.graph.tenant.person import Person
from local.graph.tenant.roles import Role
from local.graph.tenant.user_properties import BASIC_NAMES, DEFAULT_NAMES, PROPERTIES

USER = "#microsoft.graph.user"
AGENT_USER = "#microsoft.graph.agentUser"
GROUP = "#microsoft.graph.group"
ROLE = "#microsoft.graph.directoryRole"
_ROLE_PROPERTIES = ("id", "deletedDateTime", "description", "displayName", "roleTemplateId")
_PERSON = PROPERTIES.keys() - {"passwordProfile"}
SELECTABLE = frozenset({*PROPERTIES, *GROUP_PROPERTIES, *_ROLE_PROPERTIES})

Row = dict[str, Any]


def seen_object(call: Call, key: str) -> Person | Group | None:
    """The user or group with an id, if readers see it."""
    return call.tenant.groups.find(key) or call.tenant.people.find(key)


def shown(call: Call, value: Person | Group | Role, names: Collection[str] | None = None) -> Row:
    """An object as this caller may see it: what the token does not cover is null.

    Args:
        names: the selected properties; those that the type does not have are left out.
    """
    roles = call.request.caller.roles
    match value:
        case Person():
            defaults: Collection[str] = _user_defaults(call)
            wanted = (name for name in (defaults if names is None else names) if name in _PERSON)
            row: Row = {name: value.value(name) for name in wanted}
            readable: Collection[str] = PROPERTIES if roles & may.USER_READ else ()
            if not readable and roles & may.USER_READ_BASIC:
                readable = BASIC_NAMES
            kind = AGENT_USER if value.is_agent else USER
        case Group():
            row, kind, defaults = dict(value.properties()), GROUP, GROUP_PROPERTIES
            readable = GROUP_PROPERTIES if roles & may.GROUP_READ else ()
        case Role():
            row, kind, defaults = _role_row(value), ROLE, _ROLE_PROPERTIES
            readable = _ROLE_PROPERTIES if roles & may.ROLES_READ else ()
    chosen = defaults if names is None else names
    limited = {
        name: shown_value if name == "id" or name in readable else None
        for name, shown_value in row.items()
        if name in chosen
    }
    return {"@odata.type": kind, **limited}


def type_annotation(person: Person) -> Row:
    """The type of a row among people; Graph names it where it is not the plain one."""
    return {"@odata.type": AGENT_USER} if person.is_agent else {}


def _role_row(role: Role) -> Row:
    return {
        "id": role.instance_id,
        "deletedDateTime": None,
        "description": role.display_name,
        "displayName": role.display_name,
        "roleTemplateId": role.id,
    }


def _user_defaults(call: Call) -> Collection[str]:
    return DEFAULT_NAMES if call.request.version is Version.V1 else tuple(PROPERTIES)
