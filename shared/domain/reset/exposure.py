"""What a reset says of app passwords, and does about them: shut their doors, or have a human act.

Nothing here ends an app password, so nothing here says that one is gone unless the audit log does.
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.accounts import NoAccount
from shared.domain.actions import Action, Advance, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, EventType, StepOutcome
from shared.domain.changing import change
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.control import Mode
from shared.domain.effects.mailboxes import CloseMailbox, open_protocols
from shared.domain.facts import Fact, Facts
from shared.domain.ledger import LINES_LAG
from shared.domain.mailboxes import Mailbox, NoMailbox
from shared.domain.onboarding.waiting import gone
from shared.domain.plans import ResetPlan
from shared.domain.reset.app_passwords import (
    SHUT_BY_POLICY,
    AppPasswords,
    Evidence,
    Finding,
    find,
)
from shared.domain.reset.endings import end
from shared.domain.reset.tickets import ResetAction, ResetReason
from shared.domain.schedules import Rules, next_look
from shared.domain.transitions import Transition, record


def may_lift(case: Case, plan: ResetPlan) -> bool:
    """Whether app passwords let the block of the account be lifted.

    They are of no use to anybody while it is blocked. So a compromised account stays blocked until
    somebody has seen to them, or the log can be believed.
    """
    unsure = case.reset.item_open or case.reset.log_awaited
    return plan.reason is not ResetReason.COMPROMISED or not unsure


def settle(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """Say what is known of the person's app passwords; None once that is said, or while it lags.

    What no policy shuts may be alive unless the log proves otherwise, whatever the person's state
    is now. What the log shows is true at once; what it does not show is believed when it is late
    enough that it would.
    """
    if ResetAction.APP_PASSWORDS not in plan.actions or case.reset.app_passwords is not None:
        return None
    settles_at = case.reset.settles_at
    if settles_at is not None and now < settles_at:
        return None
    match facts.legacy_access:
        case None:
            return Look(Fact.LEGACY_ACCESS)
        case Unknown(reason):
            note = f" Whether a policy shuts them is unknown: {reason}"
        case LegacyAccess.OPEN:
            note = " No policy shuts them."
        case LegacyAccess.BLOCKED:
            return Advance(_said(case, SHUT_BY_POLICY, "", now))
    if facts.ledger is None:
        return Look(Fact.LEDGER)
    evidence = Evidence(ledger=facts.ledger, since=case.reset.possible_since)
    if not evidence.possible:
        if settles_at is None:
            return Advance(_wait_for_log(case, now))
        return Advance(_said(case, find(evidence), "", now))
    if not rules.reset.close_mailbox:
        note += " The setting leaves the mailbox as it is."
        return Advance(_said(case, find(evidence), note, now))
    match facts.mailbox:
        case None:
            return Look(Fact.MAILBOX)
        case Mailbox(open=protocols) as mailbox if protocols:
            if facts.mode is not Mode.OBSERVE:
                before = open_protocols(mailbox)
                return change(case, facts, CloseMailbox(), now, before=before, then=case.state)
            note += " Observe mode: the mailbox was left as it is."
        case Mailbox():
            pass
        case NoMailbox():
            note += " The person has no mailbox to close."
        case Unknown(reason):
            note += f" The mailbox was not closed: {reason}"
    return Advance(_said(case, find(replace(evidence, mailbox=facts.mailbox)), note, now))


def watch(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """Close the item where the audit log proves it; else remind of it once a day.

    None where there is no item, or nothing to say of it now.
    """
    if case.reset.log_awaited:
        return settle(case, plan, facts, rules, now)
    since = case.reset.item_since
    if not case.reset.item_open or since is None:
        return None
    match facts.ledger:
        case None:
            return Look(Fact.LEDGER)
        case Unknown():
            pass
        case ledger:
            found = find(Evidence(ledger=ledger, since=case.reset.possible_since))
            # The log may still lack what was done shortly before the ticket.
            if not found.item and now - since >= LINES_LAG:
                return Advance(_closed(case, found, now))
    if now < since + (case.reset.chased + 1) * rules.reset.chase_every:
        return None
    return Advance(
        record(
            replace(case, reset=replace(case.reset, chased=case.reset.chased + 1)),
            now,
            action="chase-app-passwords",
            outcome=StepOutcome.WAITING,
            detail="Somebody has to delete the person's app passwords, or say that it is done.",
            event=EventType.MANUAL_ACTION,
        )
    )


def chase(case: Case, plan: ResetPlan, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Wait for the end of the item, or for the log, which is all that is left of the case."""
    if case.reset.log_awaited:
        awaited = replace(case, wait_until=case.reset.settles_at, attempts=0)
        return settle(case, plan, facts, rules, now) or Advance(Transition(case=awaited))
    if not case.reset.item_open:
        return Advance(end(case, now, detail="Nobody has to see to app passwords any more."))
    if facts.account is None:
        return Look(Fact.ACCOUNT)
    if isinstance(facts.account, NoAccount):
        return Advance(gone(case, rules, now))
    watched = watch(case, plan, facts, rules, now)
    if watched is not None:
        return watched
    opened = case.reset.item_since or now
    reminder = opened + (case.reset.chased + 1) * rules.reset.chase_every
    again = min(next_look(case.waiting_since or now, now, rules), reminder)
    waiting = replace(case, missing_since=None, wait_until=again, attempts=0, updated_at=now)
    return Advance(Transition(case=waiting))


def _wait_for_log(case: Case, now: datetime) -> Transition:
    """What was done until the device was out may not be in the log yet."""
    settles_at = (case.reset.contained_at or now) + LINES_LAG
    return record(
        replace(
            case, reset=replace(case.reset, settles_at=settles_at), wait_until=None, attempts=0
        ),
        now,
        action="app-passwords",
        outcome=StepOutcome.DEFERRED,
        detail=f"The audit log shows none that is left. It lags: it is read again at "
        f"{settles_at.isoformat()}.",
    )


def _said(case: Case, found: Finding, note: str, now: datetime) -> Transition:
    """What was found, in the case; where somebody has to see to it, they are told."""
    told = replace(
        case.reset,
        app_passwords=found.result,
        none_since=found.since,
        item_since=now if found.item else None,
    )
    return record(
        replace(case, reset=told, wait_until=None, attempts=0),
        now,
        action="app-passwords",
        outcome=StepOutcome.WAITING if found.item else StepOutcome.DONE,
        after=_worded(found),
        detail=f"{found.why}{note}",
        event=EventType.MANUAL_ACTION if found.item else None,
    )


def _closed(case: Case, found: Finding, now: datetime) -> Transition:
    told = replace(case.reset, app_passwords=found.result, none_since=found.since)
    return record(
        replace(case, reset=told, wait_until=None, attempts=0),
        now,
        action="app-passwords",
        outcome=StepOutcome.DONE,
        before=case.reset.app_passwords,
        after=_worded(found),
        detail=found.why,
    )


def _worded(found: Finding) -> str:
    if found.result is not AppPasswords.NONE_OBSERVED:
        return found.result
    since = found.since
    return found.result if since is None else f"{found.result} since {since.isoformat()}"
