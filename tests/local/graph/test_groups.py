"""Groups through Graph: reading who is in them, and changing it."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.reference_create import ReferenceCreate
from msgraph.generated.users.item.check_member_groups.check_member_groups_post_request_body import (
    CheckMemberGroupsPostRequestBody,
)

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand


def _group(control: GraphControl, **fields: object) -> str:
    made: dict[str, Any] = control.do("POST", "groups", {"displayName": "MFA", **fields})
    return str(made["id"])


def _reference(user: str) -> dict[str, str]:
    return {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user}"}


def _members(control: GraphControl, group: str) -> list[str]:
    members: list[str] = control.do("GET", f"groups/{group}")["members"]
    return members


async def test_v1_models_add_and_remove_a_member(stand: GraphStand, control: GraphControl) -> None:
    """Added is on the list; adding again is 400 and removing again 404, in Graph's words."""
    user, group = control.create_user()["id"], _group(control)
    reference = ReferenceCreate(odata_id=f"{stand.base_url}/v1.0/directoryObjects/{user}")
    async with v1_client(stand) as client:
        members = client.groups.by_group_id(group).members
        await members.ref.post(reference)
        page = await members.get()
        with pytest.raises(ODataError) as twice:
            await members.ref.post(reference)
        await members.by_directory_object_id(user).ref.delete()
        with pytest.raises(ODataError) as gone:
            await members.by_directory_object_id(user).ref.delete()
    assert page is not None
    assert [(row.id, row.odata_type) for row in page.value or []] == [
        (user, "#microsoft.graph.user")
    ]
    assert twice.value.response_status_code == 400
    assert twice.value.error is not None
    assert "references already exist" in str(twice.value.error.message)
    assert gone.value.response_status_code == 404
    assert _members(control, group) == []


async def test_v1_models_read_nested_members_and_memberships(
    stand: GraphStand, control: GraphControl
) -> None:
    """Transitive lists look into groups in groups, circles included; direct ones do not."""
    user = control.create_user()["id"]
    inner = _group(control, members=[user])
    outer = _group(control, members=[inner])
    other = _group(control)
    body = CheckMemberGroupsPostRequestBody(group_ids=[outer, other, str(uuid4())])
    async with v1_client(stand) as client:
        await client.groups.by_group_id(inner).members.ref.post(
            ReferenceCreate(odata_id=f"https://graph.microsoft.com/v1.0/groups/{outer}")
        )
        one = await client.groups.by_group_id(outer).get()
        direct = await client.groups.by_group_id(outer).members.get()
        nested = await client.groups.by_group_id(outer).transitive_members.graph_user.get()
        found = await client.users.by_user_id(user).check_member_groups.post(body)
        mine = await client.users.by_user_id(user).transitive_member_of.graph_group.get()
    assert one is not None
    assert one.display_name == "MFA"
    assert direct is not None
    assert [row.id for row in direct.value or []] == [inner]
    assert nested is not None
    assert [row.id for row in nested.value or []] == [user]
    assert found is not None
    assert found.value == [outer]
    assert mine is not None
    assert {row.id for row in mine.value or []} == {inner, outer}


