"""What was still to come about a person who has left goes no further."""

from dataclasses import replace
from datetime import datetime

from shared.domain.actions import Action, Advance, Cancel, Look
from shared.domain.cases import ENDED, Case, CaseState, EventType, StepOutcome
from shared.domain.chronology import History
from shared.domain.facts import Fact, Facts
from shared.domain.failures import ended_early
from shared.domain.leaver.guards import stopped
from shared.domain.plans import CaseKind, LeaverPlan
from shared.domain.precedence import gives_way, superseded
from shared.domain.schedules import Rules
from shared.domain.told import has_a_word
from shared.domain.transitions import Transition, move, record


def end_others(case: Case, plan: LeaverPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """From `sessions-revoked` to `waiting-disabled`: no other case about the person goes on.

    A leaver's case has precedence over every other kind. Left alone is an exemption in force: it
    has to put back what it took away, should HR have been wrong, and sees at its end whether the
    person has left. So is whom HR said to join after they had left.
    """
    if facts.others is None:
        return stopped(facts) or Look(Fact.OTHERS)
    # What kept the case from going on may have lasted until they were back.
    way = gives_way(case, facts.others, rules, now, begun=True)
    if way is not None:
        return Advance(way)
    history = History((*facts.others, case), now)
    left = [
        other
        for other in facts.others
        # One that has not found its person yet stands under a lease of its own. It looks for newer
        # events about them before it does anything.
        if other.user_id == case.user_id
        and other.kind is not CaseKind.LEAVER
        and other.state not in ENDED
        and not other.must_put_back
        and (other.kind is not CaseKind.ONBOARDING or history.is_over(other, case))
    ]
    if left and not case.observed:
        other = left[0]
        announcement = record(
            case,
            now,
            action="cancel-case",
            outcome=StepOutcome.BEGUN,
            before=other.state,
            after=_shown(other, case),
            detail=f"The person has left; their case of the kind {other.kind} goes no further.",
        )
        return Cancel(other.case_id, announcement)
    return Advance(_wait_for_disabled(case, plan, left, rules, now))


def ended_by(case: Case, other: Case, now: datetime) -> Transition:
    """How another case ends that goes no further because of a leaver's.

    What HR told by an onboarding that has not begun counts on, as of whatever HR itself made
    needless. A change that was under way is looked at once more where its case is cancelled.

    Args:
        case: the leaver's.
        other: the one that ends.
        now: the time.

    Raises:
        IllegalTransition: it is over already, or has to put somebody back first.
    """
    untouched = other.deadline is None and other.change is None
    if has_a_word(other) and untouched and other.state is not CaseState.PARKED:
        return superseded(other, case, now)
    shown = _shown(case, other)
    name = "another case" if shown is None else f"the case {shown}"
    ended = replace(other, gives_way_to=case.case_id)
    return ended_early(ended, f"The person has left, by {name}.", now)


def _wait_for_disabled(
    case: Case, plan: LeaverPlan, left: list[Case], rules: Rules, now: datetime
) -> Transition:
    kinds = [f"{other.kind} {_shown(other, case) or ''}".rstrip() for other in left]
    would = f"Would cancel: {', '.join(kinds)}." if kinds else None
    return record(
        replace(
            move(case, CaseState.WAITING_DISABLED),
            deadline=max(plan.effective_at, case.accepted_at) + rules.leaver_wait,
            waiting_since=now,
            wait_until=None,
            attempts=0,
        ),
        now,
        action="would-wait-for-disabled" if case.observed else "wait-for-disabled",
        outcome=StepOutcome.WOULD if case.observed else StepOutcome.WAITING,
        detail=would,
        event=None if case.observed else EventType.WAITING,
    )


def _shown(other: Case, case: Case) -> str | None:
    """The id of another case, if the source asked for that too: who knows an id may read it."""
    return other.case_id if other.source == case.source else None
