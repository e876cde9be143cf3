"""Whether old clients get in, from Microsoft Graph."""

from shared.adapters.graph.answers import SecurityDefaultsAnswer, read_answer
from shared.adapters.graph.calls.tenant import READ_SECURITY_DEFAULTS
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.coverage import GraphCoverage
from shared.adapters.graph.policies import GraphPolicies
from shared.adapters.graph.sweep.sending import unless_refused
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import LegacyAccess
from shared.domain.conditional_access.asking import legacy_access, legacy_clients_blocked
from shared.domain.ids import UserId


class GraphLegacyClients:
    """The port `LegacyClients` on Microsoft Graph."""

    def __init__(
        self, client: GraphClient, policies: GraphPolicies, coverage: GraphCoverage
    ) -> None:
        self._client = client
        self._policies = policies
        self._coverage = coverage

    async def access(self, user: UserId) -> LegacyAccess | Unknown:
        """Whether an old client gets in as this person."""
        policies = await self._policies.switched_on()
        # Graph does not let both be on at once.
        has_policies = not isinstance(policies, Unknown) and bool(policies)
        defaults = False if has_policies else await unless_refused(self._security_defaults())
        blocked = await self._coverage.everywhere(user, lambda on, _: legacy_clients_blocked(on))
        return legacy_access(blocked=blocked, security_defaults=defaults)

    async def _security_defaults(self) -> bool:
        """`GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy`."""
        body = await self._client.send(READ_SECURITY_DEFAULTS, {})
        return read_answer(body, SecurityDefaultsAnswer).is_enabled
