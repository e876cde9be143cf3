"""What a sweep reads, all of it at low priority."""

from dataclasses import replace
from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.calls.call import Call, in_no_hurry
from shared.adapters.graph.calls.groups import LIST_GROUP_OWNERS, LIST_GROUP_PEOPLE, READ_GROUP
from shared.adapters.graph.calls.people import COUNT_PEOPLE
from shared.adapters.graph.calls.roles import LIST_GROUP_ELIGIBILITIES, LIST_ROLE_GROUPS
from shared.adapters.graph.calls.tenant import (
    LIST_LOCATIONS,
    READ_METHODS_POLICY,
    READ_SECURITY_DEFAULTS,
)
from shared.domain.sweep.pace import CONDITIONAL_ACCESS, REPORTS

_POLICIES: Final = "Policy.Read.All"


def _read(
    operation: str, path: str, role: str, *select: str, top: int | None = None, query: str = ""
) -> Call:
    return in_no_hurry(
        Call(
            operation=operation,
            method=Method.GET,
            template=f"{{+baseurl}}/v1.0/{path}{query}",
            role=role,
            success=frozenset({200}),
            select=select,
            top=top,
        )
    )


PEOPLE_WITHOUT_STATE: Final = _read(
    "sweep.people",
    "users",
    "User.Read.All",
    "id",
    "userPrincipalName",
    "displayName",
    "department",
    "accountEnabled",
    "userType",
    "externalUserState",
    "employeeId",
    "employeeHireDate",
    "createdDateTime",
    "assignedLicenses",
    top=999,
    query="{?%24select,%24top}",
)
PEOPLE: Final = replace(
    PEOPLE_WITHOUT_STATE,
    # Undocumented, and refused or left out where it does not exist:
    # https://github.com/KelvinTegelaar/CIPP-API reads it so. To the documented way when there is
    # one in bulk.
    select=(*PEOPLE_WITHOUT_STATE.select, "perUserMfaState"),
)

_REGISTRATIONS: Final = "reports/authenticationMethods/userRegistrationDetails"
REGISTRATIONS_AS_THEY_COME: Final = replace(
    _read("sweep.registrations", _REGISTRATIONS, "AuditLog.Read.All"), limit=REPORTS
)
REGISTRATIONS: Final = replace(
    # The page of the API names neither of the two options, and both are taken.
    _read(
        "sweep.registrations",
        _REGISTRATIONS,
        "AuditLog.Read.All",
        "id",
        "isMfaCapable",
        "isSsprRegistered",
        "isSsprEnabled",
        "isSsprCapable",
        "methodsRegistered",
        top=999,
        query="{?%24select,%24top}",
    ),
    limit=REPORTS,
)

POLICIES: Final = replace(
    _read(
        "sweep.policies",
        "identity/conditionalAccess/policies",
        _POLICIES,
        "id",
        "displayName",
        "state",
        "conditions",
        "grantControls",
        query="{?%24select}",
    ),
    limit=CONDITIONAL_ACCESS,
)
LOCATIONS: Final = replace(in_no_hurry(LIST_LOCATIONS), limit=CONDITIONAL_ACCESS)
STRENGTHS: Final = replace(
    # No list of limits names them; they belong to Conditional Access under their other address.
    _read("sweep.strengths", "policies/authenticationStrengthPolicies", _POLICIES),
    limit=CONDITIONAL_ACCESS,
)
SECURITY_DEFAULTS: Final = replace(in_no_hurry(READ_SECURITY_DEFAULTS), role=_POLICIES)
METHODS_POLICY: Final = replace(in_no_hurry(READ_METHODS_POLICY), role=_POLICIES)
TRUST: Final = _read("sweep.trust", "policies/crossTenantAccessPolicy/default", _POLICIES)
PARTNERS: Final = _read("sweep.partners", "policies/crossTenantAccessPolicy/partners", _POLICIES)

ASSIGNMENTS: Final = _read(
    "sweep.role-assignments",
    "roleManagement/directory/roleAssignments",
    "RoleManagement.Read.Directory",
    "id",
    "principalId",
    "roleDefinitionId",
    "directoryScopeId",
    query="{?%24select}",
)
ELIGIBILITIES: Final = replace(
    ASSIGNMENTS,
    operation="sweep.role-eligibilities",
    template="{+baseurl}/v1.0/roleManagement/directory/roleEligibilityScheduleInstances{?%24select}",
    role="RoleEligibilitySchedule.Read.Directory",
)
ROLE_GROUPS: Final = in_no_hurry(LIST_ROLE_GROUPS)
COUNT: Final = in_no_hurry(COUNT_PEOPLE)

DOMAINS: Final = _read(
    "sweep.domains",
    "domains",
    "Domain.Read.All",
    "id",
    "authenticationType",
    "isVerified",
    query="{?%24select}",
)
FEDERATION: Final = _read(
    "sweep.federation", "domains/{domain}/federationConfiguration", "Domain.Read.All"
)

GROUP: Final = in_no_hurry(READ_GROUP)
GROUP_PEOPLE: Final = in_no_hurry(LIST_GROUP_PEOPLE)
GROUP_OWNERS: Final = in_no_hurry(LIST_GROUP_OWNERS)
GROUP_ELIGIBILITIES: Final = in_no_hurry(LIST_GROUP_ELIGIBILITIES)
