"""Lists that are paged and chosen from alike, whatever is in them."""

import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Protocol, TypeVar

from local.graph.api.errors import GraphError, not_modelled, unknown_property, unsupported_query
from local.graph.api.messages import GraphAnswer
from local.graph.api.paging import next_link, start_after
from local.graph.api.query import check_options, read_page_size
from local.graph.api.routing import Call


class _Object(Protocol):
    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Mapping[str, Any] | _Object)

PAGED = frozenset({"$select", "$top", "$count", "$skiptoken"})
_EQUALITY = re.compile(r"\s*(\w+)\s+eq\s+'((?:[^']|'')*)'\s*")


def list_answer(
    call: Call, rows: Sequence[T], show: Callable[[T], Mapping[str, Any]], context: str
) -> GraphAnswer:
    """One page of the rows, each as `show` has it.

    What does not fit into one page is ordered by id, and a page begins after the last id of the one
    before: who comes or goes in between moves nobody else.

    Args:
        context: what stands behind `$metadata#`.
    """
    request = call.request
    after, size = start_after(request), read_page_size(request.query)
    ordered, start = rows, 0
    if after is not None or len(rows) > size:
        ordered = sorted(rows, key=_id_of)
        start = 0 if after is None else bisect_right(ordered, after, key=_id_of)
    return page_answer(call, ordered[start : start + size + 1], show, context, lambda: len(rows))


def page_answer(
    call: Call,
    found: Sequence[T],
    show: Callable[[T], Mapping[str, Any]],
    context: str,
    count: Callable[[], int],
) -> GraphAnswer:
    """One page, of which `found` holds the rows and the first one after them.

    Args:
        count: how many rows there are on all pages, asked for if the client wants to know.
    """
    request, size = call.request, read_page_size(call.request.query)
    body: dict[str, Any] = {"@odata.context": context_of(call, context)}
    if request.advanced and request.query.get("$count") == "true":
        body["@odata.count"] = count()
    if len(found) > size:
        body["@odata.nextLink"] = next_link(request, _id_of(found[size - 1]))
    body["value"] = [show(row) for row in found[:size]]
    return GraphAnswer(200, body)


def check_whole_list(call: Call, known: frozenset[str] = PAGED) -> None:
    """Refuse query options where a list is answered whole, page by page.

    Raises:
        GraphError: 400, or 501 for what Graph takes.
    """
    for option in ("$filter", "$select"):
        if option in call.request.query:
            raise not_modelled(f"the query option {option} on this list")
    check_options(call.request.query, known)


def _id_of(row: Mapping[str, Any] | _Object) -> str:
    return str(row["id"]) if isinstance(row, Mapping) else row.id


def context_of(call: Call, context: str) -> str:
    """The address that `@odata.context` has."""
    return f"{call.request.root}/{call.request.version}/$metadata#{context}"


def read_names(call: Call, known: Collection[str], type_name: str) -> tuple[str, ...] | None:
    """The properties that `$select` names; None = it is not there.

    Raises:
        GraphError: 400 for a property that the type does not have.
    """
    text = call.request.query.get("$select")
    if text is None:
        return None
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    for name in names:
        if name not in known:
            raise unknown_property(name, type_name)
    return names


def selected(row: Mapping[str, Any], names: Collection[str] | None) -> dict[str, Any]:
    """A row with the selected properties; annotations and expanded objects stay."""
    if names is None:
        return dict(row)
    return {
        name: value
        for name, value in row.items()
        if name in names or "@" in name or isinstance(value, dict)
    }


def read_equalities(call: Call, known: Collection[str]) -> dict[str, str]:
    """`$filter` where a service understands `name eq 'value'`, joined by `and`, and no more.

    Raises:
        GraphError: 400 for anything else.
    """
    text = call.request.query.get("$filter")
    if text is None:
        return {}
    wanted: dict[str, str] = {}
    for part in re.split(r"\s+and\s+", text):
        match = _EQUALITY.fullmatch(part)
        if match is None:
            raise GraphError(400, "BadRequest", f"Invalid filter clause: Syntax error in '{text}'.")
        name, value = match[1], match[2].replace("''", "'")
        if name not in known or name in wanted:
            raise unsupported_query(f"The property '{name}' cannot be filtered.")
        wanted[name] = value
    return wanted


def matching(rows: Sequence[dict[str, Any]], wanted: Mapping[str, str]) -> list[dict[str, Any]]:
    """The rows whose properties have the wanted values; letters may be of either case."""
    return [
        row
        for row in rows
        if all(str(row[name]).casefold() == value.casefold() for name, value in wanted.items())
    ]
