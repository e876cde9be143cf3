"""A sample app fed by Service Bus."""

import asyncio
import time
from datetime import UTC, datetime, timedelta

import azure.functions as func

from tests.local.host.notes import blueprint, note

app = func.FunctionApp()
app.register_functions(blueprint)
_open = asyncio.Event()
_at_once = 0


@app.function_name("worker")
@app.service_bus_queue_trigger("msg", queue_name="%WORK_QUEUE%", connection="BUS")
async def worker(msg: func.ServiceBusMessage) -> None:
    """Fail for bodies that say so."""
    note(
        "worker",
        body=msg.get_body().decode(),
        messageId=msg.message_id,
        deliveryCount=msg.delivery_count,
        correlationId=msg.correlation_id,
        subject=msg.subject,
        contentType=msg.content_type,
        sequenceNumber=msg.sequence_number,
        properties=msg.application_properties,
        lockToken=msg.lock_token,
        enqueuedNaive=msg.enqueued_time_utc is not None and msg.enqueued_time_utc.tzinfo is None,
        enqueued=msg.enqueued_time_utc,
        metadata=sorted(msg.metadata or {}),
    )
    if b"fail" in msg.get_body():
        raise RuntimeError("as the message says")


@app.function_name("returning")
@app.service_bus_topic_trigger("msg", topic_name="news", subscription_name="all", connection="BUS")
def returning(msg: func.ServiceBusMessage) -> str:
    """Return a value, which a queue function must not."""
    note("returning", deliveryCount=msg.delivery_count)
    return "unwanted"


@app.function_name("slow")
@app.service_bus_queue_trigger("msg", queue_name="slow", connection="BUS")
async def slow(msg: func.ServiceBusMessage) -> None:
    """Hold a message for longer than its first lock lasts, or until the gate is opened."""
    global _at_once  # noqa: PLW0603 - the number of runs under way
    _at_once += 1
    note("slow", body=msg.get_body().decode(), deliveryCount=msg.delivery_count, atOnce=_at_once)
    if msg.get_body().startswith(b"seconds="):
        until = datetime.now(UTC) + timedelta(seconds=float(msg.get_body()[8:]))
        while datetime.now(UTC) < until:  # noqa: ASYNC110 - the lock's own time has to pass
            await asyncio.sleep(0.1)
    else:
        await _open.wait()
    _at_once -= 1
    note("slow-done", deliveryCount=msg.delivery_count)


@app.function_name("blocking")
@app.service_bus_queue_trigger(
    "msg", queue_name="binary", connection="BUS", data_type=func.DataType.BINARY
)
def blocking(msg: func.ServiceBusMessage) -> None:
    """Take bytes, in a thread."""
    note(
        "blocking",
        body=msg.get_body().hex(),
        messageId=msg.message_id,
        properties=msg.application_properties,
        enqueued=msg.enqueued_time_utc,
        started=time.monotonic(),
    )


@app.function_name("open_gate")
@app.route("open", auth_level=func.AuthLevel.ANONYMOUS)
async def open_gate(req: func.HttpRequest) -> str:
    """Let those who wait go on."""
    _open.set()
    return str(req.method)
