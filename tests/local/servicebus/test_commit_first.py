"""Nothing leaves the broker before what it says is committed."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient, ServiceBusSender
from azure.servicebus.exceptions import OperationTimeoutError

from local.clock import StackClock
from local.servicebus.server import Server
from local.servicebus.settings import connection_string
from local.servicebus.store import Store
from shared.names import Queue
from tests.stands.servicebus import SETTINGS


class FullDisk(Store):
    """A store whose disk takes no more once it is told so."""

    full = False

    def commit(self) -> None:
        """Commit, or fail as SQLite does on a full disk."""
        if self.full:
            raise OSError("disk full")
        super().commit()


@asynccontextmanager
async def sender_to(store: Store, tmp_path: Path, port: int) -> AsyncIterator[ServiceBusSender]:
    """An official client's sender to a broker in this process, on this store."""
    stopped = asyncio.Event()
    with StackClock(tmp_path / "clock") as clock:
        running = asyncio.create_task(Server(store, clock, SETTINGS).run(port, stopped=stopped))
        target = connection_string(port, SETTINGS)
        async with (
            ServiceBusClient.from_connection_string(target) as client,
            client.get_queue_sender(Queue.ONBOARDING) as sender,
        ):
            yield sender
        stopped.set()
        await asyncio.gather(running, return_exceptions=True)


async def test_send_is_acknowledged_after_the_commit(tmp_path: Path, unused_tcp_port: int) -> None:
    """The client hears of a message once it is committed, and nothing if the commit fails."""
    faults: list[object] = []
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: faults.append(context.get("exception"))
    )
    store = FullDisk(tmp_path / "data")
    async with sender_to(store, tmp_path, unused_tcp_port) as sender:
        await sender.send_messages(ServiceBusMessage("kept"))
        store.full = True
        with pytest.raises(OperationTimeoutError):
            await sender.send_messages(ServiceBusMessage("lost"), timeout=2)
    store.close()
    assert "disk full" in str(faults)
