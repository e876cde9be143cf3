"""What must hold of every exemption, whatever happens around it."""

from shared.domain.authentication import PerUserMfaState, is_registered
from shared.domain.cases import ENDED, Case, CaseState
from shared.domain.effects import Request
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.ids import UserId
from shared.domain.people.rulings import Impact
from shared.domain.plans import CaseKind, ExemptionPlan
from tests.fakes.person import Person
from tests.properties.watch import Watch

LEFT = {
    CaseState.SESSIONS_REVOKED,
    CaseState.WAITING_DISABLED,
    CaseState.OVERDUE,
    CaseState.COMPLETED,
}
"""States of a leaver's case in which it was certain enough to have been acted on."""


class ExemptionWatch(Watch):
    """Sees every write and save of exemptions.

    Attributes:
        truth: what is true of everybody.
    """

    truth: dict[UserId, Person]

    def _look_at_plan(self, case: Case, effect: Request) -> None:
        super()._look_at_plan(case, effect)
        plan = case.plan
        if not isinstance(plan, ExemptionPlan):
            return
        self.expect(not self.has_left(plan.user_id), "a leaver is written")
        if effect.impact is Impact.WEAKEN:
            given = case.approval
            self.expect(given is not None and given.by not in case.actors, "disabled unapproved")
            self.expect(self._clock.now() < plan.ends_at, "disabled after the end")
            self.expect(plan.accept_unprotected, "disabled although nothing is known to protect")
            return
        self.expect(self._clock.now() >= plan.ends_at, "put back before the end")
        if isinstance(effect, SetMfaState):
            registered = is_registered(self.truth[plan.user_id].methods)
            enforced = effect.state is PerUserMfaState.ENFORCED
            self.expect(enforced is registered, f"{effect} is written, registered={registered}")

    def has_left(self, user: UserId) -> bool:
        """Whether a leaver's case has revoked their sessions, and their account is blocked."""
        of_user = [one.case for one in self.cases.values() if one.case.user_id == user]
        leaving = [one for one in of_user if one.kind is CaseKind.LEAVER and not one.observed]
        blocked = not self.truth[user].account.enabled
        return blocked and any(one.reached in LEFT for one in leaving)

    def exemptions(self) -> list[Case]:
        """Every exemption, oldest first."""
        cases = [stored.case for stored in self.cases.values()]
        return [case for case in cases if case.kind is CaseKind.EXEMPTION]

    def one_at_a_time(self) -> None:
        """Nobody has two exemptions that are not over."""
        open_ones = [case.user_id for case in self.exemptions() if case.state not in ENDED]
        self.expect(len(open_ones) == len(set(open_ones)), "two exemptions of one person")
