"""What a call of Microsoft Graph is."""

from dataclasses import dataclass, replace
from typing import Final

from kiota_abstractions.method import Method

from shared.domain.sweep.pace import Limit

PRIORITY: Final = "x-ms-throttle-priority"
_LOW: Final = (PRIORITY, "low")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of the Graph API.

    Attributes:
        operation: its name in logs and errors.
        method: the HTTP method.
        template: the URI template (RFC 6570); simple expansion percent-encodes every reserved
            character, the `#` of a guest's name included.
        role: the least application role that permits it; named where Graph refuses.
        success: the status codes of a call that went well.
        select: the properties asked for, where the template has a place for them.
        filter: which rows; `{name}` in it is filled from the call's values, as an OData literal.
        top: how many rows a page may have.
        headers: what is sent beside what every call sends, or in place of it.
        writes: whether it changes the directory. A write is sent once and given up soon: whoever
            guards it looks again before the next one, so that a stop holds within ten seconds.
        limit: within which published limit it falls; a sweep waits for its turn there.
    """

    operation: str
    method: Method
    template: str
    role: str
    success: frozenset[int]
    select: tuple[str, ...] = ()
    filter: str | None = None
    top: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    writes: bool = False
    limit: Limit | None = None


def next_page(call: Call) -> Call:
    """The call of a further page of the same list, whose address Graph gives as `link`."""
    return replace(call, template="{+link}", select=(), filter=None, top=None)


def in_no_hurry(call: Call) -> Call:
    """The same call at low priority: others go first where Graph has to throttle.

    https://learn.microsoft.com/graph/throttling
    """
    return replace(call, headers=(*call.headers, _LOW))


def as_usual(call: Call) -> Call:
    """The same call at the usual priority."""
    return replace(call, headers=tuple(one for one in call.headers if one != _LOW))


def literal(text: str) -> str:
    """A text as an OData literal: quotes around it, and those inside it doubled."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"
