"""Who is privileged: roles, through groups, eligible, and as the owner of a group."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.identity_governance.privileged_access.group.eligibility_schedule_instances.eligibility_schedule_instances_request_builder import (  # noqa: E501 - the SDK's name
    EligibilityScheduleInstancesRequestBuilder as GroupEligibilities,
)
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.user import User
from msgraph.generated.role_management.directory.role_assignments.role_assignments_request_builder import (  # noqa: E501 - the SDK's name
    RoleAssignmentsRequestBuilder as Assignments,
)
from msgraph.generated.role_management.directory.role_eligibility_schedule_instances.role_eligibility_schedule_instances_request_builder import (  # noqa: E501 - the SDK's name
    RoleEligibilityScheduleInstancesRequestBuilder as Eligibilities,
)

from tests.local.graph.clients import beta_client, v1_client
from tests.stands.graph import GraphControl, GraphStand

_ASSIGNMENTS = "/v1.0/roleManagement/directory/roleAssignments"
_PIM = "/v1.0/roleManagement/directory/roleEligibilityScheduleInstances"
_PIM_GROUPS = "/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances"


def _role(control: GraphControl, **fields: object) -> dict[str, Any]:
    body = {"displayName": "Helpdesk", "id": str(uuid4()), **fields}
    made: dict[str, Any] = control.do("POST", "roles", body)
    return made


def _group(control: GraphControl, **fields: object) -> dict[str, Any]:
    made: dict[str, Any] = control.do("POST", "groups", {"displayName": "Admins", **fields})
    return made


def _cast(control: GraphControl, graph: httpx.Client, user: str, *roles: str) -> list[str]:
    headers = {"Authorization": f"Bearer {control.token(roles)}"} if roles else {}
    path = f"/v1.0/users/{user}/transitiveMemberOf/microsoft.graph.directoryRole"
    return [row["roleTemplateId"] for row in graph.get(path, headers=headers).json()["value"]]


async def test_v1_models_read_assignments_of_a_principal(
    stand: GraphStand, control: GraphControl
) -> None:
    """A filter by principal finds the direct role, with the definition or the person expanded."""
    user = control.create_user(displayName="Kim Vale")
    role = _role(control, members=[user["id"]])
    parameters = Assignments.RoleAssignmentsRequestBuilderGetQueryParameters
    wanted = f"principalId eq '{user['id']}'"
    async with v1_client(stand) as client:
        builder = client.role_management.directory.role_assignments
        first, second = [
            await builder.get(
                RequestConfiguration(query_parameters=parameters(filter=wanted, expand=[name]))
            )
            for name in ("roleDefinition", "principal")
        ]
    assert first is not None
    assert first.value is not None
    assert [row.role_definition_id for row in first.value] == [role["id"]]
    assert first.value[0].role_definition is not None
    assert first.value[0].role_definition.display_name == "Helpdesk"
    assert second is not None
    assert second.value is not None
    principal = second.value[0].principal
    assert isinstance(principal, User)
    assert principal.display_name == "Kim Vale"


async def test_v1_models_read_the_roles_of_a_persons_groups(
    stand: GraphStand, control: GraphControl
) -> None:
    """The cast of transitiveMemberOf has the role that a group holds, under its template's id."""
    user = control.create_user()["id"]
    group = _group(control, members=[user], isAssignableToRole=True)["id"]
    role = _role(control, members=[group])["id"]
    async with v1_client(stand) as client:
        page = await client.users.by_user_id(user).transitive_member_of.graph_directory_role.get()
    assert page is not None
    assert page.value is not None
    assert [held.role_template_id for held in page.value] == [role]
    assert page.value[0].id != role


