"""Reads a list of Microsoft Graph to its end."""

from collections.abc import Mapping
from typing import TypeVar

from shared.adapters.graph.answers import Page, read_answer
from shared.adapters.graph.calls.call import Call, next_page
from shared.adapters.graph.client import GraphClient
from shared.domain.errors.directory import MalformedAnswer

Item = TypeVar("Item")


async def read_pages(
    client: GraphClient,
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
    page = read_answer(await client.send(call, values), page_type)
    found = list(page.value)
    more = next_page(call)
    for _ in range(most - 1):
        if page.next_link is None:
            return found
        if not client.is_own(page.next_link):
            raise MalformedAnswer(f"{call.operation}: the next page is said to be elsewhere.")
        page = read_answer(await client.send(more, {"link": page.next_link}), page_type)
        found += page.value
    if page.next_link is not None:
        raise MalformedAnswer(f"{call.operation}: the pages do not end.")
    return found
