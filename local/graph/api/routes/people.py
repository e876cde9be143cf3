"""People and their authentication methods."""

from local.graph.api import authentication_methods, requirements, users
from local.graph.api import permissions as may
from local.graph.api.routing import BETA_ONLY, Area, Route

_METHODS = Area.AUTHENTICATION_METHODS
_AUTHENTICATION = "/users/{user}/authentication"

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
    Route(
        "GET",
        f"{_AUTHENTICATION}/methods",
        authentication_methods.list_methods,
        may.METHODS_READ,
        _METHODS,
    ),
    Route(
        "GET",
        f"{_AUTHENTICATION}/methods/{{method}}",
        authentication_methods.get_method,
        may.METHODS_READ,
        _METHODS,
    ),
    Route(
        "GET",
        f"{_AUTHENTICATION}/requirements",
        requirements.get_requirements,
        may.REQUIREMENTS_READ,
        _METHODS,
        BETA_ONLY,
    ),
    Route(
        "PATCH",
        f"{_AUTHENTICATION}/requirements",
        requirements.update_requirements,
        may.REQUIREMENTS_WRITE,
        _METHODS,
        BETA_ONLY,
    ),
)
