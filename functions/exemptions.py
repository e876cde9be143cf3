"""Exemptions: ask for one, end one early, and the worker behind their queue."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from functions.access import Role, signed_in
from functions.http import address, answering_problems, json_response
from shared.bootstrap import Services
from shared.contracts.case_view import Accepted
from shared.contracts.exemption_request import decode_exemption
from shared.domain.cases import Case
from shared.domain.ids import CaseId
from shared.names import FunctionName, Queue, Setting

_HELPDESK = frozenset({Role.HELPDESK})


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions of exemptions."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.GRANT_EXEMPTION)
    @bp.route("exemptions", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def grant_exemption(req: func.HttpRequest) -> func.HttpResponse:
        """Open the case of an exemption."""
        person = signed_in(req, _HELPDESK)
        plan = decode_exemption(req.get_body()).plan()
        return _accepted(req, await services().grant_exemption(plan, person.object_id))

    @bp.function_name(FunctionName.END_EXEMPTION)
    @bp.route("exemptions/{caseId}", methods=["DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def end_exemption(req: func.HttpRequest) -> func.HttpResponse:
        """End an exemption before its time."""
        person = signed_in(req, _HELPDESK)
        case_id = CaseId(req.route_params["caseId"])
        return _accepted(req, await services().end_exemption(case_id, person.object_id))

    @bp.function_name(FunctionName.EXEMPTION_WORKER)
    @bp.service_bus_queue_trigger(
        arg_name="message",
        queue_name=f"%{Setting.EXEMPTIONS_QUEUE}%",
        connection=Setting.SERVICE_BUS,
    )
    async def exemption_worker(message: func.ServiceBusMessage) -> None:
        """Take an exemption as far as it goes now."""
        await services().work_on_message(
            Queue.EXEMPTIONS, message.get_body(), message.delivery_count or 1
        )

    return bp


def _accepted(req: func.HttpRequest, case: Case) -> func.HttpResponse:
    told = Accepted(
        case_id=case.case_id, state=case.state, status_url=address(req, f"cases/{case.case_id}")
    )
    return json_response(told, HTTPStatus.ACCEPTED)
