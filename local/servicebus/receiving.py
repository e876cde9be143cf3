"""Taking messages out: under a lock or for good, and the deferred ones by number."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID, uuid4

from local.servicebus.envelope import State
from local.servicebus.namespace import Namespace
from local.servicebus.refusals import MessageNotFoundError
from local.servicebus.store import Stored
from local.servicebus.topology import Entity

MAX_PEEKED = 250
"""How many messages one peek gives at most, whatever was asked."""


@dataclass(frozen=True, slots=True)
class Received:
    """A message on its way to a client, with the token of its lock if there is one."""

    payload: bytes
    lock_token: UUID | None


def receive(
    namespace: Namespace, path: str, *, limit: int, and_delete: bool = False
) -> list[Received]:
    """The oldest receivable messages, each locked or, with `and_delete`, gone."""
    messages = namespace.store.ready(path, now=namespace.now(), limit=limit)
    return [_hand_out(namespace, message, and_delete=and_delete) for message in messages]


def receive_deferred(
    namespace: Namespace, entity: Entity, sequences: Iterable[int], *, and_delete: bool
) -> list[Received]:
    """The deferred messages with these numbers: all of them or none.

    Raises:
        MessageNotFoundError: one of the numbers belongs to no deferred message.
    """
    found = []
    for sequence in sequences:
        message = namespace.store.in_state(entity.path, sequence, State.DEFERRED)
        if message is None:
            raise MessageNotFoundError(f"No deferred message has the number {sequence}.")
        found.append(message)
    return [_hand_out(namespace, message, and_delete=and_delete) for message in found]


def peek(namespace: Namespace, entity: Entity, *, first: int, count: int) -> list[bytes]:
    """Messages in any state from a sequence number on, neither locked nor removed."""
    limit = max(0, min(count, MAX_PEEKED))
    found = namespace.store.browse(entity.path, first=first, now=namespace.now(), limit=limit)
    return [message.payload(locked_until=message.locked_until) for message in found]


def _hand_out(namespace: Namespace, message: Stored, *, and_delete: bool) -> Received:
    if and_delete:
        namespace.store.remove(message)
        return Received(message.payload(), lock_token=None)
    token = uuid4()
    locked_until = namespace.real_now() + namespace.lock_duration
    namespace.store.change(message, lock_token=str(token), locked_until=locked_until)
    return Received(message.payload(locked_until=locked_until), lock_token=token)
