"""What the tenant's authentication methods policy says about passes, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.domain.errors.passes import PassNotAllowed, RegistersElsewhere

EVERYBODY: Final = "all_users"
"""Graph's name for a target that means everybody."""

PASSES: Final = "temporaryaccesspass"
CERTIFICATES: Final = "x509certificate"
_NOT_REGISTRABLE: Final = frozenset({PASSES, CERTIFICATES, "email", "qrcodepin"})
"""Methods with which nobody becomes MFA registered. Whatever is not here may be one that does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodRule:
    """Who may use one method.

    Attributes:
        enabled: False where the method is off for everybody.
        included: object ids of groups in small letters, and `EVERYBODY`.
        excluded: likewise; who is in both is excluded.
    """

    enabled: bool
    included: frozenset[str]
    excluded: frozenset[str]

    @property
    def groups(self) -> frozenset[str]:
        """The groups on whose members the rule depends."""
        return (self.included | self.excluded) - {EVERYBODY} if self.enabled else frozenset()

    def allows(self, groups: frozenset[str]) -> bool:
        """Whether it lets somebody in these groups use the method."""
        mine = groups | {EVERYBODY}
        return self.enabled and bool(self.included & mine) and not self.excluded & mine


@dataclass(frozen=True, slots=True, kw_only=True)
class PassLimits:
    """The limits within which a pass can be made.

    Attributes:
        shortest: the shortest lifetime.
        longest: the longest.
        once_only: whether every pass can be used only once.
    """

    shortest: timedelta
    longest: timedelta
    once_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodsPolicy:
    """The authentication methods policy, as far as passes depend on it.

    Attributes:
        rules: who may use each method, by Graph's id of it in small letters.
        limits: of passes.
    """

    rules: Mapping[str, MethodRule]
    limits: PassLimits

    @property
    def groups(self) -> frozenset[str]:
        """The groups whose members have to be known for a decision about one person."""
        certificates = self.rules.get(CERTIFICATES)
        if certificates is None or not certificates.enabled:
            return self.rules[PASSES].groups
        return frozenset().union(*(rule.groups for rule in self.rules.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class PassTerms:
    """What a pass is to be.

    Attributes:
        lifetime: from the moment it is made.
        usable_once: whether it can be used only once.
    """

    lifetime: timedelta
    usable_once: bool


def allowed_terms(policy: MethodsPolicy, groups: frozenset[str], wish: PassTerms) -> PassTerms:
    """What a pass for a person can be, as near to the wish as the policy lets it.

    Graph makes passes for people outside the policy too, and they can't use them:
    https://learn.microsoft.com/entra/identity/authentication/howto-authentication-temporary-access-pass

    Args:
        policy: the tenant's.
        groups: which of the policy's groups the person is in, directly or not.
        wish: what the settings ask for.

    Raises:
        PassNotAllowed: the policy lets this person have none.
        RegistersElsewhere: certificates are all that the person may use.
    """
    passes, limits = policy.rules[PASSES], policy.limits
    if not passes.enabled:
        raise PassNotAllowed("The tenant's policy has Temporary Access Passes switched off.")
    if not passes.allows(groups):
        raise PassNotAllowed("The tenant's policy lets this person use no Temporary Access Pass.")
    if _signs_in_with_certificates_only(policy, groups):
        raise RegistersElsewhere(
            "The tenant's policy lets this person use certificates and nothing that is registered."
        )
    return PassTerms(
        lifetime=max(limits.shortest, min(wish.lifetime, limits.longest)),
        usable_once=wish.usable_once or limits.once_only,
    )


def _signs_in_with_certificates_only(policy: MethodsPolicy, groups: frozenset[str]) -> bool:
    certificates = policy.rules.get(CERTIFICATES)
    return (
        certificates is not None
        and certificates.allows(groups)
        and not any(
            rule.allows(groups)
            for name, rule in policy.rules.items()
            if name not in _NOT_REGISTRABLE
        )
    )