def test_a_role_through_a_group_is_assigned_to_the_group(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Assignments name the group and not its members; beta resolves them, with its header."""
    user = control.create_user()["id"]
    group = _group(control, members=[user], isAssignableToRole=True)["id"]
    role = _role(control, members=[group])["id"]
    query = {"$filter": f"principalId eq '{user}'", "$count": "true"}
    assert graph.get(_ASSIGNMENTS, params=query).json()["value"] == []
    path = "/beta/roleManagement/directory/transitiveRoleAssignments"
    assert graph.get(path, params=query).status_code == 400
    eventual = {"ConsistencyLevel": "eventual"}
    rows = graph.get(path, params=query, headers=eventual).json()["value"]
    assert [(row["principalId"], row["roleDefinitionId"]) for row in rows] == [(group, role)]
    direct = graph.get(f"/v1.0/users/{user}/memberOf/microsoft.graph.directoryRole").json()
    assert direct["value"] == []


async def test_v1_models_read_eligibility(stand: GraphStand, control: GraphControl) -> None:
    """Who can activate a role is in PIM and nowhere else."""
    user = control.create_user()["id"]
    role = _role(control, eligibleMembers=[user])["id"]
    parameters = Eligibilities.RoleEligibilityScheduleInstancesRequestBuilderGetQueryParameters
    wanted = RequestConfiguration(query_parameters=parameters(filter=f"principalId eq '{user}'"))
    async with v1_client(stand) as client:
        directory = client.role_management.directory
        page = await directory.role_eligibility_schedule_instances.get(wanted)
        schedules = await directory.role_eligibility_schedules.get()
        active = await directory.role_assignment_schedule_instances.get()
    assert page is not None
    assert [row.role_definition_id for row in page.value or []] == [role]
    assert schedules is not None
    assert user in {row.principal_id for row in schedules.value or []}
    assert active is not None
    assert user not in {row.principal_id for row in active.value or []}


async def test_v1_models_read_pim_for_groups_and_owners(
    stand: GraphStand, control: GraphControl
) -> None:
    """Eligible members are found by group and by principal, owners by the group alone."""
    user = control.create_user()["id"]
    group = _group(control, eligibleMembers=[user], owners=[user], isAssignableToRole=True)["id"]
    parameters = GroupEligibilities.EligibilityScheduleInstancesRequestBuilderGetQueryParameters
    async with v1_client(stand) as client:
        builder = client.identity_governance.privileged_access.group
        for wanted in (f"groupId eq '{group}'", f"principalId eq '{user}'"):
            page = await builder.eligibility_schedule_instances.get(
                RequestConfiguration(query_parameters=parameters(filter=wanted))
            )
            assert page is not None
            assert page.value is not None
            assert [row.group_id for row in page.value] == [group]
            assert page.value[0].access_id == "member"
        owners = await client.groups.by_group_id(group).owners.get()
        with pytest.raises(ODataError):
            await client.users.by_user_id(user).owned_objects.get()
    assert owners is not None
    assert [owner.id for owner in owners.value or []] == [user]


async def test_beta_model_reads_which_roles_are_privileged(
    stand: GraphStand, control: GraphControl
) -> None:
    """`isPrivileged` tells the roles that can take over the tenant."""
    _role(control, id="62e90394-69f5-4237-9190-012177145e10", displayName="Global Administrator")
    async with beta_client(stand) as client:
        page = await client.role_management.directory.role_definitions.get()
    assert page is not None
    assert {row.is_privileged for row in page.value} >= {True}


def test_v1_does_not_know_which_roles_are_privileged(
    control: GraphControl, graph: httpx.Client
) -> None:
    """`isPrivileged` is on beta only, as a property and as a filter."""
    _role(control)
    path = "/v1.0/roleManagement/directory/roleDefinitions"
    assert "isPrivileged" not in graph.get(path).json()["value"][0]
    assert graph.get(path, params={"$filter": "isPrivileged eq true"}).status_code == 400


@pytest.mark.parametrize(
    ("path", "roles", "code"),
    [
        (_ASSIGNMENTS, ["User.Read.All"], "Authorization_RequestDenied"),
        (_PIM, ["Directory.Read.All"], "UnknownError"),
        (f"{_PIM_GROUPS}?$filter=groupId eq 'x'", ["Directory.Read.All"], "UnknownError"),
    ],
)
def test_without_the_permission_it_is_403_or_as_switched_an_empty_200(
    control: GraphControl, graph: httpx.Client, path: str, roles: list[str], code: str
) -> None:
    """An empty list from a token without the permission says nothing about the roles."""
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    refused = graph.get(path, headers=headers)
    assert (refused.status_code, refused.json()["error"]["code"]) == (403, code)
    control.do("POST", "switches", {"deniedRoleReads": "empty"})
    _role(control, members=[control.create_user()["id"]])
    empty = graph.get(path, headers=headers)
    assert (empty.status_code, empty.json()) == (200, {"value": []})


def test_a_cast_shows_only_what_the_token_may_read(
    control: GraphControl, graph: httpx.Client
) -> None:
    """`User.Read.All` alone gets an empty cast, and uncast a row with an id and no name."""
    user = control.create_user()["id"]
    role = _role(control, members=[user])["id"]
    _role(control, members=[user], isBuiltIn=False)
    assert _cast(control, graph, user) == [role]
    assert _cast(control, graph, user, "User.Read.All") == []
    assert _cast(control, graph, user, "User.Read.All", "RoleManagement.Read.Directory") == [role]
    headers = {"Authorization": f"Bearer {control.token(['User.Read.All'])}"}
    (row,) = graph.get(f"/v1.0/users/{user}/transitiveMemberOf", headers=headers).json()["value"]
    assert row["id"]
    assert (row["displayName"], row["roleTemplateId"]) == (None, None)


@pytest.mark.parametrize("licence", ["free", "p1"])
def test_without_the_premium_licence_there_is_no_pim(
    control: GraphControl, graph: httpx.Client, licence: str
) -> None:
    """PIM answers `400 AadPremiumLicenseRequired`; plain assignments are still there."""
    control.do("POST", "switches", {"licence": licence})
    for path in (_PIM, f"{_PIM_GROUPS}?$filter=groupId eq 'x'"):
        answer = graph.get(path)
        assert answer.status_code == 400
        assert answer.json()["error"]["code"] == "AadPremiumLicenseRequired"
    assert graph.get(_ASSIGNMENTS).status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        f"{_ASSIGNMENTS}?$filter=principalId ne 'x'",
        f"{_ASSIGNMENTS}?$filter=scope eq 'x'",
        f"{_ASSIGNMENTS}?$expand=principal,roleDefinition",
        f"{_ASSIGNMENTS}?$select=nickname",
        _PIM_GROUPS,
        f"{_PIM_GROUPS}?$filter=accessId eq 'member'",
        "/v1.0/roleManagement/directory/transitiveRoleAssignments",
    ],
)
def test_what_role_management_does_not_answer_is_refused(graph: httpx.Client, path: str) -> None:
    """Other filters and expansions, PIM for Groups without a scope, beta's path on v1.0: 400."""
    assert graph.get(path).status_code == 400


def test_roles_are_held_by_people_and_role_assignable_groups(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A plain group holds no role, a role-assignable one no groups; a known role gains holders."""
    user, other = control.create_user()["id"], control.create_user()["id"]
    plain = _group(control, members=[user])["id"]
    nested = {"displayName": "Admins", "members": [plain]}
    assert control.request("POST", "roles", nested).status_code == 400
    answer = control.request("POST", "groups", {**nested, "isAssignableToRole": True})
    assert answer.status_code == 400
    role = _role(control, members=[user])["id"]
    assert _role(control, id=role, members=[other])["members"] == [user, other]
    query = {"$filter": f"roleDefinitionId eq '{role}'", "$top": "1"}
    page = graph.get(_ASSIGNMENTS, params=query).json()
    rest = graph.get(page["@odata.nextLink"]).json()
    assert (len(page["value"]), len(rest["value"])) == (1, 1)
    assert {row["principalId"] for row in page["value"] + rest["value"]} == {user, other}


@pytest.mark.parametrize("how", ["eligibleMembers", "eligibleOwners"])
@pytest.mark.parametrize(
    "kind", [{"membershipRule": "user.department -eq 'Sales'"}, {"onPremisesSyncEnabled": True}]
)
def test_nobody_is_eligible_for_a_group_that_nobody_writes(
    control: GraphControl, how: str, kind: dict[str, object]
) -> None:
    """PIM for Groups takes no dynamic and no synchronised group; either may be eligible itself."""
    key = _group(control, **kind)["id"]
    body = {"displayName": "Staff", **kind, how: [key]}
    assert control.request("POST", "groups", body).status_code == 400
    assert _group(control, **{how: [key]})[how] == [key]


def test_a_deleted_person_holds_no_role(control: GraphControl, graph: httpx.Client) -> None:
    """Deleting a person ends what they are eligible for."""
    user = control.create_user()["id"]
    role = _role(control, eligibleMembers=[user])["id"]
    assert graph.delete(f"/v1.0/users/{user}").status_code == 204
    wanted = {"$filter": f"roleDefinitionId eq '{role}'"}
    for path in (_ASSIGNMENTS, _PIM):
        assert graph.get(path, params=wanted).json()["value"] == []
