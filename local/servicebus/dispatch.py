"""Who gets the next message: clients that receive from the same entity take turns."""

from collections import defaultdict, deque

from local.servicebus import receiving
from local.servicebus.links import OutgoingLink
from local.servicebus.namespace import Namespace

_MESSAGES_PER_TURN = 100
"""After so many messages of one entity everything else gets its turn first."""


class Dispatcher:
    """The receiving links of all connections, by the entity that they receive from."""

    def __init__(self, namespace: Namespace) -> None:
        self._namespace = namespace
        self._links: defaultdict[str, deque[OutgoingLink]] = defaultdict(deque)

    def add(self, link: OutgoingLink) -> None:
        """Let a link take part."""
        self._links[link.entity.path].append(link)

    def discard(self, link: OutgoingLink) -> None:
        """Leave a link out from now on."""
        links = self._links[link.entity.path]
        if link in links:
            links.remove(link)

    def serve(self) -> bool:
        """Hand out what has become receivable; whether there may be more to hand out."""
        woken = list(self._namespace.woken)
        self._namespace.woken.clear()
        for path in woken:
            if self._serve(path):
                self._namespace.woken.add(path)
        return bool(self._namespace.woken)

    def _serve(self, path: str) -> bool:
        links = self._links[path]
        for _ in range(_MESSAGES_PER_TURN):
            link = self._next_with_credit(links)
            if link is None:
                return False
            found = receiving.receive(
                self._namespace, path, limit=1, and_delete=link.settles_at_once
            )
            if not found:
                for waiting in links:
                    waiting.drained()
                return False
            link.hand_out(found[0])
        return True

    def _next_with_credit(self, links: deque[OutgoingLink]) -> OutgoingLink | None:
        for _ in range(len(links)):
            link = links[0]
            links.rotate(-1)
            if link.credit > 0:
                return link
        return None
