"""Links to the nodes that answer requests: `$cbs` and the `$management` node of an entity."""

from collections.abc import Callable

import proton
from proton import Delivery

from local.servicebus import requests
from local.servicebus.conditions import refused
from local.servicebus.links import top_up
from local.servicebus.refusals import NotAllowedError, RefusalError

Answerer = Callable[[requests.Request], bytes]


class ResponseLink:
    """The client receives its responses over it."""

    def __init__(self, link: proton.Sender) -> None:
        self._link = link
        self._count = 0

    def send(self, payload: bytes) -> None:
        """Send one response. It counts as settled: who misses it asks again."""
        self._count += 1
        delivery = self._link.delivery(str(self._count))
        self._link.stream(payload)
        self._link.advance()
        delivery.settle()

    def on_delivery(self, delivery: Delivery) -> None:
        """A response was settled when it was sent; nothing is left to do."""


class RequestLink:
    """The client sends its requests over it.

    Args:
        link: the link itself.
        answerer: carries a request out and writes the response.
        responses: finds the link for the responses, which the client attaches beside this one.
    """

    def __init__(
        self,
        link: proton.Receiver,
        answerer: Answerer,
        responses: Callable[[], ResponseLink | None],
    ) -> None:
        self._link = link
        self._answerer = answerer
        self._responses = responses
        top_up(link)

    def on_delivery(self, delivery: Delivery) -> None:
        """Answer a request when all of it has arrived."""
        if not delivery.readable or delivery.partial:
            return
        payload = bytes(self._link.recv(delivery.pending) or b"")
        self._link.advance()
        try:
            self._respond(payload)
        except RefusalError as refusal:
            delivery.local.condition = refused(refusal)
            delivery.update(Delivery.REJECTED)
        else:
            delivery.update(Delivery.ACCEPTED)
        delivery.settle()
        top_up(self._link)

    def _respond(self, payload: bytes) -> None:
        request = requests.parse(payload)
        responses = self._responses()
        if responses is None:
            raise NotAllowedError("A request needs a link for its response beside it.")
        responses.send(self._answerer(request))
