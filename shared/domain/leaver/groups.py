"""Taking a leaver out of the group for which self-service password reset is on.

The groups that require MFA, or ask people to register, are kept: a leaver's MFA stays as it is.
What can't be taken away is told in the case and passed over: membership through another group
can't, and the account is disabled by then.
"""

from dataclasses import replace
from datetime import datetime

from shared.domain.actions import Action, Advance, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, Change, StepOutcome
from shared.domain.changing import change, prove
from shared.domain.effects.groups import RemoveFromGroup
from shared.domain.facts import Fact, Facts
from shared.domain.people.rulings import Impact
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, record


def leave_group(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action | None:
    """What to do next about the group; None where nothing is left to do."""
    if rules.sspr_group is None or case.stays_in_group:
        return None
    effect = RemoveFromGroup(rules.sspr_group, impact=Impact.OFFBOARD)
    match effect.seen(facts):
        case None:
            return Look(Fact.MEMBERSHIPS)
        case Unknown(reason):
            return Advance(_stays(case, f"member of {effect.group}", reason, now))
        case str() as value if effect.holds(value):
            return None
        case str() as value:
            return change(case, facts, effect, now, before=value, then=case.state)


def prove_left(case: Case, begun: Change, facts: Facts, rules: Rules, now: datetime) -> Action:
    """Write and read back that the person is no member; what stays unverified is passed over."""
    value = begun.effect.seen(facts)
    unproven = isinstance(value, str) and not begun.effect.holds(value)
    if unproven and begun.reads >= len(rules.read_back):
        why = "They were taken out of it and still belong to it, perhaps through another group."
        return Advance(_stays(case, begun.before, why, now))
    return prove(case, begun, facts, rules, now)


def _stays(case: Case, membership: str, why: str, now: datetime) -> Transition:
    return record(
        replace(
            case,
            stays_in_group=True,
            change=None,
            warnings=(*case.warnings, f"The person may still be a {membership}."),
            wait_until=None,
            attempts=0,
        ),
        now,
        action="leave-group",
        outcome=StepOutcome.SKIPPED,
        detail=why,
    )
