"""The decision: what to do next about a case.

`next_action` is pure and total. It looks at a case and at the facts gathered so far and says what
to do next; the use case does it and asks again.
"""

from datetime import datetime
from typing import assert_never

from shared.domain.actions import Action, Advance, Rest
from shared.domain.cases import Case, CaseState
from shared.domain.changing import bear_witness, prove
from shared.domain.effects.groups import RemoveFromGroup
from shared.domain.enrolment.policy import enrol
from shared.domain.exemption.policy import exempt
from shared.domain.facts import Facts
from shared.domain.failures import resumed
from shared.domain.holds import stand_still
from shared.domain.leaver.groups import prove_left
from shared.domain.leaver.policy import see_off
from shared.domain.onboarding.policy import onboard
from shared.domain.onboarding.preparing import is_preparation, prove_prepared
from shared.domain.plans import (
    EnrolmentPlan,
    ExemptionPlan,
    LeaverPlan,
    OnboardingPlan,
    ResetPlan,
)
from shared.domain.reset.policy import reset
from shared.domain.schedules import Rules


def next_action(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about a case."""
    if case.state is CaseState.HELD:
        return stand_still(case, facts, now)
    if not case.unfinished or (case.wait_until is not None and now < case.wait_until):
        return Rest()
    if case.state is CaseState.PARKED:
        return Advance(resumed(case, now))
    if case.change is not None:
        if case.state is CaseState.CANCELLED:
            return bear_witness(case, case.change, facts, now)
        match case.plan:
            case OnboardingPlan() as prepared if is_preparation(case, case.change):
                return prove_prepared(case, prepared, facts, rules, now)
            case LeaverPlan() if isinstance(case.change.effect, RemoveFromGroup):
                return prove_left(case, case.change, facts, rules, now)
            case _:
                return prove(case, case.change, facts, rules, now)
    match case.plan:
        case OnboardingPlan() as plan:
            return onboard(case, plan, facts, rules, now)
        case LeaverPlan() as plan:
            return see_off(case, plan, facts, rules, now)
        case ExemptionPlan() as plan:
            return exempt(case, plan, facts, rules, now)
        case EnrolmentPlan() as plan:
            return enrol(case, plan, facts, rules, now)
        case ResetPlan() as plan:
            return reset(case, plan, facts, rules, now)
        case _:
            assert_never(case.plan)
