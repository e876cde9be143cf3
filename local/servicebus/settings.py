"""What the broker is told from outside: its entities, its limits and its one access key."""

from pathlib import Path

import msgspec

from shared.names import BROKER, EVENTS_TOPIC, Queue, Subscription


class Limits(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """How every queue and subscription treats its messages.

    `duplicate_detection_seconds` and `time_to_live_seconds` run on the stack clock, the lock on
    real time. A window of 0 seconds switches duplicate detection off.
    """

    lock_duration_seconds: float
    max_delivery_count: int
    duplicate_detection_seconds: float
    time_to_live_seconds: float
    max_message_kilobytes: int


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The configuration file. `topics` gives the names of each topic's subscriptions."""

    shared_access_key_name: str
    shared_access_key: str
    queues: list[str]
    topics: dict[str, list[str]]
    limits: Limits


def default_settings(*, shared_access_key_name: str, shared_access_key: str) -> Settings:
    """The entities and limits that the app and the infrastructure agree on."""
    return Settings(
        shared_access_key_name=shared_access_key_name,
        shared_access_key=shared_access_key,
        queues=[queue.value for queue in Queue],
        topics={EVENTS_TOPIC: [subscription.value for subscription in Subscription]},
        limits=Limits(
            lock_duration_seconds=BROKER.lock_duration.total_seconds(),
            max_delivery_count=BROKER.max_delivery_count,
            duplicate_detection_seconds=BROKER.duplicate_detection.total_seconds(),
            time_to_live_seconds=BROKER.time_to_live.total_seconds(),
            max_message_kilobytes=BROKER.max_message_kilobytes,
        ),
    )


def read_settings(path: Path) -> Settings:
    """Read the configuration file.

    Raises:
        msgspec.DecodeError: the file is no JSON, or has a field too many, too few or wrong.
    """
    return msgspec.json.decode(path.read_bytes(), type=Settings)


def write_settings(path: Path, settings: Settings) -> None:
    """Write the configuration file, readable by its owner only: it holds the key."""
    path.touch(mode=0o600)
    path.write_bytes(msgspec.json.format(msgspec.json.encode(settings)))


def connection_string(port: int, settings: Settings) -> str:
    """What a client needs to connect to a broker on this port of the loopback interface."""
    return (
        f"Endpoint=sb://127.0.0.1:{port}"
        f";SharedAccessKeyName={settings.shared_access_key_name}"
        f";SharedAccessKey={settings.shared_access_key}"
        ";UseDevelopmentEmulator=true"
    )
