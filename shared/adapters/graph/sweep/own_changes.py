"""What our own identities changed, from the directory's audit log.

https://learn.microsoft.com/graph/api/directoryaudit-list
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.answers import Page
from shared.adapters.graph.audit_answers import AuditAnswer, told
from shared.adapters.graph.audits import WhoWeAre
from shared.adapters.graph.calls.call import Call, in_no_hurry
from shared.adapters.graph.pages import read_page
from shared.adapters.graph.sweep.sending import HeldRoles, PacedGraph
from shared.application.ports.audits import ChangesPage
from shared.domain.accounts import OwnIdentity
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import PermissionMissing, StateUnknown
from shared.domain.errors.sweep import IdentitiesUnknown
from shared.domain.ids import UserId
from shared.domain.ledger import Span
from shared.domain.sweep.pace import REPORTS
from shared.domain.sweep.reconciling import AuditLine

# All lines of the time, of which ours are picked out: the only filter for applications that Graph
# documents is by their `appId`, and the directory's own lines have none.
_LIST: Final = replace(
    in_no_hurry(
        Call(
            operation="sweep.audits",
            method=Method.GET,
            template="{+baseurl}/v1.0/auditLogs/directoryAudits"
            "?%24orderby=activityDateTime%20asc{&%24filter,%24top}",
            role="AuditLog.Read.All",
            success=frozenset({200}),
            top=1000,
        )
    ),
    limit=REPORTS,
)
_A_SECOND: Final = timedelta(seconds=1)


class GraphOwnChanges:
    """The port `OwnChanges`.

    Args:
        graph: sends the requests.
        identities: the object ids (and client ids) of the identities of all apps.
        who_we_are: tells our own identity, which has to be one of them.
        held_roles: tells our own token's roles.
    """

    def __init__(
        self,
        graph: PacedGraph,
        identities: frozenset[UserId],
        who_we_are: WhoWeAre,
        held_roles: HeldRoles,
    ) -> None:
        self._graph = graph
        self._ours = OwnIdentity(frozenset(identities))
        self._who_we_are = who_we_are
        self._held_roles = held_roles

    async def changes(self, span: Span, page: str | None) -> ChangesPage:
        """`GET /v1.0/auditLogs/directoryAudits`, by time, oldest first."""
        if page is None:
            await self._check_identities()
        times = f"activityDateTime ge {told(span.since)} and activityDateTime le "
        call = replace(_LIST, filter=times + told(span.until + _A_SECOND))
        found = await read_page(self._graph, call, {}, Page[AuditAnswer], link=page)
        if page is None and not found.value and found.next_link is None:
            await self._check_role()
        ours = ((audit, self._by(audit)) for audit in found.value if not audit.failed)
        lines = (_line(audit, identity) for audit, identity in ours if identity is not None)
        return ChangesPage(tuple(lines), found.next_link, _reached(found.value))

    def _by(self, audit: AuditAnswer) -> str | None:
        """Which of our identities did it."""
        if audit.app is None:
            return None
        names = (audit.app.service_principal_id, audit.app.app_id)
        return next((name.lower() for name in names if name and self._ours.is_called(name)), None)

    async def _check_identities(self) -> None:
        if not self._ours.names:
            raise IdentitiesUnknown("MFA_IDENTITIES is empty: nobody knows whose changes are ours.")
        own = await self._who_we_are()
        if isinstance(own, Unknown):
            raise StateUnknown(own.reason)
        if not own.names & self._ours.names:
            raise IdentitiesUnknown("MFA_IDENTITIES does not name the identity of this app.")

    async def _check_role(self) -> None:
        """An empty answer says something only to whom may read."""
        held = await self._held_roles()
        if isinstance(held, Unknown):
            raise StateUnknown(held.reason)
        if _LIST.role not in held:
            raise PermissionMissing(f"sweep.audits: an empty answer without the role {_LIST.role}.")


def _reached(audits: Sequence[AuditAnswer]) -> datetime | None:
    """When the last line was written; None where they don't come in the order that we asked for."""
    times = [one.activity_date_time.astimezone(UTC) for one in audits]
    return times[-1] if times and times == sorted(times) else None


def _line(audit: AuditAnswer, identity: str) -> AuditLine:
    named = [(one.id.lower(), one.is_person) for one in audit.targets if one.id]
    return AuditLine(
        line_id=audit.id,
        activity=audit.activity_display_name,
        at=audit.activity_date_time.astimezone(UTC),
        identity=identity,
        people=tuple(UserId(name) for name, is_person in named if is_person),
        others=tuple(name for name, is_person in named if not is_person),
        nameless=len(named) < len(audit.targets),
        reason=audit.result_reason or "",
        values={
            one.display_name.lower(): one.new_value.strip('[]"').lower()
            for target in audit.targets
            for one in target.modified_properties or ()
            if one.display_name and one.new_value
        },
    )
