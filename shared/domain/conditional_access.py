"""What a tenant's Conditional Access policies require, as far as cases have to know it."""

from dataclasses import dataclass

from shared.domain.ids import GroupId


@dataclass(frozen=True, slots=True, kw_only=True)
class ConditionalAccess:
    """What the policies that are switched on require.

    Attributes:
        requires_mfa: whether any of them requires MFA of anybody.
        groups: the groups of whose members one of them requires MFA at every sign-in: for all
            applications and clients, under no condition, and with nobody excluded.
    """

    requires_mfa: bool
    groups: frozenset[GroupId] = frozenset()
