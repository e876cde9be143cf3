"""What the policies may know about a person, and what was read of it so far."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, Self

from shared.domain.accounts import Account, BlockedBy, NoAccount, SignInState
from shared.domain.authentication import AuthenticationMethod, PerUserMfaState, Unknown
from shared.domain.conditional_access.answers import LegacyAccess, MfaRequired
from shared.domain.contacts import Contact, Newcomer, NoContact
from shared.domain.control import Mode
from shared.domain.enrolment.work import Result
from shared.domain.errors.people import IdentityMismatch
from shared.domain.groups import Memberships
from shared.domain.ids import UserId
from shared.domain.ledger import Ledgered
from shared.domain.mailboxes import Mailbox, NoMailbox
from shared.domain.people.standing import Standing
from shared.domain.reset.asserted import Asserted

if TYPE_CHECKING:
    # Cases hold effects, and effects are proven by facts.
    from shared.domain.cases import Case


class Fact(Enum):
    """Something to be read before a policy can decide; its value is its field in `Facts`."""

    ACCOUNT = "account"
    MFA_STATE = "mfa_state"
    STANDING = "standing"
    PRIVILEGE = "privilege"
    METHODS = "methods"
    REMINDED = "reminded"
    SESSIONS = "sessions"
    REPORTS = "reports"
    MODE = "mode"
    MEMBERSHIPS = "memberships"
    NEWCOMER = "newcomer"
    CONTACT = "contact"
    OWN_DOMAINS = "own_domains"
    CONDITIONAL_ACCESS = "conditional_access"
    OTHERS = "others"
    SIGN_IN = "sign_in"
    ASSERTED = "asserted"
    REGISTRATION_GUARDED = "registration_guarded"
    BLOCKED_BY = "blocked_by"
    MANAGER = "manager"
    LEGACY_ACCESS = "legacy_access"
    LEDGER = "ledger"
    MAILBOX = "mailbox"
    HELD = "held"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was read in this round; None where nobody looked yet.

    Attributes:
        account: the person's account, or why the one that was found is not the person's.
        standing: what they are to the guards, their privilege aside.
        privilege: the same with their privilege.
        mfa_state: their per-user MFA state.
        methods: their authentication methods; `NoAccount` where the directory does not know the
            person any more.
        reminded: when reminders of the deadline were really published.
        sessions: since when sessions of theirs are valid; older ones are revoked.
        reports: whether anybody reports to them.
        others: the other cases about the same person.
        mode: whether the capability may change the directory.
        memberships: which of the groups that settings name they belong to.
        newcomer: whether anybody has used the account yet.
        contact: what HR told about how to reach them.
        own_domains: the tenant's own verified domains.
        conditional_access: of whom the tenant's Conditional Access policies require MFA.
        sign_in: whether they can sign in, and since when with which password.
        asserted: who asked for a reset and who verified the caller, as far as the directory knows.
        registration_guarded: whether policies keep who merely holds the password from registering.
        blocked_by: by whose doing the account is blocked.
        manager: whom they report to; `NoAccount` where they report to nobody.
        legacy_access: whether old clients get in with an app password.
        ledger: what the audit log told of their app passwords.
        mailbox: which old protocols their mailbox takes.
        held: whether the flow that the case waits for is held.
        result: what the last piece of an enrolment's work came to.
        begun: True where the change under way was announced in this very round.
        written: True where it was written in this very round.
    """

    account: Account | NoAccount | IdentityMismatch | None = None
    standing: Standing | None = None
    privilege: Standing | None = None
    mfa_state: PerUserMfaState | Unknown | None = None
    methods: tuple[AuthenticationMethod, ...] | NoAccount | None = None
    reminded: tuple[datetime, ...] | None = None
    sessions: datetime | Unknown | None = None
    reports: bool | None = None
    mode: Mode | None = None
    memberships: Memberships | None = None
    newcomer: Newcomer | Unknown | None = None
    contact: Contact | NoContact | Unknown | None = None
    own_domains: frozenset[str] | Unknown | None = None
    conditional_access: MfaRequired | Unknown | None = None
    others: "tuple[Case, ...] | None" = None
    sign_in: SignInState | NoAccount | None = None
    asserted: Asserted | None = None
    registration_guarded: bool | Unknown | None = None
    blocked_by: BlockedBy | Unknown | None = None
    manager: UserId | NoAccount | Unknown | None = None
    legacy_access: LegacyAccess | Unknown | None = None
    ledger: Ledgered | Unknown | None = None
    mailbox: Mailbox | NoMailbox | Unknown | None = None
    held: bool | None = None
    result: Result | None = None
    begun: bool = False
    written: bool = False

    def without(self, fact: Fact) -> Self:
        """The same without one of them: it may be true no longer."""
        return replace(self, **_unread(fact))

    def after(self, before: "Case", after: "Case") -> Self:
        """What still says something once a case has moved on."""
        facts = replace(self, result=None)
        if before.change is None or after.change is None:
            facts = replace(facts, begun=after.change is not None, written=False)
        if after.wait_until is not None:
            facts = facts.after_a_wait()
        if after.user_id != before.user_id:
            # By object id there may be cases that the event's words did not show.
            facts = facts.without(Fact.OTHERS)
        return facts

    def after_a_wait(self) -> Self:
        """What was read or meant before a wait says nothing about the time after it."""
        return replace(self, **_unread(*Fact), begun=False)


def _unread(*facts: Fact) -> dict[str, Any]:
    return {fact.value: None for fact in facts}
