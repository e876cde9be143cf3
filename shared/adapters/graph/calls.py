"""The calls that we make to Microsoft Graph: one line of the API reference each."""

from dataclasses import dataclass
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
        writes: whether it changes the directory. A write is sent once and given up soon: whoever
            guards it looks again before the next one, so that a stop holds within ten seconds.
    """

    operation: str
    method: Method
    template: str
    role: str
    success: frozenset[int]
    select: tuple[str, ...] = ()
    writes: bool = False


FIND_ACCOUNT: Final = Call(
    operation="account.read",
    method=Method.GET,
    template="{+baseurl}/v1.0/users/{user}{?%24select}",
    role="User.Read.All",
    success=frozenset({200}),
    select=("id", "accountEnabled", "userType", "employeeId"),
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

LIST_METHODS: Final = Call(
    operation="methods.list",
    method=Method.GET,
    # v1.0 leaves hardware OATH tokens and QR codes out: who has nothing else would look
    # unregistered. To v1.0 when it knows them.
    template="{+baseurl}/beta/users/{user}/authentication/methods",
    role="UserAuthenticationMethod.Read.All",
    success=frozenset({200}),
)

LIST_MORE_METHODS: Final = Call(
    operation="methods.list",
    method=Method.GET,
    template="{+link}",
    role="UserAuthenticationMethod.Read.All",
    success=frozenset({200}),
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

CHECK_MEMBERSHIPS: Final = Call(
    operation="memberships.check",
    method=Method.POST,
    template="{+baseurl}/v1.0/users/{user}/checkMemberGroups",
    role="GroupMember.Read.All",
    success=frozenset({200}),
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
