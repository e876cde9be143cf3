"""Whether registering an authentication method takes more than the password."""

from shared.adapters.graph.belongings import GraphBelongings
from shared.adapters.graph.policies import GraphPolicies
from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.registration_guard import may_guard, registration_guarded


class GraphRegistrationGuards:
    """The port `RegistrationGuards` on Microsoft Graph."""

    def __init__(self, policies: GraphPolicies, belongings: GraphBelongings) -> None:
        self._policies = policies
        self._belongings = belongings

    async def guarded(self, user: UserId) -> bool | Unknown:
        """Whether a policy protects the registration. People cost nothing where there is none."""
        policies = await self._policies.switched_on()
        if isinstance(policies, Unknown):
            return policies
        guarding = tuple(filter(may_guard, policies))
        return registration_guarded(guarding, await self._belongings.of(user, guarding))
