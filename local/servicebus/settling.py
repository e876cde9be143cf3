"""What becomes of a locked message: complete, abandon, release, defer, dead-letter, renew."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from local.servicebus.envelope import State, with_properties
from local.servicebus.journal import note
from local.servicebus.namespace import Namespace
from local.servicebus.refusals import MessageLockLostError, NotAllowedError, OutOfRangeError
from local.servicebus.store import Stored
from local.servicebus.topology import DEAD_LETTER_SUFFIX

_MAX_REASON = 4096

REASON = "DeadLetterReason"
DESCRIPTION = "DeadLetterErrorDescription"


def held(namespace: Namespace, path: str, token: UUID) -> Stored:
    """The message under a lock.

    Raises:
        MessageLockLostError: the lock ran out, or the message was settled.
    """
    message = namespace.store.locked(path, token, real_now=namespace.real_now())
    if message is None:
        raise MessageLockLostError(
            "The lock supplied is invalid. Either the lock expired, or the message has already "
            "been removed from the queue."
        )
    return message


def complete(namespace: Namespace, path: str, token: UUID) -> None:
    """Remove the message."""
    namespace.store.remove(held(namespace, path, token))


def abandon(
    namespace: Namespace, path: str, token: UUID, changes: Mapping[str, Any] | None = None
) -> None:
    """Give the message back as a failed attempt, with these application properties changed."""
    _give_back(namespace, held(namespace, path, token), changes)


def release(namespace: Namespace, path: str, token: UUID) -> None:
    """Give the message back as if it had never been received."""
    _unlock(namespace, held(namespace, path, token))


def defer(
    namespace: Namespace, path: str, token: UUID, changes: Mapping[str, Any] | None = None
) -> None:
    """Put the message aside until it is asked for by its number."""
    message = held(namespace, path, token)
    body = with_properties(message.body, changes) if changes else message.body
    _unlock(namespace, message, state=State.DEFERRED, body=body)


def dead_letter(
    namespace: Namespace,
    path: str,
    token: UUID,
    *,
    reason: str | None = None,
    description: str | None = None,
    changes: Mapping[str, Any] | None = None,
) -> None:
    """Move the message to the dead-letter queue.

    Raises:
        NotAllowedError: it is there already.
        OutOfRangeError: reason or description are over 4096 characters.
    """
    message = held(namespace, path, token)
    if path.endswith(DEAD_LETTER_SUFFIX):
        raise NotAllowedError("A message can't be dead-lettered from a dead-letter queue.")
    if any(len(text) > _MAX_REASON for text in (reason, description) if text):
        raise OutOfRangeError(f"Reason and description have at most {_MAX_REASON} characters.")
    _bury(namespace, message, {**(changes or {}), REASON: reason, DESCRIPTION: description})


def renew(namespace: Namespace, path: str, tokens: Iterable[UUID]) -> list[int]:
    """Start these locks anew: all of them or none.

    Returns:
        When each ends, in milliseconds of real time.
    """
    messages = [held(namespace, path, token) for token in tokens]
    locked_until = namespace.real_now() + namespace.lock_duration
    for message in messages:
        namespace.store.change(message, locked_until=locked_until)
    return [locked_until] * len(messages)


def end_locks(namespace: Namespace) -> None:
    """Give back every message whose lock has run out, as a failed attempt."""
    for message in namespace.store.locks_ended(namespace.real_now()):
        note("lock expired", path=message.path, sequence=message.sequence)
        _give_back(namespace, message, None)


def drop_expired(namespace: Namespace) -> None:
    """Remove every message past its time to live: Azure's default is not to dead-letter them."""
    for message in namespace.store.expired(namespace.now()):
        note("message expired", path=message.path, sequence=message.sequence)
        namespace.store.remove(message)


def _give_back(namespace: Namespace, message: Stored, changes: Mapping[str, Any] | None) -> None:
    attempts = message.delivery_count + 1
    namespace.store.change(message, delivery_count=attempts)
    limit = namespace.limits.max_delivery_count
    if attempts >= limit and not message.path.endswith(DEAD_LETTER_SUFFIX):
        verdict = {
            REASON: "MaxDeliveryCountExceeded",
            DESCRIPTION: f"Message could not be consumed after {limit} delivery attempts.",
        }
        _bury(namespace, message, {**(changes or {}), **verdict})
    else:
        body = with_properties(message.body, changes) if changes else message.body
        _unlock(namespace, message, body=body)


def _bury(namespace: Namespace, message: Stored, properties: Mapping[str, Any]) -> None:
    path = message.path + DEAD_LETTER_SUFFIX
    given = {name: value for name, value in properties.items() if value is not None}
    body = with_properties(message.body, given) if given else message.body
    note("dead-lettered", path=path, sequence=message.sequence, reason=given.get(REASON))
    # Time to live is not observed in a dead-letter queue.
    _unlock(
        namespace, message, path=path, state=State.ACTIVE, due_at=None, expires_at=None, body=body
    )
    namespace.woken.add(path)


def _unlock(namespace: Namespace, message: Stored, **values: Any) -> None:  # noqa: ANN401 - columns
    namespace.store.change(message, lock_token=None, locked_until=None, **values)
    namespace.woken.add(message.path)
