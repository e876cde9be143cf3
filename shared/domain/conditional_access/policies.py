"""A Conditional Access policy, as far as it decides what a sign-in of a person takes.

https://learn.microsoft.com/graph/api/resources/conditionalaccesspolicy
"""

from dataclasses import dataclass
from enum import Enum

from shared.domain.conditional_access.assignments import Users
from shared.domain.conditional_access.sign_ins import Trait
from shared.domain.conditional_access.strengths import Strength

Clause = tuple[Trait, ...]
"""A condition: it holds for a sign-in that has one of these traits."""


class Demand(Enum):
    """What a policy makes of the sign-ins to which it applies."""

    NOTHING = "nothing"
    """They may pass without MFA: it asks for something else, or for one thing of several."""
    MFA = "mfa"
    """None passes without MFA."""
    BLOCK = "block"
    """None passes."""
    UNKNOWN = "unknown"
    """It says something about it that is not recognised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """A policy that is switched on; report-only ones are none.

    Attributes:
        policy_id: Graph's id of it.
        name: what people call it.
        users: whom it covers.
        conditions: all of which hold where it applies.
        unrecognised: what it says beyond that and nobody here understands. Where it applies cannot
            be told then.
        demand: what it asks for.
        names_mfa: whether MFA is one way to satisfy it, be there others or not.
        strengths: the authentication strengths that it asks for, where it asks for MFA.
    """

    policy_id: str
    name: str
    users: Users
    conditions: tuple[Clause, ...] = ()
    unrecognised: tuple[str, ...] = ()
    demand: Demand = Demand.NOTHING
    names_mfa: bool = False
    strengths: tuple[Strength, ...] = ()
