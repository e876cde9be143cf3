"""What takes access away: the worker behind the queue of the app that has that power."""

from collections.abc import Callable

import azure.functions as func

from functions.recovery import EVERY_HOUR
from shared.bootstrap import Services
from shared.names import FunctionName, Queue, Setting


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions of the reset app."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.RESETS_WORKER)
    @bp.service_bus_queue_trigger(
        arg_name="message",
        queue_name=f"%{Setting.RESETS_QUEUE}%",
        connection=Setting.SERVICE_BUS,
    )
    async def resets_worker(message: func.ServiceBusMessage) -> None:
        """Take a case as far as it goes now."""
        await services().work_on_message(
            Queue.RESETS, message.get_body(), message.delivery_count or 1
        )

    @bp.function_name(FunctionName.KEEP_LEDGER)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_HOUR)
    async def keep_ledger(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Take over what the audit log tells of app passwords before it forgets it."""
        await services().keep_ledger()

    return bp
