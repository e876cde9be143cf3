"""The port `Administrators`: who surely can administer the tenant, and nobody who only might."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from uuid import uuid4

import pytest

from shared.adapters.graph.administrators import GLOBAL_ADMINISTRATOR, GraphAdministrators
from shared.adapters.graph.audits import GraphAudits
from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.graph.sign_ins import GraphSignIns
from shared.adapters.identity import held_roles, own_identity
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import PrivilegesUnreadable
from shared.domain.ids import UserId
from shared.domain.people.administrators import Administrator
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import SCOPE, GivenTokens, graph_client
from tests.contract.privilege_worlds import Roles
from tests.stands.graph import GraphControl, GraphStand

POWERS = sorted(GRAPH_ROLES[App.RESET])
ABLE = (False, True)


@asynccontextmanager
async def administrators_of(
    stand: GraphStand, tenant: GraphControl, powers: Sequence[str] = POWERS
) -> AsyncIterator[GraphAdministrators]:
    """The adapter with these powers; those of the app that resets by default."""
    credential = GivenTokens([tenant.token(list(powers))])
    own_roles = partial(held_roles, credential, SCOPE)
    async with graph_client(stand.base_url, credential) as client:
        sign_ins = GraphSignIns(
            client, GraphAudits(client, partial(own_identity, credential, SCOPE))
        )
        yield GraphAdministrators(client, GraphDirectory(client), sign_ins, own_roles)


def a_person(tenant: GraphControl, roles: Roles, *, registered: bool = True) -> UserId:
    """Somebody who can sign in with MFA."""
    person = roles.person()
    if registered:
        tenant.register(person, "microsoftAuthenticator")
    return person


def told(found: Sequence[Administrator]) -> dict[UserId, tuple[object, object]]:
    """Each one's block and registration."""
    return {one.user_id: (one.blocked, one.registered) for one in found}


async def test_who_administers_is_found_however_they_hold_the_role(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Directly and through groups in groups; other roles and mere eligibility do not count."""
    direct, through, eligible, other = (a_person(tenant, roles) for _ in range(4))
    group = roles.role_group(members=[through], owners=[other])
    roles.role(id=GLOBAL_ADMINISTRATOR, members=[direct, group], eligibleMembers=[eligible])
    roles.role(members=[other])
    async with administrators_of(graph_stand, tenant) as administrators:
        found = await administrators.beside(UserId(direct.upper()))
        assert told(found) == {direct: ABLE, through: ABLE}
        assert await administrators.beside(eligible) == ()
        assert await administrators.beside(other) == ()


async def test_who_can_not_sign_in_is_told_apart(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Blocked, unregistered or gone: none of them is able."""
    target, bare = a_person(tenant, roles), a_person(tenant, roles, registered=False)
    name = f"{uuid4().hex[:10]}@contoso.example"
    made = tenant.create_user(userPrincipalName=name, displayName="B", accountEnabled=False)
    blocked = UserId(made["id"])
    roles.role(id=GLOBAL_ADMINISTRATOR, members=[target, blocked, bare])
    async with administrators_of(graph_stand, tenant) as administrators:
        found = {one.user_id: one for one in await administrators.beside(target)}
    assert found.keys() == {target, blocked, bare}
    assert [found[one].surely_able for one in (target, blocked, bare)] == [True, False, False]
    assert found[bare].surely_unable
    assert found[blocked].surely_unable


async def test_no_more_are_read_than_are_needed(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """Two lists; then the target and two others, however many there are."""
    people = [a_person(tenant, roles) for _ in range(6)]
    roles.role(id=GLOBAL_ADMINISTRATOR, members=people)
    async with administrators_of(graph_stand, tenant) as administrators:
        tenant.do("DELETE", "requests")
        assert len(await administrators.beside(people[0])) == 3
        assert Counter(tenant.stats()["requests"]) == {
            "GET /v1.0/roleManagement/directory/roleAssignments": 1,
            "GET /v1.0/groups": 1,
            "GET /v1.0/users/{user}": 3,
            "GET /beta/users/{user}/authentication/methods": 3,
        }


async def test_what_cannot_be_read_counts_for_nothing(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles
) -> None:
    """An administrator whose methods nobody may read is neither able nor unable."""
    target, other = a_person(tenant, roles), a_person(tenant, roles)
    roles.role(id=GLOBAL_ADMINISTRATOR, members=[target, other])
    tenant.fault(f"GET /beta/users/{other}/authentication/methods", status=403)
    async with administrators_of(graph_stand, tenant) as administrators:
        (found,) = (one for one in await administrators.beside(target) if one.user_id == other)
    assert isinstance(found.registered, Unknown)
    assert not found.surely_able
    assert not found.surely_unable


@pytest.mark.parametrize("role", ["RoleManagement.Read.Directory", "GroupMember.Read.All"])
async def test_an_empty_answer_proves_nothing_without_the_permission(
    graph_stand: GraphStand, tenant: GraphControl, roles: Roles, role: str
) -> None:
    """Graph may answer 200 and nothing; nobody is taken for no administrator by that."""
    person = a_person(tenant, roles)
    roles.role(id=GLOBAL_ADMINISTRATOR, members=[roles.role_group(members=[person])])
    powers = [power for power in POWERS if power != role and "ReadWrite" not in power]
    async with administrators_of(graph_stand, tenant, powers) as administrators:
        with pytest.raises(PrivilegesUnreadable):
            await administrators.beside(person)
