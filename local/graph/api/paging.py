"""Server-driven paging: opaque skip tokens and next links."""

import base64
import binascii
import secrets
from urllib.parse import quote, urlencode

import msgspec

from local.graph.api.errors import GraphError
from local.graph.api.messages import GraphRequest

_RUN = secrets.token_hex(4)
"""Positions are those of one run: a restart leaves out who was deleted."""


class _Token(msgspec.Struct, frozen=True):
    at: int | str
    filter: str
    run: str


def start_position(request: GraphRequest) -> int:
    """Where the page of this request begins, in a list whose positions stay.

    Raises:
        GraphError: 400 for a token that is none of ours or belongs to another query.
    """
    token = _read(request)
    if token is None:
        return 0
    if isinstance(token.at, str) or token.run != _RUN:
        raise _expired()
    return token.at


def start_after(request: GraphRequest) -> str | None:
    """The id after which the page of this request begins; None = it is the first one.

    Raises:
        GraphError: 400 for a token that is none of ours or belongs to another query.
    """
    token = _read(request)
    if token is None:
        return None
    if isinstance(token.at, int):
        raise _expired()
    return token.at


def _read(request: GraphRequest) -> _Token | None:
    text = request.query.get("$skiptoken")
    if text is None:
        return None
    try:
        token = msgspec.json.decode(base64.urlsafe_b64decode(text), type=_Token)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        raise _expired() from None
    if token.filter != request.query.get("$filter", ""):
        raise _expired()
    return token


def _expired() -> GraphError:
    return GraphError(
        400,
        "Directory_ExpiredPageToken",
        "The specified page token value has expired or is invalid.",
    )


def next_link(request: GraphRequest, at: int | str) -> str:
    """The absolute address of the next page: this request, from a position on or after an id."""
    token = _Token(at, request.query.get("$filter", ""), _RUN)
    query = {
        **request.query,
        "$skiptoken": base64.urlsafe_b64encode(msgspec.json.encode(token)).decode(),
    }
    path = "/".join(quote(segment, safe="$") for segment in request.segments)
    return f"{request.root}/{request.version}/{path}?{urlencode(query, safe='$,')}"
