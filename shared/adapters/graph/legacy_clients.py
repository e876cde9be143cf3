"""Whether old clients get in, from Microsoft Graph."""

from shared.adapters.graph.answers import SecurityDefaultsAnswer, read_answer
from shared.adapters.graph.belongings import GraphBelongings
from shared.adapters.graph.calls.tenant import READ_SECURITY_DEFAULTS
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.policies import GraphPolicies
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import PermissionMissing, RequestRejected
from shared.domain.ids import UserId
from shared.domain.legacy_access import LegacyAccess, legacy_access, may_shut


class GraphLegacyClients:
    """The port `LegacyClients` on Microsoft Graph."""

    def __init__(
        self, client: GraphClient, policies: GraphPolicies, belongings: GraphBelongings
    ) -> None:
        self._client = client
        self._policies = policies
        self._belongings = belongings

    async def access(self, user: UserId) -> LegacyAccess | Unknown:
        """Whether an old client gets in as this person."""
        policies = await self._policies.switched_on()
        # Graph does not let both be on at once.
        has_policies = not isinstance(policies, Unknown) and bool(policies)
        defaults = False if has_policies else await self._security_defaults()
        shutting = () if isinstance(policies, Unknown) else tuple(filter(may_shut, policies))
        person = await self._belongings.of(user, shutting)
        return legacy_access(policies, person, security_defaults=defaults)

    async def _security_defaults(self) -> bool | Unknown:
        """`GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy`."""
        try:
            body = await self._client.send(READ_SECURITY_DEFAULTS, {})
        except (PermissionMissing, RequestRejected) as error:
            return Unknown(error.detail)
        return read_answer(body, SecurityDefaultsAnswer).is_enabled
