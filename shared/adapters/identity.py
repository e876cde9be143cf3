"""Who the app is: its managed identity, or on a developer's machine the developer."""

import base64
import binascii
from dataclasses import dataclass
from enum import StrEnum

import msgspec
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError
from azure.identity.aio import DefaultAzureCredential, ManagedIdentityCredential

from shared.application.ports.directory import Directory
from shared.domain.accounts import OwnIdentity
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import PermissionMissing, StateUnknown
from shared.domain.ids import UserId


class IdentityKind(StrEnum):
    """Where tokens come from."""

    MANAGED = "managed"
    """The managed identity of the function app; the local stack plays its endpoint."""
    DEVELOPER = "developer"
    """`AZURE_*` variables of an app registration, or who is signed in to the Azure tools."""


def open_credential(
    kind: IdentityKind, *, client_id: str | None, authority: str
) -> AsyncTokenCredential:
    """The one credential that every adapter of a process shares. Its opener closes it.

    Args:
        kind: where tokens come from.
        client_id: of a user-assigned managed identity; None for the system-assigned one.
        authority: where Entra ID gives tokens in this cloud. A managed identity does not need it:
            its endpoint knows.
    """
    match kind:
        case IdentityKind.MANAGED:
            return ManagedIdentityCredential(client_id=client_id)
        case IdentityKind.DEVELOPER:
            return DefaultAzureCredential(
                authority=authority, exclude_managed_identity_credential=True
            )


class _Claims(msgspec.Struct):
    roles: frozenset[str] = frozenset()
    scp: str | None = None
    appid: str | None = None
    azp: str | None = None
    oid: str | None = None


async def own_identity(credential: AsyncTokenCredential, scope: str) -> OwnIdentity | Unknown:
    """Who the identity is to the directory, by the claims of its token.

    Args:
        credential: whose token to look at.
        scope: what the token is for.

    Returns:
        Its ids, or `Unknown` where there is no token, or none that tells.
    """
    claims = await _read_claims(credential, scope)
    if isinstance(claims, Unknown):
        return claims
    told = (claims.appid, claims.azp, claims.oid)
    names = frozenset(name.casefold() for name in told if name)
    return OwnIdentity(names) if names else Unknown("The token does not tell whose it is.")


async def held_roles(credential: AsyncTokenCredential, scope: str) -> frozenset[str] | Unknown:
    """Which application roles the identity's token holds, so that a missing one can be named.

    It says what an empty answer is worth, and what to name in a health check; what a token permits,
    its resource decides. A token without roles has no `roles` claim at all.

    Args:
        credential: whose token to look at.
        scope: what the token is for.

    Returns:
        The roles, or `Unknown` where there is no token, none that can be read, or a person's.
    """
    claims = await _read_claims(credential, scope)
    if isinstance(claims, Unknown):
        return claims
    if claims.scp is not None:
        return Unknown("The token is a person's; it holds scopes and no application roles.")
    return claims.roles


async def _read_claims(credential: AsyncTokenCredential, scope: str) -> _Claims | Unknown:
    try:
        token = (await credential.get_token(scope)).token
    except AzureError as error:
        return Unknown(f"No token: {type(error).__name__}.")
    return _claims(token) or Unknown("The token can't be read.")


def _claims(token: str) -> _Claims | None:
    try:
        _, payload, _ = token.split(".")
        decoded = base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4))
        return msgspec.json.decode(decoded, type=_Claims)
    except (ValueError, binascii.Error, msgspec.DecodeError):
        return None


_NOBODY = UserId("00000000-0000-0000-0000-000000000000")
"""An id that no object has: asking for it shows that Graph answers, and reads nobody."""


@dataclass(frozen=True, slots=True)
class GraphPermitsUs:
    """A health check that compares the roles in our token with those that the app needs."""

    credential: AsyncTokenCredential
    scope: str
    needed: frozenset[str]
    directory: Directory

    async def __call__(self) -> None:
        """Return if every role is there and Graph answers.

        Raises:
            DirectoryUnavailable: Graph does not answer.
            StateUnknown: there is no token, or it can't be read.
            PermissionMissing: a role is missing; the detail names it.
        """
        held = await held_roles(self.credential, self.scope)
        if isinstance(held, Unknown):
            raise StateUnknown(held.reason)
        missing = sorted(self.needed - held)
        if missing:
            raise PermissionMissing(f"Missing application roles: {', '.join(missing)}.")
        await self.directory.find_account(_NOBODY)
