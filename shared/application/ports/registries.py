"""The ports to the lists of people whom we leave alone."""

from collections.abc import Mapping
from typing import Protocol

from shared.domain.ids import UserId
from shared.domain.registries import Entry, Registry


class Registries(Protocol):
    """The lists as they stand at the store. User ids are in small letters."""

    async def entries(self, registry: Registry) -> Mapping[UserId, Entry]:
        """All entries of a list, those that have expired included.

        Raises:
            StoreUnavailable: it can't be read, or it is longer than can be read at once.
        """
        ...

    async def entry(self, registry: Registry, user: UserId) -> Entry | None:
        """The entry of a person, or None where there is none."""
        ...

    async def replace(self, registry: Registry, old: Entry | None, new: Entry) -> None:
        """Write the entry of a person that was read as `old`.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        ...

    async def remove(self, registry: Registry, old: Entry) -> None:
        """Take an entry away that was read as `old`; one that is gone already is no error.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        ...
