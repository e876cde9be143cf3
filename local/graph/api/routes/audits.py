"""The audit log."""

from local.graph.api import audits
from local.graph.api import permissions as may
from local.graph.api.routing import Area, Route

ROUTES = (
    Route(
        "GET",
        "/auditLogs/directoryAudits",
        audits.list_audits,
        may.AUDIT_LOG_READ,
        Area.REPORTS,
    ),
)
