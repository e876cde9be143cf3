"""What people are to the guards, with as few questions as possible and none forgotten."""

from datetime import timedelta
from typing import Final

import pytest

from shared.application.standings import (
    ACCOUNT_AGE,
    PRIVILEGE_AGE,
    REGISTRY_AGE,
    CachedStandings,
)
from shared.domain.accounts import Account
from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    PrivilegesUnreadable,
    Throttled,
)
from shared.domain.errors.storage import StoreUnavailable, UnreadableRow
from shared.domain.ids import UserId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import NOT_ASKED, Privilege
from shared.domain.registries import Entry, Registry
from tests.builders import USER_ID, an_account
from tests.fakes.directory import FakeDirectory
from tests.fakes.privileges import FakePrivileges
from tests.fakes.registries import FakeRegistries
from tests.properties.clock import WorldClock

BREAK_GLASS: Final = UserId("0b7d3a1e-5c2f-4e8a-9d6b-1f2e3d4c5b6a")


class World:
    """The standings over fakes."""

    def __init__(self) -> None:
        self.directory = FakeDirectory()
        self.privileges = FakePrivileges()
        self.registries = FakeRegistries()
        self.clock = WorldClock()
        self.seconds = 0.0
        self.standings = CachedStandings(
            directory=self.directory,
            privileges=self.privileges,
            registries=self.registries,
            break_glass=frozenset({BREAK_GLASS}),
            clock=self.clock,
            monotonic=lambda: self.seconds,
        )

    async def put(self, registry: Registry, *, lasting: timedelta | None = None) -> None:
        """Put the person on a list."""
        now = self.clock.now()
        entry = Entry(
            user_id=UserId(USER_ID.lower()),
            owner="Identity team",
            reason="A drill.",
            expires_at=None if lasting is None else now + lasting,
            added_by="admin-1",
            added_at=now,
        )
        await self.registries.replace(registry, None, entry)


@pytest.fixture
def world() -> World:
    """A world with nobody in it."""
    return World()


async def test_account_gives_guest_service_and_disabled(world: World) -> None:
    """What the account itself says is in its standing."""
    told = await world.standings.standing(an_account(guest=True, enabled=False), Impact.STRENGTHEN)
    assert (told.guest, told.disabled, told.service) == (True, True, False)
    assert (told.protected, told.excluded) == (False, False)


@pytest.mark.parametrize("user", [BREAK_GLASS, UserId(BREAK_GLASS.upper())])
async def test_setting_protects(world: World, user: UserId) -> None:
    """A break-glass account of the setting is protected, in whichever letters it comes."""
    told = await world.standings.standing(an_account(user_id=user), Impact.WEAKEN)
    assert told.protected
    assert world.privileges.asked == []


@pytest.mark.parametrize("registry", Registry)
async def test_registry_counts_until_its_end(world: World, registry: Registry) -> None:
    """Who is on a list is so until the entry expires, without anybody's doing."""
    await world.put(registry, lasting=timedelta(days=1))

    async def told() -> tuple[bool, bool]:
        found = await world.standings.standing(an_account(), Impact.STRENGTHEN)
        return found.protected, found.excluded

    assert await told() == (registry is Registry.PROTECTED, registry is Registry.EXCLUSIONS)
    world.clock.advance(timedelta(days=1))
    assert await told() == (False, False)


async def test_new_entry_holds_within_ten_seconds(world: World) -> None:
    """The lists are read again after their age, and not before."""
    assert REGISTRY_AGE < 10
    await world.standings.standing(an_account(), Impact.STRENGTHEN)
    await world.put(Registry.PROTECTED)
    world.seconds = REGISTRY_AGE
    assert (await world.standings.standing(an_account(), Impact.STRENGTHEN)).protected
    assert world.registries.reads == 2 * len(Registry)


@pytest.mark.parametrize("impact", Impact)
async def test_unreadable_registries_let_nobody_through(world: World, impact: Impact) -> None:
    """Where the lists can't be read everybody may be protected: the work waits."""
    await world.standings.standing(an_account(), impact)
    world.registries.down = True
    world.seconds = REGISTRY_AGE
    with pytest.raises(StoreUnavailable):
        await world.standings.standing(an_account(), impact, last_attempt=True)


