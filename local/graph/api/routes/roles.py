"""Directory roles and PIM."""

from local.graph.api import directory_roles as roles
from local.graph.api import permissions as may
from local.graph.api import privileged_groups
from local.graph.api.routing import BETA_ONLY, Area, Route
from local.graph.tenant.switches import Licence

_ROLES = "/roleManagement/directory"
_GROUPS = "/identityGovernance/privilegedAccess/group"
_PIM = Area.PRIVILEGED_IDENTITY

ROUTES = (
    Route("GET", f"{_ROLES}/roleDefinitions", roles.list_role_definitions, may.ROLES_READ),
    Route("GET", f"{_ROLES}/roleDefinitions/{{role}}", roles.get_role_definition, may.ROLES_READ),
    Route(
        "GET",
        f"{_ROLES}/roleAssignments",
        roles.list_holders("roleAssignments", roles.assignments),
        may.ROLES_READ,
        hollow=True,
    ),
    Route(
        "GET",
        f"{_ROLES}/transitiveRoleAssignments",
        roles.list_transitive_assignments,
        may.ROLES_READ,
        versions=BETA_ONLY,
        hollow=True,
    ),
    Route(
        "GET",
        f"{_ROLES}/roleEligibilitySchedules",
        roles.list_holders("roleEligibilitySchedules", roles.eligibility_schedules),
        may.ELIGIBILITIES_READ,
        _PIM,
        licence=Licence.P2,
        hollow=True,
    ),
    Route(
        "GET",
        f"{_ROLES}/roleEligibilityScheduleInstances",
        roles.list_holders("roleEligibilityScheduleInstances", roles.eligibility_instances),
        may.ELIGIBILITIES_READ,
        _PIM,
        licence=Licence.P2,
        hollow=True,
    ),
    Route(
        "GET",
        f"{_ROLES}/roleAssignmentScheduleInstances",
        roles.list_holders("roleAssignmentScheduleInstances", roles.assignment_instances),
        may.ACTIVATIONS_READ,
        _PIM,
        licence=Licence.P2,
        hollow=True,
    ),
    Route(
        "GET",
        f"{_GROUPS}/eligibilityScheduleInstances",
        privileged_groups.list_group_eligibilities,
        may.GROUP_ELIGIBILITIES_READ,
        _PIM,
        licence=Licence.P2,
        hollow=True,
    ),
    Route(
        "GET",
        f"{_GROUPS}/assignmentScheduleInstances",
        privileged_groups.list_group_assignments,
        may.GROUP_ACTIVATIONS_READ,
        _PIM,
        licence=Licence.P2,
        hollow=True,
    ),
)
