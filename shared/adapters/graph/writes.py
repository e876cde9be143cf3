"""Changes of people, written to Microsoft Graph."""

from typing import assert_never

import msgspec

from shared.adapters.graph.calls.call import Call
from shared.adapters.graph.calls.methods import PREFER_METHOD, REGISTER_EMAIL, REGISTER_PHONE
from shared.adapters.graph.calls.people import REVOKE_SESSIONS, SET_MFA_STATE, SET_SIGN_IN
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.groups import GraphGroups
from shared.adapters.graph.removals import REMOVALS
from shared.application.ports.clock import Clock
from shared.application.ports.contacts import Contacts
from shared.application.ports.leases import Lease
from shared.application.ports.mailboxes import Mailboxes
from shared.domain.authentication import MethodType
from shared.domain.budgets.flows import Spender
from shared.domain.contacts import ContactKind, NoContact
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mailboxes import CloseMailbox
from shared.domain.effects.methods import PreferMethod, RegisterContact, RemoveMethod
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.errors.directory import AccountNotVisible, MalformedAnswer, MethodNotRemovable
from shared.domain.errors.people import ContactGone
from shared.domain.ids import UserId


class GraphWrites:
    """The port `DirectoryWrites` on Microsoft Graph: one request per effect, no guard of its own.

    What is not Graph's to write, mailboxes, it hands on: there is one way only to change anybody.

    Bootstrap wraps it in `GuardedWrites`; nothing else may hold it.
    """

    def __init__(
        self,
        client: GraphClient,
        *,
        groups: GraphGroups,
        mailboxes: Mailboxes,
        contacts: Contacts,
        clock: Clock,
    ) -> None:
        self._client = client
        self._groups = groups
        self._mailboxes = mailboxes
        self._contacts = contacts
        self._clock = clock

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,  # noqa: ARG002  (the guard around this has read its row)
        lease: Lease,  # noqa: ARG002  (the guard around this has confirmed it)
        spender: Spender,  # noqa: ARG002  (budgets count by it)
        approved: bool = False,  # noqa: ARG002  (the guard around this has ruled)
    ) -> None:
        """Ask for an effect."""
        match effect:
            case SetMfaState(state=state):
                # `PATCH /beta/users/{id}/authentication/requirements`
                body = msgspec.json.encode({"perUserMfaState": state.value})
                answer = await self._client.send(SET_MFA_STATE, {"user": user}, body)
            case RevokeSessions():
                # `POST /v1.0/users/{id}/revokeSignInSessions`
                answer = await self._client.send(REVOKE_SESSIONS, {"user": user}, b"{}")
            case RemoveMethod(method_type, method_id):
                answer = await self._remove(user, method_type, method_id)
            case AddToGroup(group=group):
                answer = await self._groups.add(group, user)
            case RemoveFromGroup(group=group):
                answer = await self._groups.remove(group, user)
            case PreferMethod(preference=preference):
                # `PATCH /beta/users/{id}/authentication/signInPreferences`
                chosen = {"userPreferredMethodForSecondaryAuthentication": preference}
                body = msgspec.json.encode(chosen)
                answer = await self._client.send(PREFER_METHOD, {"user": user}, body)
            case BlockSignIn() | UnblockSignIn():
                # `PATCH /v1.0/users/{id}`
                body = msgspec.json.encode({"accountEnabled": isinstance(effect, UnblockSignIn)})
                answer = await self._client.send(SET_SIGN_IN, {"user": user}, body)
            case CloseMailbox():
                await self._mailboxes.close(user)
                return
            case RegisterContact():
                answer = await self._register(user, effect)
            case _:
                assert_never(effect)
        _check(effect.action, answer)

    async def _remove(self, user: UserId, method_type: MethodType, method_id: str) -> bytes:
        """`DELETE /users/{id}/authentication/...`; what is not there need not be removed."""
        call = REMOVALS.get(method_type)
        if call is None:
            raise MethodNotRemovable(f"No call removes a method of the type {method_type}.")
        try:
            return await self._client.send(call, {"user": user, "method": method_id})
        except AccountNotVisible:
            # 404: the method or the whole account is gone. The reading that follows tells which.
            return b""

    async def _register(self, user: UserId, effect: RegisterContact) -> bytes:
        """`POST /v1.0/users/{id}/authentication/phoneMethods` or `emailMethods`: never over one.

        Raises:
            ContactGone: nothing of the kind is kept for the case any more.
        """
        contact = await self._contacts.find(effect.case_id, self._clock.now())
        value = None if isinstance(contact, NoContact) else contact.value(effect.contact)
        if value is None:
            raise ContactGone("The contact data is no longer kept.")
        call, body = _registration(effect.contact, value)
        return await self._client.send(call, {"user": user}, msgspec.json.encode(body))


def _registration(kind: ContactKind, value: str) -> tuple[Call, dict[str, str]]:
    match kind:
        case ContactKind.MOBILE:
            return REGISTER_PHONE, {"phoneNumber": value, "phoneType": "mobile"}
        case ContactKind.EMAIL:
            return REGISTER_EMAIL, {"emailAddress": value}


def _check(action: str, answer: bytes) -> None:
    """See that the answer to a write is Graph's.

    204 has no body. One that can't be read is not Graph's, so the write may never have reached it.

    Raises:
        MalformedAnswer: it is none.
    """
    if not answer:
        return
    try:
        msgspec.json.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswer(f"{action}: the answer is not Graph's.") from error
