"""Nothing acts before two break-glass accounts are there."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import pytest

from shared.application.break_glass import (
    MISSING_FOR,
    PRESENT_FOR,
    ResolvedBreakGlass,
    SafeModes,
)
from shared.domain.control import Capability, Mode
from shared.domain.errors.control import BreakGlassMissing
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import UserId
from shared.domain.registries import Entry, Registry
from tests.fakes.directory import FakeDirectory
from tests.fakes.registries import FakeRegistries
from tests.properties.clock import WorldClock

FIRST, SECOND, THIRD = (
    UserId(f"0b7d3a1e-5c2f-4e8a-9d6b-00000000000{number}") for number in range(3)
)
ONBOARDING: Final = Capability.ONBOARDING


@dataclass
class World:
    """Break-glass accounts over fakes.

    Attributes:
        decided: the mode that operators decided on.
    """

    directory: FakeDirectory = field(default_factory=FakeDirectory)
    registries: FakeRegistries = field(default_factory=FakeRegistries)
    seconds: float = 0.0
    decided: Mode = Mode.ACT

    def __post_init__(self) -> None:
        self.clock = WorldClock()
        self.break_glass = ResolvedBreakGlass(
            directory=self.directory,
            registries=self.registries,
            configured=frozenset({FIRST, SECOND}),
            clock=self.clock,
            monotonic=lambda: self.seconds,
        )
        self.modes = SafeModes(self, self.break_glass)

    async def mode(self, capability: Capability) -> Mode:  # noqa: ARG002  (one)
        """What operators decided."""
        return self.decided

    def add(self, user: UserId) -> None:
        """Let an account appear."""
        self.directory.add(f"{user}@contoso.example", user_id=user)


@pytest.fixture
def world() -> World:
    """A world without accounts."""
    return World()


async def test_two_accounts_let_act(world: World) -> None:
    """With both accounts there, what may act acts."""
    world.add(FIRST)
    world.add(SECOND)
    await world.break_glass.check()
    assert await world.modes.mode(ONBOARDING) is Mode.ACT


async def test_one_account_stops(world: World) -> None:
    """With one account, what may act rests: observing would pass people over."""
    world.add(FIRST)
    with pytest.raises(BreakGlassMissing, match="1 break-glass"):
        await world.break_glass.check()
    assert await world.modes.mode(ONBOARDING) is Mode.STOP


async def test_registry_adds(world: World) -> None:
    """An entry of the registry stands in for one of the setting that is gone, until it expires."""
    world.add(FIRST)
    world.add(THIRD)
    now = world.clock.now()
    end = now + timedelta(days=1)
    entry = Entry(user_id=THIRD, owner="o", reason="r", expires_at=end, added_by="a", added_at=now)
    await world.registries.replace(Registry.PROTECTED, None, entry)
    assert await world.modes.mode(ONBOARDING) is Mode.ACT
    world.clock.advance(timedelta(days=1))
    world.seconds = PRESENT_FOR
    assert await world.modes.mode(ONBOARDING) is Mode.STOP


async def test_what_cant_be_known_stops(world: World) -> None:
    """Where directory or registry can't be asked, nothing acts, and it is asked again at once."""
    world.add(FIRST)
    world.add(SECOND)
    world.directory.troubles = [DirectoryUnavailable("Graph answered 503.")]
    assert await world.modes.mode(ONBOARDING) is Mode.STOP
    world.registries.down = True
    with pytest.raises(StoreUnavailable):
        await world.break_glass.check()
    assert await world.modes.mode(ONBOARDING) is Mode.STOP
    world.registries.down = False
    assert await world.modes.mode(ONBOARDING) is Mode.ACT


@pytest.mark.parametrize("decided", [Mode.OBSERVE, Mode.STOP])
async def test_nobody_is_asked_unless_it_may_act(world: World, decided: Mode) -> None:
    """What observes or is stopped needs no break-glass account."""
    world.decided = decided
    world.directory.troubles = [DirectoryUnavailable("Nobody should ask.")]
    assert await world.modes.mode(ONBOARDING) is decided
    assert len(world.directory.troubles) == 1


async def test_answers_are_remembered(world: World) -> None:
    """Missing accounts are looked for again after half a minute, found ones after ten."""
    world.add(FIRST)
    assert await world.modes.mode(ONBOARDING) is Mode.STOP
    world.add(SECOND)
    assert await world.modes.mode(ONBOARDING) is Mode.STOP
    world.seconds = MISSING_FOR
    assert await world.modes.mode(ONBOARDING) is Mode.ACT
    world.directory.people.clear()
    assert await world.modes.mode(ONBOARDING) is Mode.ACT
    world.seconds = MISSING_FOR + PRESENT_FOR
    assert await world.modes.mode(ONBOARDING) is Mode.STOP
