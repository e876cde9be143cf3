"""`/users`, read by the typed models of both SDKs."""

from urllib.parse import quote
from uuid import uuid4

import httpx
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.generated.users.users_request_builder import UsersRequestBuilder

from tests.local.graph.clients import beta_client, v1_client
from tests.stands.graph import GraphControl, GraphStand

_List = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters
_Get = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters


async def test_v1_model_reads_a_person_with_the_default_properties(
    stand: GraphStand, control: GraphControl
) -> None:
    """Without `$select`, v1.0 answers its eleven default properties and no other."""
    made = control.create_user(displayName="Kim Vale", employeeId="E1", jobTitle="Nurse")
    async with v1_client(stand) as client:
        user = await client.users.by_user_id(made["userPrincipalName"].upper()).get()
    assert user is not None
    assert (user.id, user.display_name, user.job_title) == (made["id"], "Kim Vale", "Nurse")
    assert user.business_phones == []
    assert (user.employee_id, user.account_enabled) == (None, None)


async def test_v1_model_reads_the_selected_properties(
    stand: GraphStand, control: GraphControl
) -> None:
    """`$select` answers what it names, with times and flags in the model's types."""
    made = control.create_user(employeeId="E2", employeeHireDate="2026-12-01T10:00:00+02:00")
    names = ["id", "employeeId", "accountEnabled", "createdDateTime", "employeeHireDate"]
    async with v1_client(stand) as client:
        user = await client.users.by_user_id(made["id"]).get(
            RequestConfiguration(query_parameters=_Get(select=names))
        )
    assert user is not None
    assert (user.employee_id, user.account_enabled) == ("E2", True)
    assert user.employee_hire_date is not None
    assert user.employee_hire_date.isoformat() == "2026-12-01T08:00:00+00:00"
    assert user.created_date_time is not None
    assert user.display_name is None


async def test_beta_model_reads_a_person(stand: GraphStand, control: GraphControl) -> None:
    """Beta answers nearly all properties without `$select`."""
    made = control.create_user(employeeId="E3")
    async with beta_client(stand) as client:
        user = await client.users.by_user_id(made["id"]).get()
    assert user is not None
    assert (user.id, user.employee_id, user.account_enabled) == (made["id"], "E3", True)


async def test_guests_are_found_by_their_encoded_sign_in_name(
    stand: GraphStand, control: GraphControl
) -> None:
    """The SDK percent-encodes the `#EXT#` of a guest's name, and the tenant decodes it."""
    local = uuid4().hex
    upn = f"{local}_example.com#EXT#@contoso.example"
    made = control.create_user(userPrincipalName=upn)
    async with v1_client(stand) as client:
        user = await client.users.by_user_id(upn).get()
    assert user is not None
    assert user.id == made["id"]
    assert control.truth(upn)["userType"] == "Guest"


def test_an_unencoded_hash_cuts_the_path(control: GraphControl, graph: httpx.Client) -> None:
    """A client that does not encode `#` asks for somebody else, who is not found."""
    upn = f"{uuid4().hex}_example.com#EXT#@contoso.example"
    control.create_user(userPrincipalName=upn)
    assert graph.get(f"/v1.0/users/{upn}").status_code == 404
    assert graph.get(f"/v1.0/users/{quote(upn)}").status_code == 200


async def test_pages_follow_each_other_to_the_end(stand: GraphStand, control: GraphControl) -> None:
    """Every person appears once over all pages, and only the last page has no next link."""
    department = uuid4().hex
    made = {control.create_user(department=department)["id"] for _ in range(5)}
    parameters = _List(filter=f"department eq '{department}'", select=["id", "department"], top=2)
    seen: list[str | None] = []
    async with v1_client(stand) as client:
        page = await client.users.get(RequestConfiguration(query_parameters=parameters))
        while page is not None:
            assert page.value is not None
            assert len(page.value) <= 2
            seen += [user.id for user in page.value]
            link = page.odata_next_link
            page = await client.users.with_url(link).get() if link else None
    assert len(seen) == 5
    assert set(seen) == made


