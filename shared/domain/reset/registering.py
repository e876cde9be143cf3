"""From `waiting-registration` to the end: the pass, the registration, or somebody else's."""

from datetime import datetime

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.cases import Case
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.facts import Fact, Facts
from shared.domain.onboarding.waiting import gone
from shared.domain.plans import ResetPlan
from shared.domain.reset.adopting import adopt
from shared.domain.reset.blocking import lift, put_back
from shared.domain.reset.endings import end
from shared.domain.reset.exposure import watch
from shared.domain.reset.guards import leaving, stopped
from shared.domain.reset.joining import carrier, join
from shared.domain.reset.progress import Block
from shared.domain.reset.scope import registered_without
from shared.domain.reset.suspecting import fresh, suspect, unsuspected
from shared.domain.reset.waiting import go_on_waiting
from shared.domain.reset.window import close_window, lapsed
from shared.domain.schedules import Rules


def register(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Until the person has registered with a pass that somebody was given for them."""
    guarded = stopped(case, facts) or leaving(facts, now)
    if guarded is not None:
        return guarded
    at_work = carrier(case, facts.others or ())
    if at_work is not None:
        return Advance(join(case, at_work, rules, now))
    adopted = adopt(case, facts.others or (), now)
    if adopted is not None:
        return Advance(adopted)
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return _without_methods(case, facts, rules, now)
        case methods:
            pass
    appeared = fresh(case, methods)
    if appeared and case.reset.collected_at is None:
        return suspect(case, appeared, facts, rules, now)
    unsuspicious = unsuspected(case)
    if unsuspicious is not None:
        return Advance(unsuspicious)
    closing = close_window(case, facts, rules, now)
    if closing is not None:
        return closing
    watched = watch(case, plan, facts, rules, now)
    if watched is not None:
        return watched
    unused = None if appeared else lapsed(case, rules, now)
    if unused is not None:
        return Advance(unused)
    lifting = lift(case, plan, facts, rules, now) or put_back(case, facts, rules, now)
    if lifting is not None:
        return lifting
    registered = appeared and registered_without(methods, case.reset.doubtful)
    if registered and case.reset.block is not Block.OURS and not case.reset.lift_unsure:
        why = f"Registered again: {', '.join(one.method_type for one in appeared)}."
        return Advance(end(case, now, detail=why))
    return Advance(go_on_waiting(case, rules, now))


def _without_methods(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case _:
            return Fail(AccountNotVisible("The directory shows the account, but not its methods."))
