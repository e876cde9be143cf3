"""Whether the tenant's policies require something of a person at every sign-in of a kind, live."""

from collections.abc import Callable, Sequence
from typing import Final

from shared.adapters.graph.belongings import GraphBelongings
from shared.adapters.graph.policies import GraphPolicies
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.asking import everywhere
from shared.domain.conditional_access.assignments import Users
from shared.domain.conditional_access.locations import Locations
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.requirement import Requirements
from shared.domain.ids import UserId

Question = Callable[[Sequence[Policy], Locations], Requirements]
"""Of which sign-ins what is asked for."""

_LOCATIONS: Final = "locations"
_NOT_READ: Final = Locations(trusted_ips=True)


class GraphCoverage:
    """Asks the policies about a person.

    Args:
        policies: the tenant's policies, and its named locations.
        belongings: what people are to them.
    """

    def __init__(self, policies: GraphPolicies, belongings: GraphBelongings) -> None:
        self._policies = policies
        self._belongings = belongings

    async def everywhere(self, user: UserId, question: Question) -> bool | Unknown:
        """Whether it is required of the person everywhere.

        Locations are read only where a policy names some that may cover the person, and without
        knowing them nobody can tell.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
            LifecycleError: the directory is in passing trouble.
        """
        policies = await self._policies.switched_on()
        if isinstance(policies, Unknown):
            return policies
        required = question(policies, _NOT_READ)
        person = await self._belongings.of(user, required.policies)
        found = required.of(person)
        answer = everywhere(found)
        named = any(_LOCATIONS in policy.unrecognised for policy in found.doubtful)
        if not isinstance(answer, Unknown) or not named:
            return answer
        located = await self._policies.located()
        if isinstance(located, Unknown):
            return located
        settled = question(*located)
        if not _users(settled) <= _users(required):
            # The policies were read anew, and name others.
            person = await self._belongings.of(user, settled.policies)
        return everywhere(settled.of(person))


def _users(required: Requirements) -> set[Users]:
    """Whom the policies name, which is all that a person was asked about."""
    return {policy.users for policy in required.policies}
