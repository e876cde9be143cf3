"""Have taken up again whom a run found without what is required of them.

The sweep changes nobody itself: it asks for an enrolment, which looks at everybody again, opens a
case each, and is bound by the budgets. More people than the blast radius allows wait for a word.
"""

from dataclasses import dataclass
from typing import Final

from shared.application.enrolments import RequestEnrolment
from shared.application.ports.runs import Snapshots
from shared.contracts.enrolment_request import EnrolmentRequest
from shared.domain.cases import SWEEP, Case
from shared.domain.ids import UserId
from shared.domain.plans import EnrolmentPlan
from shared.domain.sweep.mending import BlastRadius, Mend, mend_for
from shared.domain.sweep.runs import Remediation, Run
from shared.domain.sweep.slices import once_round
from shared.domain.sweep.totals import Totals

MOST: Final = 1_000
"""People whom one run asks for; the next night asks for the others."""


@dataclass(frozen=True, slots=True)
class MendPeople:
    """Asks for the enrolment of a run.

    Attributes:
        wanted: what is mended; nothing else is touched.
        radius: how many people may be taken up without anybody's word.
    """

    snapshots: Snapshots
    request: RequestEnrolment
    wanted: frozenset[Mend]
    radius: BlastRadius

    async def __call__(self, run: Run, totals: Totals) -> Remediation | None:
        """Ask for it; None where there is nobody to mend, or nothing is to be mended.

        A run that could not read everything is asked for whom it has seen, and for nobody else.

        Raises:
            LifecycleError: it could not be stored; asked again, it is the same enrolment, whatever
                settings say by then.
        """
        found = sum(totals.mends[mend] for mend in self.wanted)
        if not found:
            return None
        people = await self._people(run)
        case = await self.request(
            EnrolmentRequest(users=people, id=f"sweep-{run.run_id}"),
            SWEEP,
            source=SWEEP,
            unasked=self.radius.allows(run.people),
            first_stands=True,
        )
        return _remediation(case, left=found - len(people), last=people[-1])

    async def _people(self, run: Run) -> tuple[UserId, ...]:
        """Whose turn it is: those behind the last one whom a run before has asked for come first.

        Else whom an enrolment leaves as they are would keep the others out for ever.
        """
        found: list[UserId] = []
        for part, behind in once_round(run.slices, run.ask_after):
            lines = await self.snapshots.lines(run.run_id, part)
            found += [
                line.user_id
                for line in lines
                if (line.user_id > (run.ask_after or "")) is behind
                and mend_for(line) in self.wanted
            ]
            if len(found) >= MOST:
                break
        return tuple(found[:MOST])


def _remediation(case: Case, *, left: int, last: UserId) -> Remediation:
    """What was asked for first: a worker may have died since, and settings be others."""
    if not isinstance(case.plan, EnrolmentPlan):
        raise TypeError(f"Case {case.case_id} is no enrolment.")
    return Remediation(
        case_id=case.case_id,
        people=case.plan.people,
        left=left,
        allowed=case.plan.unasked,
        last=last,
    )
