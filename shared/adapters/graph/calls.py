"""The calls that we make to Microsoft Graph: one line of the API reference each."""

from dataclasses import dataclass, replace
from typing import Final

from kiota_abstractions.method import Method


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the Graph API.

    Attributes:
        operation: its name in logs and errors.
        method: the HTTP method.
        template: the URI template (RFC 6570); simple expansion percent-encodes every reserved
            character, the `#` of a guest's name included.
        role: the least application role that permits it; named where Graph refuses.
        success: the status codes of a call that went well.
        select: the properties asked for, where the template has a place for them.
        filter: which rows; `{name}` in it is filled from the call's values, as an OData literal.
        top: how many rows a page may have.
        headers: what is sent beside what every call sends, or in place of it.
        writes: whether it changes the directory. A write is sent once and given up soon: whoever
            guards it looks again before the next one, so that a stop holds within ten seconds.
    """

    operation: str
    method: Method
    template: str
    role: str
    success: frozenset[int]
    select: tuple[str, ...] = ()
    filter: str | None = None
    top: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    writes: bool = False


_ACCOUNT: Final = (
    "id",
    "accountEnabled",
    "userType",
    "employeeId",
    "createdDateTime",
    "onPremisesSyncEnabled",
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

PREFER_METHOD: Final = Call(
    operation="method.prefer",
    method=Method.PATCH,
    # Beta only: https://learn.microsoft.com/graph/api/authentication-update
    template="{+baseurl}/beta/users/{user}/authentication/signInPreferences",
    role="UserAuthenticationMethod.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)

LIST_METHODS: Final = Call(
    operation="methods.list",
    method=Method.GET,
    # v1.0 leaves hardware OATH tokens and QR codes out: who has nothing else would look
    # unregistered. To v1.0 when it knows them.
    template="{+baseurl}/beta/users/{user}/authentication/methods",
    role="UserAuthenticationMethod.Read.All",
    success=frozenset({200}),
)

READ_MANAGER: Final = Call(
    operation="manager.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}/manager{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id",),
)

LIST_ROLE_ASSIGNMENTS: Final = Call(
    operation="role-assignments.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/roleManagement/directory/roleAssignments{?%24select}",
    role="RoleManagement.Read.Directory",
    success=frozenset({200}),
    select=("id", "principalId"),
)

LIST_ROLE_HOLDERS: Final = Call(
    operation="role-holders.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/roleManagement/directory/roleAssignments{?%24filter,%24select}",
    role="RoleManagement.Read.Directory",
    success=frozenset({200}),
    select=("id", "principalId"),
    filter="roleDefinitionId eq {role}",
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
    select=("id", "createdDateTime", "employeeId", "signInActivity"),
)

LIST_DOMAINS: Final = Call(
    operation="domains.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/domains{?%24select}",
    role="Domain.Read.All",
    success=frozenset({200}),
    select=("id", "isVerified"),
)

REGISTER_PHONE: Final = Call(
    operation="phone.write",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/authentication/phoneMethods",
    role="UserAuthMethod-Phone.ReadWrite.All",
    success=frozenset({200, 201}),
    writes=True,
)

REGISTER_EMAIL: Final = Call(
    operation="email.write",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/authentication/emailMethods",
    role="UserAuthMethod-Email.ReadWrite.All",
    success=frozenset({200, 201}),
    writes=True,
)

READ_GROUP: Final = Call(
    operation="group.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/groups/{group}{?%24select}",
    role="GroupMember.Read.All",
    success=frozenset({200}),
    select=("id", "groupTypes", "isAssignableToRole", "onPremisesSyncEnabled", "visibility"),
)

LIST_GROUP_PEOPLE: Final = Call(
    operation="group-people.list",
    method=Method.GET,
    # Without a cast to users: that would read an index which lags behind the directory.
    template="{+baseurl}/v1.0/groups/{group}/transitiveMembers{?%24select,%24top}",
    role="GroupMember.Read.All",
    success=frozenset({200}),
    select=("id",),
    top=999,
)

ADD_MEMBER: Final = Call(
    operation="member.add",
    method=Method.POST,
    template="{+baseurl}/v1.0/groups/{group}/members/%24ref",
    role="GroupMember.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)

REMOVE_MEMBER: Final = Call(
    operation="member.remove",
    method=Method.DELETE,
    template="{+baseurl}/v1.0/groups/{group}/members/{user}/%24ref",
    role="GroupMember.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)

LIST_ROLE_ELIGIBILITIES: Final = Call(
    operation="role-eligibilities.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/roleManagement/directory/roleEligibilityScheduleInstances{?%24select}",
    role="RoleEligibilitySchedule.Read.Directory",
    success=frozenset({200}),
    select=("id", "principalId"),
)

LIST_ROLE_GROUPS: Final = Call(
    operation="role-groups.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/groups{?%24filter,%24select}",
    role="GroupMember.Read.All",
    success=frozenset({200}),
    select=("id",),
    # Only these can hold a directory role.
    filter="isAssignableToRole eq true",
)

LIST_GROUP_OWNERS: Final = Call(
    operation="group-owners.list",
    method=Method.GET,
    # The other way round, users/{id}/ownedObjects, is not for applications.
    template="{+baseurl}/v1.0/groups/{group}/owners{?%24select}",
    role="GroupMember.Read.All",
    success=frozenset({200}),
    select=("id",),
)

LIST_GROUP_ELIGIBILITIES: Final = Call(
    operation="group-eligibilities.list",
    method=Method.GET,
    template=(
        "{+baseurl}/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"
        "{?%24filter,%24select}"
    ),
    role="PrivilegedEligibilitySchedule.Read.AzureADGroup",
    success=frozenset({200}),
    select=("id", "principalId"),
    filter="groupId eq {group}",
)

LIST_MEMBERSHIPS: Final = Call(
    operation="memberships.list",
    method=Method.GET,
    # Without a cast to groups: that would read an index which lags behind the directory.
    template="{+baseurl}/v1.0/users/{user}/transitiveMemberOf{?%24select,%24top}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id",),
    top=999,
)

READ_SIGN_IN: Final = Call(
    operation="sign-in.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("accountEnabled", "userType", "userPrincipalName"),
)

READ_DOMAIN: Final = Call(
    operation="domain.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/domains/{domain}",
    role="Domain.Read.All",
    success=frozenset({200}),
)

LIST_POLICIES: Final = Call(
    operation="policies.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/identity/conditionalAccess/policies{?%24select}",
    role="Policy.Read.ConditionalAccess",
    success=frozenset({200}),
    select=("id", "state", "conditions", "grantControls"),
)

READ_SECURITY_DEFAULTS: Final = Call(
    operation="security-defaults.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    role="Policy.Read.All",
    success=frozenset({200}),
)

READ_METHODS_POLICY: Final = Call(
    operation="methods-policy.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/policies/authenticationMethodsPolicy",
    role="Policy.Read.AuthenticationMethod",
    success=frozenset({200}),
)

CHECK_GROUPS: Final = Call(
    operation="groups.check",
    # A question, though it is sent as a POST: it may be asked again.
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/checkMemberGroups",
    role="GroupMember.Read.All",
    success=frozenset({200}),
)

CREATE_PASS: Final = Call(
    operation="pass.create",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/authentication/temporaryAccessPassMethods",
    role="UserAuthMethod-TAP.ReadWrite.All",
    success=frozenset({200, 201}),
    writes=True,
)

DELETE_PASS: Final = Call(
    operation="pass.delete",
    method=Method.DELETE,
    template="{+baseurl}/v1.0/users/{user}/authentication/temporaryAccessPassMethods/{pass}",
    role="UserAuthMethod-TAP.ReadWrite.All",
    success=frozenset({200, 204}),
    writes=True,
)


def next_page(call: Call) -> Call:
    """The call of a further page of the same list, whose address Graph gives as `link`."""
    return replace(call, template="{+link}", select=(), filter=None, top=None)


def literal(text: str) -> str:
    """A text as an OData literal: quotes around it, and those inside it doubled."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
