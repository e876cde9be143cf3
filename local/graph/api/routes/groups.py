"""Groups, and what people belong to."""

from local.graph.api import groups as handlers
from local.graph.api import memberships
from local.graph.api import permissions as may
from local.graph.api.routing import Route

_MEMBER_OF = (("memberOf", False), ("transitiveMemberOf", True))
_GROUP, _ROLE = "microsoft.graph.group", "microsoft.graph.directoryRole"
_USER = "microsoft.graph.user"

ROUTES = (
    Route("GET", "/groups", handlers.list_groups, may.GROUP_READ),
    Route("GET", "/groups/{group}", handlers.get_group, may.GROUP_READ),
    Route("PATCH", "/groups/{group}", handlers.add_members, may.GROUP_MEMBERS_WRITE),
    *(
        Route(
            "GET",
            f"/groups/{{group}}/{name}{cast}",
            handlers.list_members(transitive=transitive, people_only=bool(cast)),
            may.GROUP_MEMBERS_READ,
            units=units,
        )
        for name, transitive, units in (("members", False, 3), ("transitiveMembers", True, 5))
        for cast in ("", f"/{_USER}")
    ),
    Route("GET", "/groups/{group}/owners", handlers.list_owners, may.GROUP_MEMBERS_READ),
    Route("POST", "/groups/{group}/members/$ref", handlers.add_member, may.GROUP_MEMBERS_WRITE),
    Route(
        "DELETE",
        "/groups/{group}/members/{member}/$ref",
        handlers.remove_member,
        may.GROUP_MEMBERS_WRITE,
    ),
    *(
        Route(
            "GET",
            f"/users/{{user}}/{name}{cast}",
            memberships.list_memberships(transitive=transitive, groups=groups, roles=roles),
            may.MEMBERSHIPS_READ,
            units=2,
        )
        for name, transitive in _MEMBER_OF
        for cast, groups, roles in (
            ("", True, True),
            (f"/{_GROUP}", True, False),
            (f"/{_ROLE}", False, True),
        )
    ),
    *(
        Route("POST", f"/{path}/{name}", check, permissions, changes=False)
        for path, permissions in (
            ("users/{user}", may.USER_READ),
            ("groups/{group}", may.GROUP_READ),
        )
        for name, check in (
            ("checkMemberGroups", memberships.check_member_groups),
            ("checkMemberObjects", memberships.check_member_objects),
        )
    ),
)
