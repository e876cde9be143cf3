"""Carry an enrolment out, piece by piece; each piece may be done again by whoever comes after."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC
from typing import Final, assert_never

from shared.application.dispatch import Dispatch
from shared.application.examining import ExaminePerson
from shared.application.ports.cases import Cases, Claims, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.enrolments import EnrolmentLists, GroupMembers, Part
from shared.application.ports.leases import Lease
from shared.application.ports.sources import Volumes
from shared.contracts.commands import AdvanceCase
from shared.domain.cases import Case
from shared.domain.enrolment.opening import case_for, opened
from shared.domain.enrolment.people import (
    Finding,
    Listed,
    Tally,
    Verdict,
    in_parts,
    without_repetitions,
)
from shared.domain.enrolment.work import Examined, ListWritten, Opened, Result, Task
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.directory import RequestRejected
from shared.domain.errors.storage import Conflict, StoreUnavailable
from shared.domain.ids import SourceName
from shared.domain.plans import EnrolmentPlan
from shared.domain.schedules import Rules

SIDE_BY_SIDE: Final = 8
"""How many people are looked at at once."""
AT_ONCE: Final = 10
"""How many cases are opened in a row; whoever wants to cancel waits no longer than for these."""
COUNTED_AS: Final = SourceName("people:enrolled")
"""Whose daily volume the enrolled are; no HR system can have such a name."""


@dataclass(frozen=True, slots=True)
class WorkOnEnrolment:
    """Does the pieces of an enrolment's work."""

    lists: EnrolmentLists
    members: GroupMembers
    examine: ExaminePerson
    claims: Claims
    volumes: Volumes
    cases: Cases
    dispatch: Dispatch
    clock: Clock
    rules: Rules

    async def __call__(self, stored: StoredCase, task: Task, lease: Lease) -> Result:
        """Do a piece.

        Args:
            stored: the enrolment.
            task: which piece.
            lease: the lease on the case; its number keeps late writers of lists apart.

        Raises:
            GroupUnusable: nobody can tell whom the group has.
            LifecycleError: something can't be read or written; what was done so far is kept.
        """
        case, plan = stored.case, stored.case.plan
        if not isinstance(plan, EnrolmentPlan):
            raise TypeError("The case is no enrolment.")
        match task:
            case Task.LIST:
                return await self._list(case, plan, lease)
            case Task.EXAMINE:
                return await self._examine(case, plan)
            case Task.COUNT:
                return await self._count(case, plan)
            case Task.OPEN:
                return await self._open(case, plan)
            case _:
                assert_never(task)

    async def _list(self, case: Case, plan: EnrolmentPlan, lease: Lease) -> ListWritten:
        if plan.group_id is None:
            raise TypeError("A list of people was written down when it was sent.")
        people = [
            Listed(position=position, user_id=user)
            for position, user in enumerate(await self.members.people_of(plan.group_id), 1)
        ]
        parts = in_parts(people)
        await self.lists.write(case.case_id, lease.fence, parts, self.clock.now())
        return ListWritten(edition=lease.fence, parts=len(parts), people=len(people))

    async def _examine(self, case: Case, plan: EnrolmentPlan) -> Examined:
        part = await self._next_part(case, plan)
        found: list[Listed] = []
        troubles: list[LifecycleError] = []
        for start in range(0, len(part.people), SIDE_BY_SIDE):
            chunk = part.people[start : start + SIDE_BY_SIDE]
            answers = await asyncio.gather(*(self._planned(case, plan, one) for one in chunk))
            for one, answer in zip(chunk, answers, strict=True):
                if not isinstance(answer, LifecycleError):
                    found.append(answer)
                    continue
                if not self._is_for_good(answer, case):
                    raise answer
                troubles.append(answer)
                unknown = Verdict(finding=Finding.UNKNOWN, reason=answer.code)
                found.append(replace(one, name=None, planned=unknown))
        if troubles and len(troubles) == len(part.people):
            # It is not the people, it is the directory.
            raise troubles[0]
        await self.lists.replace(case.case_id, _edition(plan), part, found)
        return Examined(part.number)

    async def _planned(
        self, case: Case, plan: EnrolmentPlan, one: Listed
    ) -> Listed | LifecycleError:
        """A person with a verdict, or why there is none."""
        if one.planned is not None:
            return one
        try:
            verdict, imagined = await self.examine(
                case_for(one, case, plan, self.rules, self.clock.now())
            )
        except LifecycleError as error:
            return error
        return replace(one, name=None, user_id=imagined.user_id, planned=verdict)

    def _is_for_good(self, error: LifecycleError, case: Case) -> bool:
        """Whether trouble with one person is no longer waited for."""
        if isinstance(error, StoreUnavailable | Conflict):
            return False
        if isinstance(error, RequestRejected):
            return True
        passes = error.disposition is Disposition.DEFER and error.uses_attempt
        return passes and case.attempts >= self.rules.attempts

    async def _count(self, case: Case, plan: EnrolmentPlan) -> Tally:
        parts = await self.lists.read(case.case_id, _edition(plan), 0, plan.parts or 1)
        people = [part.people for part in parts]
        if plan.digest:
            return Tally.of(one for part in people for one in part)
        marked = without_repetitions(people)
        for part, once in zip(parts, marked, strict=True):
            if once != part.people:
                await self.lists.replace(case.case_id, _edition(plan), part, once)
        return Tally.of(one for part in marked for one in part)

    async def _open(self, case: Case, plan: EnrolmentPlan) -> Opened:
        part = await self._next_part(case, plan)
        people = list(part.people)
        waiting = [index for index, one in enumerate(people) if one.is_to_enrol]
        try:
            for index in waiting[:AT_ONCE]:
                done = await self._enrol(case, plan, people[index])
                if done is None:
                    await self._keep(case, plan, part, people)
                    return Opened(part.number, left=True, day_is_full=True)
                people[index] = done
        except LifecycleError:
            await self._keep(case, plan, part, people)
            raise
        await self._keep(case, plan, part, people)
        return Opened(part.number, left=len(waiting) > AT_ONCE)

    async def _keep(
        self, case: Case, plan: EnrolmentPlan, part: Part, people: Sequence[Listed]
    ) -> None:
        if tuple(people) != part.people:
            await self.lists.replace(case.case_id, _edition(plan), part, people)

    async def _enrol(self, enrolment: Case, plan: EnrolmentPlan, one: Listed) -> Listed | None:
        """Open a person's case, exactly once; None where today's number is reached."""
        key = f"enrolment:{enrolment.case_id}:{(one.user_id or '').lower()}"
        claim = await self.claims.claim(key, plan.digest)
        if not claim.fresh and await self.cases.load(claim.case_id) is not None:
            return replace(one, case_id=claim.case_id)
        now = self.clock.now()
        try:
            verdict, case = await self.examine(case_for(one, enrolment, plan, self.rules, now))
        except LifecycleError as error:
            if not self._is_for_good(error, enrolment):
                raise
            unknown = Verdict(finding=Finding.UNKNOWN, reason=error.code)
            return replace(one, passed_over=unknown)
        if verdict.finding is not Finding.ENROL:
            return replace(one, passed_over=verdict)
        today = now.astimezone(UTC).date()
        if not await self.volumes.take(COUNTED_AS, today, self.rules.enrolled_a_day):
            return None
        case = replace(case, case_id=claim.case_id, attempts=0)
        stored = await self.cases.create(opened(case, enrolment))
        await self.dispatch.soon(AdvanceCase.of(stored.case))
        return replace(one, case_id=claim.case_id)

    async def _next_part(self, case: Case, plan: EnrolmentPlan) -> Part:
        parts = await self.lists.read(case.case_id, _edition(plan), case.parts_done, 1)
        if not parts or parts[0].number != case.parts_done:
            raise StoreUnavailable(f"The list of case {case.case_id} lacks part {case.parts_done}.")
        return parts[0]


def _edition(plan: EnrolmentPlan) -> int:
    if plan.edition is None:
        raise TypeError("The list has not been written down yet.")
    return plan.edition
