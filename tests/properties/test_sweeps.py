"""A run that is killed, delayed and delivered twice comes out like one that was left in peace."""

import asyncio
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import MalformedAnswer, PermissionMissing, Throttled
from shared.domain.errors.sweep import RunInProgress
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause
from shared.domain.sweep.runs import RunState
from tests.properties.interrupting import How
from tests.properties.sweep_world import drawn
from tests.properties.swept_tenant import LEFT_OUT, STAFF, add_person

SEEDS = st.integers(0, 2**32)
PLANS = st.dictionaries(st.integers(0, 120), st.sampled_from(How), max_size=8)


@given(seed=SEEDS, people=st.integers(0, 40), plan=PLANS)
def test_an_interrupted_run_equals_an_undisturbed_one(
    seed: int, people: int, plan: dict[int, How]
) -> None:
    """Whatever dies, fails or comes twice: the verdicts, the totals and the events are the same."""

    async def story() -> None:
        calm = drawn(seed, people)
        expected = await calm.sweep()
        world = drawn(seed, people)
        world.interruptions.plan = dict(plan)
        run = await world.sweep()
        assert run.state is expected.state is RunState.COMPLETED
        assert run.totals == expected.totals
        lines, wanted = await world.lines(run), await calm.lines(expected)
        assert lines.keys() == wanted.keys()
        assert {user: line.verdict for user, line in lines.items()} == {
            user: line.verdict for user, line in wanted.items()
        }
        assert len(world.subscribers.told) == len(calm.subscribers.told)

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(1, 40))
def test_everybody_who_may_sign_in_is_judged_once(seed: int, people: int) -> None:
    """Nobody is left out, nobody is there twice, and the counts say as much."""

    async def story() -> None:
        world = drawn(seed, people)
        run = await world.sweep()
        lines = await world.lines(run)
        enabled = {user for user, row in world.tenant.everybody.items() if row.enabled}
        assert lines.keys() == enabled
        assert run.totals is not None
        assert run.totals.verdicts.total() == len(enabled)
        assert run.totals.left_out == people - len(enabled)

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(0, 30))
def test_two_at_once_are_one(seed: int, people: int) -> None:
    """Whoever starts a run while one goes on is told so, and it comes out whole."""

    async def story() -> None:
        world = drawn(seed, people)
        first = await world.begin()
        with pytest.raises(RunInProgress):
            await world.begin()
        await world.work()
        assert (await world.run(first)).state is RunState.COMPLETED

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(1, 30))
def test_who_is_unchanged_is_no_change(seed: int, people: int) -> None:
    """A second run over the same tenant finds no change, and no verdict is younger."""

    async def story() -> None:
        world = drawn(seed, people)
        first = await world.sweep()
        second = await world.sweep()
        assert second.previous == first.run_id
        assert second.totals is not None
        assert not second.totals.moves
        assert await world.lines(second) == await world.lines(first)

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(1, 30), changes=st.integers(1, 10))
def test_a_tenant_that_changes_while_it_is_read(seed: int, people: int, changes: int) -> None:
    """People come, go and are renamed: no crash, nobody twice, and nobody who never was."""

    async def story() -> None:
        random = Random(seed)  # noqa: S311  (it makes test data)
        world = drawn(seed, people)
        tenant, ever = world.tenant, set(world.tenant.everybody)

        def meanwhile() -> None:
            for number in range(changes):
                if random.random() < 0.5 and tenant.everybody:
                    tenant.everybody.pop(random.choice(sorted(tenant.everybody)))
                else:
                    ever.add(add_person(tenant, random, 1_000 + number))

        tenant.meanwhile = meanwhile
        for _ in range(2):
            run = await world.sweep()
            # Where half of the people go meanwhile, it says that it has not seen everybody.
            assert run.state in {RunState.COMPLETED, RunState.PARTIAL}
            assert set(await world.lines(run)) <= ever

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(1, 30))
def test_without_the_bulk_property_the_verdicts_are_the_same(seed: int, people: int) -> None:
    """The states that the list does not tell are read one by one."""

    async def story() -> None:
        with_it = drawn(seed, people)
        without = drawn(seed, people)
        without.tenant.bulk = False
        expected, found = await with_it.sweep(), await without.sweep()
        assert await without.lines(found) == await with_it.lines(expected)

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(1, 30))
def test_without_the_report_methods_are_read_live(seed: int, people: int) -> None:
    """A tenant without the licence gets verdicts, and who has registered nothing is no unknown."""

    async def story() -> None:
        world = drawn(seed, people)
        world.tenant.report = False
        run = await world.sweep()
        assert run.state is RunState.PARTIAL
        assert [problem.what for problem in run.problems] == ["registrations"]
        lines = await world.lines(run)
        assert not any(isinstance(line.person.registration, Unknown) for line in lines.values())

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(5, 30))
def test_who_leaves_a_group_is_told_so(seed: int, people: int) -> None:
    """The cause of a lost protection is the change that made it."""

    async def story() -> None:
        world = drawn(seed, people)
        before = await world.lines(await world.sweep())
        left = {
            user
            for user, line in before.items()
            if line.verdict is Verdict.PROTECTED
            and line.reasons[0].code is ReasonCode.CONDITIONAL_ACCESS
        }
        world.tenant.members[STAFF] -= left
        after = await world.lines(await world.sweep())
        assert {after[user].cause for user in left} <= {Cause.GROUPS}
        assert all(after[user].verdict is not Verdict.PROTECTED for user in left)

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(5, 30))
def test_a_policy_that_is_gone_is_the_cause(seed: int, people: int) -> None:
    """Everybody who loses protection with a policy is told that the policies changed."""

    async def story() -> None:
        world = drawn(seed, people)
        before = await world.lines(await world.sweep())
        world.tenant.policies.clear()
        run = await world.sweep()
        after = await world.lines(run)
        changed = {user for user, line in after.items() if line.verdict != before[user].verdict}
        assert {after[user].cause for user in changed} <= {Cause.POLICIES}

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(1, 30))
def test_who_could_join_an_excluded_group_is_judged_like_its_members(
    seed: int, people: int
) -> None:
    """What a policy asks of whoever can leave it at will, it asks of nobody."""

    async def story() -> None:
        could, does = drawn(seed, people), drawn(seed, people)
        joiners = does.tenant.joiners[LEFT_OUT]
        does.tenant.members[LEFT_OUT] |= joiners
        found = await could.lines(await could.sweep())
        expected = await does.lines(await does.sweep())
        assert {user: line.verdict for user, line in found.items()} == {
            user: line.verdict for user, line in expected.items()
        }
        for user in joiners & found.keys():
            assert ReasonCode.CONDITIONAL_ACCESS not in {one.code for one in found[user].reasons}

    asyncio.run(story())


