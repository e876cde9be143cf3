"""The contract of the port `Snapshots`."""

from collections import Counter

import pytest

from shared.adapters.tables.sweep.snapshots import TableSnapshots
from shared.application.ports.runs import Snapshots
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import InDepartment, Totals, totals_of
from tests.contract.sweep_samples import a_change, a_line, a_user, days
from tests.fakes.sweeping import FakeSnapshots

RUN, OTHER = RunId("20261122T020000Z-4f9c"), RunId("20261122T020000Z-4f9c1")
FIRST, SECOND = Slice(0, 2), Slice(1, 2)
ONE = Totals(verdicts=Counter({Verdict.WEAK: 1}))
TWO = Totals(
    verdicts=Counter({Verdict.WEAK: 2}),
    departments=Counter({InDepartment("Ä", Verdict.WEAK): 1}),
)


@pytest.fixture(params=["fake", "store", "memory_store"])
def snapshots(request: pytest.FixtureRequest) -> Snapshots:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeSnapshots()
    return TableSnapshots(request.getfixturevalue(request.param))


async def test_lines_are_read_by_part_and_in_order(snapshots: Snapshots) -> None:
    """By user id, whatever order they came in; other parts and runs have their own."""
    lines = [a_line(number) for number in range(9)]
    await snapshots.keep(RUN, FIRST, lines, ONE)
    await snapshots.keep(RUN, SECOND, lines[:1], TWO)
    found = await snapshots.lines(RUN, FIRST)
    assert found == tuple(sorted(lines, key=lambda line: line.user_id))
    assert await snapshots.lines(RUN, SECOND) == (lines[0],)
    assert await snapshots.lines(RUN, Slice(0, 1)) == ()
    assert await snapshots.lines(OTHER, FIRST) == ()


async def test_what_is_kept_again_takes_the_place_of_what_was(snapshots: Snapshots) -> None:
    """Be it more or less; nothing of before is left in it."""
    for numbers in (range(16_000), range(3), range(5), range(3), range(0)):
        lines = [a_line(number) for number in numbers]
        totals = totals_of(lines, (), left_out=1)
        await snapshots.keep(RUN, FIRST, lines, totals)
        assert set(await snapshots.lines(RUN, FIRST)) == set(lines)
        assert await snapshots.totals(RUN) == {FIRST: totals}


async def test_changes_are_those_of_who_judged_the_part_last(snapshots: Snapshots) -> None:
    """Each part has its own, in their order; most nights there are none."""
    changes = [a_change(a_user(number), days(1)) for number in range(5)]
    await snapshots.keep(RUN, FIRST, [a_line(1)], ONE, changes)
    await snapshots.keep(RUN, SECOND, [a_line(1)], ONE)
    assert await snapshots.changes(RUN, FIRST) == tuple(changes)
    assert await snapshots.changes(RUN, SECOND) == ()
    assert await snapshots.changes(OTHER, FIRST) == ()
    for fewer in (changes[:2], []):
        await snapshots.keep(RUN, FIRST, [a_line(1)], ONE, fewer)
        assert await snapshots.changes(RUN, FIRST) == tuple(fewer)
    await snapshots.keep(RUN, FIRST, [a_line(1)], ONE, changes)
    await snapshots.forget(RUN)
    assert await snapshots.changes(RUN, FIRST) == ()


async def test_totals_are_those_of_all_parts_that_were_judged(snapshots: Snapshots) -> None:
    """A part that has nobody in it was judged as well; one that is not there was not."""
    await snapshots.keep(RUN, Slice(0, 256), [], Totals())
    await snapshots.keep(RUN, Slice(10, 256), [a_line(1)], ONE)
    await snapshots.keep(RUN, Slice(2, 256), [a_line(2)], TWO)
    await snapshots.keep(OTHER, Slice(3, 256), [], ONE)
    assert await snapshots.totals(RUN) == {
        Slice(0, 256): Totals(),
        Slice(2, 256): TWO,
        Slice(10, 256): ONE,
    }
    assert await snapshots.judged(RUN) == {Slice(0, 256), Slice(2, 256), Slice(10, 256)}
    assert await snapshots.totals(RunId("another")) == {}
    assert await snapshots.judged(RunId("another")) == set()


async def test_a_run_is_forgotten_whole(snapshots: Snapshots) -> None:
    """Lines and totals, and nothing of a run whose id begins alike; again it is no error."""
    for run in (RUN, OTHER):
        for part in (FIRST, SECOND):
            await snapshots.keep(run, part, [a_line(1)], ONE)
    for _ in range(2):
        await snapshots.forget(RUN)
        assert await snapshots.totals(RUN) == {}
        assert await snapshots.lines(RUN, FIRST) == ()
        assert await snapshots.totals(OTHER) == {FIRST: ONE, SECOND: ONE}
        assert await snapshots.lines(OTHER, FIRST) == (a_line(1),)
