"""Whether policies leave any kind of sign-in uncovered: they add up, so one alone says little."""

from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.sign_ins import APPLICATION, Kind, Trait

MOST_LOOKS: Final = 2_000
"""Combinations of conditions that are looked at; real tenants take less than a tenth of it."""

TOO_MANY: Final = Unknown("The conditions of the policies combine in too many ways to look at.")


def find_gap(
    kind: Kind, policies: Sequence[Policy], most_looks: int = MOST_LOOKS
) -> Kind | Unknown | None:
    """Sign-ins of a kind to which none of the policies applies; None where there are none."""
    budget = _Looks(most_looks)
    for gap in _gaps(kind, policies, budget):
        return gap
    return TOO_MANY if budget.used_up else None


def may_apply(kind: Kind, policy: Policy) -> bool:
    """Whether a policy may apply to some sign-ins of a kind."""
    return all(any(kind.may_be(trait) for trait in clause) for clause in policy.conditions)


class _Looks:
    """How many more combinations may be looked at."""

    def __init__(self, most: int) -> None:
        self._left = most

    @property
    def used_up(self) -> bool:
        return self._left <= 0

    def take(self) -> None:
        self._left -= 1


def _gaps(kind: Kind, policies: Sequence[Policy], looks: _Looks) -> Iterator[Kind]:
    if looks.used_up:
        return
    looks.take()
    open_ones = [policy for policy in policies if may_apply(kind, policy)]
    if not open_ones:
        yield from _consistent(kind)
        return
    for narrower in _fewest_ways(kind, open_ones):
        yield from _gaps(narrower, open_ones, looks)


def _fewest_ways(kind: Kind, policies: Sequence[Policy]) -> Sequence[Kind]:
    """The ways around the one policy that leaves the fewest: that keeps the search short."""
    fewest: Sequence[Kind] | None = None
    for policy in policies:
        ways = tuple(_around(kind, policy))
        if len(ways) <= 1:
            return ways
        if fewest is None or len(ways) < len(fewest):
            fewest = ways
    return fewest or ()


def _around(kind: Kind, policy: Policy) -> Iterator[Kind]:
    """The sign-ins to which a policy does not apply, by the first condition that they fail."""
    for clause in policy.conditions:
        failing = kind.that_is_none_of(clause)
        if failing is not None:
            yield failing
        # What passes one of several traits is no single kind; it is looked at twice then.
        passing = kind.that_is(clause[0]) if len(clause) == 1 else kind
        if passing is None:
            return
        kind = passing


def _consistent(kind: Kind) -> Iterator[Kind]:
    """The same, for those applications that it can be about; nothing where there are none."""
    each = (Trait(APPLICATION, frozenset({one})) for one in kind.values(APPLICATION))
    possible = (trait.values for trait in each if kind.that_is(trait) is not None)
    about = kind.that_is(Trait(APPLICATION, frozenset().union(*possible)))
    if about is not None:
        yield about
