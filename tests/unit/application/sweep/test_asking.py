"""A run tells what became of its enrolment, and says so where that can't be told."""

from dataclasses import replace
from typing import Final

import pytest

from shared.application.ports.cases import StoredCase
from shared.application.sweep.asking import ReadRuns
from shared.domain.cases import CaseState
from shared.domain.errors.storage import StoreUnavailable, UnreadableRow
from shared.domain.ids import CaseId
from shared.domain.plans import EnrolmentPlan
from shared.domain.sweep.outcomes import Outcome
from shared.domain.sweep.runs import Remediation
from tests.builders import NOW, a_case, accepted
from tests.fakes.cases import FakeCases
from tests.fakes.runs import FakeRuns
from tests.fakes.sweeping import FakeSnapshots
from tests.results import RUN_ID, a_line, a_run, keep_results

CASE: Final = CaseId("c" * 32)
ASKED: Final = Remediation(case_id=CASE, people=40, left=0, allowed=25)


class Illegible(FakeCases):
    """Cases that another version of the app has written."""

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """A case, were it one."""
        raise UnreadableRow(f"Case {case_id} is in another form.")


async def reader(cases: FakeCases, remediation: Remediation | None = ASKED) -> ReadRuns:
    """Reads a run that has asked for people, by the state of these cases."""
    runs, snapshots = FakeRuns(), FakeSnapshots()
    await keep_results(runs, snapshots, a_run(), [a_line(1)])
    stored = await runs.load(RUN_ID)
    assert stored is not None
    await runs.save(stored, replace(stored.run, remediation=remediation))
    return ReadRuns(runs, snapshots, cases)


async def test_it_is_what_the_case_says_now() -> None:
    """Alone and in the list."""
    cases = FakeCases()
    plan = EnrolmentPlan(group_id=None, enforce_by=None, occurred_at=NOW)
    case = replace(a_case(CaseState.AWAITING_CONFIRMATION), case_id=CASE, plan=plan)
    await cases.create(accepted(case))
    read = await reader(cases)
    assert (await read.one(RUN_ID)).outcome is Outcome.HELD
    (listed,), _ = await read.newest(None)
    assert listed.outcome is Outcome.HELD


async def test_a_run_that_asked_for_nobody_waits_for_nothing() -> None:
    """Nothing became of nothing."""
    read = await reader(FakeCases(), None)
    assert (await read.one(RUN_ID)).outcome is None


async def test_a_case_that_can_t_be_read_keeps_no_run_from_being_read() -> None:
    """What became of it is unknown."""
    read = await reader(Illegible())
    assert (await read.one(RUN_ID)).outcome is Outcome.UNKNOWN


async def test_a_store_that_is_away_is_told() -> None:
    """It may be there again in a moment, so nothing is made up."""
    cases = FakeCases()
    cases.down = True
    with pytest.raises(StoreUnavailable):
        await (await reader(cases)).one(RUN_ID)
