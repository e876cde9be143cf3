"""What a sweep reads of people, a row each."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.means import Means


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonRow:
    """A person in the directory.

    Attributes:
        user_id: who, in small letters.
        sign_in_name: their user principal name.
        display_name: what people call them.
        department: where they work; empty where it is not told.
        enabled: whether they may sign in at all.
        guest: which kind of guest they are; None for a member of the organisation.
        licensed: whether any licence is assigned to them.
        numbered: whether they have an employee id.
        since: when they were hired, or else when the account was made.
        made: when the account was made; None where it is not told.
        state: their per-user MFA state; None where the list did not tell it.
        agent: whether it is no person, but the user account of an agent.
    """

    user_id: UserId
    sign_in_name: str
    display_name: str = ""
    department: str = ""
    enabled: bool = True
    guest: GuestKind | None = None
    licensed: bool = False
    numbered: bool = False
    since: datetime | None = None
    made: datetime | None = None
    state: PerUserMfaState | None = None
    agent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRow:
    """What somebody has registered, as the report or the live list tells it.

    Attributes:
        user_id: who, in small letters.
        means: what they have registered.
        capable: whether the tenant's policy lets them use it for MFA; None in the live list, which
            does not tell.
        keys: the models (AAGUIDs, in small letters) of their passkeys; None where they are not
            told, as in the report.
        sspr_registered: whether they have what a self-service password reset takes.
        sspr_enabled: whether the tenant lets them reset their password themselves.
        sspr_capable: both.
    """

    user_id: UserId
    means: frozenset[Means] = frozenset()
    capable: bool | None = False
    keys: frozenset[str] | None = None
    sspr_registered: bool = False
    sspr_enabled: bool = False
    sspr_capable: bool = False


class Link(StrEnum):
    """How people are bound to a group."""

    MEMBER = "member"
    COULD_JOIN = "could-join"
    """They own it or a group inside it, or may activate membership or ownership of one."""


@dataclass(frozen=True, slots=True)
class MemberRow:
    """A person who is bound to a group, directly or through others."""

    group_id: GroupId
    user_id: UserId
    link: Link = Link.MEMBER
