"""The requests that paths have in common, by what they are for."""

from typing import Final

from local.bench.paths.path import Request

SEARCH_ROUTE: Final = "GET /v1.0/users"
ACCOUNT_ROUTE: Final = "GET /v1.0/users/{user}"
REPORTS_ROUTE: Final = "GET /v1.0/users/{user}/directReports"
REVOKE_ROUTE: Final = "POST /v1.0/users/{user}/revokeSignInSessions"
STATE_ROUTE: Final = "GET /beta/users/{user}/authentication/requirements"
WRITE_STATE_ROUTE: Final = "PATCH /beta/users/{user}/authentication/requirements"
METHODS_ROUTE: Final = "GET /beta/users/{user}/authentication/methods"
DELETE_PHONE_ROUTE: Final = "DELETE /v1.0/users/{user}/authentication/phoneMethods/{method}"
DELETE_APP_ROUTE: Final = (
    "DELETE /v1.0/users/{user}/authentication/microsoftAuthenticatorMethods/{method}"
)
MEMBERSHIP_ROUTE: Final = "POST /v1.0/users/{user}/checkMemberGroups"
JOIN_ROUTE: Final = "POST /v1.0/groups/{group}/members/$ref"

FIND: Final = Request(
    SEARCH_ROUTE, "find the account by its employee id, and that no other bears it"
)
STATE_BEFORE: Final = Request(STATE_ROUTE, "read the state before")
ENABLE: Final = Request(WRITE_STATE_ROUTE, "write enabled")
ENABLED: Final = Request(STATE_ROUTE, "read it back")
UNREGISTERED: Final = Request(METHODS_ROUTE, "read the methods: not registered yet")
REGISTERED: Final = Request(METHODS_ROUTE, "read the methods: registered")
ENFORCED: Final = Request(STATE_ROUTE, "read the state: registering has enforced it")

ENABLING: Final = (FIND, STATE_BEFORE, ENABLE, ENABLED, UNREGISTERED)
"""From the webhook to the wait for the person."""
ENFORCING: Final = (REGISTERED, ENFORCED)
"""From the registration to the end, where the tenant itself enforces."""