async def test_beta_model_reads_a_list(stand: GraphStand, control: GraphControl) -> None:
    """The beta list has the shape of the beta models."""
    control.create_user()
    async with beta_client(stand) as client:
        page = await client.users.get()
    assert page is not None
    assert page.value


def test_a_page_has_100_people_by_default(control: GraphControl, graph: httpx.Client) -> None:
    """`$top` is 100 when left out."""
    control.do("POST", "load", {"users": 150, "seed": 100})
    page = graph.get("/v1.0/users").json()
    assert len(page["value"]) == 100
    assert page["@odata.nextLink"].startswith(str(graph.base_url))


@pytest.mark.parametrize("top", ["1000", "0", "-1", "many"])
def test_a_page_size_outside_1_to_999_is_refused(graph: httpx.Client, top: str) -> None:
    """`$top` above 999 is an error, not a smaller page."""
    assert graph.get("/v1.0/users", params={"$top": top}).status_code == 400
    assert graph.get("/v1.0/users", params={"$top": "999"}).status_code == 200


@pytest.mark.parametrize(
    ("expression", "matches"),
    [
        ("userPrincipalName eq '{upn}'", 1),
        ("id eq '{id}'", 1),
        ("employeeId eq '{number}' and accountEnabled eq true", 1),
        ("employeeId eq '{number}' and (accountEnabled eq false or userType eq 'Guest')", 0),
        ("employeeId in ('x', '{number}')", 1),
        ("startsWith(employeeId,'{number}')", 1),
        ("employeeId eq '{number}' and createdDateTime ge 2020-01-01T00:00:00Z", 1),
        ("employeeId eq '{number}' and jobTitle eq null", 1),
        ("displayName eq 'O''Hara {number}'", 1),
    ],
)
def test_filters_find_the_person(
    control: GraphControl, graph: httpx.Client, expression: str, matches: int
) -> None:
    """The comparisons that the directory answers, answered."""
    number = uuid4().hex
    made = control.create_user(employeeId=number, displayName=f"O'Hara {number}")
    text = expression.format(id=made["id"], upn=made["userPrincipalName"], number=number)
    page = graph.get("/v1.0/users", params={"$filter": text}).json()
    assert [user["id"] for user in page["value"]] == [made["id"]] * matches


@pytest.mark.parametrize(
    ("expression", "code"),
    [
        ("nickname eq 'x'", "BadRequest"),
        ("employeeId eq", "BadRequest"),
        ("employeeId eq 'x' employeeId", "BadRequest"),
        ("accountEnabled eq 'true'", "BadRequest"),
        ("employeeId ~ 'x'", "BadRequest"),
        ("businessPhones eq 'x'", "Request_UnsupportedQuery"),
        ("employeeId ne 'x'", "Request_UnsupportedQuery"),
        ("not startsWith(employeeId,'x')", "Request_UnsupportedQuery"),
        ("endsWith(mail,'example.com')", "Request_UnsupportedQuery"),
        ("perUserMfaState eq 'enforced'", "Request_UnsupportedQuery"),
    ],
)
def test_filters_that_the_directory_does_not_answer_are_refused(
    graph: httpx.Client, expression: str, code: str
) -> None:
    """Bad syntax, unknown properties, and advanced queries without their header: 400."""
    answer = graph.get("/v1.0/users", params={"$filter": expression})
    assert answer.status_code == 400
    assert answer.json()["error"]["code"] == code


