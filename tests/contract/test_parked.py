"""The contract of the port `ParkedMessages`."""

import asyncio
from dataclasses import replace
from typing import Protocol

import pytest

from shared.adapters.tables.parked import TableParkedMessages
from shared.application.ports.parked import Parked, ParkedMessages, UntoldMessages
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import CaseId
from shared.names import Queue
from tests.contract.samples import later
from tests.fakes.parked import FakeParkedMessages

PAGE = 3


class Messages(ParkedMessages, UntoldMessages, Protocol):
    """Both ports, which one store serves."""


def a_parked(number: int, message: str = "{}", *, told: bool = True) -> Parked:
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
        ticket_id="T-1 é" if number % 2 else None,
        told=told,
    )


@pytest.fixture(params=["fake", "tables"])
def messages(request: pytest.FixtureRequest) -> Messages:
    """Each implementation in turn."""
    if request.param == "fake":
        return FakeParkedMessages(page=PAGE)
    return TableParkedMessages(request.getfixturevalue("store"), page=PAGE)


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 262_144])
async def test_message_is_kept_whole(messages: Messages, size: int) -> None:
    """A message of any size that the broker takes is read back as it was."""
    parked = a_parked(1, message="ü" * (size // 2) + "x" * (size % 2))
    await messages.add(parked)
    assert await messages.get(parked.parked_id) == parked


async def test_unknown_message_is_none(messages: Messages) -> None:
    """A message that was not parked is None; removing it is no error."""
    assert await messages.get("unknown") is None
    await messages.remove("unknown")


async def test_parking_again_changes_nothing(messages: Messages) -> None:
    """The first one of an id stays, and is listed once."""
    first = a_parked(1)
    await messages.add(first)
    await messages.add(replace(first, message="other", at=later(9)))
    assert await messages.get(first.parked_id) == first
    assert await messages.newest(None) == ((first,), None)


async def test_of_many_parkings_one_counts(messages: Messages) -> None:
    """The same id parked ten times at once is one message, listed once."""
    tries = [replace(a_parked(1), at=later(n)) for n in range(10)]
    await asyncio.gather(*(messages.add(one) for one in tries))
    listed, token = await messages.newest(None)
    assert len(listed) == 1
    assert token is None
    assert listed[0] == await messages.get(tries[0].parked_id)


async def test_pages_are_newest_first_and_complete(messages: Messages) -> None:
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


async def test_removed_message_is_gone(messages: Messages) -> None:
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
async def test_foreign_token_is_refused(messages: Messages, token: str) -> None:
    """A token that is none of ours is the caller's mistake, not an empty page."""
    with pytest.raises(InvalidRequest):
        await messages.newest(token)


async def test_what_nobody_was_told_of_is_found_until_it_is_told(messages: Messages) -> None:
    """A mark takes it off the list for good, however often it is parked again."""
    first, second = a_parked(1, told=False), a_parked(2, told=False)
    for parked in (first, second, a_parked(3)):
        await messages.add(parked)
    assert set(await messages.untold(10)) == {first, second}
    assert len(await messages.untold(1)) == 1
    await messages.mark_told(first)
    await messages.mark_told(first)
    await messages.add(first)
    assert await messages.untold(10) == (second,)
    assert await messages.get(first.parked_id) == replace(first, told=True)


async def test_what_was_removed_is_not_told(messages: Messages) -> None:
    """Marking it is no error, and brings it back nowhere."""
    parked = a_parked(1, told=False)
    await messages.add(parked)
    await messages.remove(parked.parked_id)
    await messages.mark_told(parked)
    assert await messages.untold(10) == ()
    assert await messages.get(parked.parked_id) is None
