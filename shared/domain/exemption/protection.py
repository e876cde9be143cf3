"""Whether anything else protects a person while they are exempt."""

from enum import Enum

from shared.domain.actions import Look
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.facts import Fact, Facts
from shared.domain.schedules import Rules
from shared.domain.strategies import ByGroup


class Protection(Enum):
    """Whether something else requires MFA of a person. Unknown is never taken for yes."""

    YES = "yes"
    UNKNOWN = "unknown"


def protected_otherwise(facts: Facts, rules: Rules) -> Protection | Look:
    """Whether something besides what the exemption takes away requires MFA of the person.

    With per-user MFA that is known of the members of the enforcement group, where the policies that
    are switched on require MFA of all of them at every sign-in. With the strategy `group` the
    membership is what the exemption takes away. Nobody else is looked at, so all else is unknown.
    """
    group = rules.enforcement_group
    if group is None or isinstance(rules.strategy, ByGroup):
        return Protection.UNKNOWN
    if facts.memberships is None:
        return Look(Fact.MEMBERSHIPS)
    if facts.memberships.of(group) is not True:
        return Protection.UNKNOWN
    match facts.conditional_access:
        case None:
            return Look(Fact.CONDITIONAL_ACCESS)
        case MfaRequired() as required if required.of_members(group):
            return Protection.YES
        case _:
            return Protection.UNKNOWN
