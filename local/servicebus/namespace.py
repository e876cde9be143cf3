"""What every operation of the broker works on: the entities, the messages, the two clocks."""

from collections.abc import Callable
from dataclasses import dataclass, field

from local.servicebus.settings import Limits
from local.servicebus.store import Store
from local.servicebus.topology import Topology

Milliseconds = Callable[[], int]
"""A clock, in milliseconds since the epoch."""


@dataclass(frozen=True)
class Namespace:
    """The state of the broker.

    Args:
        store: the messages.
        topology: the entities.
        limits: how entities treat messages.
        now: the stack clock, for schedules, time to live and duplicate detection.
        real_now: the real clock, for locks.
        woken: the paths where a message may have become receivable since they were last served.
    """

    store: Store
    topology: Topology
    limits: Limits
    now: Milliseconds
    real_now: Milliseconds
    woken: set[str] = field(default_factory=set)

    @property
    def lock_duration(self) -> int:
        """How long a lock holds, in milliseconds of real time."""
        return round(self.limits.lock_duration_seconds * 1000)

    @property
    def duplicate_window(self) -> int:
        """How long a message id is remembered, in milliseconds of stack time; 0 is never."""
        return round(self.limits.duplicate_detection_seconds * 1000)

    @property
    def time_to_live(self) -> int:
        """How long a message may wait, in milliseconds of stack time."""
        return round(self.limits.time_to_live_seconds * 1000)

    @property
    def max_message_size(self) -> int:
        """The largest message or batch, in bytes."""
        return self.limits.max_message_kilobytes * 1024
