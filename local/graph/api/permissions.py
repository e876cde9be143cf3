"""The application permissions of each request, as the permissions reference lists them."""

_DIRECTORY_READERS = frozenset({"Directory.Read.All", "Directory.ReadWrite.All"})

USER_READ_BASIC = frozenset({"User.ReadBasic.All"})
USER_READ = frozenset({"User.Read.All", "User.ReadWrite.All"}) | _DIRECTORY_READERS
DIRECTORY_READ = _DIRECTORY_READERS
USER_WRITE = frozenset({"User.ReadWrite.All", "Directory.ReadWrite.All"})
USER_DELETE = frozenset({"User.DeleteRestore.All", "User.ReadWrite.All"})
USER_ENABLE = frozenset({"User.EnableDisableAccount.All"})
USER_READ_TO_ENABLE = frozenset({"User.Read.All"}) | USER_WRITE
USER_PASSWORD = frozenset({"User-PasswordProfile.ReadWrite.All"})
SESSIONS_REVOKE = frozenset({"User.RevokeSessions.All"}) | USER_WRITE
SIGN_INS_READ = frozenset({"AuditLog.Read.All"})
AUDIT_LOG_READ = SIGN_INS_READ
REGISTRATIONS_READ = SIGN_INS_READ

METHODS_READ = frozenset(
    {"UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.ReadWrite.All"}
)
METHODS_WRITE = frozenset({"UserAuthenticationMethod.ReadWrite.All"})
METHODS_POLICY_READ = frozenset(
    {
        "Policy.Read.AuthenticationMethod",
        "Policy.ReadWrite.AuthenticationMethod",
        "Policy.Read.All",
    }
)
ORGANIZATION_READ = (
    frozenset({"Organization.Read.All", "Organization.ReadWrite.All"}) | _DIRECTORY_READERS
)
SKUS_READ = ORGANIZATION_READ | {"LicenseAssignment.Read.All", "LicenseAssignment.ReadWrite.All"}
DOMAINS_READ = frozenset({"Domain.Read.All", "Domain.ReadWrite.All"}) | _DIRECTORY_READERS
FEDERATION_READ = frozenset({"Domain.Read.All", "Domain.ReadWrite.All"})
REQUIREMENTS_READ = frozenset({"Policy.Read.All", "Policy.ReadWrite.AuthenticationMethod"})
REQUIREMENTS_WRITE = frozenset({"Policy.ReadWrite.AuthenticationMethod"})

GROUP_READ = frozenset(
    {"GroupMember.Read.All", "Group.Read.All", "Group.ReadWrite.All"} | _DIRECTORY_READERS
)
GROUP_MEMBERS_READ = GROUP_READ | {"GroupMember.ReadWrite.All"}
GROUP_MEMBERS_WRITE = frozenset(
    {"GroupMember.ReadWrite.All", "Group.ReadWrite.All", "Directory.ReadWrite.All"}
)
ROLE_ASSIGNABLE_GROUP_WRITE = frozenset({"RoleManagement.ReadWrite.Directory"})
HIDDEN_MEMBERS_READ = frozenset({"Member.Read.Hidden"})
MEMBERSHIPS_READ = GROUP_READ | USER_READ
ROLES_READ = frozenset(
    {
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.ReadWrite.Directory",
        *_DIRECTORY_READERS,
    }
)
_ROLE_SCHEDULES = frozenset(
    {
        "RoleManagement.Read.Directory",
        "RoleManagement.Read.All",
        "RoleManagement.ReadWrite.Directory",
    }
)
ELIGIBILITIES_READ = _ROLE_SCHEDULES | {
    "RoleEligibilitySchedule.Read.Directory",
    "RoleEligibilitySchedule.ReadWrite.Directory",
}
ACTIVATIONS_READ = _ROLE_SCHEDULES | {
    "RoleAssignmentSchedule.Read.Directory",
    "RoleAssignmentSchedule.ReadWrite.Directory",
}
GROUP_ELIGIBILITIES_READ = frozenset(
    {
        "PrivilegedEligibilitySchedule.Read.AzureADGroup",
        "PrivilegedEligibilitySchedule.ReadWrite.AzureADGroup",
    }
)
GROUP_ACTIVATIONS_READ = frozenset(
    {
        "PrivilegedAssignmentSchedule.Read.AzureADGroup",
        "PrivilegedAssignmentSchedule.ReadWrite.AzureADGroup",
    }
)

POLICY_READ = frozenset({"Policy.Read.All"})
APPLICATIONS_READ = frozenset(
    {"Application.Read.All", "Application.ReadWrite.All"} | _DIRECTORY_READERS
)
CONDITIONAL_ACCESS_READ = POLICY_READ | {"Policy.Read.ConditionalAccess"}
CONDITIONAL_ACCESS_WRITE = frozenset({"Policy.ReadWrite.ConditionalAccess"})
SECURITY_DEFAULTS_WRITE = frozenset({"Policy.ReadWrite.SecurityDefaults"})
STRENGTHS_WRITE = frozenset(
    {"Policy.ReadWrite.ConditionalAccess", "Policy.ReadWrite.AuthenticationMethod"}
)
STRENGTHS_READ = STRENGTHS_WRITE | {"Policy.Read.All", "Policy.Read.AuthenticationMethod"}
CROSS_TENANT_WRITE = frozenset({"Policy.ReadWrite.CrossTenantAccess"})
CROSS_TENANT_READ = POLICY_READ | CROSS_TENANT_WRITE
