"""Lost devices: the webhook that ticketing systems post to, and the worker behind the queue.

The worker belongs to the app that has the power to take access away.
"""

from collections.abc import Callable
from datetime import UTC

import azure.functions as func

from functions.http import answering_problems
from functions.recovery import EVERY_HOUR
from functions.webhooks import accepted_response, lower_case_headers
from shared.bootstrap import Services
from shared.contracts.envelopes import Envelope
from shared.names import FunctionName, Queue, Setting


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions of resets."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.RESETS_WEBHOOK)
    @bp.route("resets/{source}", methods=["POST"], auth_level=func.AuthLevel.FUNCTION)
    @answering_problems
    async def resets_webhook(req: func.HttpRequest) -> func.HttpResponse:
        """Take in the ticket of one request."""
        cases = await services().accept_ticket_webhook(
            req.route_params["source"], lower_case_headers(req), req.get_body()
        )
        return accepted_response(req, cases)

    @bp.function_name(FunctionName.RESETS_WORKER)
    @bp.service_bus_queue_trigger(
        arg_name="message",
        queue_name=f"%{Setting.RESETS_QUEUE}%",
        connection=Setting.SERVICE_BUS,
        # Others send here. As text, a body that is not UTF-8 would not reach us, and the fields of
        # a JSON body would overwrite what the broker says of the message.
        data_type=func.DataType.BINARY,
    )
    async def resets_worker(message: func.ServiceBusMessage) -> None:
        """Take a case as far as it goes now, be it that of a ticket which just came in."""
        await services().work_on_message(
            Queue.RESETS, message.get_body(), message.delivery_count or 1, _envelope(message)
        )

    @bp.function_name(FunctionName.KEEP_LEDGER)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_HOUR)
    async def keep_ledger(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Take over what the audit log tells of app passwords before it forgets it."""
        await services().keep_ledger()

    return bp


def _envelope(message: func.ServiceBusMessage) -> Envelope:
    enqueued_at = message.enqueued_time_utc
    given = message.application_properties or {}
    properties = {
        name: str(value)
        for name, value in given.items()
        if isinstance(value, str | int) and not isinstance(value, bool)
    }
    attempt = given.get("attempt")
    return Envelope(
        message_id=message.message_id,
        # The host leaves the offset out: it is UTC.
        enqueued_at=enqueued_at and enqueued_at.replace(tzinfo=UTC),
        properties=properties,
        attempt=attempt if type(attempt) is int and attempt > 0 else 0,
    )
