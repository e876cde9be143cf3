"""People."""

from local.graph.api import permissions as may
from local.graph.api import users
from local.graph.api.routing import Route

ROUTES = (
    Route("GET", "/users", users.list_users, may.USER_READ | may.USER_READ_BASIC, units=2),
    Route("GET", "/users/$count", users.count_users, may.USER_READ, units=2),
    Route("GET", "/users/{user}", users.get_user, may.USER_READ | may.USER_READ_BASIC, units=2),
    Route(
        "PATCH",
        "/users/{user}",
        users.update_user,
        may.USER_WRITE | may.USER_ENABLE | may.USER_PASSWORD,
    ),
    Route("DELETE", "/users/{user}", users.delete_user, may.USER_DELETE),
    Route("GET", "/users/{user}/manager", users.get_manager, may.USER_READ, units=2),
    Route("GET", "/users/{user}/directReports", users.list_direct_reports, may.USER_READ, units=2),
    Route(
        "POST",
        "/users/{user}/revokeSignInSessions",
        users.revoke_sign_in_sessions,
        may.SESSIONS_REVOKE,
    ),
)
