"""What cases ask of a tenant's policies. Where the policies leave a doubt, so does the answer.

https://learn.microsoft.com/entra/identity/conditional-access/policy-block-legacy-authentication
https://learn.microsoft.com/entra/identity/conditional-access/policy-all-users-security-info-registration
"""

from collections.abc import Iterable, Sequence
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import LegacyAccess, MfaRequired
from shared.domain.conditional_access.assignments import Belonging, Named, groups_named
from shared.domain.conditional_access.describing import some_of
from shared.domain.conditional_access.locations import Locations
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.requirement import (
    BLOCK,
    MFA,
    Extent,
    Requirement,
    Requirements,
)
from shared.domain.conditional_access.sign_ins import (
    AN_APPLICATION,
    CLIENT,
    LEGACY_CLIENTS,
    MODERN_CLIENTS,
    REGISTERING,
    TARGET,
    Trait,
)
from shared.domain.ids import GroupId, UserId

_TO_AN_APPLICATION: Final = Trait(TARGET, frozenset({AN_APPLICATION}))
LEGACY_SIGN_INS: Final = (_TO_AN_APPLICATION, Trait(CLIENT, LEGACY_CLIENTS))
"""Sign-ins with old clients, which know no MFA."""
_NOBODY: Final = Named()
_ANYBODY: Final = Unknown("It is asked of any member.")


def legacy_clients_blocked(
    policies: Sequence[Policy], assumed: Iterable[Trait] = ()
) -> Requirements:
    """Whether old clients are blocked. MFA does not count: an app password gets past it.

    Args:
        policies: the policies.
        assumed: what is taken to be true of every sign-in.
    """
    return Requirements(policies, (*LEGACY_SIGN_INS, *assumed), BLOCK)


def registering_guarded(policies: Sequence[Policy], locations: Locations) -> Requirements:
    """Whether it takes MFA to register, or can't be done at all, outside trusted locations.

    Who registers from a trusted location is let in by most such policies, so that is not asked of.
    A compliant device is not enough: it may be the one that is lost.
    """
    trusted = (trait for one in locations.all_trusted for trait in locations.inside(one))
    sign_ins = (
        Trait(TARGET, frozenset({REGISTERING})),
        Trait(CLIENT, MODERN_CLIENTS),
        *(trait.opposite for trait in trusted),
    )
    return Requirements(policies, sign_ins, MFA)


def everywhere(requirement: Requirement) -> bool | Unknown:
    """Whether it is required of every sign-in that is asked of."""
    if requirement.least is Extent.EVERYWHERE:
        return True
    if requirement.most is not Extent.EVERYWHERE:
        return False
    if isinstance(requirement.gap, Unknown):
        return requirement.gap
    named = some_of(policy.name for policy in requirement.doubtful)
    return Unknown(f"Nobody can tell whether policies cover the person everywhere: {named}.")


def legacy_access(
    *, blocked: bool | Unknown, security_defaults: bool | Unknown
) -> LegacyAccess | Unknown:
    """Whether old clients get in. What proves nothing shuts nothing.

    Args:
        blocked: whether policies block all of their sign-ins.
        security_defaults: whether security defaults are on, which block them for everybody.
    """
    if blocked is True or security_defaults is True:
        return LegacyAccess.BLOCKED
    if isinstance(blocked, Unknown):
        return blocked
    return security_defaults if isinstance(security_defaults, Unknown) else LegacyAccess.OPEN


def mfa_required(policies: Sequence[Policy]) -> MfaRequired:
    """Of whom they require MFA, with whatever client: of anybody, of everybody, of which groups."""
    required = Requirements(policies, (_TO_AN_APPLICATION,), MFA)
    included = {one for policy in required.policies for one in policy.users.included.groups}
    return MfaRequired(
        of_anybody=any(
            policy.names_mfa and policy.users.included != _NOBODY for policy in policies
        ),
        of_everybody=_of_all(required, frozenset()),
        of_groups=frozenset(
            GroupId(group) for group in sorted(included) if _of_all(required, frozenset({group}))
        ),
    )


def _of_all(required: Requirements, groups: frozenset[str]) -> bool:
    """Whether it is required of all who are in these groups, whatever else they are."""
    return all(
        required.of(person).least is Extent.EVERYWHERE
        for person in _whoever_is_in(groups, required.policies)
    )


def _whoever_is_in(groups: frozenset[str], policies: Sequence[Policy]) -> Iterable[Belonging]:
    """Anybody of whom no more is known; as far as policies exclude people by name, each of them."""
    named = groups_named(policy.users for policy in policies)
    excluded = {user for policy in policies for user in policy.users.excluded.users}
    for user in ("", *sorted(excluded)):
        yield Belonging(
            user_id=UserId(user),
            groups=groups,
            unread_groups=named - groups,
            could_join=_ANYBODY,
            roles=_ANYBODY,
            could_hold=_ANYBODY,
            guest=_ANYBODY,
        )
