"""Reads a list of Microsoft Graph to its end."""

from collections.abc import Mapping
from typing import Protocol, TypeVar

from shared.adapters.graph.answers import Page, read_answer
from shared.adapters.graph.calls.call import Call, next_page
from shared.domain.errors.directory import MalformedAnswer

Item = TypeVar("Item")


class Sender(Protocol):
    """What makes calls."""

    def is_own(self, link: str) -> bool:
        """Whether an address is on the Graph that it talks to."""
        ...

    async def send(
        self, call: Call, values: Mapping[str, str], content: bytes | None = None
    ) -> bytes:
        """Make a call and return the bytes of the answer."""
        ...


async def read_pages(
    client: Sender,
    call: Call,
    values: Mapping[str, str],
    page_type: type[Page[Item]],
    *,
    most: int = 20,
) -> list[Item]:
    """All rows of a list: one request, and one more for each further page.

    Args:
        client: sends the requests.
        call: the first of them.
        values: what fills its template and its filter.
        page_type: what a page looks like.
        most: how many pages there may be.

    Raises:
        MalformedAnswer: there are more, or the next one is said to be elsewhere.
        LifecycleError: as `GraphClient.send`.
    """
    page = await read_page(client, call, values, page_type)
    found = list(page.value)
    for _ in range(most - 1):
        if page.next_link is None:
            return found
        page = await read_page(client, call, values, page_type, link=page.next_link)
        found += page.value
    if page.next_link is not None:
        raise MalformedAnswer(f"{call.operation}: the pages do not end.")
    return found


async def read_page(
    client: Sender,
    call: Call,
    values: Mapping[str, str],
    page_type: type[Page[Item]],
    *,
    link: str | None = None,
) -> Page[Item]:
    """One page of a list: the first, or the one at the address that the page before gave.

    Raises:
        MalformedAnswer: it is no page, or said to be elsewhere.
        LifecycleError: as `GraphClient.send`.
    """
    if link is None:
        return read_answer(await client.send(call, values), page_type)
    if not client.is_own(link):
        raise MalformedAnswer(f"{call.operation}: the next page is said to be elsewhere.")
    return read_answer(await client.send(next_page(call), {"link": link}), page_type)
