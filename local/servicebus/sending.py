"""What happens to messages on their way in: duplicates, schedules, the fan-out of topics."""

from collections.abc import Iterable

from local.servicebus.envelope import Envelope, State
from local.servicebus.journal import note
from local.servicebus.namespace import Namespace
from local.servicebus.refusals import MessageNotFoundError
from local.servicebus.store import Stored
from local.servicebus.topology import Entity, Kind


def send(namespace: Namespace, entity: Entity, envelopes: Iterable[Envelope]) -> list[int]:
    """Take messages in; those with a scheduled time ahead wait for it.

    Returns:
        The sequence number of each. A duplicate uses one up too, though no message has it.
    """
    return [_accept(namespace, entity, envelope) for envelope in envelopes]


def cancel_scheduled(namespace: Namespace, entity: Entity, sequences: Iterable[int]) -> None:
    """Remove scheduled messages that have not been enqueued yet: all of them or none.

    Raises:
        MessageNotFoundError: one of the numbers belongs to no scheduled message.
    """
    found = []
    for sequence in sequences:
        message = namespace.store.in_state(entity.path, sequence, State.SCHEDULED)
        if message is None:
            raise MessageNotFoundError(f"No scheduled message has the number {sequence}.")
        found.append(message)
    for message in found:
        namespace.store.remove(message)


def enqueue_due(namespace: Namespace) -> None:
    """Enqueue every scheduled message whose time has come, under a new sequence number."""
    for message in namespace.store.due(namespace.now()):
        entity = namespace.topology.find(message.path)
        namespace.store.remove(message)
        _enqueue(namespace, entity, _envelope(message), message.origin_sequence)
        note("scheduled message enqueued", path=message.path, scheduled_as=message.sequence)


def _accept(namespace: Namespace, entity: Entity, envelope: Envelope) -> int:
    now = namespace.now()
    sequence = namespace.store.next_sequence(entity.path)
    if _is_duplicate(namespace, entity, envelope, now):
        note("duplicate dropped", path=entity.path, message_id=envelope.message_id)
    elif envelope.scheduled_for is not None and envelope.scheduled_for > now:
        namespace.store.add(
            entity.path,
            envelope,
            sequence=sequence,
            origin_sequence=sequence,
            enqueued_at=now,
            time_to_live=_time_to_live(namespace, envelope),
            due_at=envelope.scheduled_for,
        )
    else:
        _enqueue(namespace, entity, envelope, sequence, sequence)
    return sequence


def _enqueue(
    namespace: Namespace,
    entity: Entity,
    envelope: Envelope,
    origin_sequence: int,
    sequence: int | None = None,
) -> None:
    if entity.kind is Kind.TOPIC:
        places = namespace.topology.subscriptions(entity.path)
        sequence = None
    else:
        places = [entity.path]
    for place in places:
        namespace.store.add(
            place,
            envelope,
            sequence=namespace.store.next_sequence(place) if sequence is None else sequence,
            origin_sequence=origin_sequence,
            enqueued_at=namespace.now(),
            time_to_live=_time_to_live(namespace, envelope),
        )
        namespace.woken.add(place)


def _is_duplicate(namespace: Namespace, entity: Entity, envelope: Envelope, now: int) -> bool:
    if not namespace.duplicate_window or envelope.message_id is None:
        return False
    namespace.store.forget(seen_until=now - namespace.duplicate_window)
    return not namespace.store.first_seen(entity.path, envelope.message_id, now=now)


def _time_to_live(namespace: Namespace, envelope: Envelope) -> int:
    if envelope.time_to_live is None:
        return namespace.time_to_live
    return min(envelope.time_to_live, namespace.time_to_live)


def _envelope(message: Stored) -> Envelope:
    return Envelope(
        message_id=None,
        time_to_live=message.time_to_live,
        scheduled_for=None,
        annotations=message.annotations,
        body=message.body,
    )
