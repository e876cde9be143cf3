"""Addresses and what they lead to. Azure takes entity paths in any case, so this does too."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import urlsplit

from local.servicebus.refusals import EntityNotFoundError
from local.servicebus.settings import Settings

DEAD_LETTER_SUFFIX = "/$deadletterqueue"
MANAGEMENT_SUFFIX = "/$management"


class Kind(Enum):
    """What stands at the end of an address."""

    QUEUE = auto()
    TOPIC = auto()
    SUBSCRIPTION = auto()
    DEAD_LETTERS = auto()


@dataclass(frozen=True)
class Entity:
    """One place that messages go to or come from. `path` is lower case and unique."""

    kind: Kind
    path: str

    @property
    def takes_messages(self) -> bool:
        """Whether clients may send to it."""
        return self.kind in (Kind.QUEUE, Kind.TOPIC)

    @property
    def gives_messages(self) -> bool:
        """Whether clients may receive from it."""
        return self.kind is not Kind.TOPIC


class Topology:
    """The entities of the namespace, found by address."""

    def __init__(self, settings: Settings) -> None:
        self._entities: dict[str, Entity] = {}
        self._subscriptions: dict[str, list[str]] = {}
        for queue in settings.queues:
            self._add_with_dead_letters(Kind.QUEUE, queue.lower())
        for topic, names in settings.topics.items():
            path = topic.lower()
            self._entities[path] = Entity(Kind.TOPIC, path)
            self._subscriptions[path] = [f"{path}/subscriptions/{name.lower()}" for name in names]
            for subscription in self._subscriptions[path]:
                self._add_with_dead_letters(Kind.SUBSCRIPTION, subscription)

    def _add_with_dead_letters(self, kind: Kind, path: str) -> None:
        self._entities[path] = Entity(kind, path)
        dead = path + DEAD_LETTER_SUFFIX
        self._entities[dead] = Entity(Kind.DEAD_LETTERS, dead)

    def find(self, path: str) -> Entity:
        """The entity at a path that `entity_path` made.

        Raises:
            EntityNotFoundError: nothing is there.
        """
        entity = self._entities.get(path)
        if entity is None:
            raise EntityNotFoundError(
                f"The messaging entity '{path}' could not be found. "
                "To know more visit https://aka.ms/sbResourceMgrExceptions."
            )
        return entity

    def paths(self) -> Collection[str]:
        """The paths of all entities, dead-letter queues among them."""
        return self._entities.keys()

    def subscriptions(self, topic: str) -> list[str]:
        """The paths of a topic's subscriptions."""
        return self._subscriptions[topic]


def entity_path(address: str) -> str:
    """The path in an address, which may be a bare path or a URI with scheme and host."""
    path = urlsplit(address).path if "://" in address else address
    return path.strip("/").lower()
