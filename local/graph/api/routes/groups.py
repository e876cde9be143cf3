"""Groups, and what people belong to."""

from local.graph.api import memberships
from local.graph.api import permissions as may
from local.graph.api.routing import Route

_MEMBER_OF = (("memberOf", False), ("transitiveMemberOf", True))
_GROUP, _ROLE = "microsoft.graph.group", "microsoft.graph.directoryRole"

ROUTES = (
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
    Route("GET", "/users/{user}/ownedObjects", memberships.list_owned_objects, may.USER_READ),
)
