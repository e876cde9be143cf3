"""Directory roles: who holds one, or could come to hold one."""

from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call

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
