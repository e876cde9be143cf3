"""Who is signed in, and what they may do (design: deny by default)."""

import os
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import azure.functions as func

from shared.contracts.principal import PRINCIPAL_HEADER, is_guarded, principal_of
from shared.domain.errors.requests import NotSignedIn, RoleMissing


class Role(StrEnum):
    """The app roles, as they are assigned in Entra ID."""

    READER = "Reader"
    HELPDESK = "Helpdesk"
    APPROVER = "Approver"
    ADMIN = "Admin"


ANYBODY: Final = frozenset(Role)
"""Every role may read."""


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
    if not is_guarded(os.environ):
        raise NotSignedIn("App Service Authentication does not guard this app.")
    header = req.headers.get(PRINCIPAL_HEADER)
    if not header:
        raise NotSignedIn("The request names no signed-in person.")
    principal = principal_of(header)
    roles = frozenset(role for role in Role if role in principal.roles)
    if not roles & allowed:
        raise RoleMissing(f"One of these app roles is needed: {', '.join(sorted(allowed))}.")
    return Person(object_id=principal.object_id, roles=roles)
