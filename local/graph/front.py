"""What applications call: Graph, Exchange, identities; with the scripted faults in between."""

import asyncio
from collections.abc import Callable
from email.utils import format_datetime
from functools import partial
from urllib.parse import unquote

import msgspec
from aiohttp import web

from local.graph.api.errors import GraphError
from local.graph.api.messages import GraphAnswer, GraphRequest
from local.graph.api.service import split_path
from local.graph.exchange.service import ROOT, TEMPLATE, AdminRequest
from local.graph.faults import Fault
from local.graph.identity import IdentityRefusedError
from local.graph.journal import Entry
from local.graph.simulation import Simulation
from local.graph.tenant.times import graph_time, log_time

IDENTITY_PATH = "/msi/token"
_GRAPH_JSON = "application/json;odata.metadata=minimal;odata.streaming=true;charset=utf-8"


def front_routes(simulation: Simulation) -> list[web.RouteDef]:
    """The identity endpoint, Exchange's admin interface, and Graph everywhere else."""
    front = _Front(simulation)
    return [
        web.route("*", IDENTITY_PATH, front.identity),
        web.route("*", f"/{ROOT}/{{path:.*}}", front.admin),
        web.route("*", "/{path:.*}", front.graph),
    ]


class _Front:
    def __init__(self, simulation: Simulation) -> None:
        self._simulation = simulation

    async def graph(self, request: web.Request) -> web.StreamResponse:
        """Any path outside `/_sim/`: Graph."""
        body = await request.read()
        service = self._simulation.service
        headers = {name.lower(): value for name, value in request.headers.items()}
        try:
            version, segments = split_path(request.rel_url.raw_path)
            _check_options_are_given_once(request)
            caller = self._simulation.identities.caller(headers.get("authorization"))
        except GraphError as error:
            refuse = partial(service.refusal, error, headers)
            return await self._exchange(request, "unknown", None, refuse)
        graph_request = GraphRequest(
            method=request.method,
            version=version,
            segments=segments,
            query=dict(request.rel_url.query),
            headers=headers,
            body=body,
            caller=caller,
            root=f"{request.scheme}://{request.host}",
        )
        return await self._exchange(
            request,
            service.template(graph_request),
            caller.app_id,
            partial(service.answer, graph_request),
        )

    async def admin(self, request: web.Request) -> web.StreamResponse:
        """Exchange's admin interface. Faults and the journal tell its cmdlets apart."""
        service = self._simulation.exchange
        asked = AdminRequest(
            method=request.method,
            segments=tuple(map(unquote, request.rel_url.raw_path.strip("/").split("/"))),
            query=dict(request.rel_url.query),
            headers={name.lower(): value for name, value in request.headers.items()},
            body=await request.read(),
        )
        return await self._exchange(
            request,
            f"{TEMPLATE}#{asked.cmdlet}",
            service.app_id(asked),
            partial(service.answer, asked),
            path=f"{request.rel_url.raw_path}#{asked.cmdlet}",
        )

    async def identity(self, request: web.Request) -> web.StreamResponse:
        """The managed-identity endpoint."""
        client_id = request.query.get("client_id")
        return await self._exchange(
            request, IDENTITY_PATH, client_id, partial(self._token, request, client_id)
        )

    def _token(self, request: web.Request, client_id: str | None) -> GraphAnswer:
        if request.method != "GET":
            return GraphAnswer(405, {"statusCode": 405, "message": "Method not allowed."})
        try:
            answer = self._simulation.identities.managed_identity_answer(
                header=request.headers.get("X-IDENTITY-HEADER"),
                api_version=request.query.get("api-version"),
                resource=request.query.get("resource"),
                client_id=client_id,
            )
        except IdentityRefusedError as error:
            return GraphAnswer(error.status, {"statusCode": error.status, "message": str(error)})
        return GraphAnswer(200, answer)

    async def _exchange(
        self,
        request: web.Request,
        template: str,
        app_id: str | None,
        handle: Callable[[], GraphAnswer],
        path: str | None = None,
    ) -> web.StreamResponse:
        """Handle a request as the script of faults has it, and write it down.

        Args:
            path: what faults are matched with and the journal shows; the raw path when left out.
        """
        path = path or request.rel_url.raw_path
        at = graph_time(self._simulation.clock.now())
        fault = self._simulation.faults.due(request.method, path)
        if fault is not None and not fault.applied:
            await asyncio.sleep(fault.delay_ms / 1000)
        lost = fault is not None and fault.replaces_answer and not fault.applied
        answer = GraphAnswer(0) if lost else handle()
        writes = answer.writes
        response = self._response(answer)
        if fault is not None and fault.replaces_answer:
            response = self._fault_response(fault, request)
        cut = fault is not None and fault.drop
        self._simulation.journal.note(
            Entry(
                at=at,
                answered_at=log_time(self._simulation.clock.now()),
                method=request.method,
                path=path,
                query=request.rel_url.raw_query_string,
                route=template,
                status=None if cut else response.status,
                client_request_id=request.headers.get("client-request-id"),
                app_id=app_id,
                fault=fault is not None,
            ),
            writes=writes,
        )
        if fault is not None and fault.applied:
            await asyncio.sleep(fault.delay_ms / 1000)
        if cut and request.transport is not None:
            request.transport.abort()
        return response

    def _fault_response(self, fault: Fault, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        response = self._response(self._simulation.service.refusal(fault.error(), headers))
        if fault.body is not None:
            response.text = fault.body
            response.headers["Content-Type"] = "application/json"
        return response

    def _response(self, answer: GraphAnswer) -> web.Response:
        headers = {
            "Date": format_datetime(self._simulation.clock.now(), usegmt=True),
            "Cache-Control": "no-cache",
            **answer.headers,
        }
        if answer.body is None:
            return web.Response(status=answer.status, headers=headers)
        if isinstance(answer.body, str):
            return web.Response(status=answer.status, headers=headers, text=answer.body)
        headers.setdefault("Content-Type", _GRAPH_JSON)
        return web.Response(
            status=answer.status, headers=headers, body=msgspec.json.encode(answer.body)
        )


def _check_options_are_given_once(request: web.Request) -> None:
    query = request.rel_url.query
    for option in query:
        if len(query.getall(option)) > 1:
            message = f"Query option '{option}' was specified more than once."
            raise GraphError(400, "BadRequest", message)
