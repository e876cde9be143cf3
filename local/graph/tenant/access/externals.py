"""Guests and external people: what kind somebody is, and whom a policy means by kinds.

Source: https://learn.microsoft.com/entra/external-id/authentication-conditional-access
(external user types) and https://learn.microsoft.com/graph/api/resources/user (`creationType`).
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

_MADE_ELSEWHERE = frozenset({"Invitation", "SelfServiceSignUp"})


class ExternalKind(StrEnum):
    """The kinds of which the directory has an object.

    B2B direct connect users and service providers have none, so nobody here is one.
    """

    INTERNAL_GUEST = "internalGuest"
    B2B_GUEST = "b2bCollaborationGuest"
    B2B_MEMBER = "b2bCollaborationMember"

    @property
    def elsewhere(self) -> bool:
        """They prove who they are somewhere else."""
        return self is not ExternalKind.INTERNAL_GUEST


def external_kind(
    upn: str, user_type: object, creation_type: object, external_state: object
) -> ExternalKind | None:
    """What kind of guest or external somebody is; None = an ordinary member."""
    elsewhere = (
        "#ext#" in upn.casefold() or creation_type in _MADE_ELSEWHERE or external_state is not None
    )
    if user_type == "Guest":
        return ExternalKind.B2B_GUEST if elsewhere else ExternalKind.INTERNAL_GUEST
    return ExternalKind.B2B_MEMBER if elsewhere else None


def names_kind(
    chosen: Mapping[str, Any] | None, kind: ExternalKind | None, home_tenant: str | None
) -> bool:
    """A policy's `includeGuestsOrExternalUsers` (or exclude...) means this person."""
    if chosen is None or kind is None:
        return False
    if kind not in chosen["guestOrExternalUserTypes"].split(","):
        return False
    tenants = chosen["externalTenants"]
    if tenants is None or tenants["membershipKind"] == "all" or not kind.elsewhere:
        return True
    return home_tenant in tenants["members"]
