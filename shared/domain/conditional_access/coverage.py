"""Whether policies leave any kind of sign-in uncovered: they add up, so one alone says little."""

from collections.abc import Iterator, Sequence
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.sign_ins import APPLICATION, Kind, Trait

_MOST_LOOKS: Final = 20_000
"""Combinations of conditions that are looked at; no real tenant comes near."""

TOO_MANY: Final = Unknown("The conditions of the policies combine in too many ways to look at.")


def find_gap(kind: Kind, policies: Sequence[Policy]) -> Kind | Unknown | None:
    """Sign-ins of a kind to which none of the policies applies; None where there are none."""
    budget = _Looks(_MOST_LOOKS)
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
    # Where one leaves no way around it, the search is over; where it leaves few, it is short.
    ways = {policy.policy_id: list(_around(kind, policy)) for policy in open_ones}
    hardest = min(open_ones, key=lambda policy: len(ways[policy.policy_id]))
    for narrower in ways[hardest.policy_id]:
        yield from _gaps(narrower, open_ones, looks)


def _around(kind: Kind, policy: Policy) -> Iterator[Kind]:
    """The sign-ins to which a policy does not apply, by the condition that they fail."""
    for clause in policy.conditions:
        narrower = kind.that_is_none_of(clause)
        if narrower is not None:
            yield narrower


def _consistent(kind: Kind) -> Iterator[Kind]:
    """The same, where there is an application that it can be about."""
    for application in sorted(kind.values(APPLICATION)):
        about = kind.that_is(Trait(APPLICATION, frozenset({application})))
        if about is not None:
            yield about if len(kind.values(APPLICATION)) == 1 else kind
            return
