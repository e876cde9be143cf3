"""What is true of a tenant as a whole, from Microsoft Graph."""

from typing import Final

from shared.adapters.graph.calls.sweep import COUNT
from shared.adapters.graph.sweep.conditional_access import read_settings
from shared.adapters.graph.sweep.elsewhere import (
    read_certificates,
    read_federated,
    read_home_trust,
)
from shared.adapters.graph.sweep.roles import read_eligible, read_held, read_role_groups
from shared.adapters.graph.sweep.sending import HeldRoles, Lists, PacedGraph
from shared.domain.errors.directory import MalformedAnswer
from shared.domain.sweep.tenant import TenantReading

_BYTE_ORDER_MARK: Final = "\ufeff"


class GraphTenant:
    """The port `TenantSource`: twelve requests, one for each federated domain, and further pages.

    They are made one after the other: two of them have to wait for their turn anyway.

    Args:
        graph: sends the requests.
        held_roles: tells our own token's roles.
        trusted_ips: whether the MFA service settings name trusted IPs, which Graph does not tell.
        staged_rollout: whether federated people are in a Staged Rollout, which it does not either.
    """

    def __init__(
        self,
        graph: PacedGraph,
        held_roles: HeldRoles,
        *,
        trusted_ips: bool | None = None,
        staged_rollout: bool | None = None,
    ) -> None:
        self._graph = graph
        self._held_roles = held_roles
        self._trusted_ips = trusted_ips
        self._staged_rollout = staged_rollout

    async def tenant(self, *, last_try: bool = False) -> TenantReading:
        """All of it; what may not be read is `Unknown`, with the cause."""
        graph = self._graph
        lists = Lists(graph, self._held_roles, last_try=last_try)
        federated = await read_federated(lists, staged_rollout=self._staged_rollout)
        required = await read_settings(graph, lists, trusted_ips=self._trusted_ips)
        return TenantReading(
            settings=required.settings,
            named_locations=required.named_locations,
            authentication_strengths=required.strengths,
            held=await read_held(lists),
            eligible=await read_eligible(lists),
            role_groups=await read_role_groups(lists),
            trusted_domains=federated.trusted,
            doubtful_domains=federated.doubtful,
            home_mfa_trusted=await lists.unless_refused(read_home_trust(graph, lists)),
            certificates=await lists.unless_refused(read_certificates(graph)),
            people=await self._count(),
        )

    async def _count(self) -> int:
        """`GET /v1.0/users/$count`: a bare number."""
        body = await self._graph.send(COUNT, {})
        try:
            return int(body.decode().lstrip(_BYTE_ORDER_MARK))
        except ValueError as error:
            raise MalformedAnswer("sweep.count: the answer is no number.") from error
