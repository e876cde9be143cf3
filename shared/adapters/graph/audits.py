"""The directory's audit log, from Microsoft Graph.

https://learn.microsoft.com/graph/api/directoryaudit-list
https://learn.microsoft.com/entra/identity/monitoring-health/reference-audit-activities
"""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

from kiota_abstractions.method import Method

from shared.adapters.graph.answers import Page
from shared.adapters.graph.audit_answers import AuditAnswer, told
from shared.adapters.graph.calls.call import Call
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.domain.accounts import BlockedBy, OwnIdentity
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import (
    LicenceMissing,
    MalformedAnswer,
    PermissionMissing,
    RequestRejected,
)
from shared.domain.ids import UserId
from shared.domain.ledger import Doing, LedgerEntry, Span

WhoWeAre = Callable[[], Awaitable[OwnIdentity | Unknown]]
"""Tells our own identity."""

_LIST: Final = Call(
    operation="audits.list",
    method=Method.GET,
    template="{+baseurl}/v1.0/auditLogs/directoryAudits{?%24filter,%24top}",
    role="AuditLog.Read.All",
    success=frozenset({200}),
    top=500,
)
_MOST_PAGES: Final = 100
_ABOUT: Final = "targetResources/any(t: t/id eq {user})"
_DOINGS: Final = {
    "create application password for user": Doing.CREATED,
    "delete application password for user": Doing.DELETED,
}
_APP_PASSWORDS: Final = (
    "(activityDisplayName eq 'Create application password for user'"
    " or activityDisplayName eq 'Delete application password for user')"
)
_BLOCKING: Final = (
    "(activityDisplayName eq 'Disable account' or activityDisplayName eq 'Update user')"
)
_DISABLE: Final = "disable account"
_ENABLED: Final = "accountenabled"
_NO_PROPERTIES: Final = frozenset(
    {"included updated properties", "targetid.usertype", "actorid.serviceprincipalnames"}
)
"""What stands among the properties that were changed, and is none."""
_SUCCEEDED: Final = "success"
_A_SECOND: Final = timedelta(seconds=1)
_CLOCKS_DIFFER: Final = timedelta(minutes=1)
"""How far Graph's clock may be from ours."""


class GraphAudits:
    """The port `Audits`, and who has blocked an account.

    Args:
        client: talks to Graph.
        who_we_are: tells our own identity.
    """

    def __init__(self, client: GraphClient, who_we_are: WhoWeAre) -> None:
        self._client = client
        self._who_we_are = who_we_are

    async def app_passwords(
        self, span: Span, user: UserId | None = None
    ) -> tuple[LedgerEntry, ...]:
        """`GET /v1.0/auditLogs/directoryAudits`, by activity and time. What failed changed nothing.

        Raises:
            MalformedAnswer: a line does not tell whose app password it is about. Without it nothing
                could be said of anybody.
        """
        # Filters tell whole seconds: what was done in this very one is not to be missed.
        until = span.until + _A_SECOND
        found = await self._read(_APP_PASSWORDS, span.since, until, user)
        return tuple(_entry(audit) for audit in found)

    async def blocked_by(
        self, user: UserId, since: datetime, until: datetime | None = None
    ) -> BlockedBy | Unknown:
        """The same for `Disable account`, and for `Update user` where it blocks the account."""
        us = await self._who_we_are()
        if isinstance(us, Unknown):
            return us
        latest = None if until is None else until + _CLOCKS_DIFFER
        try:
            found = await self._read(_BLOCKING, since - _CLOCKS_DIFFER, latest, user)
        except (PermissionMissing, RequestRejected, LicenceMissing) as error:
            return Unknown(error.detail)
        blocking = [audit for audit in found if _blocks(audit, user)]
        if any(not _is_ours(audit, us) for audit in blocking):
            return BlockedBy.OTHERS
        return BlockedBy.US if blocking else BlockedBy.NOBODY_YET

    async def _read(
        self, activities: str, since: datetime, until: datetime | None, user: UserId | None
    ) -> Iterable[AuditAnswer]:
        terms = [activities, f"activityDateTime ge {told(since)}"]
        if until is not None:
            terms.append(f"activityDateTime le {told(until)}")
        if user is not None:
            terms.append(_ABOUT)
        call = replace(_LIST, filter=" and ".join(terms))
        values = {} if user is None else {"user": user}
        found = await read_pages(self._client, call, values, Page[AuditAnswer], most=_MOST_PAGES)
        return (audit for audit in found if _counts(audit))


def _counts(audit: AuditAnswer) -> bool:
    """Whether a line is believed: a deletion only where it says that it was one."""
    if _DOINGS.get(audit.activity_display_name.casefold()) is Doing.DELETED:
        return (audit.result or "").casefold() == _SUCCEEDED
    return not audit.failed


def _entry(audit: AuditAnswer) -> LedgerEntry:
    people = [one for one in audit.targets if one.is_person]
    doing = _DOINGS.get(audit.activity_display_name.casefold())
    if len(people) != 1 or not people[0].id or doing is None:
        raise MalformedAnswer("audits.list: a line does not tell whose app password it is about.")
    return LedgerEntry(
        entry_id=audit.id,
        user_id=UserId(people[0].id.lower()),
        at=audit.activity_date_time.astimezone(UTC),
        doing=doing,
    )


def _blocks(audit: AuditAnswer, user: UserId) -> bool:
    """Whether a line tells of a block, or may do so.

    Blocking what is blocked already is an update that names no property. Other updates are no
    blocks: the one that lets the person in, and those of anything else.
    """
    if audit.activity_display_name.casefold() == _DISABLE:
        return True
    changed = {
        (one.display_name or "").casefold(): (one.new_value or "").casefold()
        for target in audit.targets
        if (target.id or "").casefold() == user.casefold()
        for one in target.modified_properties or ()
    }
    if _ENABLED in changed:
        return "false" in changed[_ENABLED]
    return not changed.keys() - _NO_PROPERTIES and any(
        (target.id or "").casefold() == user.casefold() for target in audit.targets
    )


def _is_ours(audit: AuditAnswer, us: OwnIdentity) -> bool:
    app = audit.app
    return app is not None and (us.is_called(app.app_id) or us.is_called(app.service_principal_id))
