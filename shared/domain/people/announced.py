"""What HR has told about people whom no case has found in the directory yet.

A case pins its person when their time has come. Until then it is known by HR's words for them only:
a leaver's of next week by a sign-in name, an employee id, or both.
"""

from shared.domain.accounts import Account
from shared.domain.cases import Case, CaseState
from shared.domain.plans import LeaverPlan, OnboardingPlan, all_told, called, told_as


def listed_as(case: Case) -> tuple[str, ...]:
    """Under which of HR's words a case is listed: all of them while the object id is not known."""
    told = told_as(case.plan)
    if told is None:
        return ()
    return all_told(case.plan) if case.user_id is None else (told,)


def words_for(account: Account) -> tuple[str, ...]:
    """What HR may call the person who has this account today."""
    return called(account.employee_id, account.name)


def may_mean(case: Case, account: Account) -> bool:
    """Whether a case that is listed under somebody's name or number may be about them.

    A name changes hands: what an earlier holder's case found, or sought in vain until it was over,
    is not theirs. Nor is what bears another number than their own, or what its source may not say.
    """
    if case.user_id is not None:
        return case.user_id == account.user_id
    if is_beyond(case, account):
        return False
    told, known = case.plan.employee_id, account.employee_id
    same = told is None or known is None or told.casefold() == known.casefold()
    return same and case.state is not CaseState.COMPLETED


def is_beyond(case: Case, account: Account) -> bool:
    """Whether the source of a case that has found nobody surely may not have this account touched.

    Where the directory does not tell an account's name, nobody knows.
    """
    domains = case.plan.domains if isinstance(case.plan, OnboardingPlan | LeaverPlan) else ()
    known = bool(domains) and account.name is not None
    return case.user_id is None and known and not account.is_in(domains)
