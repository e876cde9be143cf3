"""How the tests of the leavers' policy ask it."""

from dataclasses import replace
from datetime import datetime, timedelta

from shared.domain.actions import Action, Advance, Fail
from shared.domain.authentication import (
    Unknown,
)
from shared.domain.cases import Case, CaseState
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.facts import Facts
from shared.domain.ids import EmployeeId
from shared.domain.people.standing import Privilege, Standing, standing_of
from shared.domain.plans import LeaverPlan
from shared.domain.schedules import Rules
from tests.builders import (
    NOW,
    PASSWORD,
    SIGN_IN_NAME,
    USER_ID,
    a_case,
    an_account,
)

RULES = Rules()
DAY = timedelta(days=1)
BLOCKED = an_account(enabled=False)


def a_leaver(
    state: CaseState = CaseState.ACCEPTED,
    *,
    effective_at: datetime = NOW,
    employee_id: str | None = None,
    found: bool = True,
) -> Case:
    """The case of somebody who leaves now."""
    plan = LeaverPlan(
        user_principal_name=SIGN_IN_NAME,
        employee_id=None if employee_id is None else EmployeeId(employee_id),
        effective_at=effective_at,
        occurred_at=NOW,
    )
    asking = CaseState.ACCEPTED if state is CaseState.AWAITING_APPROVAL else None
    user = USER_ID if found else None
    return replace(a_case(state), plan=plan, user_id=user, asked_from=asking)


def standing(
    privilege: Privilege | Unknown = Privilege.NONE, *, protected: bool = False
) -> Standing:
    """What the person is to the guards."""
    return standing_of(BLOCKED, protected=protected, excluded=False, privilege=privilege)


def facts(**known: object) -> Facts:
    """What was read about an ordinary person whose account is blocked."""
    ordinary = Facts(
        account=BLOCKED,
        mode=Mode.ACT,
        standing=standing(),
        reports=False,
        others=(),
        sessions=NOW - DAY,
        methods=(PASSWORD,),
    )
    return replace(ordinary, **known)  # type: ignore[arg-type]  # each test knows the fields


def advanced(action: Action) -> Case:
    """The case that the policy wants stored."""
    assert isinstance(action, Advance)
    return action.transition.case


def failed(action: Action) -> type[LifecycleError]:
    """The kind of error that the policy raises."""
    assert isinstance(action, Fail)
    return type(action.error)


WAITING = replace(a_leaver(CaseState.WAITING_DISABLED), deadline=NOW + timedelta(days=30))
