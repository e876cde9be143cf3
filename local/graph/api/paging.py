"""Server-driven paging: opaque skip tokens and next links."""

import base64
import binascii
from urllib.parse import quote, urlencode

import msgspec

from local.graph.api.errors import GraphError
from local.graph.api.messages import GraphRequest


class _Token(msgspec.Struct, frozen=True):
    position: int
    filter: str


def start_position(request: GraphRequest) -> int:
    """Where the page of this request begins.

    Raises:
        GraphError: 400 for a token that is none of ours or belongs to another query.
    """
    text = request.query.get("$skiptoken")
    if text is None:
        return 0
    try:
        token = msgspec.json.decode(base64.urlsafe_b64decode(text), type=_Token)
    except (binascii.Error, ValueError, msgspec.MsgspecError):
        token = None
    if token is None or token.filter != request.query.get("$filter", ""):
        raise GraphError(
            400,
            "Directory_ExpiredPageToken",
            "The specified page token value has expired or is invalid.",
        )
    return token.position


def next_link(request: GraphRequest, position: int) -> str:
    """The absolute address of the next page: this request, from a position on."""
    token = _Token(position, request.query.get("$filter", ""))
    query = {
        **request.query,
        "$skiptoken": base64.urlsafe_b64encode(msgspec.json.encode(token)).decode(),
    }
    path = "/".join(quote(segment, safe="$") for segment in request.segments)
    return f"{request.root}/{request.version}/{path}?{urlencode(query, safe='$,')}"
