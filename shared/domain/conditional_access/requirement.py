"""What the policies of a tenant, taken together, require of a person."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.applications import IN_SUITES, suite_property
from shared.domain.conditional_access.assignments import Belonging, Reach, reach
from shared.domain.conditional_access.coverage import find_gap, may_apply
from shared.domain.conditional_access.policies import Demand, Policy
from shared.domain.conditional_access.sign_ins import (
    AN_APPLICATION,
    APPLICATION,
    CLIENT,
    FLOW,
    INSIDER_RISK,
    MODERN_CLIENTS,
    NAMED,
    NO,
    NONE,
    OTHER,
    PLATFORM,
    PLATFORMS,
    SIGN_IN_RISK,
    TARGET,
    USER_RISK,
    YES,
    Kind,
    Space,
    Trait,
)
from shared.domain.conditional_access.strengths import Strength

MFA: Final = frozenset({Demand.MFA, Demand.BLOCK})
"""Who is let in by nobody needs no second factor."""
BLOCK: Final = frozenset({Demand.BLOCK})
MODERN_SIGN_INS: Final = (
    Trait(TARGET, frozenset({AN_APPLICATION})),
    Trait(CLIENT, MODERN_CLIENTS),
)


class Extent(IntEnum):
    """How far something is required."""

    NOWHERE = 0
    """Not of an ordinary sign-in: at most of certain applications, or where there is a risk."""
    PARTLY = 1
    """Of ordinary sign-ins, but there is a way around it."""
    EVERYWHERE = 2
    """Of every sign-in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """What policies require of a person.

    Attributes:
        least: how far it is surely required.
        most: how far it may be, where policies are doubtful.
        by: the policies that surely cover the person and require it of some sign-ins.
        doubtful: those of which nobody can tell whether, or where, they do.
        gap: sign-ins of which it is surely not required; where there may be none, some of which it
            is not surely.
        strengths: the authentication strengths that are surely asked of sign-ins without a risk.
        perhaps: those that may be.
    """

    least: Extent
    most: Extent
    by: tuple[Policy, ...] = ()
    doubtful: tuple[Policy, ...] = ()
    gap: Kind | Unknown | None = None
    strengths: tuple[Strength, ...] = ()
    perhaps: tuple[Strength, ...] = ()


@dataclass(slots=True)
class Requirements:
    """Tells what a tenant's policies require of people. Who is covered alike costs one look.

    Args:
        policies: those that are switched on; only those of them are kept that may matter.
        sign_ins: of which sign-ins it is asked.
        demands: what counts as required.
    """

    policies: Sequence[Policy]
    sign_ins: Sequence[Trait] = MODERN_SIGN_INS
    demands: frozenset[Demand] = MFA
    _space: Space = field(init=False)
    _known: dict[tuple[Reach, ...], Requirement] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Keep the policies that matter."""
        wanted = self.demands | {Demand.UNKNOWN}
        demanding = [policy for policy in self.policies if policy.demand in wanted]
        self._space = space_of(demanding)
        everything = self._kind()
        self.policies = [policy for policy in demanding if may_apply(everything, policy)]

    def of(self, person: Belonging) -> Requirement:
        """What they require of a person."""
        reaches = tuple(reach(policy.users, person) for policy in self.policies)
        if reaches not in self._known:
            self._known[reaches] = self._look(reaches)
        return self._known[reaches]

    def _look(self, reaches: tuple[Reach, ...]) -> Requirement:
        sure: list[Policy] = []
        doubtful: list[Policy] = []
        everything = self._kind()
        for policy, reached in zip(self.policies, reaches, strict=True):
            if reached is Reach.NO:
                continue
            is_sure = reached is Reach.YES and not policy.unrecognised
            (sure if is_sure and policy.demand in self.demands else doubtful).append(policy)
        gap = find_gap(everything, sure)
        least = Extent.EVERYWHERE if gap is None else self._ordinarily(sure)
        possible = [*sure, *doubtful]
        most = least
        if least is not Extent.EVERYWHERE and (doubtful or isinstance(gap, Unknown)):
            left = find_gap(everything, possible) if doubtful else gap
            most = Extent.EVERYWHERE
            if isinstance(left, Kind):
                # What no doubtful policy covers either is surely a gap.
                gap, most = left, self._ordinarily(possible)
        return Requirement(
            least=least,
            most=max(least, most),
            by=tuple(sure),
            doubtful=tuple(doubtful),
            gap=gap,
            strengths=self._strengths(sure),
            perhaps=self._strengths(doubtful),
        )

    def _strengths(self, policies: Sequence[Policy]) -> tuple[Strength, ...]:
        kind = self._kind(*_WITHOUT_RISK)
        return tuple(
            strength
            for policy in policies
            if may_apply(kind, policy)
            for strength in policy.strengths
        )

    def _kind(self, *more: Trait) -> Kind:
        kind: Kind | None = Kind(self._space)
        for trait in (*self.sign_ins, *more):
            kind = kind.that_is(trait) if kind is not None else None
        if kind is None:
            raise ValueError("There are no such sign-ins.")
        return kind

    def _ordinarily(self, policies: Sequence[Policy]) -> Extent:
        """Whether it is required of every ordinary sign-in, on one platform at least."""
        named = {
            trait.name for policy in policies for clause in policy.conditions for trait in clause
        }
        plain = [Trait(name, NO) for name in sorted(named) if self._space.values(name) == YES | NO]
        for platform in sorted(PLATFORMS - _GONE):
            kind = self._kind(*_ORDINARY, *plain, Trait(PLATFORM, frozenset({platform})))
            if find_gap(kind, policies) is None:
                return Extent.PARTLY
        return Extent.NOWHERE


def space_of(policies: Iterable[Policy]) -> Space:
    """What sign-ins there are, as far as policies tell them apart."""
    named: dict[str, set[str]] = {name: {OTHER} for name in NAMED}
    for policy in policies:
        for clause in policy.conditions:
            for trait in clause:
                if trait.name in NAMED:
                    named[trait.name] |= trait.values
    return Space(
        named={name: frozenset(values) for name, values in named.items()},
        known={
            Trait(APPLICATION, frozenset({application})): (Trait(suite_property(suite), YES),)
            for application, suite in IN_SUITES.items()
            if application in named[APPLICATION]
        },
    )


_GONE: Final = frozenset({"windowsphone"})
"""What Graph names and nobody has any more: a policy for it alone asks nobody."""
_WITHOUT_RISK: Final = tuple(
    Trait(name, frozenset({NONE})) for name in (SIGN_IN_RISK, USER_RISK, INSIDER_RISK, FLOW)
)
_ORDINARY: Final = (*(Trait(name, frozenset({OTHER})) for name in sorted(NAMED)), *_WITHOUT_RISK)
"""No risk, an application that no policy names, from a place and a device that none names."""
