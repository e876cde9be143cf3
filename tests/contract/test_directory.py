"""The ports `Directory` and `DirectoryWrites`: the fake and the adapter promise the same."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from typing import Protocol
from uuid import uuid4

import pytest

from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.graph.writes import GraphWrites
from shared.application.ports.directory import Directory, DirectoryWrites
from shared.application.ports.people import EmployeeNumbers, Managers
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import MFA_METHODS, MethodType, PerUserMfaState, is_registered
from shared.domain.control import Capability
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.ids import EmployeeId, UserId, UserPrincipalName
from tests.contract.graph_client import GivenTokens, graph_client, graph_writes
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.directory import FakeDirectory
from tests.stands.graph import GraphControl, GraphStand

GUEST = "kim_fabrikam.example#EXT#@contoso.example"
_PORTAL_NAMES = {MethodType.PHONE: "mobile"}


class World(Protocol):
    """A directory as its ports show it, and the means to let things happen in it."""

    directory: Directory
    employees: EmployeeNumbers
    managers: Managers
    states: DirectoryWrites

    def add(
        self,
        name: str,
        *,
        enabled: bool = True,
        guest: bool = False,
        employee_id: str | None = None,
        display_name: str = "A. Person",
        manager: UserId | None = None,
    ) -> UserId:
        """Let a person appear."""
        ...

    def register(self, user: UserId, method_type: MethodType) -> None:
        """The person registers a method."""
        ...


class FakeWorld:
    """The fake."""

    def __init__(self) -> None:
        self._fake = FakeDirectory()
        self.directory: Directory = self._fake
        self.employees: EmployeeNumbers = self._fake
        self.managers: Managers = self._fake
        self.states: DirectoryWrites = self._fake
        self.add = self._fake.add
        self.register = self._fake.register


class GraphWorld:
    """The Graph adapter on the simulated tenant."""

    def __init__(
        self, tenant: GraphControl, directory: GraphDirectory, states: GraphWrites
    ) -> None:
        self._tenant = tenant
        self.directory: Directory = directory
        self.employees: EmployeeNumbers = directory
        self.managers: Managers = directory
        self.states: DirectoryWrites = states

    def add(
        self,
        name: str,
        *,
        enabled: bool = True,
        guest: bool = False,
        employee_id: str | None = None,
        display_name: str = "A. Person",
        manager: UserId | None = None,
    ) -> UserId:
        """Let a person appear."""
        fields: dict[str, object] = {
            "userPrincipalName": name,
            "displayName": display_name,
            "accountEnabled": enabled,
            "userType": "Guest" if guest else "Member",
        }
        if employee_id is not None:
            fields["employeeId"] = employee_id
        if manager is not None:
            fields["manager"] = manager
        return UserId(self._tenant.create_user(**fields)["id"])

    def register(self, user: UserId, method_type: MethodType) -> None:
        """The person registers a method."""
        self._tenant.register(user, _PORTAL_NAMES.get(method_type, method_type.value))


@pytest.fixture(params=["fake", "graph"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[World]:
    """The fake, then the real adapter."""
    if request.param == "fake":
        yield FakeWorld()
        return
    stand: GraphStand = request.getfixturevalue("graph_stand")
    tenant: GraphControl = request.getfixturevalue("tenant")
    async with graph_client(stand.base_url, GivenTokens([tenant.token()])) as client:
        yield GraphWorld(tenant, GraphDirectory(client), graph_writes(client))


def new_name(local: str = "kim") -> str:
    """A sign-in name that nobody has."""
    return f"{local}-{uuid4().hex[:8]}@contoso.example"


def undated(found: Account | NoAccount) -> Account:
    """What was found, which tells since when the account and its sessions are, without that."""
    assert isinstance(found, Account)
    for moment in (found.created_at, found.sessions_valid_from):
        assert moment is not None
        assert moment.utcoffset() == timedelta(0)
    return replace(found, created_at=None, sessions_valid_from=None)


async def set_state(world: World, user: UserId, state: PerUserMfaState) -> None:
    """Ask for a state on behalf of onboarding."""
    await world.states.write(
        user,
        SetMfaState(state),
        capability=Capability.ONBOARDING,
        lease=PlainLease(user),
        spender=A_SPENDER,
    )


async def test_account_is_found_by_name_and_by_id(world: World) -> None:
    """An account is found by its sign-in name in any case and by its object id."""
    name = new_name()
    user = world.add(name, employee_id="E-1")
    expected = Account(
        user_id=user,
        enabled=True,
        guest=False,
        employee_id=EmployeeId("E-1"),
        name=UserPrincipalName(name),
    )
    for who in (user, UserPrincipalName(name), UserPrincipalName(name.upper())):
        assert undated(await world.directory.find_account(who)) == expected


@pytest.mark.parametrize("local", ["o'neil", "a+b", "ann_x.example#EXT#", "x!~^y"])
async def test_name_with_reserved_characters_is_found(world: World, local: str) -> None:
    """No character of a sign-in name can cut the request's address short."""
    name = new_name(local)
    user = world.add(name)
    found = await world.directory.find_account(UserPrincipalName(name))
    assert isinstance(found, Account)
    assert found.user_id == user