def test_check_member_objects_knows_roles_by_both_ids(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A role is found by its template and by its own id; unknown ids are left out."""
    user = control.create_user()["id"]
    role = {"displayName": "Helpdesk", "members": [user], "id": str(uuid4())}
    template = control.do("POST", "roles", role)["id"]
    (row,) = graph.get(f"/v1.0/users/{user}/memberOf").json()["value"]
    body = {"ids": [template, row["id"], str(uuid4())]}
    found = graph.post(f"/v1.0/users/{user}/checkMemberObjects", json=body).json()
    assert found["value"] == [template, row["id"]]


def test_hidden_members_are_an_empty_list_without_the_permission(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Without `Member.Read.Hidden` a hidden group seems empty, and nobody seems to be in it."""
    user = control.create_user()["id"]
    group = _group(control, members=[user], hiddenMembership=True)
    roles = ["GroupMember.Read.All", "User.Read.All"]
    for held, members in ((roles, []), ([*roles, "Member.Read.Hidden"], [user])):
        headers = {"Authorization": f"Bearer {control.token(held)}"}
        path = f"/v1.0/groups/{group}/transitiveMembers"
        page = graph.get(path, headers=headers).json()
        assert [row["id"] for row in page["value"]] == members
        check = f"/v1.0/users/{user}/checkMemberGroups"
        found = graph.post(check, headers=headers, json={"groupIds": [group]}).json()
        assert bool(found["value"]) is bool(members)
    assert graph.get(f"/v1.0/groups/{group}").json()["visibility"] == "HiddenMembership"


@pytest.mark.parametrize(
    ("fields", "roles", "status"),
    [
        ({}, ["GroupMember.ReadWrite.All"], 204),
        ({}, ["GroupMember.Read.All"], 403),
        ({"isAssignableToRole": True}, ["GroupMember.ReadWrite.All"], 403),
        (
            {"isAssignableToRole": True},
            ["GroupMember.ReadWrite.All", "RoleManagement.ReadWrite.Directory"],
            204,
        ),
        ({"membershipRule": "user.department -eq 'Sales'"}, ["Group.ReadWrite.All"], 400),
        ({"onPremisesSyncEnabled": True}, ["Group.ReadWrite.All"], 400),
    ],
)
def test_which_groups_can_be_written(
    control: GraphControl,
    graph: httpx.Client,
    fields: dict[str, object],
    roles: list[str],
    status: int,
) -> None:
    """Role-assignable groups take a second permission; dynamic and synchronised ones nobody's."""
    user, group = control.create_user()["id"], _group(control, **fields)
    headers = {"Authorization": f"Bearer {control.token(roles)}"}
    path = f"/v1.0/groups/{group}/members/$ref"
    assert graph.post(path, headers=headers, json=_reference(user)).status_code == status
    assert _members(control, group) == [user] * (status == 204)


def test_up_to_20_members_join_at_once_or_none(control: GraphControl, graph: httpx.Client) -> None:
    """`members@odata.bind` adds all of them; one known member or 21 references add nobody."""
    group = _group(control)
    users = [control.create_user()["id"] for _ in range(2)]
    references = [_reference(user)["@odata.id"] for user in users]
    path = f"/v1.0/groups/{group}"
    for bound, status in ((references[:1], 204), (references, 400), (references * 11, 400)):
        assert graph.patch(path, json={"members@odata.bind": bound}).status_code == status
        assert _members(control, group) == users[:1]


def test_readers_see_a_new_member_after_the_lag(control: GraphControl, graph: httpx.Client) -> None:
    """The write answers 204 at once; the list and the person's memberships follow."""
    user, group = control.create_user()["id"], _group(control)
    control.lag(10)
    path = f"/v1.0/groups/{group}/members"
    assert graph.post(f"{path}/$ref", json=_reference(user)).status_code == 204
    assert graph.get(path).json()["value"] == []
    assert graph.post(f"{path}/$ref", json=_reference(user)).status_code == 400
    control.advance(11)
    assert [row["id"] for row in graph.get(path).json()["value"]] == [user]
    young = control.create_user()["id"]
    assert graph.post(f"{path}/$ref", json=_reference(young)).status_code == 404


@pytest.mark.parametrize(
    ("line", "body", "status"),
    [
        ("POST /members/$ref", {"@odata.id": "https://graph.example.com/v1.0/users/x"}, 400),
        ("POST /members/$ref", {"@odata.id": "{user}"}, 400),
        ("POST /members/$ref", {}, 400),
        ("POST /members/$ref", _reference(str(uuid4())), 404),
        ("PATCH ", {"displayName": "New"}, 400),
        ("DELETE /members/{user}/$ref", None, 404),
        ("DELETE /members/{user}", None, 501),
        ("POST /checkMemberGroups", {"groupIds": []}, 400),
        ("POST /checkMemberGroups", {"groupIds": ["x"] * 21}, 400),
        ("POST /checkMemberObjects", {"groupIds": ["x"]}, 400),
        ("GET /members?$filter=id eq 'x'", None, 400),
        ("GET ?$select=nickname", None, 400),
    ],
)
def test_what_a_group_does_not_take_is_refused(
    control: GraphControl, graph: httpx.Client, line: str, body: object, status: int
) -> None:
    """Foreign or malformed references, other changes, too many ids: nothing is written."""
    user, group = control.create_user()["id"], _group(control)
    method, rest = line.format(user=user).split(" ", 1)
    answer = graph.request(method, f"/v1.0/groups/{group}{rest}", json=body)
    assert answer.status_code == status
    assert _members(control, group) == []
    assert graph.get(f"/v1.0/groups/{uuid4()}").status_code == 404


@pytest.mark.parametrize(
    ("outer", "inner"),
    [
        ({"isAssignableToRole": True}, {}),
        ({"hiddenMembership": True}, {}),
        ({}, {"hiddenMembership": True}),
        ({"membershipRule": "user.department -eq 'Sales'"}, {}),
    ],
)
def test_groups_that_entra_does_not_nest(
    control: GraphControl, graph: httpx.Client, outer: dict[str, object], inner: dict[str, object]
) -> None:
    """They are refused, made so or joined later."""
    key = _group(control, **inner)
    made = control.request("POST", "groups", {"displayName": "MFA", "members": [key], **outer})
    assert made.status_code == 400
    path = f"/v1.0/groups/{_group(control, **outer)}/members/$ref"
    assert graph.post(path, json=_reference(key)).status_code == 400
