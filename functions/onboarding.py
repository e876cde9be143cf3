"""Onboarding: the webhook that HR systems post to, and the worker behind its queue."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from functions.http import address, answering_problems, json_response
from shared.bootstrap import Services
from shared.contracts.case_view import Accepted, taken
from shared.names import FunctionName, Queue, Setting


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions of onboarding."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.ONBOARDING_WEBHOOK)
    @bp.route("onboarding/{source}", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
    @answering_problems
    async def onboarding_webhook(req: func.HttpRequest) -> func.HttpResponse:
        """Take in the HR events of one request."""
        headers = {name.lower(): value for name, value in req.headers.items()}
        cases = await services().accept_hr_event(
            req.route_params["source"], headers, req.get_body()
        )
        accepted = tuple(
            Accepted(
                case_id=case.case_id,
                state=case.state,
                status_url=address(req, f"cases/{case.case_id}"),
            )
            for case in cases
        )
        return json_response(taken(accepted), HTTPStatus.ACCEPTED)

    @bp.function_name(FunctionName.ONBOARDING_WORKER)
    @bp.service_bus_queue_trigger(
        arg_name="message",
        queue_name=f"%{Setting.ONBOARDING_QUEUE}%",
        connection=Setting.SERVICE_BUS,
    )
    async def onboarding_worker(message: func.ServiceBusMessage) -> None:
        """Take a case as far as it goes now."""
        await services().work_on_message(
            Queue.ONBOARDING, message.get_body(), message.delivery_count or 1
        )

    return bp
