"""What a sweep reads of a tenant as a whole."""

from dataclasses import dataclass

from shared.domain.authentication import Unknown
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
class TenantReading:
    """What was read of a tenant.

    Attributes:
        settings: what it requires.
        held: who holds directory roles.
        eligible: who may activate one; empty without the licence.
        role_groups: the groups that can hold roles, in small letters.
        trusted_domains: the domains whose identity provider does MFA that is trusted here.
        home_mfa_trusted: whether MFA that guests did in their own organisation is trusted here.
        certificates: whether people may sign in with certificates that count as MFA.
        people: how many people there are, roughly.
    """

    settings: Settings
    held: tuple[Holding, ...] | Unknown = ()
    eligible: tuple[Holding, ...] | Unknown = ()
    role_groups: frozenset[str] | Unknown = frozenset()
    trusted_domains: tuple[str, ...] | Unknown = ()
    home_mfa_trusted: bool | Unknown = False
    certificates: bool | Unknown = False
    people: int = 0
