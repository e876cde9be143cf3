"""While a leaver's case waits for an approval: what makes the question needless."""

from dataclasses import replace
from datetime import datetime

from shared.domain.accounts import Account, NoAccount
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import keep_asking, needless
from shared.domain.cases import NOT_BEGUN, Case, CaseState
from shared.domain.errors.people import IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.leaver.endings import gone
from shared.domain.leaver.guards import reasons, refused
from shared.domain.precedence import gives_way
from shared.domain.schedules import Rules


def await_approval(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Go on waiting, unless there is nobody left to decide about, or nothing.

    Whoever blocks the account decides nothing: it may be by the same mistake.
    """
    match facts.account:
        case None:
            return Look(Fact.ACCOUNT)
        case NoAccount():
            return Advance(gone(case, rules, now))
        case IdentityMismatch() as another:
            return Fail(another)
        case Account():
            pass
    if facts.others is None:
        return Look(Fact.OTHERS)
    first = case.asked_from in NOT_BEGUN
    way = gives_way(case, facts.others, rules, now, begun=not first)
    if way is not None and way.case.state is CaseState.SUPERSEDED:
        return Advance(way)
    if way is not None:
        why = "Another case tells otherwise about the same person, so nobody is asked for now."
        return Advance(needless(case, now, why=why))
    refusal = refused(facts)
    if refusal is not None:
        return refusal
    match reasons(facts, first=first):
        case Look() as look:
            return look
        case ():
            return Advance(needless(case, now, why="Nobody has to approve it any more."))
        case _:
            return Advance(keep_asking(replace(case, missing_since=None, attempts=0), rules, now))
