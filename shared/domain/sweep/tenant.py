"""What a sweep reads of a tenant as a whole."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Users
from shared.domain.ids import UserId
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


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecords:
    """What our own records say of people; all ids in small letters.

    Attributes:
        exempt: who is exempt now.
        unreadable: of whom nobody can tell that.
        overdue: whose exemption is over, while they are not put back yet.
        break_glass: the accounts that are kept for emergencies.
        deadlines: until when people have to register who were asked to.
        grace: how long new people have for it.
    """

    exempt: frozenset[UserId] = frozenset()
    unreadable: frozenset[UserId] = frozenset()
    overdue: frozenset[UserId] = frozenset()
    break_glass: frozenset[UserId] = frozenset()
    deadlines: Mapping[UserId, datetime] = field(default_factory=dict, hash=False)
    grace: timedelta = timedelta(days=14)


@dataclass(frozen=True, slots=True, kw_only=True)
class TenantReading:
    """What was read of a tenant.

    Attributes:
        settings: what it requires.
        held: who holds directory roles.
        eligible: who may activate one; empty without the licence.
        role_groups: the groups that can hold roles, in small letters.
        trusted_domains: the domains whose identity provider does every MFA, in small letters.
        doubtful_domains: those of which nobody can tell whether it does, with the cause: its MFA is
            accepted where it does it, and otherwise asked for here.
        home_mfa_trusted: whether MFA that guests did in their own organisation is trusted here.
        certificates: whom the tenant lets sign in with certificates that count as MFA, where the
            method is on.
        records: what our own records say of people.
        people: how many people there are, roughly; guests too.
        named_locations: why those that policies name could not be read; None where they were.
        authentication_strengths: the same of those that policies ask for.
    """

    settings: Settings
    held: tuple[Holding, ...] | Unknown = ()
    eligible: tuple[Holding, ...] | Unknown = ()
    role_groups: frozenset[str] | Unknown = frozenset()
    trusted_domains: tuple[str, ...] | Unknown = ()
    doubtful_domains: Mapping[str, Unknown] = field(default_factory=dict, hash=False)
    home_mfa_trusted: bool | Unknown = False
    certificates: tuple[Users, ...] | Unknown = ()
    records: OwnRecords = field(default_factory=OwnRecords)
    people: int = 0
    named_locations: Unknown | None = None
    authentication_strengths: Unknown | None = None
