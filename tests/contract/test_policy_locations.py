"""What policies prove that name locations or guests: read only where it decides, once a minute."""

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.ids import UserId
from tests.contract.graph_client import GivenTokens, graph_client
from tests.contract.policy_world import (
    EVERYBODY,
    LOCATIONS,
    MFA,
    POLICIES,
    RESET,
    Administrator,
    Proofs,
)
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import running_graph
from tests.stands.graph import GraphControl, GraphStand

BUT_TRUSTED = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}


def read(tenant: GraphControl) -> list[str]:
    """What was read since the last time, beside people and groups."""
    paths = [one["path"] for one in tenant.requests()]
    tenant.do("DELETE", "requests")
    return [path for path in paths if "/identity/" in path]


async def test_registering_at_a_trusted_location_may_take_the_password_alone(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, roles: Roles
) -> None:
    """All trusted ones, or one by name; which are trusted is read once a minute."""
    administrator.guard_registration(EVERYBODY, locations=BUT_TRUSTED)
    read(tenant)
    assert await proofs.guards.guarded(roles.person()) is True
    assert read(tenant) == [POLICIES, LOCATIONS]
    assert await proofs.guards.guarded(roles.person()) is True
    assert read(tenant) == []
    proofs.seconds = 60.0
    assert await proofs.guards.guarded(roles.person()) is True
    assert read(tenant) == [POLICIES, LOCATIONS]


async def test_graph_takes_one_such_request_a_second(
    proofs: Proofs, administrator: Administrator, roles: Roles
) -> None:
    """Locations wait for their turn, and only where the policies were read just now."""
    administrator.block_old_clients(EVERYBODY)
    administrator.guard_registration(EVERYBODY, locations=BUT_TRUSTED)
    assert await proofs.guards.guarded(roles.person()) is True
    assert proofs.clock.taken == [1.25]
    proofs.seconds = 60.0
    assert await proofs.legacy.access(roles.person()) is LegacyAccess.BLOCKED
    proofs.seconds = 61.0
    assert await proofs.guards.guarded(roles.person()) is True
    assert proofs.clock.taken == [1.25, 0.25]
    proofs.seconds = 120.0
    assert await proofs.legacy.access(roles.person()) is LegacyAccess.BLOCKED
    proofs.seconds = 122.0
    assert await proofs.guards.guarded(roles.person()) is True
    assert proofs.clock.taken == [1.25, 0.25]


@pytest.mark.parametrize("trusted", [True, False])
async def test_a_place_counts_as_it_is_trusted(
    proofs: Proofs, administrator: Administrator, roles: Roles, *, trusted: bool
) -> None:
    """An exception for a place that nobody trusts is a way in for whoever holds the password."""
    place = administrator.add_location(trusted=trusted)
    but = {"includeLocations": ["All"], "excludeLocations": [place]}
    administrator.guard_registration(EVERYBODY, locations=but)
    assert await proofs.guards.guarded(roles.person()) is trusted


async def test_old_clients_get_in_where_an_exception_lets_them(
    proofs: Proofs, administrator: Administrator, roles: Roles
) -> None:
    """Also without any trusted location: Graph does not tell whether there are trusted IPs."""
    administrator.block_old_clients(EVERYBODY, locations=BUT_TRUSTED)
    assert await proofs.legacy.access(roles.person()) is LegacyAccess.OPEN
    proofs.seconds = 60.0
    administrator.block_old_clients(EVERYBODY, locations={"includeLocations": ["AllTrusted"]})
    assert await proofs.legacy.access(roles.person()) is LegacyAccess.BLOCKED


async def test_locations_that_decide_nothing_are_not_read(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, roles: Roles
) -> None:
    """Of policies about others, about another kind of sign-in, or beside one that is enough."""
    sam, kim = roles.person(), roles.person()
    administrator.guard_registration({"includeUsers": [sam]}, locations=BUT_TRUSTED)
    administrator.add(EVERYBODY, grant=MFA, locations=BUT_TRUSTED)
    administrator.block_old_clients(EVERYBODY)
    administrator.block_old_clients(EVERYBODY, locations=BUT_TRUSTED)
    administrator.guard_registration({"includeUsers": [kim]})
    read(tenant)
    assert await proofs.guards.guarded(roles.person()) is False
    assert await proofs.guards.guarded(kim) is True
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED
    assert read(tenant) == [POLICIES]


