"""The timers that make good what was lost on the way. Every minute, in UTC."""

from collections.abc import Callable

import azure.functions as func

from shared.bootstrap import Services
from shared.names import FunctionName, Queue

EVERY_MINUTE = "0 * * * * *"


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The recovery timers."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.RECOVERY)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE)
    async def recovery(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Take up every case that should have moved by now."""
        await services().recover_due_cases()

    @bp.function_name(FunctionName.DEAD_LETTERS)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE)
    async def dead_letters(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Park what the broker gave up."""
        for queue in Queue:
            await services().keep_dead_letters(queue)

    return bp
