"""What the tenant has bought, and the users that are no people."""

from typing import Any
from uuid import uuid4

import httpx
import pytest
from kiota_abstractions.base_request_configuration import RequestConfiguration
from msgraph.generated.models.agent_user import AgentUser
from msgraph.generated.users.users_request_builder import UsersRequestBuilder

from tests.local.graph.clients import v1_client
from tests.stands.graph import GraphControl, GraphStand

_List = UsersRequestBuilder.UsersRequestBuilderGetQueryParameters


def _skus(graph: httpx.Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = graph.get("/v1.0/subscribedSkus").json()["value"]
    return rows


@pytest.mark.parametrize(
    ("licence", "plans"),
    [
        ("free", set()),
        ("p1", {"AAD_PREMIUM"}),
        ("p2", {"AAD_PREMIUM", "AAD_PREMIUM_P2"}),
    ],
)
def test_the_plans_tell_the_licence(
    control: GraphControl, graph: httpx.Client, licence: str, plans: set[str]
) -> None:
    """The service plans say whether there is P1 or P2; other products are there in any case."""
    control.do("POST", "switches", {"licence": licence})
    rows = _skus(graph)
    assert graph.get("/v1.0/subscribedSkus?$select=skuId").json()["value"] == [
        {"skuId": row["skuId"]} for row in rows
    ]
    names = {plan["servicePlanName"] for row in rows for plan in row["servicePlans"]}
    assert {name for name in names if name.startswith("AAD_")} == plans
    assert "EXCHANGE_S_ENTERPRISE" in names
    assert all(row["prepaidUnits"]["enabled"] >= row["consumedUnits"] for row in rows)


def test_licences_that_people_have_are_consumed(control: GraphControl, graph: httpx.Client) -> None:
    """A product counts the people to whom it is assigned."""
    sku = next(row for row in _skus(graph) if row["skuPartNumber"] == "ENTERPRISEPACK")
    assigned = [{"skuId": sku["skuId"], "disabledPlans": []}]
    user = control.create_user(assignedLicenses=assigned)["id"]
    after = next(row for row in _skus(graph) if row["skuId"] == sku["skuId"])
    query = {"$select": "assignedLicenses"}
    shown = graph.get(f"/v1.0/users/{user}", params=query).json()
    assert after["consumedUnits"] == sku["consumedUnits"] + 1
    assert shown["assignedLicenses"] == assigned


async def test_an_agents_user_is_told_from_a_person(
    stand: GraphStand, control: GraphControl
) -> None:
    """Its row names the derived type, whatever is selected; it has a parent and no password."""
    department, parent = uuid4().hex, str(uuid4())
    agent = control.create_user(department=department, identityParentId=parent)["id"]
    person = control.create_user(department=department)["id"]
    query = _List(filter=f"department eq '{department}'", select=["id", "identityParentId"])
    async with v1_client(stand) as client:
        page = await client.users.get(RequestConfiguration(query_parameters=query))
    assert page is not None
    users = {user.id: user for user in page.value or []}
    assert isinstance(users[agent], AgentUser)
    assert users[agent].identity_parent_id == parent
    assert not isinstance(users[person], AgentUser)
    assert control.truth(agent)["methods"] == []


@pytest.mark.parametrize("version", ["v1.0", "beta"])
def test_the_parent_of_an_agents_user_is_read_and_not_written(
    control: GraphControl, graph: httpx.Client, version: str
) -> None:
    """Both versions name the type of the row, of a person none; the parent stays."""
    agent = control.create_user(identityParentId=str(uuid4()))["id"]
    person = control.create_user()["id"]
    path = f"/{version}/users/{agent}"
    assert graph.get(path).json()["@odata.type"] == "#microsoft.graph.agentUser"
    assert "@odata.type" not in graph.get(f"/{version}/users/{person}").json()
    assert graph.patch(path, json={"identityParentId": None}).status_code == 400
