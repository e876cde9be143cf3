"""What a sweep reads of a tenant as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from shared.domain.authentication import Unknown
from shared.domain.ids import GroupId
from shared.domain.posture.tenant import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Somebody, or a group, who holds a directory role, or may activate one.

    Attributes:
        principal_id: who, in small letters.
        role: which, by template id in small letters.
        tenant_wide: whether it holds for the whole tenant.
    """

    principal_id: str
    role: str
    tenant_wide: bool


class Link(StrEnum):
    """How people are bound to a group."""

    MEMBER = "member"
    COULD_JOIN = "could-join"
    """They own it, or may activate membership or ownership."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedGroup:
    """A group that matters, and what could be read of it.

    Attributes:
        group_id: which, in small letters.
        unread: why nobody can tell who belongs to it; None where that was read, and where there is
            no such group any more.
    """

    group_id: GroupId
    unread: Unknown | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantReading:
    """What was read of a tenant.

    Attributes:
        settings: what it requires.
        held: who holds directory roles.
        eligible: who may activate one; empty without the licence.
        role_groups: the groups that may hold a role, in small letters: some of `held` and
            `eligible` are among them.
        trusted_domains: the domains whose identity provider does every MFA, in small letters.
        doubtful_domains: those of which nobody can tell whether it does, with the cause: its MFA is
            accepted where it does it, and otherwise asked for here.
        home_mfa_trusted: whether MFA that guests did in their own organisation is trusted here.
        certificates: whether people may sign in with certificates that count as MFA.
        people: how many people there are, roughly; guests too.
    """

    settings: Settings
    held: tuple[Holding, ...] | Unknown = ()
    eligible: tuple[Holding, ...] | Unknown = ()
    role_groups: tuple[GroupId, ...] | Unknown = ()
    trusted_domains: tuple[str, ...] | Unknown = ()
    doubtful_domains: Mapping[str, Unknown] = field(default_factory=dict, hash=False)
    home_mfa_trusted: bool | Unknown = False
    certificates: bool | Unknown = False
    people: int | Unknown = 0