FOR_GOOD = (PermissionMissing("no role"), Throttled("429"), MalformedAnswer("?"))
STREAMS = ("people", "registrations", f"member {STAFF}", f"member {LEFT_OUT}", "could-join")


@given(
    seed=SEEDS,
    people=st.integers(1, 30),
    refused=st.dictionaries(
        st.sampled_from(STREAMS), st.sampled_from(FOR_GOOD), min_size=1, max_size=3
    ),
    first_page=st.booleans(),
)
def test_what_cannot_be_read_only_makes_verdicts_unknown(
    seed: int, people: int, refused: dict[str, LifecycleError], *, first_page: bool
) -> None:
    """A page, a report or a group that is refused for good: a verdict is right, or unknown."""

    async def story() -> None:
        calm = drawn(seed, people)
        expected = await calm.lines(await calm.sweep())
        world = drawn(seed, people)
        world.tenant.refused = {
            f"{start} {'' if first_page else '8'}": error for start, error in refused.items()
        }
        run = await world.sweep()
        lines = await world.lines(run)
        for user, line in lines.items():
            verdict = expected[user].verdict
            # Without the report people are asked about one by one, which tells more.
            if verdict is not Verdict.UNKNOWN or "registrations" not in refused:
                assert line.verdict in {verdict, Verdict.UNKNOWN}
        met = any(
            what.startswith(start) for what in world.tenant.asked for start in world.tenant.refused
        )
        assert run.state is (RunState.PARTIAL if met else RunState.COMPLETED)

    asyncio.run(story())


@given(seed=SEEDS, people=st.integers(5, 40))
def test_who_was_not_seen_is_unknown_and_not_gone(seed: int, people: int) -> None:
    """Where the list of people breaks off, the others stay on record, as unknown."""

    async def story() -> None:
        world = drawn(seed, people)
        before = await world.lines(await world.sweep())
        world.tenant.refused = {"people ": Throttled("429")}
        run = await world.sweep()
        lines = await world.lines(run)
        assert run.state is RunState.PARTIAL
        assert lines.keys() == before.keys()
        assert {line.verdict for line in lines.values()} <= {Verdict.UNKNOWN}
        world.tenant.refused = {}
        after = await world.lines(await world.sweep())
        assert {user: line.verdict for user, line in after.items()} == {
            user: line.verdict for user, line in before.items()
        }

    asyncio.run(story())
