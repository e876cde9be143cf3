"""Temporary Access Passes: collect one, and withdraw those that nobody was given."""

from collections.abc import Callable

import azure.functions as func

from functions.access import Role, signed_in
from functions.http import answering_problems, json_response
from functions.recovery import EVERY_MINUTE
from shared.bootstrap import Services
from shared.contracts.pass_view import PassView
from shared.domain.ids import CaseId
from shared.names import FunctionName


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about passes."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.COLLECT_PASS)
    @bp.route("cases/{caseId}/pass", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def collect_pass(req: func.HttpRequest) -> func.HttpResponse:
        """Hand out a pass, in this one answer."""
        person = signed_in(req, frozenset({Role.HELPDESK}))
        case_id = CaseId(req.route_params["caseId"])
        return json_response(PassView.of(await services().collect_pass(case_id, person.object_id)))

    @bp.function_name(FunctionName.WITHDRAW_PASSES)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE)
    async def withdraw_passes(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's)
        """Remove the passes that did not reach whoever asked for them."""
        await services().withdraw_passes()

    return bp
