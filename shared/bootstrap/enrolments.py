"""What brings existing people in, and the eyes that it shares with the worker of cases."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.guards import GuardedAccess

if TYPE_CHECKING:
    from shared.application.approving import AgreeToPlan
    from shared.application.enrolling import WorkOnEnrolment
    from shared.application.enrolments import (
        ForgetEnrolments,
        ListEnrolled,
        RequestEnrolment,
    )
    from shared.application.looking import Looking


class Enrolling(GuardedAccess):
    """The use cases about enrolments."""

    @cached_property
    def looking(self) -> "Looking":
        from shared.application.identifying import Identify
        from shared.application.ledger import ReadLedger
        from shared.application.looking import Looking
        from shared.application.others import OtherCases

        return Looking(
            directory=self.directory,
            identify=Identify(self.directory, self.employee_numbers),
            standings=self.standings,
            groups=self.groups,
            newcomers=self.newcomers,
            policies=self.policies,
            managers=self.managers,
            sign_ins=self.sign_ins,
            registration_guards=self.registration_guards,
            legacy_clients=self.legacy_clients,
            ledger=ReadLedger(
                audits=self.audits,
                ledger=self.ledger,
                clock=self.clock,
                retention=self.settings.audit_log,
            ),
            mailboxes=self.mailboxes,
            contacts=self.contacts,
            budgets=self.budgets,
            clock=self.clock,
            others=OtherCases(self.cases, self.case_lists),
            modes=self.modes,
            suspensions=self.suspensions,
            attempts=self.settings.attempts,
        )

    @cached_property
    def work_on_enrolment(self) -> "WorkOnEnrolment":
        from shared.application.enrolling import WorkOnEnrolment
        from shared.application.examining import ExaminePerson

        rules = self.settings.rules()
        return WorkOnEnrolment(
            lists=self.enrolment_lists,
            members=self.group_members,
            examine=ExaminePerson(self.looking, rules),
            claims=self.claims,
            volumes=self.volumes,
            cases=self.cases,
            dispatch=self.dispatch,
            clock=self.clock,
            rules=rules,
        )

    @cached_property
    def request_enrolment(self) -> "RequestEnrolment":
        from shared.application.enrolments import RequestEnrolment

        return RequestEnrolment(
            claims=self.claims,
            lists=self.enrolment_lists,
            cases=self.cases,
            dispatch=self.dispatch,
            clock=self.clock,
            rules=self.settings.rules(),
        )

    @cached_property
    def confirm_case(self) -> "AgreeToPlan":
        from shared.application.approving import AgreeToPlan
        from shared.domain.confirming import confirm

        return AgreeToPlan(
            agree=confirm,
            cases=self.cases,
            holding=self.holding,
            dispatch=self.dispatch,
            clock=self.clock,
        )

    @cached_property
    def list_enrolled(self) -> "ListEnrolled":
        from shared.application.enrolments import ListEnrolled

        return ListEnrolled(self.cases, self.enrolment_lists)

    @cached_property
    def forget_enrolments(self) -> "ForgetEnrolments":
        from shared.application.enrolments import ForgetEnrolments

        return ForgetEnrolments(
            lists=self.enrolment_lists,
            cases=self.cases,
            clock=self.clock,
            lasting=self.settings.enrolment_retention,
        )
