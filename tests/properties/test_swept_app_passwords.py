"""What a sweep tells of app passwords stands beside the verdict, and unknown is never none."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.application.ports.runs import StoredRun
from shared.domain.alive import FRESH, Alive, Shown
from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import Throttled
from shared.domain.errors.storage import StoreDenied, UnreadableRow
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, Doing, LedgerEntry, Span, unmatched
from shared.domain.posture.exposure import Exposure
from shared.domain.posture.judging import Door
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.breakdowns import exposures_of, ledger_of
from shared.domain.sweep.lines import Line
from shared.domain.sweep.runs import RunState, Stage
from shared.domain.sweep.slices import Slice
from tests.properties.interrupting import How
from tests.properties.sweep_world import SweepWorld, drawn
from tests.properties.swept_tenant import LONG_AGO

SEEDS = st.integers(0, 2**32)
PEOPLE = st.integers(1, 30)
PLANS = st.dictionaries(st.integers(0, 120), st.sampled_from(How), max_size=8)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def lines_about(world: SweepWorld, random: Random, known: Span) -> list[LedgerEntry]:
    """Lines about some of the people, in the known time and around it."""
    return [
        LedgerEntry(
            entry_id=f"{user}-{number}",
            user_id=user,
            at=known.since + random.uniform(-0.5, 1.2) * (known.until - known.since),
            doing=random.choice(list(Doing)),
        )
        for user in world.tenant.everybody
        for number in range(random.choice((0, 0, 1, 2, 5)))
    ]


async def keep_a_ledger(world: SweepWorld, seed: int, *, hours: float = 2, days: int = 90) -> Span:
    """The ledger is kept for so many days, up to so many hours ago; some accounts are younger."""
    random = Random(seed)  # noqa: S311  (it makes test data)
    now = world.clock.now()
    known = Span(now - days * DAY, now - hours * HOUR)
    for user, row in world.tenant.everybody.items():
        young = known.since + random.uniform(0, 1) * (known.until - known.since)
        world.tenant.everybody[user] = replace(row, made=random.choice((None, LONG_AGO, young)))
    await world.ledger.keep(lines_about(world, random, known))
    await world.ledger.cover(Coverage((Span(known.since - 9 * DAY, known.since - DAY), known)))
    return known


def without_ledger(lines: Mapping[str, Line]) -> dict[str, Line]:
    """The lines without what the ledger tells."""
    return {user: replace(line, alive=Alive()) for user, line in lines.items()}


@given(seed=SEEDS, people=PEOPLE, hours=st.sampled_from((0, 2, 3, 4, 800)))
def test_the_ledger_changes_no_verdict(seed: int, people: int, hours: int) -> None:
    """Kept, not kept for long or never: all but what it tells itself is the same."""

    async def story() -> None:
        plain = drawn(seed, people)
        expected = await plain.sweep()
        world = drawn(seed, people)
        await keep_a_ledger(world, seed, hours=hours)
        run = await world.sweep()
        assert run.state is expected.state is RunState.COMPLETED
        found, wanted = await world.lines(run), await plain.lines(expected)
        assert without_ledger(found) == without_ledger(wanted)

    asyncio.run(story())


@pytest.mark.parametrize("error", [StoreDenied("no role"), UnreadableRow("no coverage")])
@pytest.mark.parametrize("what", ["coverage", "of_part"])
def test_a_ledger_that_cannot_be_read_fails_no_run(error: LifecycleError, what: str) -> None:
    """The run says so where it learns it as it begins; of nobody it says that none are alive."""

    async def story() -> None:
        plain = drawn(1, 20)
        expected = await plain.sweep()
        world = drawn(1, 20)
        await keep_a_ledger(world, 1)
        world.ledger.refused[what] = error
        coverage = what == "coverage"
        run = await world.sweep()
        assert run.state is (RunState.PARTIAL if coverage else RunState.COMPLETED)
        assert [one.what for one in run.problems] == ["app password ledger"] * coverage
        lines = await world.lines(run)
        assert without_ledger(lines) == without_ledger(await plain.lines(expected))
        assert {line.alive for line in lines.values()} == {Alive(0, Unknown(error.detail))}
        assert run.totals is not None
        assert ledger_of(run.totals) == {Shown.NONE: 0, Shown.ALIVE: 0, Shown.UNKNOWN: len(lines)}

    asyncio.run(story())


@given(seed=SEEDS, people=PEOPLE, hours=st.sampled_from((0, 2, 3, 4, 800)))
def test_unknown_is_never_none(seed: int, people: int, hours: int) -> None:
    """None is told only of whose whole life is known, and every creation answered; totals agree."""

    async def story() -> None:
        world = drawn(seed, people)
        known = await keep_a_ledger(world, seed, hours=hours)
        run = await world.sweep()
        found = await world.lines(run)
        for user, line in found.items():
            made = world.tenant.everybody[UserId(user)].made
            lines = await world.ledger.of(UserId(user))
            told = [one for one in lines if known.since <= one.at <= known.until]
            later = any(one.doing is Doing.CREATED and one.at > known.until for one in lines)
            fresh = timedelta(hours=hours) <= FRESH
            whole = fresh and made is not None and known.since <= made <= known.until and not later
            assert line.alive.least == (unmatched(told) if fresh else 0)
            assert (line.alive.doubt is None) is whole
            shut = line.app_passwords is Door.BLOCKED
            gone = whole and not unmatched(told)
            assert (line.exposure is Exposure.NONE) is (shut or gone)
        assert run.totals is not None
        shown = [line.alive.shown for line in found.values()]
        assert ledger_of(run.totals) == {one: shown.count(one) for one in Shown}
        exposed = [line.exposure for line in found.values()]
        assert exposures_of(run.totals) == {one: exposed.count(one) for one in Exposure}

    asyncio.run(story())


@given(seed=SEEDS, people=PEOPLE, plan=PLANS)
def test_whatever_dies_the_same_is_told(seed: int, people: int, plan: dict[int, How]) -> None:
    """Of who is judged again, by another worker and later, too."""

    async def story() -> None:
        calm = drawn(seed, people)
        await keep_a_ledger(calm, seed)
        expected = await calm.sweep()
        world = drawn(seed, people)
        await keep_a_ledger(world, seed)
        world.interruptions.plan = dict(plan)
        run = await world.sweep()
        assert run.totals == expected.totals
        told = {user: line.alive for user, line in (await world.lines(run)).items()}
        assert told == {user: line.alive for user, line in (await calm.lines(expected)).items()}

    asyncio.run(story())


@given(seed=SEEDS, people=PEOPLE)
def test_what_is_kept_after_a_run_has_begun_counts_in_the_next(seed: int, people: int) -> None:
    """In a part that is judged a second time a creation is a doubt; and no change is made of it."""

    async def story() -> None:
        world = drawn(seed, people)
        await keep_a_ledger(world, seed)
        run = await world.sweep()
        before = await world.lines(run)
        late = [
            LedgerEntry(
                entry_id=f"late-{user}",
                user_id=UserId(user),
                at=world.clock.now(),
                doing=Doing.CREATED,
            )
            for user in before
        ]
        await world.ledger.keep(late)
        now = world.clock.now()
        await world.ledger.cover(Coverage((Span(LONG_AGO, now),)))
        stored = await world.runs.load(run.run_id)
        assert stored is not None
        as_it_was = replace(stored.run, stage=Stage.EVALUATE)
        await world.worker().judge(StoredRun(run=as_it_was, version="before"), Slice(0, 1))
        again = await world.lines(run)
        assert without_ledger(again) == without_ledger(before)
        assert {user: line.alive.least for user, line in again.items()} == {
            user: line.alive.least for user, line in before.items()
        }
        assert all(line.alive.doubt is not None for line in again.values())
        following = await world.sweep()
        after = await world.lines(following)
        assert all(line.alive.shown is Shown.ALIVE for line in after.values())
        assert following.totals is not None
        assert not following.totals.moves
        assert all([not await world.history.of(UserId(user), 9) for user in after])

    asyncio.run(story())


@pytest.mark.parametrize("people", [0, 1, 60])
def test_the_ledger_is_read_once_a_part(people: int) -> None:
    """And its time once a run, however many people there are."""

    async def story() -> None:
        world = drawn(4, people)
        await keep_a_ledger(world, 4)
        world.tenant.counted = 20_000 if people else 0
        world.interruptions.operations.clear()
        run = await world.sweep()
        assert run.slices == (8 if people else 1)
        assert world.interruptions.operations["FakeLedger"] == 1 + run.slices

    asyncio.run(story())


def test_who_was_not_seen_is_not_said_to_have_none() -> None:
    """Neither from the run before, nor because of a door that was shut then."""

    async def story() -> None:
        world = drawn(3, 30)
        await keep_a_ledger(world, 3)
        first = await world.lines(await world.sweep())
        assert Shown.NONE in {line.alive.shown for line in first.values()}
        world.tenant.refused = {"people ": Throttled("429")}
        for _ in range(2):
            lines = await world.lines(await world.sweep())
            assert {line.verdict for line in lines.values()} == {Verdict.UNKNOWN}
            assert {line.exposure for line in lines.values()} == {Exposure.UNKNOWN}
            assert {user: line.alive.least for user, line in lines.items()} == {
                user: line.alive.least for user, line in first.items()
            }

    asyncio.run(story())