def test_advanced_queries_need_their_header_and_count(
    control: GraphControl, graph: httpx.Client
) -> None:
    """With `ConsistencyLevel: eventual` and `$count=true`, `ne` works and the count is there."""
    department = uuid4().hex
    for title in ("a", "b", "c"):
        control.create_user(department=department, jobTitle=title)
    query = {
        "$filter": f"department eq '{department}' and jobTitle ne 'a'",
        "$count": "true",
        "$top": "1",
    }
    page = graph.get("/v1.0/users", params=query, headers={"ConsistencyLevel": "eventual"}).json()
    assert (page["@odata.count"], len(page["value"])) == (2, 1)
    assert graph.get("/v1.0/users", params=query).status_code == 400


def test_the_count_path_needs_eventual_consistency(graph: httpx.Client) -> None:
    """`/users/$count` is refused without the header, and a bare number with it."""
    assert graph.get("/v1.0/users/$count").status_code == 400
    answer = graph.get("/v1.0/users/$count", headers={"ConsistencyLevel": "eventual"})
    assert answer.text.isdigit()


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_the_bulk_state_can_be_selected_refused_or_missing(
    control: GraphControl, graph: httpx.Client, version: str
) -> None:
    """The undocumented `perUserMfaState` is there, is a 400, or is on no row, as switched."""
    made = control.create_user()
    query = {"$select": "id,perUserMfaState", "$filter": f"id eq '{made['id']}'"}
    page = graph.get(f"/{version}/users", params=query).json()
    assert page["value"] == [{"id": made["id"], "perUserMfaState": "disabled"}]

    control.do("POST", "switches", {"bulkPerUserMfaState": "missing"})
    page = graph.get(f"/{version}/users", params=query).json()
    assert page["value"] == [{"id": made["id"]}]

    control.do("POST", "switches", {"bulkPerUserMfaState": "refused"})
    assert graph.get(f"/{version}/users", params=query).status_code == 400


async def test_the_manager_is_a_directory_object(stand: GraphStand, control: GraphControl) -> None:
    """`manager` answers a user with its type; a person without one is 404."""
    manager = control.create_user()
    made = control.create_user(manager=manager["id"])
    async with v1_client(stand) as client:
        found = await client.users.by_user_id(made["id"]).manager.get()
    assert found is not None
    assert (found.id, found.odata_type) == (manager["id"], "#microsoft.graph.user")
    async with beta_client(stand) as beta:
        again = await beta.users.by_user_id(made["id"]).manager.get()
    assert again is not None
    assert again.id == manager["id"]


def test_a_person_can_be_changed_and_deleted(control: GraphControl, graph: httpx.Client) -> None:
    """PATCH and DELETE answer 204 and do what they say; a read-only property is refused."""
    path = f"/v1.0/users/{control.create_user()['id']}"
    assert graph.patch(path, json={"accountEnabled": False}).status_code == 204
    assert graph.get(path, params={"$select": "accountEnabled"}).json()["accountEnabled"] is False
    for wrong in ({}, {"createdDateTime": "2026-01-01T00:00:00Z"}, {"accountEnabled": "no"}):
        assert graph.patch(path, json=wrong).status_code == 400
    assert graph.delete(path).status_code == 204
    assert graph.get(path).status_code == 404


def test_a_password_needs_its_own_permission(control: GraphControl, graph: httpx.Client) -> None:
    """`User.ReadWrite.All` does not set passwords; a password that was set is never shown."""
    made = control.create_user()
    control.advance(60)
    profile = {"passwordProfile": {"password": "Made-up-1", "forceChangePasswordNextSignIn": True}}
    for role, status in (("User.ReadWrite.All", 403), ("User-PasswordProfile.ReadWrite.All", 204)):
        headers = {"Authorization": f"Bearer {control.token([role])}"}
        path = f"/v1.0/users/{made['id']}"
        assert graph.patch(path, json=profile, headers=headers).status_code == status
    truth = control.truth(made["id"])
    assert truth["lastPasswordChangeDateTime"] > made["lastPasswordChangeDateTime"]
    shown = graph.get(f"/v1.0/users/{made['id']}", params={"$select": "passwordProfile"}).json()
    assert shown["passwordProfile"] is None
