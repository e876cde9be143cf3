"""Reads about people, from Microsoft Graph."""

from datetime import UTC, datetime
from typing import Final

from shared.adapters.graph.answers import (
    MethodAnswer,
    ObjectAnswer,
    Page,
    RequirementsAnswer,
    SessionsAnswer,
    UserAnswer,
    read_answer,
)
from shared.adapters.graph.calls.methods import LIST_METHODS
from shared.adapters.graph.calls.people import (
    FIND_ACCOUNT,
    FIND_BY_EMPLOYEE_ID,
    LIST_REPORTS,
    READ_MANAGER,
    READ_MFA_STATE,
    READ_SESSIONS,
)
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import (
    AuthenticationMethod,
    MethodType,
    Passkey,
    PerUserMfaState,
    Unknown,
)
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.ids import EmployeeId, UserId, UserPrincipalName
from shared.domain.people.standing import is_synchronisation_account

_IN_AUTHENTICATOR: Final = frozenset(
    {"de1e552d-db1d-4423-a619-566b625cdc84", "90a3ccdf-635c-4729-a248-9b709135078f"}
)
"""Microsoft Authenticator on Android and on iOS:
https://learn.microsoft.com/entra/identity/authentication/how-to-enable-authenticator-passkey"""
_NO_MODEL: Final = "00000000-0000-0000-0000-000000000000"
_SYNCED: Final = "synced"

_METHOD_TYPES: Final = {
    f"#microsoft.graph.{method_type}AuthenticationMethod": method_type
    for method_type in MethodType
    if method_type is not MethodType.UNRECOGNISED
}


class GraphDirectory:
    """The ports `Directory`, `EmployeeNumbers` and `Managers` on Microsoft Graph.

    One request per read, and one per further page.
    """

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
        return _account(read_answer(body, UserAnswer))

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

    async def sessions_valid_from(self, user: UserId) -> datetime | Unknown:
        """Since when sessions are valid. `GET /v1.0/users/{id}?$select=signInSessions...`."""
        body = await self._client.send(READ_SESSIONS, {"user": user})
        read = read_answer(body, SessionsAnswer).sign_in_sessions_valid_from_date_time
        if read is None:
            return Unknown("Graph's answer does not say since when sessions are valid.")
        return read.astimezone(UTC)

    async def manager(self, user: UserId) -> UserId | NoAccount:
        """Whom they report to. `GET /v1.0/users/{id}/manager`; 404 where there is nobody."""
        try:
            body = await self._client.send(READ_MANAGER, {"user": user})
        except AccountNotVisible:
            return NoAccount()
        return UserId(read_answer(body, ObjectAnswer).id)

    async def has_reports(self, user: UserId) -> bool:
        """Whether anybody reports to them. `GET /v1.0/users/{id}/directReports?$top=1`."""
        body = await self._client.send(LIST_REPORTS, {"user": user})
        return bool(read_answer(body, Page[ObjectAnswer]).value)

    async def methods(self, user: UserId) -> tuple[AuthenticationMethod, ...]:
        """The authentication methods. `GET /beta/users/{id}/authentication/methods`."""
        found = await read_pages(self._client, LIST_METHODS, {"user": user}, Page[MethodAnswer])
        return tuple(_method(entry) for entry in found)

    async def accounts_of(self, employee: EmployeeId) -> tuple[Account, ...]:
        """The accounts with an employee id. `GET /v1.0/users?$filter=employeeId eq '...'`."""
        found = await read_pages(
            self._client, FIND_BY_EMPLOYEE_ID, {"employee_id": employee}, Page[UserAnswer]
        )
        return tuple(_account(user) for user in found)


def _account(user: UserAnswer) -> Account:
    valid_from = user.sign_in_sessions_valid_from_date_time
    return Account(
        user_id=UserId(user.id),
        enabled=user.account_enabled,
        guest=(user.user_type or "").casefold() == "guest",
        employee_id=EmployeeId(user.employee_id) if user.employee_id else None,
        created_at=user.created_date_time,
        service=is_synchronisation_account(user.user_principal_name, user.display_name or ""),
        name=UserPrincipalName(user.user_principal_name),
        sessions_valid_from=None if valid_from is None else valid_from.astimezone(UTC),
    )


def _method(entry: MethodAnswer) -> AuthenticationMethod:
    method_type = _METHOD_TYPES.get(entry.odata_type, MethodType.UNRECOGNISED)
    return AuthenticationMethod(
        method_id=entry.id, method_type=method_type, passkey=_passkey(entry, method_type)
    )


def _passkey(entry: MethodAnswer, method_type: MethodType) -> Passkey | None:
    """Where a passkey is held, as far as its model tells."""
    if method_type is not MethodType.FIDO2:
        return None
    if (entry.aa_guid or "").casefold() in _IN_AUTHENTICATOR:
        return Passkey.PHONE
    known = entry.model and entry.aa_guid not in {None, "", _NO_MODEL}
    return Passkey.SECURITY_KEY if known and entry.passkey_type != _SYNCED else Passkey.UNKNOWN
