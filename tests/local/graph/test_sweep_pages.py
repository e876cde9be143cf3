"""Long lists while the tenant changes: users, members of groups, holders of roles."""

from collections.abc import Iterator
from uuid import uuid4

import httpx
import pytest

from tests.stands.graph import GraphControl

_MEMBERS = "/v1.0/groups/{group}/transitiveMembers"


def _pages(graph: httpx.Client, url: str, query: dict[str, str]) -> Iterator[list[str]]:
    page = graph.get(url, params=query).json()
    yield [row["id"] for row in page["value"]]
    while "@odata.nextLink" in page:
        page = graph.get(page["@odata.nextLink"]).json()
        yield [row["id"] for row in page["value"]]


def test_who_goes_between_two_pages_moves_nobody(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Of all who stay, each is on one page, though others are deleted, renamed and added."""
    number = uuid4().hex[:8]
    users = [
        control.create_user(employeeId=f"{number}{place}", department=number)["id"]
        for place in range(7)
    ]
    query = {"$filter": f"department eq '{number}'", "$select": "id", "$top": "2"}
    pages = _pages(graph, "/v1.0/users", query)
    seen = next(pages)
    for user in (users[0], users[2]):
        graph.delete(f"/v1.0/users/{user}").raise_for_status()
    renamed = {"userPrincipalName": f"aaa-{number}@contoso.example", "displayName": "Aaa"}
    graph.patch(f"/v1.0/users/{users[3]}", json=renamed).raise_for_status()
    control.create_user(department=number)
    seen += [user for page in pages for user in page]
    assert len(set(seen)) == len(seen)
    assert {users[1], *users[3:]} <= set(seen)
    assert users[2] not in seen


@pytest.mark.parametrize("cast", ["", "/microsoft.graph.user", "/graph.user"])
def test_the_members_of_a_group_are_paged_while_some_leave(
    control: GraphControl, graph: httpx.Client, cast: str
) -> None:
    """Members of nested groups are each on one page; who left was not, or moved nobody."""
    users = [control.create_user()["id"] for _ in range(8)]
    inner = control.do("POST", "groups", {"displayName": "Inner", "members": users[4:]})["id"]
    members = [inner, *users[:4], users[5]]
    group = control.do("POST", "groups", {"displayName": "Outer", "members": members})["id"]
    url = _MEMBERS.format(group=group) + cast
    expected = {*users} if cast else {inner, *users}
    pages = _pages(graph, url, {"$select": "id", "$top": "2"})
    seen = next(pages)
    left = next(user for user in users[:4] if user in seen or user == users[3])
    graph.delete(f"/v1.0/groups/{group}/members/{left}/$ref").raise_for_status()
    seen += [user for page in pages for user in page]
    assert len(set(seen)) == len(seen)
    assert expected - {left} <= set(seen) <= expected


def test_the_members_of_a_group_that_is_gone_are_not_found(
    control: GraphControl, graph: httpx.Client
) -> None:
    """A deleted group is 404, between two pages too."""
    users = [control.create_user()["id"] for _ in range(3)]
    group = control.do("POST", "groups", {"displayName": "Gone", "members": users})["id"]
    url = _MEMBERS.format(group=group)
    page = graph.get(url, params={"$top": "2"}).json()
    control.do("DELETE", f"groups/{group}")
    assert graph.get(page["@odata.nextLink"]).status_code == 404
    assert graph.get(url).status_code == 404


def test_members_follow_the_groups_as_readers_see_them(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Who joins is listed when the lag has passed, and not before."""
    users = [control.create_user()["id"] for _ in range(2)]
    group = control.do("POST", "groups", {"displayName": "Slow", "members": users[:1]})["id"]
    url = _MEMBERS.format(group=group)
    assert list(_pages(graph, url, {})) == [users[:1]]
    control.lag(30)
    body = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{users[1]}"}
    graph.post(f"/v1.0/groups/{group}/members/$ref", json=body).raise_for_status()
    assert list(_pages(graph, url, {})) == [users[:1]]
    control.advance(31)
    assert list(_pages(graph, url, {})) == [users]


@pytest.mark.parametrize(
    ("collection", "field"),
    [
        ("roleAssignments", "members"),
        ("roleAssignmentScheduleInstances", "members"),
        ("roleEligibilityScheduleInstances", "eligibleMembers"),
    ],
)
def test_the_holders_of_roles_are_paged_while_some_lose_them(
    control: GraphControl, graph: httpx.Client, collection: str, field: str
) -> None:
    """The list for the whole tenant has each holder once, whoever is deleted in between."""
    users = [control.create_user()["id"] for _ in range(5)]
    control.do("POST", "roles", {"displayName": "Any", field: users})
    url = f"/v1.0/roleManagement/directory/{collection}"
    page = graph.get(url, params={"$top": "2"}).json()
    rows = page["value"]
    eligible = field == "eligibleMembers"
    gone = rows[0]["principalId"]
    if eligible and gone in users:
        graph.delete(f"/v1.0/users/{gone}").raise_for_status()
    while "@odata.nextLink" in page:
        page = graph.get(page["@odata.nextLink"]).json()
        rows += page["value"]
    ids = [row["id"] for row in rows]
    assert len(set(ids)) == len(ids)
    assert {*users} <= {row["principalId"] for row in rows}


def test_a_token_of_another_list_is_refused(graph: httpx.Client, control: GraphControl) -> None:
    """A page token belongs to its list."""
    users = [control.create_user()["id"] for _ in range(2)]
    group = control.do("POST", "groups", {"displayName": "Any", "members": users})["id"]
    link = graph.get(_MEMBERS.format(group=group), params={"$top": "1"}).json()["@odata.nextLink"]
    token = httpx.URL(link).params["$skiptoken"]
    answer = graph.get("/v1.0/users", params={"$skiptoken": token})
    assert answer.json()["error"]["code"] == "Directory_ExpiredPageToken"


def test_people_are_counted_as_readers_see_them(control: GraphControl, graph: httpx.Client) -> None:
    """`/users/$count` has a new person when the lag has passed, and not before."""
    eventual = {"ConsistencyLevel": "eventual"}

    def count() -> int:
        return int(graph.get("/v1.0/users/$count", headers=eventual).text)

    before = count()
    control.lag(30)
    control.create_user()
    assert count() == before
    control.advance(31)
    assert count() == before + 1


def test_memberships_follow_each_change(control: GraphControl, graph: httpx.Client) -> None:
    """What somebody belongs to is asked again after they joined and after they left."""
    user = control.create_user()["id"]
    group = control.do("POST", "groups", {"displayName": "Any"})["id"]
    path = f"/v1.0/users/{user}/transitiveMemberOf"
    reference = {"@odata.id": f"https://graph.microsoft.com/v1.0/directoryObjects/{user}"}
    assert graph.get(path).json()["value"] == []
    graph.post(f"/v1.0/groups/{group}/members/$ref", json=reference).raise_for_status()
    assert [row["id"] for row in graph.get(path).json()["value"]] == [group]
    graph.delete(f"/v1.0/groups/{group}/members/{user}/$ref").raise_for_status()
    assert graph.get(path).json()["value"] == []