async def test_broken_row_makes_everybody_wait(world: World) -> None:
    """A row that can't be read may be anybody's; no case is parked for it, the work waits."""

    class Broken(FakeRegistries):
        async def entries(self, registry: Registry) -> dict[UserId, Entry]:
            raise UnreadableRow(f"{registry}: Owner is missing.")

    standings = CachedStandings(
        directory=world.directory,
        privileges=world.privileges,
        registries=Broken(),
        break_glass=frozenset(),
        clock=world.clock,
        monotonic=lambda: 0.0,
    )
    with pytest.raises(StoreUnavailable):
        await standings.standing(an_account(), Impact.STRENGTHEN)


async def test_roles_are_read_only_where_they_matter(world: World) -> None:
    """Strengthening asks nobody; nor does what is refused anyhow."""
    told = await world.standings.standing(an_account(), Impact.STRENGTHEN)
    assert told.privilege == NOT_ASKED
    await world.standings.standing(an_account(guest=True), Impact.WEAKEN)
    assert world.privileges.asked == []
    world.privileges.held[UserId(USER_ID.lower())] = Privilege.OWNER
    told = await world.standings.standing(an_account(), Impact.WEAKEN)
    assert told.privilege is Privilege.OWNER


async def test_privilege_is_remembered_for_half_a_minute(world: World) -> None:
    """Within the age one read serves; after it the roles are read again."""
    for seconds, reads in ((0.0, 1), (PRIVILEGE_AGE - 0.1, 1), (PRIVILEGE_AGE, 2)):
        world.seconds = seconds
        await world.standings.standing(an_account(), Impact.GIVE_PASS)
        assert len(world.privileges.asked) == reads


async def test_unknown_privilege_is_not_remembered(world: World) -> None:
    """What was unknown is asked again at once."""
    user = UserId(USER_ID.lower())
    world.privileges.held[user] = Unknown("No permission.")
    assert isinstance(
        (await world.standings.standing(an_account(), Impact.WEAKEN)).privilege, Unknown
    )
    world.privileges.held[user] = Privilege.NONE
    told = await world.standings.standing(an_account(), Impact.WEAKEN)
    assert told.privilege is Privilege.NONE


@pytest.mark.parametrize("error", [Throttled, DirectoryUnavailable, PrivilegesUnreadable])
async def test_failing_look_up_ends_as_unknown(world: World, error: type[LifecycleError]) -> None:
    """It is raised while there is another attempt, and unknown, with the reason, at the last."""
    world.privileges.troubles = [error("Graph answered 503."), error("Graph answered 503.")]
    with pytest.raises(error):
        await world.standings.standing(an_account(), Impact.WEAKEN)
    told = await world.standings.standing(an_account(), Impact.WEAKEN, last_attempt=True)
    assert told.privilege == Unknown("Graph answered 503.")


async def test_person_who_is_gone_is_never_unknown(world: World) -> None:
    """Who is not in the directory is not taken for privileged, not even at the last attempt."""
    world.privileges.troubles = [AccountNotVisible("Graph answered 404.")]
    with pytest.raises(AccountNotVisible):
        await world.standings.standing(an_account(), Impact.WEAKEN, last_attempt=True)
    with pytest.raises(AccountNotVisible):
        await world.standings.standing(UserId("nobody"), Impact.STRENGTHEN)


async def test_guard_asks_no_second_time_for_a_known_account(world: World) -> None:
    """An account that a flow just read serves its guard by id, for a minute and no longer."""
    assert ACCOUNT_AGE <= 60
    user = world.directory.add("kim@contoso.example")
    found = await world.directory.find_account(user)
    assert isinstance(found, Account)
    await world.standings.standing(found, Impact.STRENGTHEN)
    world.directory.people.clear()
    await world.standings.standing(UserId(user.upper()), Impact.STRENGTHEN)
    world.seconds = ACCOUNT_AGE
    with pytest.raises(AccountNotVisible):
        await world.standings.standing(user, Impact.STRENGTHEN)
