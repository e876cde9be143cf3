"""Whether anybody has used an account yet, and the tenant's own domains, from Microsoft Graph."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from shared.adapters.graph.answers import NewcomerAnswer, OwnDomainAnswer, Page, read_answer
from shared.adapters.graph.calls.people import READ_NEWCOMER
from shared.adapters.graph.calls.tenant import LIST_DOMAINS
from shared.adapters.graph.client import GraphClient
from shared.domain.authentication import Unknown
from shared.domain.contacts import Newcomer
from shared.domain.errors.directory import PermissionMissing, RequestRejected
from shared.domain.ids import EmployeeId, UserId

_DOMAINS_LAST: Final = timedelta(hours=1)


class GraphNewcomers:
    """The port `Newcomers`.

    Args:
        client: talks to Graph.
        monotonic: seconds that never go back.
    """

    def __init__(self, client: GraphClient, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._monotonic = monotonic
        self._domains: tuple[float, frozenset[str]] | None = None

    async def newcomer(self, user: UserId) -> Newcomer | Unknown:
        """`GET /v1.0/users/{id}?$select=signInActivity,...`; takes Entra ID P1.

        Without the licence or `AuditLog.Read.All` Graph refuses. With both, who never signed in
        has no `signInActivity`; failed attempts count as one. An attempt "might take up to 24
        hours" to show
        (https://learn.microsoft.com/entra/identity/monitoring-health/howto-manage-inactive-user-accounts),
        a changed password does not.
        """
        try:
            body = await self._client.send(READ_NEWCOMER, {"user": user})
        except (PermissionMissing, RequestRejected) as error:
            return Unknown(error.detail)
        found = read_answer(body, NewcomerAnswer)
        return Newcomer(
            created_at=found.created_date_time,
            employee_id=EmployeeId(found.employee_id) if found.employee_id else None,
            has_signed_in=found.sign_in_activity is not None,
            password_changed_at=found.last_password_change_date_time,
        )

    async def own_domains(self) -> frozenset[str] | Unknown:
        """`GET /v1.0/domains`."""
        now = self._monotonic()
        if self._domains is not None and now - self._domains[0] < _DOMAINS_LAST.total_seconds():
            return self._domains[1]
        try:
            body = await self._client.send(LIST_DOMAINS, {})
        except (PermissionMissing, RequestRejected) as error:
            return Unknown(error.detail)
        page = read_answer(body, Page[OwnDomainAnswer])
        found = frozenset(domain.id.casefold() for domain in page.value if domain.is_verified)
        if not found or page.next_link is not None:
            return Unknown("Graph did not tell all domains of the tenant.")
        self._domains = (now, found)
        return found
