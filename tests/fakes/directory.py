"""A directory in memory."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import assert_never
from uuid import uuid4

from shared.application.ports.contacts import Contacts
from shared.application.ports.leases import Lease
from shared.domain.accounts import Account, BlockedBy, NoAccount, SignInState
from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
    PerUserMfaState,
    Unknown,
    is_registered,
)
from shared.domain.budgets.flows import Spender
from shared.domain.conditional_access import ConditionalAccess
from shared.domain.contacts import Contact, ContactKind, Newcomer
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.effects.methods import (
    METHOD_OF,
    PreferMethod,
    RegisterContact,
    RemoveMethod,
)
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    AccountNotVisible,
    GroupUnusable,
    MethodNotRemovable,
    MethodStillNeeded,
    PermissionMissing,
    RequestRejected,
)
from shared.domain.errors.mailboxes import MailboxRefused
from shared.domain.errors.people import ContactGone
from shared.domain.groups import Memberships
from shared.domain.ids import EmployeeId, GroupId, UserId, UserPrincipalName
from shared.domain.ledger import Doing, LedgerEntry, Span
from shared.domain.legacy_access import LegacyAccess
from shared.domain.mailboxes import Mailbox, NoMailbox
from shared.domain.people.standing import is_synchronisation_account
from tests.fakes.contacts import FakeContacts

BORN = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When everybody's account was made."""

PREFERENCES = {
    MethodType.MICROSOFT_AUTHENTICATOR: "push",
    MethodType.SOFTWARE_OATH: "oath",
    MethodType.HARDWARE_OATH: "oath",
    MethodType.PHONE: "voiceOffice",
}
"""What can be somebody's default method, and what it is called then."""
MOBILES = {MOBILE: "sms", ALTERNATE_MOBILE: "voiceAlternateMobile"}
"""What phones are called that aren't at the office."""

PASSWORD = AuthenticationMethod("28c10230-6103-485e-b985-444c60001490", MethodType.PASSWORD)


