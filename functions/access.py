"""Who is signed in, and what they may do (design: deny by default).

The principal is the one that App Service Authentication injects after it has validated the token:
https://learn.microsoft.com/azure/app-service/configure-authentication-user-identities
It is honoured only where the platform says that it guards this app; elsewhere anybody could send
such a header.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import azure.functions as func
import msgspec

from shared.domain.errors import NotSignedIn, RoleMissing

_PRINCIPAL_HEADER: Final = "x-ms-client-principal"
_OBJECT_ID_CLAIMS: Final = {
    "oid",
    "http://schemas.microsoft.com/identity/claims/objectidentifier",
}
_ROLE_CLAIMS: Final = {"roles", "http://schemas.microsoft.com/ws/2008/06/identity/claims/role"}


class Role(StrEnum):
    """The app roles, as they are assigned in Entra ID."""

    READER = "Reader"
    HELPDESK = "Helpdesk"
    APPROVER = "Approver"
    ADMIN = "Admin"


ANYBODY: Final = frozenset(Role)
"""Every role may read."""


class _Claim(msgspec.Struct, frozen=True):
    typ: str
    val: str


class _Principal(msgspec.Struct, frozen=True):
    claims: list[_Claim]
    role_typ: str = "roles"


@dataclass(frozen=True, slots=True)
class Person:
    """A signed-in person.

    Attributes:
        object_id: their object id; it stands in cases and registries as the actor.
        roles: the app roles that they hold.
    """

    object_id: str
    roles: frozenset[Role]


def signed_in(req: func.HttpRequest, allowed: frozenset[Role]) -> Person:
    """The person who sends the request, if they hold one of the roles.

    Raises:
        NotSignedIn: nobody is signed in, or the platform does not guard this app.
        RoleMissing: they hold none of the roles.
    """
    if os.environ.get("WEBSITE_AUTH_ENABLED", "").lower() != "true":
        raise NotSignedIn("App Service Authentication does not guard this app.")
    header = req.headers.get(_PRINCIPAL_HEADER)
    if not header:
        raise NotSignedIn("The request names no signed-in person.")
    person = _person(header)
    if not person.roles & allowed:
        raise RoleMissing(f"One of these app roles is needed: {', '.join(sorted(allowed))}.")
    return person


def _person(header: str) -> Person:
    try:
        principal = msgspec.json.decode(base64.b64decode(header, validate=True), type=_Principal)
    except (binascii.Error, msgspec.DecodeError, ValueError, RecursionError) as error:
        raise NotSignedIn("The principal can't be read.") from error
    # Two people are told apart by their ids, so the same id is written in one way.
    ids = {claim.val.lower() for claim in principal.claims if claim.typ in _OBJECT_ID_CLAIMS}
    if len(ids) != 1 or "" in ids:
        raise NotSignedIn("The principal has no single object id.")
    names = {
        claim.val
        for claim in principal.claims
        if claim.typ in _ROLE_CLAIMS or claim.typ == principal.role_typ
    }
    return Person(object_id=ids.pop(), roles=frozenset(role for role in Role if role in names))
