"""The timers that make good what was lost on the way, and forget what is not needed. In UTC."""

from collections.abc import Callable

import azure.functions as func

from shared.bootstrap import Services
from shared.names import CASE_QUEUES, FunctionName

EVERY_MINUTE = "0 * * * * *"
EVERY_HOUR = "0 17 * * * *"
"""At an odd minute: whole hours are when everything else runs."""


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The recovery timers."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.RECOVERY)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE)
    async def recovery(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Take up every case that should have moved by now, and tell what was not told."""
        await services().recover_due_cases()
        await services().tell_parked()

    @bp.function_name(FunctionName.DEAD_LETTERS)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE)
    async def dead_letters(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Park what the broker gave up of cases."""
        for queue in CASE_QUEUES:
            await services().keep_dead_letters(queue)

    @bp.function_name(FunctionName.FORGET_CONTACTS)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_HOUR)
    async def forget_contacts(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Forget contact data that has expired or that no case needs."""
        await services().forget_contacts()

    return bp
