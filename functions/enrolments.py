"""Enrolments: existing people come in, planned first, then confirmed."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import azure.functions as func

from functions.access import Role, signed_in
from functions.http import address, answering_problems, json_response
from functions.recovery import EVERY_HOUR
from shared.bootstrap import Services
from shared.contracts.case_view import Accepted, CaseView, decode_approval
from shared.contracts.enrolment_request import EnrolledList, EnrolledView, decode_enrolment
from shared.domain.ids import CaseId
from shared.domain.plans import CaseKind
from shared.names import FunctionName

_ADMIN: Final = frozenset({Role.ADMIN})
_HELPDESK: Final = frozenset({Role.HELPDESK})
_CONFIRMING: Final = {CaseKind.ENROLMENT: _ADMIN, CaseKind.RESET: _HELPDESK}
"""Whose word counts about a case."""


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions of enrolments."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.REQUEST_ENROLMENT)
    @bp.route("enrolments", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def request_enrolment(req: func.HttpRequest) -> func.HttpResponse:
        """Ask for a plan to enrol people; nothing is done before it is confirmed."""
        person = signed_in(req, _ADMIN)
        asked = decode_enrolment(req.get_body())
        case = await services().request_enrolment(asked, person.object_id)
        where = address(req, f"cases/{case.case_id}")
        told = Accepted(case_id=case.case_id, state=case.state, status_url=where)
        return json_response(told, HTTPStatus.ACCEPTED, location=where)

    @bp.function_name(FunctionName.LIST_ENROLLED)
    @bp.route("enrolments/{caseId}/people", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_enrolled(req: func.HttpRequest) -> func.HttpResponse:
        """Who is on the list of an enrolment, and what becomes of each."""
        signed_in(req, _ADMIN)
        case_id = CaseId(req.route_params["caseId"])
        people, token = await services().list_enrolled(case_id, req.params.get("token"))
        value = tuple(EnrolledView.of(one) for one in people)
        if token is None:
            return json_response(EnrolledList(value=value))
        more = address(req, f"enrolments/{case_id}/people", token=token)
        return json_response(EnrolledList(value=value, next_link=more))

    @bp.function_name(FunctionName.CONFIRM_CASE)
    @bp.route("cases/{caseId}/confirm", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def confirm_case(req: func.HttpRequest) -> func.HttpResponse:
        """Have an enrolment do what its plan says; take a word about deleted app passwords."""
        signed_in(req, _ADMIN | _HELPDESK)
        asked = await services().read_case(CaseId(req.route_params["caseId"]))
        person = signed_in(req, _CONFIRMING.get(asked.case.kind, _ADMIN))
        confirmation = decode_approval(req.get_body())
        stored = await services().confirm_case(
            asked.case.case_id, confirmation.plan_hash, person.object_id
        )
        return json_response(CaseView.of(stored.case, stored.steps))

    @bp.function_name(FunctionName.FORGET_ENROLMENTS)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_HOUR)
    async def forget_enrolments(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Drop the lists that nobody needs any more."""
        await services().forget_enrolments()

    return bp