async def test_guest_and_blocked_account_are_told_apart(world: World) -> None:
    """A guest is a guest, and a blocked account is not enabled."""
    guest_name, blocked_name = f"{uuid4().hex[:8]}-{GUEST}", new_name()
    guest = world.add(guest_name, guest=True)
    blocked = world.add(blocked_name, enabled=False)
    assert undated(await world.directory.find_account(guest)) == Account(
        user_id=guest,
        enabled=True,
        guest=True,
        employee_id=None,
        name=UserPrincipalName(guest_name),
    )
    assert undated(await world.directory.find_account(blocked)) == Account(
        user_id=blocked,
        enabled=False,
        guest=False,
        employee_id=None,
        name=UserPrincipalName(blocked_name),
    )


@pytest.mark.parametrize(
    ("local", "display_name", "service"),
    [
        ("Sync_DC01_0123456789ab", "On-Premises Directory Synchronization Service Account", True),
        ("Sync_DC01_0123456789ab", "renamed", True),
        ("ADToAADSyncServiceAccount", "anything", True),
        ("renamed", "on-premises directory synchronization service account", True),
        ("synnove", "Synnøve Sync", False),
    ],
)
async def test_account_of_directory_synchronisation_is_told_apart(
    world: World,
    local: str,
    display_name: str,
    service: bool,  # noqa: FBT001  (a parameter of the test)
) -> None:
    """The accounts that directory synchronisation makes for itself are known by either name."""
    name = new_name(local) if local != "ADToAADSyncServiceAccount" else f"{local}@contoso.example"
    user = world.add(name, display_name=display_name)
    assert undated(await world.directory.find_account(user)).service is service


@pytest.mark.parametrize("number", ["E-{}", "O'Neil ''{}", "a&b=c#{}?$top=1", "Ünï +{}%27"])
async def test_accounts_are_found_by_employee_id(world: World, number: str) -> None:
    """None, one, or several accounts bear an employee id, whatever characters it has."""
    employee = EmployeeId(number.format(uuid4().hex[:6]))
    assert await world.employees.accounts_of(employee) == ()
    users = set()
    for _ in range(2):
        users.add(world.add(new_name(), employee_id=employee))
        world.add(new_name(), employee_id=f"{employee}0")
        world.add(new_name())
        found = await world.employees.accounts_of(employee)
        assert {account.user_id for account in found} == users
        assert {account.employee_id for account in found} == {employee}


@pytest.mark.parametrize(
    "who",
    [
        "nobody@contoso.example",
        "00000000-0000-0000-0000-000000000000",
        "",
        ".",
        "..",
        "a/b?c#d",
        "50%25",
        "ünï@x",
    ],
)
async def test_unknown_name_is_no_account(world: World, who: str) -> None:
    """A name that nobody has is `NoAccount`, whatever it looks like as an address."""
    assert await world.directory.find_account(UserPrincipalName(who)) == NoAccount()


async def test_unknown_id_is_not_visible(world: World) -> None:
    """An object id that the directory does not know is neither `disabled` nor "no methods"."""
    nobody = UserId(str(uuid4()))
    with pytest.raises(AccountNotVisible):
        await world.directory.mfa_state(nobody)
    with pytest.raises(AccountNotVisible):
        await world.directory.methods(nobody)
    with pytest.raises(AccountNotVisible):
        await set_state(world, nobody, PerUserMfaState.ENABLED)


async def test_new_person_is_disabled_and_has_a_password_only(world: World) -> None:
    """A new person's state is `disabled`, and a password makes nobody registered."""
    user = world.add(new_name())
    methods = await world.directory.methods(user)
    assert await world.directory.mfa_state(user) is PerUserMfaState.DISABLED
    assert [method.method_type for method in methods] == [MethodType.PASSWORD]
    assert not is_registered(methods)


@pytest.mark.parametrize("state", PerUserMfaState)
async def test_state_that_was_set_is_read_back(world: World, state: PerUserMfaState) -> None:
    """Each state can be set on a person without methods, and is then read."""
    user = world.add(new_name())
    await set_state(world, user, state)
    assert await world.directory.mfa_state(user) is state


@pytest.mark.parametrize("method_type", sorted(MFA_METHODS))
async def test_method_is_listed_by_its_type(world: World, method_type: MethodType) -> None:
    """A registered method is listed with its type and makes the person registered."""
    user = world.add(new_name())
    world.register(user, method_type)
    methods = await world.directory.methods(user)
    assert {method.method_type for method in methods} == {MethodType.PASSWORD, method_type}
    assert is_registered(methods)


async def test_registered_person_who_is_enabled_becomes_enforced(world: World) -> None:
    """Entra moves an enabled person who is registered to `enforced`, in whichever order."""
    first, second = world.add(new_name()), world.add(new_name())
    await set_state(world, first, PerUserMfaState.ENABLED)
    world.register(first, MethodType.MICROSOFT_AUTHENTICATOR)
    world.register(second, MethodType.MICROSOFT_AUTHENTICATOR)
    await set_state(world, second, PerUserMfaState.ENABLED)
    assert await world.directory.mfa_state(first) is PerUserMfaState.ENFORCED
    assert await world.directory.mfa_state(second) is PerUserMfaState.ENFORCED