@pytest.mark.parametrize("excluded", [True, False])
async def test_policies_that_change_meanwhile_are_asked_about_the_person_anew(
    proofs: Proofs,
    administrator: Administrator,
    tenant: GraphControl,
    roles: Roles,
    *,
    excluded: bool,
) -> None:
    """The minute ends between reading the person and the locations: what is new holds of both."""
    kim = roles.person()
    group = roles.group(members=[kim] if excluded else [])
    administrator.guard_registration(EVERYBODY, locations=BUT_TRUSTED)

    def exclude() -> None:
        administrator.undo()
        users = {**EVERYBODY, "excludeGroups": [group]}
        administrator.guard_registration(users, locations=BUT_TRUSTED)
        proofs.seconds = 60.0

    proofs.meanwhile = exclude
    assert await proofs.guards.guarded(kim) is not excluded
    tenant.do("DELETE", "requests")
    assert await proofs.guards.guarded(kim) is not excluded
    asked = [one["path"] for one in tenant.requests()]
    assert asked.count(f"/v1.0/users/{kim}/checkMemberGroups") == 1


async def test_without_the_right_to_read_locations_nobody_can_tell(
    graph_stand: GraphStand, tenant: GraphControl, administrator: Administrator, roles: Roles
) -> None:
    """The right to read policies alone is a weaker one."""
    administrator.guard_registration(EVERYBODY, locations=BUT_TRUSTED)
    administrator.block_old_clients(EVERYBODY, locations=BUT_TRUSTED)
    weaker = RESET - {"Policy.Read.All"} | {"Policy.Read.ConditionalAccess"}
    powers = GivenTokens([tenant.token(sorted(weaker))])
    async with graph_client(graph_stand.base_url, powers) as client:
        proofs = Proofs(client, weaker)
        for found in (
            await proofs.guards.guarded(roles.person()),
            await proofs.legacy.access(roles.person()),
        ):
            assert isinstance(found, Unknown)
            assert "Policy.Read.All" in found.reason


async def test_guests_are_told_from_members_where_a_policy_does(
    proofs: Proofs, administrator: Administrator, tenant: GraphControl, roles: Roles
) -> None:
    """By one request for the person; no other policy asks for it."""
    kim = roles.person()
    guest = tenant.create_user(
        userPrincipalName="sam_x.example#EXT#@contoso.example", userType="Guest"
    )
    administrator.block_old_clients({**EVERYBODY, "excludeUsers": ["GuestsOrExternalUsers"]})
    tenant.do("DELETE", "requests")
    assert await proofs.legacy.access(kim) is LegacyAccess.BLOCKED
    assert [one["path"] for one in tenant.requests()] == [POLICIES, f"/v1.0/users/{kim}"]
    assert await proofs.legacy.access(UserId(guest["id"])) is LegacyAccess.OPEN


async def test_a_case_is_served_before_a_sweep() -> None:
    """What a case reads of groups nothing asks to put off."""
    kim = UserId("a0000000-0000-4000-8000-00000000000a")
    group = "c0000000-0000-4000-8000-00000000000a"
    async with running_graph() as graph:
        told = {
            "id": "p",
            "displayName": "Old clients",
            "state": "enabled",
            "conditions": {
                "clientAppTypes": ["exchangeActiveSync", "other"],
                "applications": {"includeApplications": ["All"]},
                "users": {"includeUsers": ["All"], "excludeGroups": [group]},
            },
            "grantControls": {"operator": "OR", "builtInControls": ["block"]},
        }
        graph.lists(POLICIES, told)
        graph.says(f"/v1.0/groups/{group}", {"id": group, "groupTypes": [], "visibility": None})
        graph.lists(f"/v1.0/groups/{group}/owners", {"id": kim})
        graph.lists(f"/v1.0/users/{kim}/checkMemberGroups")
        graph.lists("/v1.0/identityGovernance/privilegedAccess/group/eligibilityScheduleInstances")
        async with graph_client(graph.root, GivenTokens(["token"])) as client:
            assert await Proofs(client).legacy.access(kim) is LegacyAccess.OPEN
        asked = graph.asked
    parts = [part for one in asked if one.body for part in one.body.get("requests", ())]
    assert parts
    assert {part["headers"]["x-ms-throttle-priority"] for part in parts} == {"normal"}
    assert {one.headers["x-ms-throttle-priority"] for one in asked} == {"normal"}
