"""What stands before every step about a leaver: who it is, what they are, a second person's word.

HR sends the wrong name one day. So people whom a mistake would hurt most, or through whom it would
hurt many, are seen off only after an approval, and some are never touched.
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.accounts import Account
from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import ask, is_approved
from shared.domain.cases import Case, StepOutcome
from shared.domain.control import Mode
from shared.domain.errors.control import Stopped
from shared.domain.errors.people import IdentityMismatch
from shared.domain.facts import Fact, Facts
from shared.domain.people.binding import is_same_number
from shared.domain.people.rulings import Impact, NeedsApproval, Refused, ruling
from shared.domain.plans import LeaverPlan
from shared.domain.schedules import Rules
from shared.domain.transitions import record


def stopped(facts: Facts) -> Action | None:
    """What keeps the case from being worked on at all; None where nothing does.

    It comes before anything is read: what is stopped for days asks nobody anything.
    """
    if facts.mode is None:
        return Look(Fact.MODE)
    if facts.mode is Mode.STOP:
        return Fail(Stopped("Seeing leavers off is stopped."))
    return None


def another_person(case: Case, plan: LeaverPlan, account: Account) -> IdentityMismatch | None:
    """What speaks against the account being the person's.

    To be found it has to bear the event's employee id. Once it was found it may lose that with the
    job; another one would say that the account is somebody else's now.
    """
    if plan.employee_id is None:
        return None
    if account.employee_id is None:
        if case.user_id is not None:
            return None
        return IdentityMismatch("The account bears no employee id to compare with the event's.")
    if is_same_number(account.employee_id, plan.employee_id):
        return None
    return IdentityMismatch("The account bears another employee id than the event.")


def refused(facts: Facts) -> Action | None:
    """Why nothing is ever done about the person; None where something may be."""
    if facts.standing is None:
        return Look(Fact.STANDING)
    ruled = ruling(Impact.OFFBOARD, facts.standing)
    return Fail(ruled.error) if isinstance(ruled, Refused) else None


def reasons(facts: Facts, *, first: bool) -> tuple[str, ...] | Look:
    """Why a second person has to agree, or what has to be read to know; empty where nobody has.

    Args:
        facts: what was read in this round.
        first: True before the first step. Direct reports count then: they show a wrong name. Later
            the disabled account has shown that it was the right one, and only privilege counts.
    """
    if facts.standing is None:
        return Look(Fact.STANDING)
    if first and facts.reports is None:
        return Look(Fact.REPORTS)
    ruled = ruling(Impact.OFFBOARD, facts.standing)
    manages = ("Somebody reports to the person.",) if first and facts.reports else ()
    return (*manages, ruled.reason) if isinstance(ruled, NeedsApproval) else manages


def unapproved(
    case: Case, facts: Facts, rules: Rules, now: datetime, *, first: bool
) -> Action | None:
    """What a second person has to agree to before anything is done; None where nobody has to.

    Args:
        case: which.
        facts: what was read in this round.
        rules: the settings.
        now: the time.
        first: True before the first step.
    """
    why = reasons(facts, first=first)
    if isinstance(why, Look):
        return why
    if not why or is_approved(case, Impact.OFFBOARD, now):
        return None
    if facts.mode is not Mode.OBSERVE:
        return Advance(ask(case, Impact.OFFBOARD, rules, now, why=" ".join(why)))
    if case.observed:
        return None
    return Advance(
        record(
            replace(case, observed=True),
            now,
            action="would-ask-for-approval",
            outcome=StepOutcome.WOULD,
            detail=" ".join(why),
        )
    )
