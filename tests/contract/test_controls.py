"""The contract of the port `Controls`."""

import asyncio

import pytest

from shared.adapters.tables.controls import TableControls
from shared.application.ports.control import Controls
from shared.domain.control import LET_IN, Capability, ControlEntry, Mode, changed
from shared.domain.errors.storage import Conflict
from shared.domain.ids import SourceName
from tests.contract.samples import NOON
from tests.fakes.controls import FakeControls

ASKED = ControlEntry(mode=Mode.OBSERVE, requested_by="person-1")
ACTING = ControlEntry(mode=Mode.ACT, changed_by="person-2", changed_at=NOON)


@pytest.fixture(params=["fake", "tables"])
def controls(request: pytest.FixtureRequest) -> Controls:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeControls()
    return TableControls(request.getfixturevalue("store"))


async def test_missing_row_observes(controls: Controls) -> None:
    """A new deployment observes."""
    assert await controls.entry(Capability.ONBOARDING) == ControlEntry(mode=Mode.OBSERVE)


async def test_written_row_is_read_back(controls: Controls) -> None:
    """What was written is read back, and what was left out is gone."""
    await controls.replace(Capability.ONBOARDING, ControlEntry(), ASKED)
    assert await controls.entry(Capability.ONBOARDING) == ASKED
    await controls.replace(Capability.ONBOARDING, ASKED, ACTING)
    assert await controls.entry(Capability.ONBOARDING) == ACTING


async def test_stale_writer_conflicts(controls: Controls) -> None:
    """Who read an older row can't write."""
    await controls.replace(Capability.ONBOARDING, ControlEntry(), ASKED)
    with pytest.raises(Conflict):
        await controls.replace(Capability.ONBOARDING, ControlEntry(), ACTING)
    assert await controls.entry(Capability.ONBOARDING) == ASKED


@pytest.mark.parametrize("old", [ControlEntry(), ASKED])
async def test_of_many_writers_one_wins(controls: Controls, old: ControlEntry) -> None:
    """Of ten that read the same row one writes; the others conflict."""
    if old == ASKED:
        await controls.replace(Capability.ONBOARDING, ControlEntry(), ASKED)
    news = [ControlEntry(mode=Mode.STOP, changed_by=f"person-{n}") for n in range(10)]
    results = await asyncio.gather(
        *(controls.replace(Capability.ONBOARDING, old, new) for new in news),
        return_exceptions=True,
    )
    (won,) = [new for new, result in zip(news, results, strict=True) if result is None]
    assert sum(isinstance(result, Conflict) for result in results) == 9
    assert await controls.entry(Capability.ONBOARDING) == won


async def test_sources_have_rows_of_their_own(controls: Controls) -> None:
    """A source without a row is let in; rows of sources and of capabilities don't meet."""
    hr, odd = SourceName("contoso-hr"), SourceName("größe/#1")
    namesake = SourceName(Capability.ONBOARDING.value)
    assert await controls.sources() == {}
    assert await controls.entry(hr) == LET_IN
    suspended = ControlEntry(mode=Mode.STOP, changed_by="person-1", changed_at=NOON)
    for source in (hr, odd, namesake):
        await controls.replace(source, LET_IN, suspended)
    asked = changed(suspended, Mode.ACT, "person-1", NOON)
    await controls.replace(hr, suspended, asked)
    assert await controls.sources() == {hr: asked, odd: suspended, namesake: suspended}
    assert await controls.entry(Capability.ONBOARDING) == ControlEntry()
