"""The contract of the port `Staging`."""

import pytest

from shared.adapters.tables.sweep.staging import TableStaging
from shared.application.ports.runs import Staged, Staging
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice
from tests.contract.sweep_samples import staged
from tests.fakes.sweeping import FakeStaging

RUN, OTHER = RunId("20261122T020000Z-4f9c"), RunId("20261122T020000Z-4f9c1")
FIRST, SECOND = Slice(0, 2), Slice(1, 2)


@pytest.fixture(params=["fake", "store", "memory_store"])
def staging(request: pytest.FixtureRequest) -> Staging:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeStaging()
    return TableStaging(request.getfixturevalue(request.param))


async def test_rows_are_read_by_part(staging: Staging) -> None:
    """Each part has its own; a part of another cut has none."""
    await staging.keep(RUN, "c1", {FIRST: staged(1, 2), SECOND: staged(3)})
    assert await staging.read(RUN, FIRST, ["c1"]) == staged(1, 2)
    assert await staging.read(RUN, SECOND, ["c1"]) == staged(3)
    assert await staging.read(RUN, Slice(0, 4), ["c1"]) == Staged()
    assert await staging.read(OTHER, FIRST, ["c1"]) == Staged()


async def test_only_the_chunks_that_count_are_read(staging: Staging) -> None:
    """In their order, each once; others were left by a worker that died."""
    for number, chunk in enumerate(["a", "a-1", "a-10", "b", "ä/#?|"]):
        await staging.keep(RUN, chunk, {FIRST: staged(number)})

    async def read(*chunks: str) -> list[int]:
        found = await staging.read(RUN, FIRST, chunks)
        names = [one.sign_in_name.partition("@")[0] for one in found.people]
        return [int(name.removeprefix("kim.example")) for name in names]

    assert await read("b", "a") == [3, 0]
    assert await read("a", "a-1") == [0, 1]
    assert await read("a-1", "a-10") == [1, 2]
    assert await read("a-10", "ä/#?|", "a-10") == [2, 4]
    assert await read("gone", "b") == [3]
    assert await read() == []


async def test_a_chunk_that_is_kept_again_stands_once(staging: Staging) -> None:
    """What is done again after a crash changes nothing."""
    for _ in range(2):
        await staging.keep(RUN, "c1", {FIRST: staged(1), SECOND: Staged()})
    assert await staging.read(RUN, FIRST, ["c1"]) == staged(1)
    assert await staging.read(RUN, SECOND, ["c1"]) == Staged()


async def test_a_chunk_may_hold_a_whole_tenant(staging: Staging) -> None:
    """People of one part are as many as there are; they take more than one row."""
    many = staged(*range(20_000))
    await staging.keep(RUN, "c1", {FIRST: many})
    await staging.keep(RUN, "c2", {FIRST: staged(1)})
    assert await staging.read(RUN, FIRST, ["c1"]) == many


async def test_a_run_is_forgotten_whole(staging: Staging) -> None:
    """Every part of it, and nothing of a run whose id begins alike; again it is no error."""
    parts = {Slice(number, 8): staged(number) for number in range(8)}
    for run in (RUN, OTHER):
        for chunk in ("c1", "c2"):
            await staging.keep(run, chunk, parts)
    for _ in range(2):
        await staging.forget(RUN)
        assert [await staging.read(RUN, part, ["c1", "c2"]) for part in parts] == [Staged()] * 8
        assert await staging.read(OTHER, Slice(3, 8), ["c1"]) == staged(3)
