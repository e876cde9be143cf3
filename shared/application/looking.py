"""Read what a policy asks for."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import assert_never

from shared.application.drafts import Draft
from shared.application.identifying import Identify
from shared.application.ledger import ReadLedger
from shared.application.others import OtherCases
from shared.application.ports.budgets import Budgets
from shared.application.ports.clock import Clock
from shared.application.ports.contacts import Contacts
from shared.application.ports.control import Modes, Suspensions
from shared.application.ports.directory import Directory
from shared.application.ports.groups import Groups
from shared.application.ports.mailboxes import Mailboxes
from shared.application.ports.newcomers import Newcomers
from shared.application.ports.people import Managers, Standings
from shared.application.ports.policies import Policies
from shared.application.ports.sign_ins import LegacyClients, RegistrationGuards, SignIns
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import AuthenticationMethod, Unknown
from shared.domain.budgets.flows import Flow
from shared.domain.cases import Case, CaseEvent, CaseState, EventType
from shared.domain.contacts import Contact, NoContact
from shared.domain.control import Capability, Mode
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.errors.storage import StoreDenied
from shared.domain.facts import Fact, Facts
from shared.domain.ids import UserId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Standing
from shared.domain.plans import (
    CaseKind,
    EnrolmentPlan,
    ExemptionPlan,
    LeaverPlan,
    OnboardingPlan,
    ResetPlan,
)
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class Looking:
    """Adds one fact about a case's person to those that are known.

    Attributes:
        directory: reads people.
        identify: finds the person of a case.
        standings: what people are to the guards.
        others: the other cases about the person.
        modes: whether a capability may act.
        suspensions: whose requests rest.
        groups: which of the groups that settings name people belong to.
        newcomers: who has never used their account, and which domains are the tenant's own.
        policies: what Conditional Access requires.
        managers: whom people report to.
        sign_ins: whether people can sign in.
        registration_guards: whether registering takes more than the password.
        legacy_clients: whether old clients get in.
        ledger: what the audit log told of app passwords.
        mailboxes: which old protocols mailboxes take.
        contacts: contact data that waits for its only use.
        budgets: which flows are held.
        clock: what time it is.
        attempts: after how many failures in a row nobody asks again.
    """

    directory: Directory
    identify: Identify
    standings: Standings
    others: OtherCases
    modes: Modes
    suspensions: Suspensions
    groups: Groups
    newcomers: Newcomers
    policies: Policies
    managers: Managers
    sign_ins: SignIns
    registration_guards: RegistrationGuards
    legacy_clients: LegacyClients
    ledger: ReadLedger
    mailboxes: Mailboxes
    contacts: Contacts
    budgets: Budgets
    clock: Clock
    attempts: int

    async def __call__(self, draft: Draft, facts: Facts, fact: Fact) -> Facts:
        """Read a fact.

        Raises:
            LifecycleError: it can't be read.
        """
        case = draft.case
        match fact:
            case Fact.ACCOUNT:
                found = await self.identify(case)
                sessions = found.sessions_valid_from if isinstance(found, Account) else None
                # It tells as much as the reading of its own.
                return replace(facts, account=found, sessions=sessions or facts.sessions)
            case Fact.STANDING:
                impact = _impact(case)
                return replace(facts, standing=await self._standing(case, facts, impact))
            case Fact.PRIVILEGE:
                standing = await self._standing(case, facts, Impact.ENFORCE_UNREGISTERED)
                return replace(facts, privilege=standing)
            case Fact.MFA_STATE:
                return replace(facts, mfa_state=await self.directory.mfa_state(person(case)))
            case Fact.METHODS:
                return replace(facts, methods=await self._methods(person(case)))
            case Fact.SESSIONS:
                read = await self.directory.sessions_valid_from(person(case))
                return replace(facts, sessions=read)
            case Fact.REPORTS:
                return replace(facts, reports=await self.directory.has_reports(person(case)))
            case Fact.REMINDED:
                return replace(facts, reminded=_reminded(draft.events))
            case Fact.OTHERS:
                account = facts.account if isinstance(facts.account, Account) else None
                return replace(facts, others=await self.others(case, account))
            case Fact.MODE:
                return replace(facts, mode=await self._mode(case))
            case Fact.MEMBERSHIPS:
                return replace(facts, memberships=await self.groups.memberships(person(case)))
            case Fact.NEWCOMER:
                return replace(facts, newcomer=await self.newcomers.newcomer(person(case)))
            case Fact.OWN_DOMAINS:
                return replace(facts, own_domains=await self.newcomers.own_domains())
            case Fact.CONDITIONAL_ACCESS:
                policies = await self.policies.conditional_access()
                return replace(facts, conditional_access=policies)
            case Fact.SIGN_IN:
                return replace(facts, sign_in=await self.sign_ins.state(person(case)))
            case Fact.BLOCKED_BY:
                since = case.reset.blocked_at or case.accepted_at
                until = case.reset.lifted_at if case.reset.lift_unsure else None
                blocker = await self.sign_ins.blocked_by(person(case), since, until)
                return replace(facts, blocked_by=blocker)
            case Fact.REGISTRATION_GUARDED:
                guarded = await self.registration_guards.guarded(person(case))
                return replace(facts, registration_guarded=guarded)
            case Fact.MANAGER:
                return replace(facts, manager=await self._manager(person(case)))
            case Fact.LEGACY_ACCESS:
                access = await self.legacy_clients.access(person(case))
                return replace(facts, legacy_access=access)
            case Fact.LEDGER:
                return replace(facts, ledger=await self.ledger(person(case)))
            case Fact.MAILBOX:
                return replace(facts, mailbox=await self.mailboxes.mailbox(person(case)))
            case Fact.ASSERTED:
                return replace(facts, asserted=await self.identify.asserted(case))
            case Fact.HELD:
                return replace(facts, held=await self._held(case))
            case Fact.CONTACT:
                return replace(facts, contact=await self._contact(case))
            case _:
                assert_never(fact)

    async def _standing(self, case: Case, facts: Facts, impact: Impact) -> Standing:
        known = facts.account if isinstance(facts.account, Account) else person(case)
        return await self.standings.standing(
            known, impact, last_attempt=case.attempts >= self.attempts
        )

    async def _held(self, case: Case) -> bool:
        if case.held_for is None:
            return False
        flow = Flow(case.held_for, case.source)
        return (await self.budgets.tally(flow, self.clock.now())).hold is not None

    async def _contact(self, case: Case) -> Contact | NoContact | Unknown:
        try:
            return await self.contacts.find(case.case_id, self.clock.now())
        except StoreDenied as error:
            # No wait mends that, and nobody is to stay without MFA for it.
            return Unknown(error.detail)

    async def _methods(self, user: UserId) -> tuple[AuthenticationMethod, ...] | NoAccount:
        try:
            return await self.directory.methods(user)
        except AccountNotVisible:
            return NoAccount()

    async def _manager(self, user: UserId) -> UserId | NoAccount | Unknown:
        """Whom a notice is for, too; nothing else waits for it."""
        try:
            return await self.managers.manager(user)
        except LifecycleError as error:
            _log.warning("manager.unknown", code=error.code)
            return Unknown(error.detail)

    async def _mode(self, case: Case) -> Mode:
        """What a source asked for rests for as long as the source is suspended."""
        if await self.suspensions.is_suspended(case.source):
            return Mode.STOP
        return await self.modes.mode(capability(case))


def _impact(case: Case) -> Impact:
    """What a case comes to for its person, as far as it is allowed without more ado."""
    match case.plan:
        case OnboardingPlan() | EnrolmentPlan():
            return Impact.STRENGTHEN
        case LeaverPlan():
            return Impact.OFFBOARD
        case ResetPlan():
            return Impact.CONTAIN
        case ExemptionPlan() if case.state in {CaseState.ACTIVE, CaseState.OVERDUE}:
            return Impact.STRENGTHEN  # Only the end is still to come.
        case ExemptionPlan():
            return Impact.WEAKEN
        case _:
            assert_never(case.plan)


def _reminded(events: Sequence[CaseEvent]) -> tuple[datetime, ...]:
    reminders = (event for event in events if event.type is EventType.REMINDER)
    return tuple(event.published_at for event in reminders if event.published_at is not None)


def capability(case: Case) -> Capability:
    """What has to be let act for a case to change anything.

    An enrolment changes nothing itself; the onboardings that it opens do.
    """
    kind = CaseKind.ONBOARDING if case.kind is CaseKind.ENROLMENT else case.kind
    return Capability(kind.value)


def person(case: Case) -> UserId:
    """Whom a case is about.

    Raises:
        TypeError: they are not known yet, and a policy that asks about them is wrong.
    """
    if case.user_id is None:
        raise TypeError("The policy asked about a person whom the case does not know.")
    return case.user_id
