"""From `contained` on: a second list proves that nothing in scope is left; then what follows."""

from dataclasses import replace
from datetime import datetime

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.errors.directory import MethodNotRemovable
from shared.domain.facts import Fact, Facts
from shared.domain.listing import shown
from shared.domain.plans import ResetPlan
from shared.domain.removing import listed, removable, unremovable
from shared.domain.reset.adopting import adopt
from shared.domain.reset.containing import contained
from shared.domain.reset.endings import end
from shared.domain.reset.exposure import settle
from shared.domain.reset.guards import stopped
from shared.domain.reset.scope import Methods, registered_without, scope
from shared.domain.reset.suspecting import fresh, suspect, unsuspected
from shared.domain.reset.tickets import ResetAction
from shared.domain.reset.waiting import begin_waiting
from shared.domain.reset.window import close_window
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record


def prove_removed(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `contained` to `methods-removed`: a list some seconds later agrees (S3)."""
    at = case.reset.contained_at
    if at is None:
        return Advance(contained(case, plan, now))
    if ResetAction.METHODS not in plan.actions:
        return Advance(Transition(case=move(case, CaseState.METHODS_REMOVED)))
    second = at + rules.gone_after
    waited = case.wait_until is not None and case.wait_until >= second
    if now < second or not (waited or case.reset.suspect_since):
        # However long it took to get here: what was read before the wait is the first list.
        return Advance(Transition(case=replace(case, wait_until=max(second, now))))
    if (halted := stopped(case, facts)) is not None:
        return halted
    methods = shown(facts)
    if not isinstance(methods, tuple):
        return methods
    left = scope(methods, plan.reason)
    if removable(left):
        return _again(case, removable(left), facts, rules, now)
    if (unsuspicious := unsuspected(case)) is not None:
        return Advance(unsuspicious)
    if unknown := unremovable(left):
        return Fail(MethodNotRemovable(f"Left: {listed(unknown)}, of an unknown type."))
    if facts.manager is None:
        return Look(Fact.MANAGER)
    manager = None if isinstance(facts.manager, NoAccount | Unknown) else facts.manager
    return Advance(
        record(
            replace(
                move(case, CaseState.METHODS_REMOVED),
                reset=replace(case.reset, manager=manager),
                wait_until=None,
                attempts=0,
            ),
            now,
            action="prove-removed",
            outcome=StepOutcome.DONE,
            before=", ".join(case.reset.removed) or "none",
            after=listed(methods) or "none",
            detail="Two lists agree that no method in scope is left.",
        )
    )


def follow_up(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `methods-removed`: the door is shut, app passwords, then the registration."""
    if (halted := stopped(case, facts)) is not None:
        return halted
    if ResetAction.METHODS not in plan.actions:
        return settle(case, plan, facts, rules, now) or Advance(
            end(case, now, detail="All that the ticket asked for is done.")
        )
    methods = shown(facts)
    if not isinstance(methods, tuple):
        return methods
    appeared = fresh(case, methods)
    if appeared and case.reset.collected_at is None:
        if facts.others is None:
            return Look(Fact.OTHERS)
        adopted = adopt(case, facts.others, now)
        return Advance(adopted) if adopted else suspect(case, appeared, facts, rules, now)
    if (unsuspicious := unsuspected(case)) is not None:
        return Advance(unsuspicious)
    if registered_without(methods, case.reset.doubtful):
        why = "The person is registered with what was not in the device."
        return settle(case, plan, facts, rules, now) or Advance(end(case, now, detail=why))
    # The door first: nothing that is asked afterwards may keep it open.
    return (
        close_window(case, facts, rules, now)
        or settle(case, plan, facts, rules, now)
        or Advance(begin_waiting(case, rules, now))
    )


def _again(case: Case, left: Methods, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Something in scope is there again: once a replica may lag; then somebody registers it."""
    known = all(str(one) in case.reset.removed for one in left)
    if case.reset.reappeared or not known:
        return suspect(case, left, facts, rules, now)
    return Advance(
        record(
            replace(
                move(case, CaseState.ACCEPTED),
                reset=replace(case.reset, contained_at=None, reappeared=True),
                wait_until=None,
            ),
            now,
            action="prove-removed",
            outcome=StepOutcome.DEFERRED,
            before=listed(left),
            detail="They are there again, so they are removed again.",
        )
    )
