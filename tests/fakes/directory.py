"""The directory in memory, with Entra's habits."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import assert_never

from shared.application.ports.contacts import Contacts
from shared.application.ports.leases import Lease
from shared.domain.accounts import BlockedBy
from shared.domain.budgets.flows import Spender
from shared.domain.contacts import Contact, ContactKind
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.effects.methods import METHOD_OF, PreferMethod, RegisterContact, RemoveMethod
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import RequestRejected
from shared.domain.errors.mailboxes import MailboxRefused
from shared.domain.errors.people import ContactGone
from shared.domain.ids import UserId
from shared.domain.mailboxes import Mailbox
from tests.fakes.contacts import FakeContacts
from tests.fakes.directory_reads import DirectoryReads
from tests.fakes.person import in_state, preferring, registered, without


@dataclass
class FakeDirectory(DirectoryReads):
    """The ports that read the directory and change it, over a tenant in memory.

    Attributes:
        writes: every write that was asked for and done, in order.
        lost: what the next writes raise after they were done.
        contacts: what is kept for cases.
        told: the contact data that was registered for people.
    """

    writes: list[tuple[UserId, Request]] = field(default_factory=list)
    lost: list[LifecycleError] = field(default_factory=list)
    contacts: Contacts = field(default_factory=FakeContacts)
    told: list[tuple[UserId, ContactKind, str]] = field(default_factory=list)

    async def close(self, user: UserId) -> None:
        """Shut the old protocols of a person's mailbox."""
        if not isinstance(self.mailboxes.get(user), Mailbox):
            raise MailboxRefused("The fake has no such mailbox.")
        self.mailboxes[user] = Mailbox(frozenset())

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
                self.people[user] = in_state(self._person(user), state)
            case RevokeSessions():
                now = self.now().replace(microsecond=0)
                self.people[user] = replace(self._person(user), sessions_valid_from=now)
            case RemoveMethod(method_type, method_id):
                self.people[user] = without(self._person(user), method_type, method_id)
            case AddToGroup(group=group):
                self._person(user)
                self._group(group).add(user)
            case RemoveFromGroup(group=group):
                self._group(group).discard(user)
            case PreferMethod(preference):
                self.people[user] = preferring(self._person(user), preference)
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
        self.people[user] = registered(person, kind)
        self.told.append((user, effect.contact, value))
