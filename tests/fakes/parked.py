"""Parked messages in memory."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from shared.application.ports.parked import Parked
from shared.domain.errors.requests import InvalidRequest
from tests.fakes.switch import Switch


class FakeParkedMessages(Switch):
    """The ports `ParkedMessages` and `UntoldMessages`.

    Args:
        page: how many messages a page has.
    """

    def __init__(self, *, page: int = 25) -> None:
        super().__init__()
        self._page = page
        self._messages: dict[str, Parked] = {}

    async def add(self, parked: Parked) -> None:
        """Keep it; the same id again is no error, and the first one stays."""
        self.reach()
        self._messages.setdefault(parked.parked_id, parked)

    async def get(self, parked_id: str) -> Parked | None:
        """The one with this id."""
        self.reach()
        return self._messages.get(parked_id)

    async def newest(self, token: str | None) -> tuple[tuple[Parked, ...], str | None]:
        """A page of them, and the token of the next one."""
        self.reach()
        found = sorted(self._messages.values(), key=_key)
        if token is not None:
            after = _parsed(token)
            found = [one for one in found if _key(one) > after]
        shown = tuple(found[: self._page])
        if len(found) <= self._page:
            return shown, None
        at, parked_id = _key(shown[-1])
        return shown, f"{at}_{parked_id}"

    async def remove(self, parked_id: str) -> None:
        """Drop it; one that is gone already is no error."""
        self.reach()
        self._messages.pop(parked_id, None)

    async def untold(self, most: int) -> tuple[Parked, ...]:
        """Up to `most` of those that no event has told of."""
        self.reach()
        return tuple(one for one in self._messages.values() if not one.told)[:most]

    async def mark_told(self, parked: Parked) -> None:
        """Note that an event has told of it."""
        self.reach()
        if parked.parked_id in self._messages:
            self._messages[parked.parked_id] = replace(self._messages[parked.parked_id], told=True)


def _key(parked: Parked) -> tuple[int, str]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return (-((parked.at - epoch) // timedelta(microseconds=1)), parked.parked_id)


def _parsed(token: str) -> tuple[int, str]:
    number, separator, parked_id = token.partition("_")
    if not (separator and number.removeprefix("-").isdecimal() and parked_id):
        raise InvalidRequest("The token is not one that a page of this list ended with.")
    return (int(number), parked_id)
