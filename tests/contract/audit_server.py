"""A small Microsoft Graph over real HTTP with an audit log and nothing else; pages are short."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

_PAGE = 2
_PATH = "/v1.0/auditLogs/directoryAudits"


@dataclass
class AuditLog:
    """What it holds; tests write it.

    Attributes:
        rows: the lines, which are handed out whatever the filter says.
        filters: what was asked for.
        orders: in which order, and how much of it at a time.
        refusal: the code with which it refuses, where it does.
        root: where it answers.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    filters: list[str] = field(default_factory=list)
    orders: list[tuple[str | None, str | None]] = field(default_factory=list)
    refusal: str | None = None
    root: str = ""

    def add(self, activity: str, user: str, **more: Any) -> None:  # noqa: ANN401  (any JSON)
        """Write a line about a person."""
        row = {
            "id": f"Directory_{len(self.rows)}",
            "activityDisplayName": activity,
            "activityDateTime": f"2026-03-02T12:00:{len(self.rows):02d}.5Z",
            "category": "UserManagement",
            "result": "success",
            "initiatedBy": {"user": {"id": "somebody"}, "app": None},
            "targetResources": [{"id": user, "type": "User", "modifiedProperties": []}],
        }
        self.rows.append({**row, **more})

    async def list(self, request: web.Request) -> web.Response:
        """A page of all lines."""
        if self.refusal is not None:
            body = {"error": {"code": self.refusal, "message": ""}}
            return web.json_response(body, status=403)
        if "$filter" in request.query:
            self.filters.append(request.query["$filter"])
            self.orders.append((request.query.get("$orderby"), request.query.get("$top")))
        start = int(request.query.get("$skiptoken", "0"))
        page: dict[str, Any] = {"value": self.rows[start : start + _PAGE]}
        if start + _PAGE < len(self.rows):
            page["@odata.nextLink"] = f"{self.root}{_PATH}?$skiptoken={start + _PAGE}"
        return web.json_response(page)


@asynccontextmanager
async def running_audit_log() -> AsyncIterator[AuditLog]:
    """A server with a short life."""
    log = AuditLog()
    app = web.Application()
    app.router.add_get(_PATH, log.list)
    async with TestServer(app) as server:
        log.root = str(server.make_url("")).rstrip("/")
        yield log
