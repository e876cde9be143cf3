"""The principal that App Service Authentication injects after it has validated a token.

https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
It counts only where the platform says that it guards this app; elsewhere anybody could send such a
header.
"""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import msgspec

from shared.domain.errors.requests import NotSignedIn

PRINCIPAL_HEADER: Final = "x-ms-client-principal"
_OBJECT_ID_CLAIMS: Final = {
    "oid",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
}
_ROLE_CLAIMS: Final = {"roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"}


class _Claim(msgspec.Struct, frozen=True):
    typ: str
    val: str


class _Document(msgspec.Struct, frozen=True):
    claims: list[_Claim]
    role_typ: str = "roles"


@dataclass(frozen=True, slots=True)
class Principal:
    """Whose token it was: a person's or a service's.

    Attributes:
        object_id: their object id, in small letters.
        roles: the values of their role claims.
    """

    object_id: str
    roles: frozenset[str]


def is_guarded(environment: Mapping[str, str]) -> bool:
    """Whether App Service Authentication guards this app."""
    return environment.get("WEBSITE_AUTH_ENABLED", "").lower() == "true"


def principal_of(header: str) -> Principal:
    """The principal in a header.

    Raises:
        NotSignedIn: the header can't be read, or it has no single object id.
    """
    try:
        document = msgspec.json.decode(base64.b64decode(header, validate=True), type=_Document)
    except (binascii.Error, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotSignedIn("The principal can't be read.") from error
    # Two people are told apart by their ids, so the same id is written in one way.
    ids = {claim.val.lower() for claim in document.claims if claim.typ in _OBJECT_ID_CLAIMS}
    if len(ids) != 1 or "" in ids:
        raise NotSignedIn("The principal has no single object id.")
    roles = {
        claim.val
        for claim in document.claims
        if claim.typ in _ROLE_CLAIMS or claim.typ == document.role_typ
    }
    return Principal(object_id=ids.pop(), roles=frozenset(roles))
