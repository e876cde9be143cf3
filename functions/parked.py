"""Parked messages: list them, replay one."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from functions.access import Role, signed_in
from functions.http import address, answering_problems, json_response
from shared.bootstrap import Services
from shared.contracts.parked_view import ParkedList, ParkedView, Replayed
from shared.names import FunctionName

_ADMIN = frozenset({Role.ADMIN})


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about parked messages."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.LIST_PARKED)
    @bp.route("parked", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_parked(req: func.HttpRequest) -> func.HttpResponse:
        """List what waits for a human, newest first."""
        signed_in(req, _ADMIN)
        kept, token = await services().list_parked(req.params.get("token"))
        views = tuple(
            ParkedView(
                id=parked.parked_id,
                queue=parked.queue,
                reason=parked.reason,
                detail=parked.detail,
                attempts=parked.attempts,
                message=parked.message,
                case_id=parked.case_id,
                at=parked.at,
                ticket_id=parked.ticket_id,
            )
            for parked in kept
        )
        link = None if token is None else address(req, "parked", token=token)
        return json_response(ParkedList(value=views, next_link=link))

    @bp.function_name(FunctionName.REPLAY_PARKED)
    @bp.route("parked/{parkedId}/replay", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def replay_parked(req: func.HttpRequest) -> func.HttpResponse:
        """Take a parked case up again."""
        person = signed_in(req, _ADMIN)
        command = await services().replay_parked(req.route_params["parkedId"], person.object_id)
        return json_response(Replayed(case_id=command.case_id), HTTPStatus.ACCEPTED)

    return bp
