"""What a tenant's Conditional Access policies require, as far as cases have to know it."""

from collections.abc import Mapping
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Grant:
    """What a policy asks for before it lets anybody in.

    Attributes:
        all_needed: whether all of it is needed; otherwise any one is enough.
        controls: the built-in controls, by Graph's names.
        strength_is_mfa: whether it names an authentication strength, and one that is MFA; None
            where it names none.
        others: how many other things it would take for an answer: terms of use, custom factors.
    """

    all_needed: bool = False
    controls: frozenset[str] = frozenset()
    strength_is_mfa: bool | None = None
    others: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInPolicy:
    """A Conditional Access policy that is switched on; report-only ones are none.

    Attributes:
        conditions: when it applies, by Graph's names, without what it leaves open.
        grant: what it asks for; None where it is about sessions only.
    """

    conditions: Mapping[str, object]
    grant: Grant | None
