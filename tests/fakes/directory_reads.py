"""What the directory in memory tells of a tenant."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from shared.domain.accounts import Account, BlockedBy, NoAccount, SignInState
from shared.domain.authentication import AuthenticationMethod, PerUserMfaState, Unknown
from shared.domain.conditional_access.answers import LegacyAccess, MfaRequired
from shared.domain.contacts import Newcomer
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible, GroupUnusable, PermissionMissing
from shared.domain.groups import Memberships
from shared.domain.ids import EmployeeId, GroupId, UserId, UserPrincipalName
from shared.domain.ledger import LedgerEntry, Span
from shared.domain.mailboxes import Mailbox, NoMailbox
from tests.fakes.person import Person
from tests.fakes.tenant import FakeTenant


@dataclass
class DirectoryReads(FakeTenant):
    """The ports that read the directory, over a tenant in memory.

    Attributes:
        troubles: what the next calls raise, in order; None lets a call through.
        unknown: people whose state the directory does not tell.
        unusable: the groups that must not be used, and why.
        tells_sign_ins: whether the tenant's licence lets it tell who signed in.
        log_lags: after how long the audit log tells who has blocked somebody.
        audits_refused: whether nobody may read it.
    """

    troubles: list[LifecycleError | None] = field(default_factory=list)
    unknown: set[UserId] = field(default_factory=set)
    unusable: dict[GroupId, str] = field(default_factory=dict)
    tells_sign_ins: bool = True
    log_lags: timedelta = timedelta(0)
    audits_refused: bool = False

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

    async def conditional_access(self) -> MfaRequired | Unknown:
        """What Conditional Access requires."""
        self._trouble()
        return self.policies

    def _group(self, group: GroupId) -> set[UserId]:
        if group not in self.members or group in self.unusable:
            raise GroupUnusable(self.unusable.get(group, f"There is no group {group}."))
        return self.members[group]

    def _person(self, user: UserId) -> Person:
        if user not in self.people:
            raise AccountNotVisible("The fake has no such person.")
        return self.people[user]

    def _trouble(self) -> None:
        trouble = self.troubles.pop(0) if self.troubles else None
        if trouble is not None:
            raise trouble
