"""The mode as workers see it: young, or `stop` (safety rule S6)."""

import asyncio
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.application.modes import LONGEST_AGE, CachedModes
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import SourceName


@dataclass
class Row:
    """The control row, and a clock that moves while it is read.

    Attributes:
        mode: what it says; None can't be read.
        reads: how often it was read.
        now: the clock.
        takes: seconds that a read takes.
    """

    mode: Mode | None = Mode.OBSERVE
    reads: int = 0
    now: float = 0.0
    takes: float = 0.0

    async def entry(self, subject: Capability | SourceName) -> ControlEntry:  # noqa: ARG002  (one)
        """Read the row."""
        self.reads += 1
        self.now += self.takes
        await asyncio.sleep(0)
        if self.mode is None:
            raise StoreUnavailable("The test took the store away.")
        return ControlEntry(mode=self.mode)

    async def replace(
        self, subject: Capability | SourceName, old: ControlEntry, new: ControlEntry
    ) -> None:
        """Nothing here writes."""
        raise NotImplementedError

    async def sources(self) -> dict[SourceName, ControlEntry]:
        """Nothing here asks."""
        raise NotImplementedError


def cached(row: Row) -> CachedModes:
    """The modes over a row."""
    return CachedModes(row, lambda: row.now)


async def test_new_deployment_observes() -> None:
    """A control row that nobody wrote observes."""
    assert await cached(Row()).mode(Capability.ONBOARDING) is Mode.OBSERVE


async def test_young_mode_is_not_read_again() -> None:
    """Within the age limit one read serves every caller, concurrent ones too."""
    row = Row(Mode.ACT)
    modes = cached(row)
    await asyncio.gather(*(modes.mode(Capability.ONBOARDING) for _ in range(20)))
    row.now = LONGEST_AGE - 0.001
    assert await modes.mode(Capability.ONBOARDING) is Mode.ACT
    assert row.reads == 1


async def test_slow_read_is_out_of_date() -> None:
    """Age counts from the beginning of the read; one that took too long is `stop`."""
    row = Row(Mode.ACT, takes=LONGEST_AGE)
    assert await cached(row).mode(Capability.ONBOARDING) is Mode.STOP


async def test_unreadable_is_stop_and_not_remembered() -> None:
    """A row that can't be read is `stop`, never the `act` of before; when it can, that holds."""
    row = Row(Mode.ACT)
    modes = cached(row)
    assert await modes.mode(Capability.ONBOARDING) is Mode.ACT
    row.mode, row.now = None, LONGEST_AGE
    assert await modes.mode(Capability.ONBOARDING) is Mode.STOP
    row.mode = Mode.ACT
    assert await modes.mode(Capability.ONBOARDING) is Mode.ACT


def test_ten_seconds_are_the_most_that_the_rule_allows() -> None:
    """The age limit leaves time for a write within the ten seconds of the rule."""
    assert LONGEST_AGE < 10


async def test_bug_in_the_store_goes_up() -> None:
    """What is no known failure is not taken for `stop`; it goes up, and nothing is written."""

    @dataclass
    class Broken(Row):
        async def entry(self, subject: Capability | SourceName) -> ControlEntry:
            raise ZeroDivisionError(subject)

    with pytest.raises(ZeroDivisionError):
        await cached(Broken()).mode(Capability.ONBOARDING)


Step = tuple[float, Mode | None]


@given(st.lists(st.tuples(st.floats(0, 20), st.sampled_from([*Mode, None])), max_size=30))
def test_act_was_true_within_the_last_ten_seconds(steps: list[Step]) -> None:
    """Whatever happens to the row and the clock: `act` is told only if it held just before."""

    async def run() -> None:
        row = Row(Mode.OBSERVE)
        modes = cached(row)
        history: list[tuple[float, Mode | None]] = [(0.0, Mode.OBSERVE)]
        for seconds, mode in steps:
            row.now += seconds
            row.mode = mode
            history.append((row.now, mode))
            told = await modes.mode(Capability.ONBOARDING)
            recent = {then for at, then in history if at > row.now - LONGEST_AGE}
            recent.add(mode)
            assert told in recent or (told is Mode.STOP and None in recent)

    asyncio.run(run())
