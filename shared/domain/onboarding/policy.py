"""The decision: what to do next about an onboarding case.

`next_action` is pure and total. It looks at a case and at the facts gathered so far and says what
to do next; the use case does it and asks again.
"""

from datetime import datetime
from typing import assert_never

from shared.domain.cases import Case, CaseState
from shared.domain.onboarding.actions import Action, Advance, Facts, Rest
from shared.domain.onboarding.changing import bear_witness, prove
from shared.domain.onboarding.enabling import enable
from shared.domain.onboarding.enforcing import complete, enforce
from shared.domain.schedules import Rules


def next_action(case: Case, facts: Facts, rules: Rules, now: datetime) -> Action:
    """What to do next about an onboarding case."""
    if not case.unfinished or (case.wait_until is not None and now < case.wait_until):
        return Rest()
    if case.change is not None:
        if case.state is CaseState.CANCELLED:
            return bear_witness(case, case.change, facts, now)
        return prove(case, case.change, facts, rules, now)
    match case.state:
        case CaseState.ACCEPTED | CaseState.WAITING_START | CaseState.WAITING_ACCOUNT:
            return enable(case, facts, rules, now)
        case CaseState.ENABLED | CaseState.WAITING_REGISTRATION | CaseState.OVERDUE:
            return enforce(case, facts, rules, now)
        case CaseState.ENFORCED:
            return Advance(complete(case, now))
        case CaseState.COMPLETED | CaseState.REFUSED | CaseState.PARKED | CaseState.CANCELLED:
            return Rest()
        case _:
            assert_never(case.state)
