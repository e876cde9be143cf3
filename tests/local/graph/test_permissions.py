"""Each request with its least privileged permissions, and without any."""

import httpx
import pytest

from tests.stands.graph import GraphControl

_USER = "/v1.0/users/{user}"
_METHODS = f"{_USER}/authentication"
_GROUP = "/v1.0/groups/{group}"
_ROLES = "/v1.0/roleManagement/directory"
_PIM_GROUPS = "/v1.0/identityGovernance/privilegedAccess/group"
_POLICIES = "/v1.0/policies"
_REGISTRATIONS = "/v1.0/reports/authenticationMethods/userRegistrationDetails"
_AUDIT_DENIED = "Authentication_MSGraphPermissionMissing"
_DENIED, _METHODS_DENIED, _PIM_DENIED = (
    "Authorization_RequestDenied",
    "accessDenied",
    "UnknownError",
)


@pytest.mark.parametrize(
    ("line", "roles", "code"),
    [
        (f"GET {_GROUP}", "GroupMember.Read.All", _DENIED),
        (f"GET {_GROUP}/members", "GroupMember.Read.All", _DENIED),
        (f"GET {_GROUP}/transitiveMembers", "GroupMember.Read.All", _DENIED),
        (f"GET {_GROUP}/owners", "GroupMember.Read.All", _DENIED),
        (f"GET {_USER}/transitiveMemberOf", "User.Read.All", _DENIED),
        (f"GET {_USER}/directReports", "User.Read.All", _DENIED),
        ("GET /v1.0/auditLogs/directoryAudits", "AuditLog.Read.All", _AUDIT_DENIED),
        (f"GET {_REGISTRATIONS}", "AuditLog.Read.All", _AUDIT_DENIED),
        (f"POST {_USER}/revokeSignInSessions", "User.RevokeSessions.All", _DENIED),
        (f"GET {_ROLES}/roleAssignments", "RoleManagement.Read.Directory", _DENIED),
        (f"GET {_ROLES}/roleDefinitions", "RoleManagement.Read.Directory", _DENIED),
        (
            f"GET {_ROLES}/roleEligibilityScheduleInstances",
            "RoleEligibilitySchedule.Read.Directory",
            _PIM_DENIED,
        ),
        (
            f"GET {_ROLES}/roleEligibilitySchedules",
            "RoleEligibilitySchedule.Read.Directory",
            _PIM_DENIED,
        ),
        (
            f"GET {_ROLES}/roleAssignmentScheduleInstances",
            "RoleAssignmentSchedule.Read.Directory",
            _PIM_DENIED,
        ),
        (
            f"GET {_PIM_GROUPS}/eligibilityScheduleInstances?$filter=groupId eq '{{group}}'",
            "PrivilegedEligibilitySchedule.Read.AzureADGroup",
            _PIM_DENIED,
        ),
        (
            f"GET {_PIM_GROUPS}/assignmentScheduleInstances?$filter=groupId eq '{{group}}'",
            "PrivilegedAssignmentSchedule.Read.AzureADGroup",
            _PIM_DENIED,
        ),
        (f"GET {_METHODS}/phoneMethods", "UserAuthMethod-Phone.Read.All", _METHODS_DENIED),
        (f"GET {_METHODS}/emailMethods", "UserAuthMethod-Email.Read.All", _METHODS_DENIED),
        (
            f"GET {_METHODS}/passwordMethods",
            "UserAuthenticationMethod.Read.All",
            _METHODS_DENIED,
        ),
        (
            f"POST {_METHODS}/temporaryAccessPassMethods",
            "UserAuthMethod-TAP.ReadWrite.All",
            _METHODS_DENIED,
        ),
        (
            f"GET {_POLICIES}/authenticationMethodsPolicy",
            "Policy.Read.AuthenticationMethod",
            _METHODS_DENIED,
        ),
        (f"GET {_POLICIES}/identitySecurityDefaultsEnforcementPolicy", "Policy.Read.All", _DENIED),
        (
            "GET /v1.0/identity/conditionalAccess/policies",
            "Policy.Read.ConditionalAccess",
            "AccessDenied",
        ),
        ("GET /v1.0/organization", "Organization.Read.All", _DENIED),
        ("GET /v1.0/subscribedSkus", "Organization.Read.All", _DENIED),
        ("GET /v1.0/subscribedSkus", "LicenseAssignment.Read.All", _DENIED),
        ("GET /v1.0/domains", "Domain.Read.All", _DENIED),
    ],
)
def test_the_least_permission_is_enough_and_none_is_refused(
    control: GraphControl, graph: httpx.Client, line: str, roles: str, code: str
) -> None:
    """The permission named works alone; a token without it is 403 in the service's words."""
    user = control.create_user()["id"]
    group = control.do("POST", "groups", {"displayName": "Any", "members": [user]})["id"]
    method, path = line.format(user=user, group=group).split(" ", 1)
    # Of what the other endpoints take, nothing helps here.
    foreign = ["User.ReadBasic.All", "User.EnableDisableAccount.All", "Member.Read.Hidden"]
    for held, expected in ((foreign, 403), ([roles], 200)):
        answer = graph.request(
            method,
            path,
            headers={"Authorization": f"Bearer {control.token(held)}"},
            json={} if method == "POST" else None,
        )
        assert answer.status_code // 100 == expected // 100
        if expected == 403:
            assert (answer.status_code, answer.json()["error"]["code"]) == (403, code)
