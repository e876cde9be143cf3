"""The contract of the port `ParkedMessages`."""

import asyncio
from dataclasses import replace

import pytest

from shared.adapters.tables.parked import TableParkedMessages
from shared.application.ports.parked import Parked, ParkedMessages
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import CaseId
from shared.names import Queue
from tests.contract.samples import later
from tests.fakes.parked import FakeParkedMessages

PAGE = 3


def a_parked(number: int, message: str = "{}") -> Parked:
    """A parked message, later than those with lower numbers."""
    return Parked(
        parked_id=f"onboarding/{number:02d}#é",
        queue=Queue.ONBOARDING,
        reason="malformed-message",
        detail="Kein gültiges JSON.",
        attempts=number,
        message=message,
        case_id=CaseId("ab" * 16) if number % 2 else None,
        at=later(number),
    )


@pytest.fixture(params=["fake", "tables"])
def messages(request: pytest.FixtureRequest) -> ParkedMessages:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeParkedMessages(page=PAGE)
    return TableParkedMessages(request.getfixturevalue("store"), page=PAGE)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 262_144])
async def test_message_is_kept_whole(messages: ParkedMessages, size: int) -> None:
    """A message of any size that the broker takes is read back as it was."""
    parked = a_parked(1, message="ü" * (size // 2) + "x" * (size % 2))
    await messages.add(parked)
    assert await messages.get(parked.parked_id) == parked


async def test_unknown_message_is_none(messages: ParkedMessages) -> None:
    """A message that was not parked is None; removing it is no error."""
    assert await messages.get("unknown") is None
    await messages.remove("unknown")


async def test_parking_again_changes_nothing(messages: ParkedMessages) -> None:
    """The first one of an id stays, and is listed once."""
    first = a_parked(1)
    await messages.add(first)
    await messages.add(replace(first, message="other", at=later(9)))
    assert await messages.get(first.parked_id) == first
    assert await messages.newest(None) == ((first,), None)


async def test_of_many_parkings_one_counts(messages: ParkedMessages) -> None:
    """The same id parked ten times at once is one message, listed once."""
    tries = [replace(a_parked(1), at=later(n)) for n in range(10)]
    await asyncio.gather(*(messages.add(one) for one in tries))
    listed, token = await messages.newest(None)
    assert len(listed) == 1
    assert token is None
    assert listed[0] == await messages.get(tries[0].parked_id)


async def test_pages_are_newest_first_and_complete(messages: ParkedMessages) -> None:
    """Pages give every message once, newest first."""
    made = [a_parked(number) for number in range(7)]
    for parked in made:
        await messages.add(parked)
    pages: list[tuple[Parked, ...]] = []
    token: str | None = None
    while not pages or token is not None:
        page, token = await messages.newest(token)
        pages.append(page)
    newest = tuple(reversed(made))
    assert pages == [newest[:3], newest[3:6], newest[6:]]


async def test_removed_message_is_gone(messages: ParkedMessages) -> None:
    """A removed message is neither found nor listed, and may be parked anew."""
    first, second = a_parked(1), a_parked(2)
    await messages.add(first)
    await messages.add(second)
    await messages.remove(first.parked_id)
    assert await messages.get(first.parked_id) is None
    assert await messages.newest(None) == ((second,), None)
    again = replace(first, at=later(5))
    await messages.add(again)
    assert await messages.newest(None) == ((again, second), None)


@pytest.mark.parametrize("token", ["", "nonsense", "' or PartitionKey ne '"])
async def test_foreign_token_is_refused(messages: ParkedMessages, token: str) -> None:
    """A token that is none of ours is the caller's mistake, not an empty page."""
    with pytest.raises(InvalidRequest):
        await messages.newest(token)