NO_POLICY = ConditionalAccess(requires_mfa=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What is true of a person."""

    account: Account
    name: UserPrincipalName
    state: PerUserMfaState = PerUserMfaState.DISABLED
    methods: tuple[AuthenticationMethod, ...] = (PASSWORD,)
    default: str | None = None
    sessions_valid_from: datetime = BORN
    manager: UserId | None = None
    created_at: datetime | None = datetime(2026, 3, 1, tzinfo=UTC)
    has_signed_in: bool = False
    password_changed_at: datetime = BORN


@dataclass
class FakeDirectory:
    """The ports to the directory in memory, with Entra's habits.

    Attributes:
        people: what is true, by object id.
        writes: every write that was asked for and done, in order.
        troubles: what the next calls raise, in order; None lets a call through.
        lost: what the next writes raise after they were done.
        unknown: people whose state the directory does not tell.
        now: the time.
        members: who belongs to each group.
        unusable: the groups that must not be used, and why.
        domains: the tenant's own; None where it does not tell.
        policies: what Conditional Access requires.
        tells_sign_ins: whether the tenant's licence lets it tell who signed in.
        contacts: what is kept for cases.
        told: the contact data that was registered for people.
        blocks: whose sign-in was blocked, when, and by whom.
        registration_guarded: whether a policy protects the registration.
        legacy: whether old clients get in.
        mailboxes: who has a mailbox, and which old protocols it takes.
        audit_log: what the audit log still has about app passwords.
        log_lags: after how long the audit log tells who has blocked somebody.
        audits_refused: whether nobody may read it.
    """

    people: dict[UserId, Person] = field(default_factory=dict)
    writes: list[tuple[UserId, Request]] = field(default_factory=list)
    troubles: list[LifecycleError | None] = field(default_factory=list)
    lost: list[LifecycleError] = field(default_factory=list)
    unknown: set[UserId] = field(default_factory=set)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    members: dict[GroupId, set[UserId]] = field(default_factory=dict)
    unusable: dict[GroupId, str] = field(default_factory=dict)
    domains: frozenset[str] | None = frozenset({"contoso.example"})
    tells_sign_ins: bool = True
    policies: ConditionalAccess | Unknown = NO_POLICY
    contacts: Contacts = field(default_factory=FakeContacts)
    told: list[tuple[UserId, ContactKind, str]] = field(default_factory=list)
    blocks: list[tuple[UserId, datetime, BlockedBy]] = field(default_factory=list)
    registration_guarded: bool | Unknown = False
    legacy: LegacyAccess | Unknown = LegacyAccess.BLOCKED
    mailboxes: dict[UserId, Mailbox | Unknown] = field(default_factory=dict)
    audit_log: list[LedgerEntry] = field(default_factory=list)
    log_lags: timedelta = timedelta(0)
    audits_refused: bool = False

    def add(
        self,
        name: str,
        *,
        enabled: bool = True,
        guest: bool = False,
        employee_id: str | None = None,
        display_name: str = "A. Person",
        manager: UserId | None = None,
        user_id: str | None = None,
    ) -> UserId:
        """Let a person appear; returns the object id."""
        user = UserId(user_id or str(uuid4()))
        self.people[user] = Person(
            account=Account(
                user_id=user,
                enabled=enabled,
                guest=guest,
                employee_id=None if employee_id is None else EmployeeId(employee_id),
                created_at=BORN,
                service=is_synchronisation_account(name, display_name),
                name=UserPrincipalName(name),
            ),
            name=UserPrincipalName(name),
            manager=manager,
        )
        return user

    def remove(self, user: UserId) -> None:
        """Let a person disappear."""
        del self.people[user]

    def register(self, user: UserId, method_type: MethodType) -> None:
        """The person registers a method; whoever is enabled is then enforced, as in Entra."""
        person = self.people[user]
        method = AuthenticationMethod(str(uuid4()), method_type)
        strong = method_type in PREFERENCES
        default = person.default or (method.method_id if strong else None)
        registered = replace(
            person, methods=(*person.methods, method), default=default, has_signed_in=True
        )
        self.people[user] = _settled(registered)

    def block(
        self, user: UserId, *, blocked: bool = True, by: BlockedBy = BlockedBy.OTHERS
    ) -> None:
        """Somebody blocks the person's sign-in, or lets them in again."""
        if blocked:
            self.blocks.append((user, self.now(), by))
        person = self.people[user]
        self.people[user] = replace(person, account=replace(person.account, enabled=not blocked))

    def change_password(self, user: UserId) -> None:
        """The person gets another password."""
        self.people[user] = replace(self.people[user], password_changed_at=self.now())

    def create_app_password(self, user: UserId) -> None:
        """The person makes an app password; that is all that the directory tells of it."""
        self._note(user, Doing.CREATED)

    def delete_app_password(self, user: UserId) -> None:
        """Somebody deletes one."""
        self._note(user, Doing.DELETED)

    def _note(self, user: UserId, doing: Doing) -> None:
        line = LedgerEntry(entry_id=str(uuid4()), user_id=user, at=self.now(), doing=doing)
        self.audit_log.append(line)

    def sign_in(self, user: UserId) -> None:
        """The person signs in."""
        self.people[user] = replace(self.people[user], has_signed_in=True)

    def add_group(self, group: str) -> GroupId:
        """Let a group appear."""
        self.members[GroupId(group)] = set()
        return GroupId(group)

    async def find_account(self, who: UserId | UserPrincipalName) -> Account | NoAccount:
        """The account with this object id or sign-in name, in any case."""
        self._trouble()
        for user, person in self.people.items():
            if who.casefold() in (user.casefold(), person.name.casefold()):
                return replace(person.account, sessions_valid_from=person.sessions_valid_from)
        return NoAccount()

    async def accounts_of(self, employee: EmployeeId) -> tuple[Account, ...]:
        """The accounts with this employee id, in any case."""
        self._trouble()
        accounts = (
            replace(person.account, sessions_valid_from=person.sessions_valid_from)
            for person in self.people.values()
        )
        wanted = employee.casefold()
        return tuple(one for one in accounts if (one.employee_id or "").casefold() == wanted)

    async def mfa_state(self, user: UserId) -> PerUserMfaState | Unknown:
        """The person's per-user MFA state."""
        self._trouble()
        person = self._person(user)
        if user in self.unknown:
            return Unknown("The fake was told not to tell.")
        return person.state

    async def sessions_valid_from(self, user: UserId) -> datetime | Unknown:
        """Since when the person's sessions are valid."""
        self._trouble()
        return self._person(user).sessions_valid_from

    async def state(self, user: UserId) -> SignInState | NoAccount:
        """Whether the person can sign in."""
        self._trouble()
        person = self.people.get(user)
        if person is None:
            return NoAccount()
        return SignInState(
            open=person.account.enabled, password_changed_at=person.password_changed_at
        )

    async def blocked_by(
        self, user: UserId, since: datetime, until: datetime | None = None
    ) -> BlockedBy | Unknown:
        """Who has blocked the account since then, as far as the log has it."""
        self._trouble()
        told = self.now() - self.log_lags
        latest = told if until is None else min(told, until)
        by = {one for who, at, one in self.blocks if who == user and since <= at <= latest}
        if BlockedBy.OTHERS in by:
            return BlockedBy.OTHERS
        return BlockedBy.US if by else BlockedBy.NOBODY_YET

    async def guarded(self, user: UserId) -> bool | Unknown:
        """Whether a policy protects the registration."""
        self._person(user)
        return self.registration_guarded

    async def manager(self, user: UserId) -> UserId | NoAccount:
        """Whom the person reports to."""
        self._trouble()
        person = self.people.get(user)
        return (None if person is None else person.manager) or NoAccount()

    async def access(self, user: UserId) -> LegacyAccess | Unknown:
        """Whether old clients get in."""
        self._trouble()
        self._person(user)
        return self.legacy

    async def mailbox(self, user: UserId) -> Mailbox | NoMailbox | Unknown:
        """Which old protocols the person's mailbox takes."""
        self._trouble()
        return self.mailboxes.get(user, NoMailbox())

    async def close(self, user: UserId) -> None:
        """Shut them."""
        if not isinstance(self.mailboxes.get(user), Mailbox):
            raise MailboxRefused("The fake has no such mailbox.")
        self.mailboxes[user] = Mailbox(frozenset())

    async def app_passwords(
        self, span: Span, user: UserId | None = None
    ) -> tuple[LedgerEntry, ...]:
        """What the audit log has."""
        self._trouble()
        if self.audits_refused:
            raise PermissionMissing("The fake's log is not for everybody.")
        return tuple(
            line
            for line in self.audit_log
            if span.since <= line.at <= span.until and user in {None, line.user_id}
        )

    async def has_reports(self, user: UserId) -> bool:
        """Whether anybody's manager is this person."""
        self._trouble()
        self._person(user)
        return any(person.manager == user for person in self.people.values())

    async def methods(self, user: UserId) -> tuple[AuthenticationMethod, ...]:
        """The person's methods."""
        self._trouble()
        return self._person(user).methods

    async def memberships(self, user: UserId) -> Memberships:
        """Which groups the person belongs to."""
        self._trouble()
        self._person(user)
        known = {group: user in members for group, members in self.members.items()}
        return Memberships({**known, **{one: Unknown(why) for one, why in self.unusable.items()}})

    async def people_of(self, group: GroupId) -> tuple[UserId, ...]:
        """Everybody who belongs to a group."""
        self._trouble()
        return tuple(sorted(self._group(group)))

    async def newcomer(self, user: UserId) -> Newcomer | Unknown:
        """Whether anybody has used the account yet."""
        self._trouble()
        person = self._person(user)
        if not self.tells_sign_ins:
            return Unknown("The fake has no licence.")
        return Newcomer(
            created_at=person.created_at,
            employee_id=person.account.employee_id,
            has_signed_in=person.has_signed_in,
            password_changed_at=person.password_changed_at,
        )

    async def own_domains(self) -> frozenset[str] | Unknown:
        """The tenant's own domains."""
        self._trouble()
        return Unknown("The fake was told not to tell.") if self.domains is None else self.domains

    async def conditional_access(self) -> ConditionalAccess | Unknown:
        """What Conditional Access requires."""
        self._trouble()
        return self.policies

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,  # noqa: ARG002  (the port's guard reads it)
        lease: Lease,  # noqa: ARG002  (the port's guard confirms it)
        spender: Spender,  # noqa: ARG002  (budgets count by it)
        approved: bool = False,  # noqa: ARG002  (the port's guard rules)
    ) -> None:
        """Make it so; whoever is registered goes on to enforced at once, as in Entra."""
        self._trouble()
        match effect:
            case SetMfaState(state=state):
                self.people[user] = _settled(replace(self._person(user), state=state))
            case RevokeSessions():
                now = self.now().replace(microsecond=0)
                self.people[user] = replace(self._person(user), sessions_valid_from=now)
            case RemoveMethod(method_type, method_id):
                self._remove(user, method_type, method_id)
            case AddToGroup(group=group):
                self._person(user)
                self._group(group).add(user)
            case RemoveFromGroup(group=group):
                self._group(group).discard(user)
            case PreferMethod(preference):
                self._prefer(user, preference)
            case BlockSignIn() | UnblockSignIn():
                self._person(user)
                self.block(user, blocked=isinstance(effect, BlockSignIn), by=BlockedBy.US)
            case CloseMailbox():
                await self.close(user)
            case RegisterContact():
                await self._tell(user, effect)
            case _:
                assert_never(effect)
        self.writes.append((user, effect))
        if self.lost:
            raise self.lost.pop(0)

    def _remove(self, user: UserId, method_type: MethodType, method_id: str) -> None:
        """Let a method go; the default, and a mobile with an alternate, only as the last."""
        person = self._person(user)
        if method_type in {MethodType.PASSWORD, MethodType.UNRECOGNISED}:
            raise MethodNotRemovable("The fake can't remove it.")
        left = tuple(one for one in person.methods if one.method_id != method_id)
        default = person.default
        if method_id == default:
            wanted = MOBILES.get(method_id, PREFERENCES[method_type])
            alike = [one.method_id for one in left if _preference(one) == wanted]
            if not alike and any(map(_preference, left)):
                raise MethodStillNeeded("It is the default.")
            default = alike[0] if alike else None
        if method_id == MOBILE and any(one.method_id == ALTERNATE_MOBILE for one in left):
            raise MethodStillNeeded("There is an alternate one.")
        self.people[user] = replace(person, methods=left, default=default)

    def _prefer(self, user: UserId, preference: str) -> None:
        """Another method becomes the default."""
        person = self._person(user)
        chosen = next((one for one in person.methods if _preference(one) == preference), None)
        if chosen is None:
            raise RequestRejected("The person has no such method.")
        self.people[user] = replace(person, default=chosen.method_id)

    def _group(self, group: GroupId) -> set[UserId]:
        if group not in self.members or group in self.unusable:
            raise GroupUnusable(self.unusable.get(group, f"There is no group {group}."))
        return self.members[group]

    async def _tell(self, user: UserId, effect: RegisterContact) -> None:
        """Register what is kept for the case; never a second one of its kind."""
        person = self._person(user)
        contact = await self.contacts.find(effect.case_id, datetime.min.replace(tzinfo=UTC))
        value = contact.value(effect.contact) if isinstance(contact, Contact) else None
        if value is None:
            raise ContactGone("The fake keeps nothing.")
        kind = METHOD_OF[effect.contact]
        if any(method.method_type is kind for method in person.methods):
            raise RequestRejected("The person has one.")
        method = AuthenticationMethod(str(uuid4()), kind)
        self.people[user] = _settled(replace(person, methods=(*person.methods, method)))
        self.told.append((user, effect.contact, value))

    def _person(self, user: UserId) -> Person:
        if user not in self.people:
            raise AccountNotVisible("The fake has no such person.")
        return self.people[user]

    def _trouble(self) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble


def _preference(method: AuthenticationMethod) -> str | None:
    """What the method is called where it is the default."""
    return MOBILES.get(method.method_id, PREFERENCES.get(method.method_type))


def _settled(person: Person) -> Person:
    if person.state is PerUserMfaState.ENABLED and is_registered(person.methods):
        return replace(person, state=PerUserMfaState.ENFORCED)
    return person
