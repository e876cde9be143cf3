"""The contract of the port `History`."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from shared.adapters.tables.sweep.history import TableHistory
from shared.application.ports.runs import History
from shared.domain.ids import UserId
from shared.domain.sweep.lines import Change
from shared.domain.sweep.runs import RunId
from shared.domain.sweep.slices import Slice
from tests.contract.sweep_samples import a_change, a_run, a_user, days
from tests.fakes.sweeping import FakeHistory

ALL = Slice(0, 1)
KIM, LEE, SAM = a_user(1, "00"), a_user(2, "7f"), a_user(3, "ff")


@pytest.fixture(params=["fake", "store", "memory_store"])
def history(request: pytest.FixtureRequest) -> History:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeHistory()
    return TableHistory(request.getfixturevalue(request.param))


async def keep(history: History, night: int, *users: UserId, part: Slice = ALL) -> list[Change]:
    """Keep what a run of some night found out about these."""
    at = days(night)
    changes = [a_change(user, at) for user in users]
    await history.keep(a_run(night).run_id, at, part, changes)
    return changes


async def test_changes_of_a_person_are_told_latest_first(history: History) -> None:
    """Theirs alone, whatever the letters of their id; up to so many."""
    await keep(history, 1, KIM, LEE, SAM)
    await keep(history, 3, KIM, SAM)
    await keep(history, 2, KIM)
    wanted = tuple(a_change(KIM, days(night)) for night in (3, 2, 1))
    assert await history.of(KIM, 10) == wanted
    assert await history.of(UserId(KIM.upper()), 3) == wanted
    assert await history.of(KIM, 2) == wanted[:2]
    assert await history.of(LEE, 10) == (a_change(LEE, days(1)),)
    assert await history.of(a_user(4, "00"), 10) == ()


async def test_what_is_kept_again_takes_the_place_of_what_was(history: History) -> None:
    """Of this run and this part; who changed no more is told of no more."""
    at, run_id = days(1), a_run(1).run_id
    await keep(history, 1, KIM, LEE)
    await keep(history, 1, SAM, part=Slice(1, 2))
    other = replace(a_change(KIM, at), before=None)
    for _ in range(2):
        await history.keep(run_id, at, ALL, [other])
        assert await history.of(KIM, 10) == (other,)
        assert await history.of(LEE, 10) == ()
        assert len(await history.of(SAM, 10)) == 1
    await keep(history, 1, SAM, LEE)
    assert await history.of(KIM, 10) == ()
    assert len(await history.of(SAM, 10)) == 2
    await keep(history, 1)
    assert await history.of(LEE, 10) == ()
    assert len(await history.of(SAM, 10)) == 1


async def test_two_runs_of_one_moment_keep_apart(history: History) -> None:
    """Each replaces only its own."""
    at = days(1)
    for run in ("one", "one-1"):
        await history.keep(RunId(run), at, ALL, [a_change(KIM, at)])
    await history.keep(RunId("one"), at, ALL, [])
    assert len(await history.of(KIM, 10)) == 1


async def test_old_changes_are_forgotten(history: History) -> None:
    """Those of runs that began before a moment, and no others."""
    for night in (1, 2, 3):
        await keep(history, night, KIM, SAM)
    assert await forget_all(history, days(2), most=10) == [2]
    assert [change.at for change in await history.of(KIM, 10)] == [days(3), days(2)]
    assert await forget_all(history, days(2), most=10) == []
    assert await forget_all(history, days(2) + timedelta(microseconds=1), most=10) == [2]
    assert [change.at for change in await history.of(SAM, 10)] == [days(3)]


async def test_what_was_replaced_is_not_counted_when_it_is_forgotten(history: History) -> None:
    """Only what stands is dropped."""
    await keep(history, 1, KIM, LEE)
    await keep(history, 1, KIM)
    assert await forget_all(history, days(2), most=10) == [1]


async def test_so_many_are_forgotten_at_a_time(history: History) -> None:
    """Who is called again and again ends with all of them."""
    for night in (1, 2):
        await keep(history, night, KIM, LEE, SAM)
    assert await forget_all(history, days(3), most=2) == [2, 2, 2]
    assert [await history.of(user, 10) for user in (KIM, LEE, SAM)] == [()] * 3
    await keep(history, 2, KIM)
    assert len(await history.of(KIM, 10)) == 1


async def forget_all(history: History, before: datetime, *, most: int) -> list[int]:
    """How many were dropped, time after time."""
    dropped: list[int] = []
    while number := await history.forget(before, most):
        dropped.append(number)
    return dropped
