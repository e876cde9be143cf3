"""Control: what may act, what only observes, what is stopped, who is turned away."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from functions.access import ANYBODY, Role, signed_in
from functions.http import answering_problems, json_response
from shared.bootstrap import Services
from shared.contracts.control_view import decode_control_change
from shared.names import FunctionName


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about control."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.GET_CONTROL)
    @bp.route("control", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def get_control(req: func.HttpRequest) -> func.HttpResponse:
        """Read what holds now."""
        signed_in(req, ANYBODY)
        return json_response(await services().read_control())

    @bp.function_name(FunctionName.PUT_CONTROL)
    @bp.route("control", methods=["PUT"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def put_control(req: func.HttpRequest) -> func.HttpResponse:
        """Change it: an approver or an administrator may stop, two administrators start."""
        person = signed_in(req, frozenset({Role.ADMIN, Role.APPROVER}))
        change = decode_control_change(req.get_body())
        if not change.only_stops():
            person = signed_in(req, frozenset({Role.ADMIN}))
        settled = await services().change_control(change, person.object_id)
        status = HTTPStatus.OK if settled else HTTPStatus.ACCEPTED
        return json_response(await services().read_control(), status)

    return bp
