"""A sample app with timers that hardly ever fire by themselves."""

import asyncio

import azure.functions as func
from azure.functions.timer import TimerRequest

from tests.local.host.notes import blueprint, note

app = func.FunctionApp()
app.register_functions(blueprint)
_open = asyncio.Event()
_at_once = 0


@app.function_name("leap")
@app.timer_trigger("timer", schedule="%LEAP_SCHEDULE%")
async def leap(timer: TimerRequest) -> None:
    """Fires every fourth year."""
    note(
        "leap",
        pastDue=timer.past_due,
        status=timer.schedule_status,
        schedule=timer.schedule,
    )


@app.function_name("starter")
@app.timer_trigger("timer", schedule="0 0 0 29 2 *", run_on_startup=True, use_monitor=False)
def starter(timer: TimerRequest) -> None:
    """Fires at the start too, in a thread."""
    note("starter", pastDue=timer.past_due, status=timer.schedule_status)


@app.function_name("held")
@app.timer_trigger("timer", schedule="* * * * * *")
async def held(timer: TimerRequest) -> None:
    """Is due every second and waits until the gate is open."""
    global _at_once  # noqa: PLW0603 - the number of runs under way
    _at_once += 1
    note("held", pastDue=timer.past_due, atOnce=_at_once, status=timer.schedule_status)
    await _open.wait()
    _at_once -= 1


@app.function_name("failing")
@app.timer_trigger("timer", schedule="0 0 0 29 2 *")
async def failing(timer: TimerRequest) -> None:
    """Fires and fails."""
    note("failing", pastDue=timer.past_due)
    raise RuntimeError("as ever")


@app.function_name("open_gate")
@app.route("open", auth_level=func.AuthLevel.ANONYMOUS)
async def open_gate(req: func.HttpRequest) -> str:
    """Let those who wait go on."""
    _open.set()
    return str(req.method)
