"""Find the person whom a case is about, and make sure that it is the right one."""

from dataclasses import dataclass

from shared.application.ports.directory import Directory
from shared.application.ports.people import EmployeeNumbers
from shared.domain.accounts import Account, NoAccount
from shared.domain.cases import Case
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.people import IdentityMismatch
from shared.domain.ids import EmployeeId, UserId, UserPrincipalName
from shared.domain.people.binding import is_same_number
from shared.domain.plans import (
    EnrolmentPlan,
    ExemptionPlan,
    LeaverPlan,
    OnboardingPlan,
    ResetPlan,
)
from shared.domain.reset.asserted import Asserted, could_be_looked_up

Found = Account | NoAccount | IdentityMismatch


@dataclass(frozen=True, slots=True)
class Identify:
    """Finds accounts (safety rule S9).

    A sign-in name changes hands, an employee id does not: where HR gave one, it finds the account,
    and the name must not belong to another. An account that bears no employee id yet is handed back
    as it is; the policy decides what that means.

    Where a source is kept to domains, that is said of the account and not of the name in its words:
    a number alone would lead out of them. Once an account is found, its object id holds.
    """

    directory: Directory
    numbers: EmployeeNumbers

    async def __call__(self, case: Case) -> Found:
        """The account of a case's person, or why the one that was found is not theirs.

        Raises:
            StateUnknown: nobody knows yet whether the employee id is unique.
            LifecycleError: the directory can't be read.
        """
        plan = case.plan
        if case.user_id is not None:
            return await self.directory.find_account(case.user_id)
        if isinstance(plan, ExemptionPlan):
            return await self.directory.find_account(plan.user_id)
        if isinstance(plan, EnrolmentPlan):
            raise TypeError("An enrolment is about many people.")
        found = await self._meant(plan)
        if isinstance(found, Account) and plan.domains and not found.is_in(plan.domains):
            return IdentityMismatch("The account is in a domain that the source may not name.")
        return found

    async def asserted(self, case: Case) -> Asserted:
        """Who asked for a reset and who verified the caller, where they are named as people are.

        Raises:
            LifecycleError: the directory can't be read.
        """
        plan = case.plan
        if not isinstance(plan, ResetPlan):
            raise TypeError("Only a reset rests on what somebody asserts.")
        verified = await self._known(plan.verified_by)
        if plan.requested_by == plan.verified_by:
            return Asserted(verified, verified)
        return Asserted(await self._known(plan.requested_by), verified)

    async def _known(self, who: str | None) -> UserId | None:
        """The object id behind a sign-in name or an object id; None for any other text."""
        if who is None or not could_be_looked_up(who):
            return None
        found = await self.directory.find_account(UserPrincipalName(who))
        return found.user_id if isinstance(found, Account) else None

    async def _meant(self, plan: OnboardingPlan | LeaverPlan | ResetPlan) -> Found:
        if isinstance(plan, ResetPlan) and plan.user_id is not None:
            return await self.directory.find_account(plan.user_id)
        name, employee = plan.user_principal_name, plan.employee_id
        if employee is not None:
            return await self._by_number(employee, name)
        if name is None:
            raise TypeError("The case says of nobody whom it is about.")
        return await self.directory.find_account(name)

    async def _by_number(self, employee: EmployeeId, name: UserPrincipalName | None) -> Found:
        holders = await self.numbers.accounts_of(employee)
        if len(holders) > 1:
            return IdentityMismatch("More than one account bears the event's employee id.")
        if name is not None and any(holder.is_called(name) for holder in holders):
            # Then the name is nobody else's, and it need not be looked up.
            return holders[0]
        named = NoAccount() if name is None else await self.directory.find_account(name)
        if holders:
            if isinstance(named, Account) and named.user_id != holders[0].user_id:
                return IdentityMismatch("The sign-in name belongs to another person.")
            return holders[0]
        if isinstance(named, NoAccount) or named.employee_id is None:
            return named
        if is_same_number(named.employee_id, employee):
            # Not "no account": a leaver's case would be done without anything done.
            raise StateUnknown("The directory's search does not know the employee id yet.")
        return IdentityMismatch("The account bears another employee id than the event.")
