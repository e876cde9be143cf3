"""What moves cases, and what people do with one."""

from functools import cached_property
from typing import TYPE_CHECKING

from shared.bootstrap.intake import TakingIn

if TYPE_CHECKING:
    from shared.application.advance import AdvanceCases
    from shared.application.approving import AgreeToPlan
    from shared.application.cancelling import CancelCase
    from shared.application.collecting import CollectPass
    from shared.application.contacts import ForgetContacts
    from shared.application.draining import KeepDeadLetters
    from shared.application.exempting import EndExemption, GrantExemption
    from shared.application.following import FollowPolicy
    from shared.application.ledger import KeepLedger
    from shared.application.pass_terms import FindTerms
    from shared.application.reading import ListCases, ReadCase
    from shared.application.recovery import RecoverDueCases
    from shared.application.tickets import AcceptTicket
    from shared.application.withdrawing import WithdrawPass, WithdrawPasses
    from shared.application.working import WorkOnMessage


class CaseWork(TakingIn):
    """The use cases about cases."""

    @cached_property
    def work_on_message(self) -> "WorkOnMessage":
        from shared.application.working import WorkOnMessage

        return WorkOnMessage(
            advance=self.advance_cases, accept_ticket=self.accept_ticket, parking=self.parking
        )

    @cached_property
    def accept_ticket(self) -> "AcceptTicket":
        from shared.application.tickets import AcceptTicket

        return AcceptTicket(
            signatures=self.queue_signatures,
            suspensions=self.suspensions,
            open_case=self.open_case,
            advance=self.advance_cases,
            tickets=self.tickets,
            clock=self.clock,
            rules=self.settings.rules(),
            new_id=self.new_case_id,
        )

    @cached_property
    def advance_cases(self) -> "AdvanceCases":
        from shared.application.advance import AdvanceCases
        from shared.application.contacts import ForgetContact
        from shared.application.crowd import Crowd

        return AdvanceCases(
            cases=self.cases,
            holding=self.holding,
            follow=self.follow_policy,
            commands=self.commands,
            forget_contact=ForgetContact(self.contacts),
            dispatch=self.dispatch,
            outbox=self.outbox,
            crowd=Crowd(self.cases, self.case_lists, self.clock),
            clock=self.clock,
            rules=self.settings.rules(),
        )

    @cached_property
    def follow_policy(self) -> "FollowPolicy":
        from shared.application.contacts import ForgetContact
        from shared.application.following import FollowPolicy
        from shared.application.writing import WriteEffect

        return FollowPolicy(
            cases=self.cases,
            looking=self.looking,
            write=WriteEffect(self.writes),
            enrolment=self.work_on_enrolment,
            forget_contact=ForgetContact(self.contacts),
            outbox=self.outbox,
            parking=self.parking,
            clock=self.clock,
            rules=self.settings.rules(),
        )

    @cached_property
    def recover_due_cases(self) -> "RecoverDueCases":
        from shared.application.recovery import RecoverDueCases

        return RecoverDueCases(
            due_cases=self.due_cases,
            cases=self.cases,
            commands=self.commands,
            outbox=self.outbox,
            clock=self.clock,
        )

    @cached_property
    def keep_dead_letters(self) -> "KeepDeadLetters":
        from shared.application.draining import KeepDeadLetters

        return KeepDeadLetters(
            dead_letters=self.dead_letters,
            claims=self.claims,
            cases=self.cases,
            holding=self.holding,
            parking=self.parking,
            clock=self.clock,
            rules=self.settings.rules(),
        )

    @cached_property
    def forget_contacts(self) -> "ForgetContacts":
        from shared.application.contacts import ForgetContacts

        return ForgetContacts(contacts=self.contacts, cases=self.cases, clock=self.clock)

    @cached_property
    def keep_ledger(self) -> "KeepLedger":
        from shared.application.ledger import KeepLedger

        return KeepLedger(
            audits=self.audits,
            ledger=self.ledger,
            clock=self.clock,
            retention=self.settings.audit_log,
        )

    @cached_property
    def read_case(self) -> "ReadCase":
        from shared.application.reading import ReadCase

        return ReadCase(self.cases)

    @cached_property
    def list_cases(self) -> "ListCases":
        from shared.application.reading import ListCases

        return ListCases(self.case_lists)

    @cached_property
    def cancel_case(self) -> "CancelCase":
        from shared.application.cancelling import CancelCase

        return CancelCase(
            cases=self.cases, holding=self.holding, dispatch=self.dispatch, clock=self.clock
        )

    @cached_property
    def approve_case(self) -> "AgreeToPlan":
        from shared.application.approving import AgreeToPlan
        from shared.domain.approvals import approve

        return AgreeToPlan(
            agree=approve,
            cases=self.cases,
            holding=self.holding,
            dispatch=self.dispatch,
            clock=self.clock,
        )

    @cached_property
    def grant_exemption(self) -> "GrantExemption":
        from shared.application.exempting import GrantExemption

        return GrantExemption(
            exemptions=self.exemptions,
            cases=self.cases,
            dispatch=self.dispatch,
            clock=self.clock,
            limits=self.settings.exemption_limits(),
            new_id=self.new_case_id,
        )

    @cached_property
    def end_exemption(self) -> "EndExemption":
        from shared.application.exempting import EndExemption

        return EndExemption(
            cases=self.cases,
            holding=self.holding,
            parking=self.parking,
            dispatch=self.dispatch,
            clock=self.clock,
        )

    @cached_property
    def collect_pass(self) -> "CollectPass":
        from shared.application.collecting import CollectPass

        return CollectPass(
            cases=self.cases,
            holding=self.holding,
            find_terms=self._find_terms,
            passes=self.passes,
            collections=self.collections,
            counts=self.pass_counts,
            withdraw=self.withdraw_pass,
            dispatch=self.dispatch,
            clock=self.clock,
            pass_rules=self.settings.pass_rules(),
        )

    @cached_property
    def _find_terms(self) -> "FindTerms":
        from shared.application.pass_terms import FindTerms

        return FindTerms(
            cases=self.cases,
            directory=self.directory,
            checks=self.pass_checks,
            guard=self.pass_guard,
            modes=self.modes,
            suspensions=self.suspensions,
            clock=self.clock,
            rules=self.settings.rules(),
            pass_rules=self.settings.pass_rules(),
        )

    @cached_property
    def withdraw_pass(self) -> "WithdrawPass":
        from shared.application.withdrawing import WithdrawPass

        return WithdrawPass(
            cases=self.cases,
            collections=self.collections,
            directory=self.directory,
            passes=self.passes,
            clock=self.clock,
        )

    @cached_property
    def withdraw_passes(self) -> "WithdrawPasses":
        from shared.application.withdrawing import WithdrawPasses

        return WithdrawPasses(
            cases=self.cases,
            holding=self.holding,
            collections=self.collections,
            withdraw=self.withdraw_pass,
        )
