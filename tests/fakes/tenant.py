"""A tenant in memory: what is true in it, and what its people do."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

from shared.domain.accounts import Account, BlockedBy
from shared.domain.authentication import MethodType, Unknown
from shared.domain.conditional_access.answers import LegacyAccess, MfaRequired
from shared.domain.ids import EmployeeId, GroupId, UserId, UserPrincipalName
from shared.domain.ledger import Doing, LedgerEntry
from shared.domain.mailboxes import Mailbox
from shared.domain.people.standing import is_synchronisation_account
from tests.fakes.person import BORN, PREFERENCES, Person, registered

NO_POLICY = MfaRequired(of_anybody=False)


@dataclass
class FakeTenant:
    """What is true of everybody; where it is `Unknown`, the directory can't tell it.

    Attributes:
        people: what is true, by object id.
        now: the time.
        members: who belongs to each group.
        domains: the tenant's own; None where it does not tell.
        policies: what Conditional Access requires.
        blocks: whose sign-in was blocked, when, and by whom.
        registration_guarded: whether a policy protects the registration.
        legacy: whether old clients get in.
        mailboxes: who has a mailbox, and which old protocols it takes.
        audit_log: what the audit log still has about app passwords.
    """

    people: dict[UserId, Person] = field(default_factory=dict)
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    members: dict[GroupId, set[UserId]] = field(default_factory=dict)
    domains: frozenset[str] | None = frozenset({"contoso.example"})
    policies: MfaRequired | Unknown = NO_POLICY
    blocks: list[tuple[UserId, datetime, BlockedBy]] = field(default_factory=list)
    registration_guarded: bool | Unknown = False
    legacy: LegacyAccess | Unknown = LegacyAccess.BLOCKED
    mailboxes: dict[UserId, Mailbox | Unknown] = field(default_factory=dict)
    audit_log: list[LedgerEntry] = field(default_factory=list)

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
        person = registered(replace(self.people[user], has_signed_in=True), method_type)
        if person.default is None and method_type in PREFERENCES:
            person = replace(person, default=person.methods[-1].method_id)
        self.people[user] = person

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
