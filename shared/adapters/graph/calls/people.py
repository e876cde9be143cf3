"""Accounts, sessions, the per-user state, and whom people report to."""

from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call

_ACCOUNT: Final = (
    "id",
    "accountEnabled",
    "userType",
    "employeeId",
    "createdDateTime",
    "userPrincipalName",
    "displayName",
    "signInSessionsValidFromDateTime",
)

FIND_ACCOUNT: Final = Call(
    operation="account.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=_ACCOUNT,
)

FIND_BY_EMPLOYEE_ID: Final = Call(
    operation="accounts.by-employee-id",
    method=Method.GET,
    template="{+baseurl}/v1.0/users{?%24filter,%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=_ACCOUNT,
    filter="employeeId eq {employee_id}",
)

READ_MFA_STATE: Final = Call(
    operation="mfa-state.read",
    method=Method.GET,
    template="{+baseurl}/beta/users/{user}/authentication/requirements",
    # Policy.Read.All would do; the app that reads the state also writes it, and this one does both.
    role="Policy.ReadWrite.AuthenticationMethod",
    success=frozenset({200}),
)

SET_MFA_STATE: Final = Call(
    operation="mfa-state.write",
    method=Method.PATCH,
    template="{+baseurl}/beta/users/{user}/authentication/requirements",
    role="Policy.ReadWrite.AuthenticationMethod",
    # 204 is documented; Graph warns that success codes may change within the 2xx.
    success=frozenset({200, 204}),
    writes=True,
)

READ_SESSIONS: Final = Call(
    operation="sessions.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id", "signInSessionsValidFromDateTime"),
)

REVOKE_SESSIONS: Final = Call(
    operation="sessions.revoke",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/revokeSignInSessions",
    role="User.RevokeSessions.All",
    # A known issue says that the code may be another of the two.
    success=frozenset({200, 204}),
    writes=True,
)

LIST_REPORTS: Final = Call(
    operation="reports.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}/directReports{?%24select,%24top}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id",),
    top=1,
)

READ_SIGN_IN_STATE: Final = Call(
    operation="sign-in-state.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id", "accountEnabled", "lastPasswordChangeDateTime"),
)

SET_SIGN_IN: Final = Call(
    operation="sign-in.set",
    method=Method.PATCH,
    template="{+baseurl}/v1.0/users/{user}",
    role="User.EnableDisableAccount.All",
    success=frozenset({200, 204}),
    writes=True,
)

READ_MANAGER: Final = Call(
    operation="manager.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}/manager{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id",),
)

COUNT_PEOPLE: Final = Call(
    operation="people.count",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/$count",
    role="User.Read.All",
    success=frozenset({200}),
    # The answer is a bare number: https://learn.microsoft.com/graph/api/user-list
    headers=(("ConsistencyLevel", "eventual"), ("Accept", "text/plain")),
)

READ_NEWCOMER: Final = Call(
    operation="newcomer.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    # For signInActivity, which takes an object id and Entra ID P1 besides; User.Read.All for the
    # rest.
    role="AuditLog.Read.All",
    success=frozenset({200}),
    select=(
        "id",
        "createdDateTime",
        "employeeId",
        "signInActivity",
        "lastPasswordChangeDateTime",
    ),
)

READ_SIGN_IN: Final = Call(
    operation="sign-in.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("accountEnabled", "userType", "userPrincipalName"),
)
