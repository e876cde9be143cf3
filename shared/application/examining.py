"""Look at a person as their onboarding would, and change nothing."""

from dataclasses import dataclass, replace

from shared.application.drafts import Draft
from shared.application.looking import Looking
from shared.domain.accounts import Account
from shared.domain.cases import Case
from shared.domain.enrolment.examining import examine
from shared.domain.enrolment.people import Verdict
from shared.domain.facts import Fact, Facts
from shared.domain.plans import OnboardingPlan
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition


@dataclass(frozen=True, slots=True)
class ExaminePerson:
    """Finds out what would become of a person, through the eyes of the worker of cases."""

    looking: Looking
    rules: Rules

    async def __call__(self, case: Case) -> tuple[Verdict, Case]:
        """The verdict about a person, and their case with what was learnt of who they are.

        Args:
            case: the case that they would get.

        Raises:
            LifecycleError: something that the verdict depends on can't be read.
        """
        facts = Facts()
        while isinstance(found := examine(facts, self.rules), Fact):
            imagined = Draft(None, (Transition(case=case),))
            facts = await self.looking(imagined, facts, found)
            if found is Fact.ACCOUNT and isinstance(facts.account, Account):
                case = _known(case, facts.account)
        return found, case


def _known(case: Case, account: Account) -> Case:
    if not isinstance(case.plan, OnboardingPlan):
        raise TypeError("Only people who would be onboarded are examined.")
    plan = replace(
        case.plan,
        user_principal_name=None,
        employee_id=account.employee_id,
        enrolled=account.user_id,
    )
    return replace(case, user_id=account.user_id, plan=plan)
