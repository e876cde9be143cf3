"""Whether one person is really protected: as of now, and what changed.

The words of verdicts and all that they stand on are loaded by who asks, and not at every start.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

import azure.functions as func

from functions.access import ANYBODY, signed_in
from functions.http import answering_problems, json_response
from shared.bootstrap import Services
from shared.names import FunctionName

if TYPE_CHECKING:
    from shared.application.sweep.posture import LivePosture


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about single people."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.GET_POSTURE)
    @bp.route("users/{objectId}/posture", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def get_posture(req: func.HttpRequest) -> func.HttpResponse:
        """Judge a person by object id."""
        from shared.application.sweep.posture import object_id

        by = signed_in(req, ANYBODY).object_id
        return _answer(await services().read_posture(object_id(req.route_params["objectId"]), by))

    @bp.function_name(FunctionName.FIND_POSTURE)
    @bp.route("users/posture", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def find_posture(req: func.HttpRequest) -> func.HttpResponse:
        """Judge a person by sign-in name, which never stands in an address."""
        from shared.contracts.posture_view import decode_posture_question

        by = signed_in(req, ANYBODY).object_id
        asked = decode_posture_question(req.get_body())
        return _answer(await services().read_posture(asked.user_principal_name, by))

    @bp.function_name(FunctionName.GET_HISTORY)
    @bp.route("users/{objectId}/history", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def get_history(req: func.HttpRequest) -> func.HttpResponse:
        """Read what changed for a person."""
        from shared.contracts.finding_view import ChangeView, HistoryList

        by = signed_in(req, ANYBODY).object_id
        changes = await services().read_history(req.route_params["objectId"], by)
        return json_response(HistoryList(value=tuple(map(ChangeView.of, changes))))

    return bp


def _answer(found: "LivePosture") -> func.HttpResponse:
    from shared.contracts.posture_view import PostureView, SsprView, evidence_of

    return json_response(
        PostureView.of(
            found.person.belonging.user_id,
            found.posture,
            evidence=evidence_of(found.person, found.posture, enabled=found.enabled),
            alive=found.alive,
            sspr=SsprView.of(found.reported),
            as_of=found.as_of,
        )
    )
