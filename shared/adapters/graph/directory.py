"""Reads about people, from Microsoft Graph."""

from typing import Final

from shared.adapters.graph.answers import (
    MethodAnswer,
    MethodsAnswer,
    RequirementsAnswer,
    UserAnswer,
    read_answer,
)
from shared.adapters.graph.calls import (
    FIND_ACCOUNT,
    LIST_METHODS,
    LIST_MORE_METHODS,
    READ_MFA_STATE,
)
from shared.adapters.graph.client import GraphClient
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import (
    AuthenticationMethod,
    MethodType,
    PerUserMfaState,
    Unknown,
)
from shared.domain.errors import AccountNotVisible, MalformedAnswer
from shared.domain.ids import EmployeeId, UserId, UserPrincipalName

_MOST_PAGES: Final = 20
_METHOD_TYPES: Final = {
    f"#microsoft.graph.{method_type}AuthenticationMethod": method_type
    for method_type in MethodType
    if method_type is not MethodType.UNRECOGNISED
}


class GraphDirectory:
    """The `Directory` port on Microsoft Graph: one request per read, and one per further page."""

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def find_account(self, who: UserId | UserPrincipalName) -> Account | NoAccount:
        """The account with this object id or sign-in name. `GET /v1.0/users/{id or UPN}`."""
        if not who.strip("."):
            # As a path segment it would name the list of users, or nothing at all.
            return NoAccount()
        try:
            body = await self._client.send(FIND_ACCOUNT, {"user": who})
        except AccountNotVisible:
            return NoAccount()
        user = read_answer(body, UserAnswer)
        return Account(
            user_id=UserId(user.id),
            enabled=user.account_enabled,
            guest=(user.user_type or "").casefold() == "guest",
            employee_id=EmployeeId(user.employee_id) if user.employee_id else None,
        )

    async def mfa_state(self, user: UserId) -> PerUserMfaState | Unknown:
        """The per-user MFA state. `GET /beta/users/{id}/authentication/requirements`."""
        body = await self._client.send(READ_MFA_STATE, {"user": user})
        state = read_answer(body, RequirementsAnswer).per_user_mfa_state
        if state is None:
            return Unknown("Graph's answer holds no per-user MFA state.")
        try:
            return PerUserMfaState(state)
        except ValueError:
            return Unknown("Graph's answer holds a per-user MFA state that we don't know.")

    async def methods(self, user: UserId) -> tuple[AuthenticationMethod, ...]:
        """The authentication methods. `GET /beta/users/{id}/authentication/methods`."""
        page = read_answer(await self._client.send(LIST_METHODS, {"user": user}), MethodsAnswer)
        found = [_method(entry) for entry in page.value]
        pages = 1
        while page.next_link is not None:
            if not self._client.is_own(page.next_link):
                raise MalformedAnswer("methods.list: the next page is said to be elsewhere.")
            if pages == _MOST_PAGES:
                raise MalformedAnswer("methods.list: the pages do not end.")
            body = await self._client.send(LIST_MORE_METHODS, {"link": page.next_link})
            page = read_answer(body, MethodsAnswer)
            found += [_method(entry) for entry in page.value]
            pages += 1
        return tuple(found)


def _method(entry: MethodAnswer) -> AuthenticationMethod:
    method_type = _METHOD_TYPES.get(entry.odata_type, MethodType.UNRECOGNISED)
    return AuthenticationMethod(method_id=entry.id, method_type=method_type)
