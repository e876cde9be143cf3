"""What a tenant requires of its people, by whatever means."""

from dataclasses import dataclass, field
from typing import Final

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import Belonging, Named, Users
from shared.domain.conditional_access.locations import TRUSTED_IPS, Locations
from shared.domain.conditional_access.policies import Demand, Policy
from shared.domain.conditional_access.requirement import (
    MODERN_SIGN_INS,
    Extent,
    Requirement,
    Requirements,
)

PER_USER: Final = "per-user MFA"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What is known of what the tenant requires.

    Attributes:
        policies: the Conditional Access policies that are switched on.
        locations: the named locations.
        security_defaults: whether they are on.
    """

    policies: tuple[Policy, ...] | Unknown = ()
    locations: Locations = field(default_factory=Locations)
    security_defaults: bool | Unknown = False


Likeness = tuple[object, ...]
"""What two people have in common who are alike to the policies."""


class Required:
    """Tells what is required of people.

    Args:
        settings: what the tenant requires.

    Attributes:
        known: the policies, as far as they could be read.
    """

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        policies = settings.policies
        self.known = known = () if isinstance(policies, Unknown) else policies
        self._named = frozenset(
            user
            for policy in known
            for side in (policy.users.included, policy.users.excluded)
            for user in side.users
        )
        sign_ins = (*MODERN_SIGN_INS, *settings.locations.assumed)
        self._plain = Requirements(known, sign_ins)
        enforced = per_user(settings.locations)
        self._enforced = Requirements((enforced, *known), sign_ins)

    def of(self, person: Belonging, state: PerUserMfaState) -> Requirement:
        """What is required of a person in a per-user MFA state, security defaults aside."""
        is_enforced = state is PerUserMfaState.ENFORCED
        found = (self._enforced if is_enforced else self._plain).of(person)
        if not isinstance(self.settings.policies, Unknown):
            return found
        return Requirement(least=found.least, most=Extent.EVERYWHERE, by=found.by, gap=found.gap)

    def per_user_is_enough(self, person: Belonging) -> bool:
        """Whether per-user MFA, once enforced, is all that requires it at every sign-in.

        At trusted IPs it takes policies beside it.
        """
        by_policies = self._plain.of(person).least is Extent.EVERYWHERE
        return not by_policies and self.settings.locations.trusted_ips is not True

    def likeness(self, person: Belonging) -> Likeness:
        """The same for all whom the policies treat alike."""
        user = person.user_id.casefold()
        return (
            user if user in self._named else None,
            person.groups,
            person.unread_groups,
            person.could_join,
            person.unread_joins,
            person.roles,
            person.could_hold,
            person.guest,
        )


def per_user(locations: Locations) -> Policy:
    """Per-user MFA as a policy: it asks everybody everywhere but at the trusted IPs.

    https://learn.microsoft.com/entra/identity/authentication/howto-mfa-mfasettings
    """
    trusted = locations.inside(TRUSTED_IPS)
    return Policy(
        policy_id=PER_USER,
        name=PER_USER,
        users=Users(included=Named(everybody=True)),
        conditions=tuple((trait.opposite,) for trait in trusted),
        demand=Demand.MFA,
    )
