"""The process: its command line, its files, and bytes that are no AMQP."""

import random
import socket
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from proton import Collector, Connection, Message, Transport

from local.servicebus.settings import default_settings, read_settings, write_settings
from shared.names import BROKER, EVENTS_TOPIC, Queue, Subscription
from tests.local.servicebus.exchange import LONG_ENOUGH, bodies, opened, take
from tests.stands.servicebus import ServiceBusProcess

AMQP_HEADERS = (b"AMQP\x03\x01\x00\x00", b"AMQP\x00\x01\x00\x00")


def test_default_settings_are_the_projects_names(tmp_path: Path) -> None:
    """The configuration comes from the one place of names and survives being written."""
    settings = default_settings(shared_access_key_name="name", shared_access_key="key")
    path = tmp_path / "servicebus.json"
    write_settings(path, settings)
    assert read_settings(path) == settings
    assert path.stat().st_mode & 0o077 == 0
    assert settings.queues == list(Queue)
    assert settings.topics == {EVENTS_TOPIC: list(Subscription)}
    assert settings.limits.lock_duration_seconds == BROKER.lock_duration.total_seconds()
    assert settings.limits.max_delivery_count == BROKER.max_delivery_count


def test_unknown_setting_is_refused(tmp_path: Path) -> None:
    """A misspelt field stops the broker instead of being passed over."""
    path = tmp_path / "servicebus.json"
    path.write_text('{"queus": []}')
    with pytest.raises(msgspec.ValidationError):
        read_settings(path)


def test_only_one_broker_per_file(broker: ServiceBusProcess, tmp_path: Path) -> None:
    """A second process on the same data is turned away."""
    command = [sys.executable, "-m", "local.servicebus", "--port", "0"]
    command += ["--data", str(broker.directory), "--clock", str(tmp_path / "clock")]
    command += ["--config", str(broker.directory / "servicebus.json")]
    second = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert second.returncode != 0
    assert "database is locked" in second.stderr


async def test_noise_does_not_end_the_broker(
    client: ServiceBusClient, broker: ServiceBusProcess, queue: str
) -> None:
    """Whatever bytes come, in whatever pieces, the broker goes on serving others."""
    random_bytes = random.Random(20)  # noqa: S311 - noise, not a secret
    opening = _recorded_opening()
    pid = broker.pid
    for attempt in range(120):
        noise = bytearray(random_bytes.randbytes(random_bytes.randrange(1, 400)))
        if attempt % 3 == 1:
            noise = bytearray(random_bytes.choice(AMQP_HEADERS)) + noise
        elif attempt % 3 == 2:
            noise = bytearray(opening)
            for _ in range(random_bytes.randrange(1, 5)):
                noise[random_bytes.randrange(8, len(noise))] = random_bytes.randrange(256)
        with socket.create_connection(("127.0.0.1", broker.port), timeout=LONG_ENOUGH) as raw:
            raw.sendall(noise)
            raw.shutdown(socket.SHUT_WR)
            _read_to_end(raw)
    async with opened(client, queue) as (sender, receiver):
        await sender.send_messages(ServiceBusMessage("still here"))
        assert bodies(await take(receiver)) == ["still here"]
    assert broker.pid == pid
    assert broker.events("crashed") == []


def _recorded_opening() -> bytes:
    """What a client sends first: SASL, open, begin, attach to `$cbs` and a request."""
    connection, engine, collector = Connection(), Transport(), Collector()
    connection.collect(collector)
    connection.container = "noise"
    connection.open()
    session = connection.session()
    session.open()
    receiver = session.receiver("r")
    receiver.source.address = "$cbs"
    receiver.open()
    sender = session.sender("s")
    sender.target.address = "$cbs"
    sender.open()
    engine.bind(connection)
    sender.delivery("1")
    sender.stream(Message(id="1", body={"a": ["b", 1]}, properties={"operation": "x"}).encode())
    sender.advance()
    return AMQP_HEADERS[0] + bytes(engine.peek(engine.pending()) or b"")


def _read_to_end(raw: socket.socket) -> None:
    try:
        while raw.recv(65536):
            pass
    except ConnectionResetError:
        return
