"""A run asks once for the enrolment of whom it found, and for no more than may be."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.application.dispatch import Dispatch
from shared.application.enrolments import RequestEnrolment
from shared.application.sweep.mending import MOST, MendPeople
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import SWEEP
from shared.domain.enrolment.people import Listed
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId, UserId
from shared.domain.plans import EnrolmentPlan
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.schedules import Rules
from shared.domain.sweep.lines import Line
from shared.domain.sweep.mending import BlastRadius, Mend
from shared.domain.sweep.runs import Remediation, Run, RunId
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals, totals_of
from tests.fakes.broker import FakeBroker
from tests.fakes.cases import FakeCases
from tests.fakes.claims import FakeClaims
from tests.fakes.enrolments import FakeEnrolmentLists
from tests.fakes.sweeping import FakeSnapshots
from tests.properties.clock import WorldClock
from tests.results import RUN_ID, a_line, a_run, a_user

PEOPLE = 10_000
BOTH = frozenset(Mend)
RADIUS = BlastRadius(most=50, share=0.01)


def half_way(number: int) -> Line:
    """Somebody who is enabled and has registered."""
    line = a_line(number, Verdict.WEAK, reasons=(Reason(ReasonCode.ENABLED_NOT_ENFORCED),))
    return replace(line, person=replace(line.person, state=PerUserMfaState.ENABLED))


@dataclass
class Night:
    """A run at its end, with what it asks for its enrolment over ports in memory."""

    wanted: frozenset[Mend] = BOTH
    radius: BlastRadius = RADIUS
    snapshots: FakeSnapshots = field(default_factory=FakeSnapshots)
    cases: FakeCases = field(default_factory=FakeCases)
    lists: FakeEnrolmentLists = field(default_factory=FakeEnrolmentLists)
    claims: FakeClaims = field(default_factory=FakeClaims)
    broker: FakeBroker = field(default_factory=FakeBroker)

    async def finds(
        self,
        lines: Iterable[Line],
        *,
        of: int = 4,
        run_id: RunId = RUN_ID,
        ask_after: UserId | None = None,
    ) -> tuple[Run, Totals]:
        """Keep what a run found about people."""
        run = replace(a_run(run_id=run_id, slices=of), people=PEOPLE, ask_after=ask_after)
        found, whole = list(lines), Totals()
        for part in (Slice(number, of) for number in range(of)):
            some = [line for line in found if part.holds(line.user_id)]
            totals = totals_of(some, (), left_out=0)
            await self.snapshots.keep(run.run_id, part, some, totals)
            whole += totals
        return run, whole

    async def mend(self, run: Run, totals: Totals) -> Remediation | None:
        """Ask for the enrolment; each time by a worker that knows nothing yet."""
        request = RequestEnrolment(
            claims=self.claims,
            lists=self.lists,
            cases=self.cases,
            dispatch=Dispatch(self.broker),
            clock=WorldClock(),
            rules=Rules(),
        )
        mend = MendPeople(self.snapshots, request, self.wanted, self.radius)
        return await mend(run, totals)

    async def enrolled(self, case_id: CaseId) -> tuple[EnrolmentPlan, list[UserId | None]]:
        """The plan of an enrolment, and who is on its list."""
        stored = await self.cases.load(case_id)
        assert stored is not None
        assert stored.case.source == SWEEP
        assert isinstance(stored.case.plan, EnrolmentPlan)
        parts = await self.lists.read(case_id, 0, 0, 1_000)
        people: list[Listed] = [one for part in parts for one in part.people]
        return stored.case.plan, [one.user_id for one in people]


async def test_whom_a_run_found_is_asked_for() -> None:
    """Everybody to be mended, from all parts, once each, and nobody else."""
    night = Night()
    fine = [a_line(number, Verdict.PROTECTED) for number in range(100, 200)]
    run, totals = await night.finds(
        [*(a_line(n) for n in range(0, 200, 50)), half_way(7), *fine[1:50]]
    )
    asked = await night.mend(run, totals)
    assert asked is not None
    plan, people = await night.enrolled(asked.case_id)
    assert set(people) == {a_user(n) for n in (0, 50, 100, 150, 7)}
    assert len(people) == asked.people == plan.people == 5
    assert (asked.left, asked.allowed, plan.unasked, asked.needs_approval) == (0, 50, 50, False)
    assert [one.command.case_id for one in night.broker.commands] == [asked.case_id]


@pytest.mark.parametrize("found", [50, 51])
async def test_more_than_the_radius_needs_an_approval(found: int) -> None:
    """The run says so, and the enrolment waits by the same number."""
    night = Night()
    run, totals = await night.finds(a_line(number) for number in range(found))
    asked = await night.mend(run, totals)
    assert asked is not None
    plan, _ = await night.enrolled(asked.case_id)
    assert asked.needs_approval is (found > 50)
    assert plan.unasked == asked.allowed == 50


async def test_a_finish_that_is_repeated_asks_for_nothing_else() -> None:
    """Whoever died after it was asked for finds the same enrolment."""
    night = Night()
    run, totals = await night.finds(a_line(number) for number in range(20))
    first = await night.mend(run, totals)
    assert await night.mend(run, totals) == first
    assert len(night.claims.claims) == 1


async def test_what_was_asked_for_first_stands_whatever_settings_say_since() -> None:
    """A host that is restarted with other settings neither gives the run up nor asks twice."""
    night = Night()
    run, totals = await night.finds([*(a_line(number) for number in range(20)), half_way(99)])
    first = await night.mend(run, totals)
    assert first is not None
    night.wanted, night.radius = frozenset({Mend.PROMOTE}), BlastRadius(most=1, share=1)
    again = await night.mend(run, totals)
    assert again is not None
    assert len(night.claims.claims) == 1
    assert (again.case_id, again.people, again.allowed) == (first.case_id, 21, 50)
    plan, people = await night.enrolled(again.case_id)
    assert (plan.people, plan.unasked, len(people)) == (21, 50, 21)


async def test_a_store_that_fails_half_way_leaves_one_enrolment() -> None:
    """Nothing is told as done; asked again, it is the one that was claimed."""
    night = Night()
    run, totals = await night.finds([a_line(1)])
    night.cases.down = True
    with pytest.raises(StoreUnavailable):
        await night.mend(run, totals)
    night.cases.down = False
    asked = await night.mend(run, totals)
    assert asked is not None
    assert [case_id for case_id, _ in night.claims.claims.values()] == [asked.case_id]


async def test_the_next_night_asks_anew() -> None:
    """For whom is still to be mended; another run has an enrolment of its own."""
    night = Night()
    first = await night.mend(*await night.finds([a_line(1), a_line(2)]))
    again = await night.finds([a_line(2)], run_id=RunId("20261123T020000Z-4f9c01de"))
    second = await night.mend(*again)
    assert first is not None
    assert second is not None
    assert first.case_id != second.case_id
    assert (await night.enrolled(second.case_id))[1] == [a_user(2)]


@pytest.mark.parametrize("found", [MOST - 1, MOST, MOST + 1, MOST + 700])
async def test_one_run_asks_for_so_many_people(found: int) -> None:
    """It says how many are left to the next one, and cuts the same each time."""
    night = Night()
    run, totals = await night.finds((a_line(number) for number in range(found)), of=16)
    asked = await night.mend(run, totals)
    assert asked is not None
    _, people = await night.enrolled(asked.case_id)
    assert asked.people == len(set(people)) == min(found, MOST)
    assert asked.left == found - asked.people
    assert await night.mend(run, totals) == asked


@given(found=st.integers(1, 3 * MOST), of=st.sampled_from([1, 2, 16, 256]), seed=st.integers())
@settings(max_examples=25)
def test_everybody_gets_their_turn(found: int, of: int, seed: int) -> None:
    """Of people whom every enrolment leaves as they are nobody waits longer than need be.

    However many parts the tenant is cut into that night, and asked again it is the same.
    """

    async def story() -> None:
        lines = [a_line(number) for number in range(found)]
        asked_for: set[UserId | None] = set()
        last = None
        nights = -(-found // MOST)
        for number in range(nights):
            night = Night()
            run, totals = await night.finds(
                lines, of=of if number % 2 else 1, ask_after=last or a_user(seed % 2**20)
            )
            asked = await night.mend(run, totals)
            assert asked is not None
            assert await night.mend(run, totals) == asked
            _, people = await night.enrolled(asked.case_id)
            assert len(set(people)) == len(people) == min(found, MOST)
            assert people[-1] == asked.last
            asked_for |= set(people)
            last = asked.last
        assert asked_for == {line.user_id for line in lines}

    asyncio.run(story())


@pytest.mark.parametrize(
    ("wanted", "expected"),
    [
        ({Mend.PROMOTE}, {a_user(7)}),
        ({Mend.REOPEN}, {a_user(1), a_user(2)}),
        (set(Mend), {a_user(n) for n in (1, 2, 7)}),
    ],
)
async def test_only_what_is_wanted_is_mended(wanted: set[Mend], expected: set[UserId]) -> None:
    """The others are neither asked for nor counted as left."""
    night = Night(wanted=frozenset(wanted))
    asked = await night.mend(*await night.finds([a_line(1), half_way(7), a_line(2)]))
    assert asked is not None
    _, people = await night.enrolled(asked.case_id)
    assert set(people) == expected
    assert (asked.people, asked.left) == (len(people), 0)


@pytest.mark.parametrize(
    ("wanted", "lines"),
    [
        (frozenset[Mend](), [a_line(1), half_way(2)]),
        (frozenset({Mend.PROMOTE}), [a_line(1)]),
        (BOTH, [a_line(1, Verdict.PROTECTED), a_line(2, Verdict.UNKNOWN)]),
        (BOTH, []),
    ],
)
async def test_where_nobody_is_to_be_mended_nothing_is_asked(
    wanted: frozenset[Mend], lines: list[Line]
) -> None:
    """No enrolment of nobody."""
    night = Night(wanted=wanted)
    assert await night.mend(*await night.finds(lines)) is None
    assert night.claims.claims == {}
    assert night.broker.commands == []
