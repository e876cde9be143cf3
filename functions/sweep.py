"""The nightly sweep: what begins it, works on it, watches it, and forgets it in the end."""

from collections.abc import Callable

import azure.functions as func

from functions.recovery import EVERY_HOUR, EVERY_MINUTE
from shared.bootstrap import Services
from shared.names import FunctionName, Setting


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions of the sweep."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.NIGHTLY_SWEEP)
    @bp.timer_trigger(arg_name="timer", schedule=f"%{Setting.SWEEP_SCHEDULE}%")
    async def nightly_sweep(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Begin a run, unless one goes on."""
        await services().start_nightly()

    @bp.function_name(FunctionName.SWEEP_WORKER)
    @bp.service_bus_queue_trigger(
        arg_name="message",
        queue_name=f"%{Setting.COMPLIANCE_QUEUE}%",
        connection=Setting.SERVICE_BUS,
    )
    async def sweep_worker(message: func.ServiceBusMessage) -> None:
        """Do a stage of a run, as far as it goes."""
        await services().work_on_run(message.get_body(), message.delivery_count or 1)

    @bp.function_name(FunctionName.WATCH_RUNS)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE)
    async def watch_runs(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Have a run that stands still taken up again, and drop what the broker gave up."""
        await services().watch_runs()
        await services().drop_given_up_stages()

    @bp.function_name(FunctionName.FORGET_RUNS)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_HOUR)
    async def forget_runs(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Drop runs, and what they found, that are older than they are kept."""
        await services().forget_runs()

    return bp
