"""Onboarding: the webhook that HR systems post to, and the worker behind its queue."""

from collections.abc import Callable

import azure.functions as func

from functions.http import answering_problems
from functions.webhooks import accepted_response, lower_case_headers
from shared.bootstrap import Services
from shared.names import FunctionName, Queue, Setting


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions of onboarding."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.ONBOARDING_WEBHOOK)
    @bp.route("onboarding/{source}", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
    @answering_problems
    async def onboarding_webhook(req: func.HttpRequest) -> func.HttpResponse:
        """Take in the HR events of one request."""
        cases = await services().accept_hr_event(
            req.route_params["source"], lower_case_headers(req), req.get_body()
        )
        return accepted_response(req, cases)

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
