"""What people do with enrolments: ask for one, confirm its plan, see who is on it."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.application.dispatch import Dispatch
from shared.application.ports.cases import Cases, Claims
from shared.application.ports.clock import Clock
from shared.application.ports.enrolments import EnrolmentLists, KeptList
from shared.contracts.commands import AdvanceCase
from shared.contracts.enrolment_request import EnrolmentRequest
from shared.domain.cases import ENDED, PEOPLE, SIGN_IN, Case, CaseState, EventType, StepOutcome
from shared.domain.dates import MOST_AHEAD
from shared.domain.enrolment.people import Listed, in_parts
from shared.domain.errors import LifecycleError
from shared.domain.errors.requests import IdempotencyConflict, InvalidRequest, NotFound
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId, SourceName, is_case_id
from shared.domain.plans import EnrolmentPlan
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record
from shared.telemetry import EventLog

AS_SENT: Final = 0
"""The edition of a list that came with the request; those of workers have the number of a lease."""
PAGE_PARTS: Final = 4
ABANDONED_AFTER: Final = timedelta(days=1)
"""A list without a case: whoever wrote it died between the two, and nobody asked again."""
_SWEEP_PAGE: Final = 500
_TOKEN: Final = re.compile(r"[0-9]{1,5}")

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class RequestEnrolment:
    """Opens the case of an enrolment. Nobody is looked at yet: that takes longer than an answer."""

    claims: Claims
    lists: EnrolmentLists
    cases: Cases
    dispatch: Dispatch
    clock: Clock
    rules: Rules

    async def __call__(
        self,
        asked: EnrolmentRequest,
        by: str,
        *,
        source: SourceName = PEOPLE,
        unasked: int = 0,
        first_stands: bool = False,
    ) -> Case:
        """Open one, or find the one that was opened for the same request.

        Args:
            asked: the request.
            by: object id of the person who asks; the source, where that is none.
            source: the source of the cases that are opened.
            unasked: how many people may come in without a confirmation.
            first_stands: whether what came first under this id counts, though another request
                comes now: who asks again has died meanwhile, and come back with other settings.

        Raises:
            InvalidRequest: the deadline is too near or too far away.
            IdempotencyConflict: the person's id came before, with another request.
            StoreUnavailable: it could not be stored; nothing was acknowledged.
        """
        key = f"enrolment-request:{by}:{asked.id or secrets.token_hex(16)}"
        claim = await self.claims.claim(key, asked.meaning)
        if claim.content_hash != asked.meaning and not first_stands:
            raise IdempotencyConflict("This id came before, with another request.")
        known = None if claim.fresh else await self.cases.load(claim.case_id)
        if known is not None:
            return known.case
        now = self.clock.now()
        self._check_deadline(asked)
        people = [
            Listed(position=position, user_id=user, name=name)
            for position, (user, name) in enumerate(asked.people(), 1)
        ]
        parts = in_parts(people)
        if parts:
            # Before the case: a case that is there has all it needs.
            await self.lists.write(claim.case_id, AS_SENT, parts, now)
        case = Case(
            case_id=claim.case_id,
            state=CaseState.ACCEPTED,
            source=source,
            verified_with=SIGN_IN,
            plan=EnrolmentPlan(
                group_id=asked.group,
                enforce_by=asked.deadline,
                occurred_at=now,
                edition=AS_SENT if parts else None,
                parts=len(parts),
                people=len(people),
                unasked=unasked,
            ),
            accepted_at=now,
            updated_at=now,
            actors=frozenset({by}),
        )
        stored = await self.cases.create(_accepted(case, by))
        await self.dispatch.soon(AdvanceCase.of(stored.case))
        return stored.case

    def _check_deadline(self, asked: EnrolmentRequest) -> None:
        """Refuse a deadline before anybody had time to register, or so late that it is a mistake.

        Raises:
            InvalidRequest: it is one.
        """
        if asked.deadline is None:
            return
        now = self.clock.now()
        if asked.deadline < now + self.rules.minimum_grace:
            hours = self.rules.minimum_grace / timedelta(hours=1)
            raise InvalidRequest(f"enforceBy must leave {hours:g} hours to register.")
        if asked.deadline > now + MOST_AHEAD:
            raise InvalidRequest(f"enforceBy lies more than {MOST_AHEAD.days} days ahead.")


def _accepted(case: Case, by: str) -> Transition:
    return record(
        case,
        case.accepted_at,
        action="accept",
        outcome=StepOutcome.DONE,
        detail=f"Asked for by {by}.",
        event=EventType.ACCEPTED,
    )


@dataclass(frozen=True, slots=True)
class ListEnrolled:
    """Tells who is on the list of an enrolment, and what becomes of each."""

    cases: Cases
    lists: EnrolmentLists

    async def __call__(
        self, case_id: CaseId, token: str | None
    ) -> tuple[Sequence[Listed], str | None]:
        """A page of the list, in its order, and the token of the next page.

        Raises:
            NotFound: there is no such enrolment.
            InvalidRequest: the token is none of ours.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None or not isinstance(stored.case.plan, EnrolmentPlan):
            raise NotFound("There is no enrolment of this id.")
        plan = stored.case.plan
        if token is not None and not _TOKEN.fullmatch(token):
            raise InvalidRequest("The token is none of ours.")
        first = int(token or 0)
        most = min(PAGE_PARTS, plan.parts - first)
        if plan.edition is None or most <= 0:
            return (), None
        parts = await self.lists.read(case_id, plan.edition, first, most)
        more = str(first + most) if first + most < plan.parts else None
        return [one for part in parts for one in part.people], more


@dataclass(frozen=True, slots=True)
class ForgetEnrolments:
    """The sweep: lists that nobody needs any more."""

    lists: EnrolmentLists
    cases: Cases
    clock: Clock
    lasting: timedelta

    async def __call__(self) -> int:
        """Drop them, and return how many were dropped.

        Raises:
            StoreUnavailable: the store is away; the next run tries again.
        """
        forgotten, after = 0, None
        while page := await self.lists.kept(after, _SWEEP_PAGE):
            for one in page:
                if await self._is_over(one):
                    await self.lists.forget(one.case_id)
                    forgotten += 1
            after = page[-1].case_id
        if forgotten:
            _log.info("enrolments.forgotten", lists=forgotten)
        return forgotten

    async def _is_over(self, kept: KeptList) -> bool:
        """Whether a list is needed no more. One without a plan holds names, and goes at once."""
        now = self.clock.now()
        try:
            stored = await self.cases.load(kept.case_id)
        except StoreUnavailable:
            raise
        except LifecycleError as error:
            _log.warning("enrolment.kept", case_id=kept.case_id, code=error.code)
            return False
        if stored is None:
            return now - kept.written_at > ABANDONED_AFTER
        case = stored.case
        if case.state not in ENDED or not isinstance(case.plan, EnrolmentPlan):
            return False
        return not case.plan.digest or now - case.updated_at > self.lasting
