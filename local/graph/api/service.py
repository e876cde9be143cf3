"""From a request to an answer: token, version, path, throttling, permission, handler, refusal."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

from local.graph.api import batch
from local.graph.api.errors import (
    GraphError,
    error_body,
    licence_required,
    not_found,
    unknown_segment,
)
from local.graph.api.messages import GraphAnswer, GraphRequest, Version
from local.graph.api.routes import ROUTES
from local.graph.api.routing import Call, Route, Router
from local.graph.faults import Faults
from local.graph.tenant.refusals import RefusedError, UnknownObjectError
from local.graph.tenant.switches import DeniedRoleReads
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import Clock
from local.graph.throttling import Throttling

_VERSIONS = {version.value: version for version in Version}


class GraphService:
    """Answers requests on one tenant.

    Args:
        tenant: what the requests read and change.
        throttling: the token buckets.
        faults: the script, which may hit single steps of a batch.
        clock: the stack's time.
    """

    def __init__(
        self, tenant: Tenant, throttling: Throttling, faults: Faults, clock: Clock
    ) -> None:
        self._tenant = tenant
        self._throttling = throttling
        self._faults = faults
        self._clock = clock
        self._router = Router(ROUTES)

    def template(self, request: GraphRequest) -> str:
        """The template of the route that answers, with its version, or `unknown`."""
        if request.segments == batch.SEGMENTS:
            return f"/{request.version}{batch.TEMPLATE}"
        try:
            route, _ = self._router.find(request)
        except GraphError:
            return "unknown"
        return f"/{request.version}{route.template}"

    def answer(self, request: GraphRequest) -> GraphAnswer:
        """Handle a request or a batch; a refusal is an answer too."""
        if request.segments != batch.SEGMENTS:
            return self._answer_one(request)
        try:
            answer = batch.answer_batch(request, self._answer_step)
        except GraphError as error:
            return self.refusal(error, request.headers)
        return replace(answer, headers=_ids(request.headers))

    def _answer_step(self, request: GraphRequest, raw_path: str) -> GraphAnswer:
        fault = self._faults.due(request.method, raw_path, in_batch=True)
        if fault is None:
            return self._answer_one(request)
        writes = self._answer_one(request).writes if fault.applied else 0
        return replace(self.refusal(fault.error(), request.headers), writes=writes)

    def _answer_one(self, request: GraphRequest) -> GraphAnswer:
        charged: Mapping[str, str] = {}
        try:
            route, parameters = self._router.find(request)
            charged = self._throttling.charge(route, request, len(self._tenant.people))
            answer = self._handled(route, Call(self._tenant, request, parameters))
        except GraphError as error:
            return self.refusal(error, request.headers, charged)
        return GraphAnswer(
            answer.status,
            answer.body,
            {**charged, **_ids(request.headers), **answer.headers},
            writes=int(request.method != "GET" and route.changes),
        )

    def _handled(self, route: Route, call: Call) -> GraphAnswer:
        switches = self._tenant.switches
        if not route.permissions & call.request.caller.roles:
            if route.hollow and switches.denied_role_reads is DeniedRoleReads.EMPTY:
                return GraphAnswer(200, {"value": []})
            raise route.area.denied(route.permissions)
        if not switches.licence.covers(route.licence):
            raise licence_required()
        try:
            return route.handler(call)
        except UnknownObjectError as error:
            raise not_found(error.key) from error
        except RefusedError as error:
            raise route.area.refused(str(error)) from error

    def refusal(
        self,
        error: GraphError,
        request_headers: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
    ) -> GraphAnswer:
        """The answer that a refusal becomes; `headers` are added to it."""
        ids = _ids(request_headers)
        body = error_body(
            error,
            request_id=ids["request-id"],
            client_request_id=ids["client-request-id"],
            now=self._clock(),
        )
        return GraphAnswer(error.status, body, {**(headers or {}), **ids, **error.headers})


def _ids(request_headers: Mapping[str, str]) -> dict[str, str]:
    request_id = str(uuid.uuid4())
    client_request_id = request_headers.get("client-request-id", request_id)
    return {"request-id": request_id, "client-request-id": client_request_id}


def split_path(raw_path: str) -> tuple[Version, tuple[str, ...]]:
    """The version and the decoded segments of an undecoded path such as `/v1.0/users/a%23b`.

    Raises:
        GraphError: 400 where the version is none.
    """
    first, *rest = [unquote(part) for part in raw_path.strip("/").split("/")]
    version = _VERSIONS.get(first)
    if version is None:
        raise GraphError(400, "BadRequest", f"Invalid version: {first}.")
    if not rest:
        raise unknown_segment("")
    return version, tuple(rest)
