"""The two kinds of link that carry messages: a client's sender and a client's receiver."""

from typing import Any
from uuid import UUID

import proton
from proton import Condition, Delivery

from local.servicebus import envelope, receiving, sending, settling
from local.servicebus.conditions import refused
from local.servicebus.journal import note
from local.servicebus.namespace import Namespace
from local.servicebus.refusals import MalformedError, MessageTooLargeError, RefusalError
from local.servicebus.sections import batch
from local.servicebus.topology import Entity

INCOMING_CREDIT = 1000
"""How many messages a client may have on the way to us."""

_DEAD_LETTER_CONDITION = "com.microsoft:dead-letter"


def refuse(link: proton.Link, refusal: RefusalError) -> None:
    """Close a link with an error."""
    link.condition = refused(refusal)
    link.close()


def top_up(link: proton.Receiver) -> None:
    """Let the client send on, in few steps: the official one takes 50 ms for every frame."""
    if link.credit < INCOMING_CREDIT // 2:
        link.flow(INCOMING_CREDIT - link.credit)


class IncomingLink:
    """A client sends over it."""

    def __init__(self, link: proton.Receiver, namespace: Namespace, entity: Entity) -> None:
        self._link = link
        self._namespace = namespace
        self.entity = entity
        self._payload = bytearray()
        self._size = 0
        top_up(link)

    def on_delivery(self, delivery: Delivery) -> None:
        """Take a message, or a batch of them, when all of it has arrived."""
        if not delivery.readable:
            return
        chunk = self._link.recv(delivery.pending) or b""
        self._size += len(chunk)
        if self._size <= self._namespace.max_message_size:
            self._payload += chunk
        if delivery.partial:
            return
        self._link.advance()
        if not delivery.aborted:
            self._decide(delivery)
        delivery.settle()
        self._size = 0
        self._payload.clear()
        top_up(self._link)

    def _decide(self, delivery: Delivery) -> None:
        try:
            self._take()
        except RefusalError as refusal:
            note("message refused", path=self.entity.path, condition=refusal.condition)
            delivery.local.condition = refused(refusal)
            delivery.update(Delivery.REJECTED)
        else:
            delivery.update(Delivery.ACCEPTED)

    def _take(self) -> None:
        limit = self._namespace.max_message_size
        if self._size > limit:
            raise MessageTooLargeError(
                f"The received message (size:{self._size} bytes) exceeds the limit "
                f"({limit} bytes) currently allowed on the link."
            )
        payload = bytes(self._payload)
        inner = batch(payload)
        envelopes = [envelope.read(one) for one in ([payload] if inner is None else inner)]
        sending.send(self._namespace, self.entity, envelopes)


class OutgoingLink:
    """A client receives over it."""

    def __init__(self, link: proton.Sender, namespace: Namespace, entity: Entity) -> None:
        self._link = link
        self._namespace = namespace
        self._path = entity.path
        self.entity = entity
        self.settles_at_once = link.remote_snd_settle_mode == proton.Link.SND_SETTLED
        self._count = 0

    @property
    def credit(self) -> int:
        """How many messages the client asks for right now."""
        return int(self._link.credit)

    def hand_out(self, message: receiving.Received) -> None:
        """Put one message on the wire."""
        self._count += 1
        token = message.lock_token
        tag = token.bytes_le if token else self._count.to_bytes(4)
        delivery = self._link.delivery(tag)  # type: ignore[arg-type] # proton takes bytes as well
        delivery.lock_token = token
        self._link.stream(message.payload)
        self._link.advance()
        if token is None:
            delivery.settle()

    def drained(self) -> None:
        """Give back credit that a draining client wants used up or returned."""
        if self._link.drain_mode:
            self._link.drained()

    def on_delivery(self, delivery: Delivery) -> None:
        """Settle a message as the client says, and tell it what came of it."""
        token: UUID | None = getattr(delivery, "lock_token", None)
        if token is None or not delivery.updated:
            return
        outcome = delivery.remote_state
        try:
            self._settle(token, outcome, delivery.remote)
        except RefusalError as refusal:
            note("settlement refused", path=self._path, condition=refusal.condition)
            delivery.local.condition = refused(refusal)
            delivery.update(Delivery.REJECTED)
        else:
            if outcome == Delivery.MODIFIED:
                delivery.local.failed = delivery.remote.failed
                delivery.local.undeliverable = delivery.remote.undeliverable
            delivery.update(outcome)
        delivery.settle()

    def _settle(self, token: UUID, outcome: object, remote: Any) -> None:  # noqa: ANN401 - untyped
        space, path = self._namespace, self._path
        if outcome == Delivery.ACCEPTED:
            settling.complete(space, path, token)
        elif outcome == Delivery.RELEASED:
            settling.release(space, path, token)
        elif outcome == Delivery.REJECTED:
            info = _dead_letter_info(remote.condition)
            settling.dead_letter(
                space,
                path,
                token,
                reason=info.get(settling.REASON),
                description=info.get(settling.DESCRIPTION),
            )
        elif outcome == Delivery.MODIFIED:
            settle = settling.defer if remote.undeliverable else settling.abandon
            settle(space, path, token, remote.annotations)
        else:
            raise MalformedError(f"The outcome {outcome} settles nothing.")


def _dead_letter_info(error: Condition | None) -> dict[str, str]:
    if error is None or error.name != _DEAD_LETTER_CONDITION:
        return {}
    info = error.info if isinstance(error.info, dict) else {}
    return {str(name): value for name, value in info.items() if isinstance(value, str)}
