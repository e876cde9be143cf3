"""Ask the policy about a case, do what it says, ask again."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, assert_never

from shared.application.contacts import ForgetContact
from shared.application.drafts import Draft
from shared.application.enrolling import WorkOnEnrolment
from shared.application.looking import Looking, capability, person
from shared.application.outbox import Outbox
from shared.application.parking import Parking
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.leases import Lease
from shared.application.writing import WriteEffect
from shared.contracts.commands import queue_of
from shared.domain.actions import Action, Advance, Cancel, Do, Fail, Look, Pause, Rest, Write
from shared.domain.approvals import is_approved
from shared.domain.budgets.flows import Spender
from shared.domain.cases import ENDED, Case, CaseState
from shared.domain.errors import LifecycleError
from shared.domain.errors.storage import Conflict, LeaseHeld, LeaseLost, StoreUnavailable
from shared.domain.facts import Fact, Facts
from shared.domain.failures import after_failure
from shared.domain.ids import CaseId
from shared.domain.leaver.others import ended_by
from shared.domain.onboarding.preparing import after_trouble
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition
from shared.names import Queue
from shared.telemetry import EventLog

SHORT_PAUSE: Final = timedelta(seconds=2)
"""Pauses up to this long are slept; longer ones are scheduled messages."""

_OURS = (LeaseHeld, LeaseLost, Conflict, StoreUnavailable)
"""Trouble between us and our own records: the case can't be written, so the message waits."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class FollowPolicy:
    """Takes a case as far as it goes, under the lease on its person.

    What the policy decides one after the other is stored at once, before anything is changed or
    waited for: each round trip to the store is time in which a lost device opens sessions. What was
    only read is read again should the process die.
    """

    cases: Cases
    looking: Looking
    write: WriteEffect
    enrolment: WorkOnEnrolment
    forget_contact: ForgetContact
    outbox: Outbox
    parking: Parking
    clock: Clock
    rules: Rules

    async def __call__(
        self, draft: Draft, facts: Facts, lease: Lease, queue: Queue
    ) -> tuple[StoredCase, Facts]:
        """Follow the policy until it rests, the person becomes known, or another app goes on.

        Args:
            draft: the case, as it stands under the lease.
            facts: what is known already.
            lease: the lease on the case's person.
            queue: that of this app.

        Returns:
            The case as it is stored, of whose events some may still be to be published; and what is
            known.

        Raises:
            LifecycleError: the case can't be written just now.
        """
        subject = draft.case.subject
        while draft.case.subject == subject and queue_of(draft.case) is queue:
            case, now = draft.case, self.clock.now()
            action = next_action(case, facts, self.rules, now)
            try:
                match action:
                    case Advance(transition):
                        draft = draft.then(transition)
                        facts = facts.after(case, transition.case)
                    case Look(fact):
                        facts = await self.looking(draft, facts, fact)
                    case Rest():
                        stored = await self._save(draft)
                        draft, pause = Draft(stored), _short_pause(case, self.clock)
                        if pause is None:
                            return stored, facts
                        await self.clock.sleep(pause)
                        facts = facts.after_a_wait()
                    case Pause(until):
                        draft = Draft(await self._save(draft))
                        await self.clock.sleep((until - now).total_seconds())
                    case Write(change):
                        # Its proof is stored next.
                        draft = Draft(await self._save(draft, more_to_come=True))
                        await self.write(
                            person(case),
                            change.effect,
                            capability=capability(case),
                            lease=lease,
                            spender=Spender(case.case_id, case.source),
                            approved=is_approved(case, change.effect.impact, now),
                        )
                        facts = replace(facts.without(change.effect.proof), written=True)
                    case Cancel(other, announcement):
                        draft = Draft(await self._save(draft.then(announcement)))
                        await self._cancel(other, because_of=case)
                        facts = facts.without(Fact.OTHERS)
                    case Do(task):
                        stored = await self._save(draft)
                        draft, result = Draft(stored), await self.enrolment(stored, task, lease)
                        facts = replace(facts, result=result)
                    case Fail(error):
                        raise error
                    case _:
                        assert_never(action)
            except _OURS:
                raise
            except LifecycleError as error:
                failed = await self._after(error, case=draft.case, action=action)
                return await self._save(draft.then(failed)), facts
        return await self._save(draft), facts

    async def _save(self, draft: Draft, *, more_to_come: bool = False) -> StoredCase:
        """Store what is unsaved. What its events tell, and told before, is published at once."""
        before = draft.stored
        if before is None:
            return await self._create(draft, more_to_come=more_to_come)
        if not draft.unsaved:
            return before
        saved = await self.cases.save(before, *draft.unsaved, more_to_come=more_to_come)
        if any(transition.event is not None for transition in draft.unsaved):
            saved = await self.outbox.flush(saved)
        await self.forget_contact(saved.case, before=before.case)
        if before.case.state is CaseState.PARKED and _goes_on(draft.unsaved):
            await self.parking.forget_case(before.case)
        return saved

    async def _create(self, draft: Draft, *, more_to_come: bool) -> StoredCase:
        """Store a new case. That it was accepted is told with what comes next, if that is soon.

        Raises:
            Conflict: somebody else has, who was given the same order.
        """
        created = await self.cases.create(*draft.unsaved)
        if created.case != draft.case:
            raise Conflict(f"Case {created.case.case_id} was opened by somebody else meanwhile.")
        return created if more_to_come else await self.outbox.flush(created)

    async def _cancel(self, other: CaseId, *, because_of: Case) -> None:
        """Cancel another case about the same person, under the lease that is held on them.

        Contact data that is kept for it is left to the sweep: not every app may touch it.
        """
        found = await self.cases.load(other)
        if found is None or found.case.subject != because_of.subject or found.case.state in ENDED:
            return
        if found.case.must_put_back:
            return  # It has begun since the policy saw it, which sees that now.
        ended = ended_by(because_of, found.case, self.clock.now())
        await self.outbox.flush(await self.cases.save(found, ended))

    async def _after(self, error: LifecycleError, *, case: Case, action: Action) -> Transition:
        """How an error of the work itself is treated, by its disposition."""
        _log.warning("case.trouble", case_id=case.case_id, code=error.code)
        now = self.clock.now()
        transition = after_trouble(case, action, error, self.rules, now) or after_failure(
            case, error, self.rules, now
        )
        if transition.case.state is CaseState.PARKED:
            await self.parking.keep_case(transition)
        return transition


def _goes_on(transitions: Iterable[Transition]) -> bool:
    """Whether a parked case is parked no longer, or parked anew by now."""
    return any(transition.case.state is not CaseState.PARKED for transition in transitions)


def _short_pause(case: Case, clock: Clock) -> float | None:
    """Seconds to sleep on the spot, where the wait is that short."""
    if case.wait_until is None or not case.unfinished:
        return None
    pause = case.wait_until - clock.now()
    return pause.total_seconds() if timedelta(0) < pause <= SHORT_PAUSE else None
