"""A request to Graph and its answer, apart from any HTTP library."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import msgspec

from local.graph.api.errors import GraphError


class Version(StrEnum):
    """The two versions of the service."""

    V1 = "v1.0"
    BETA = "beta"


@dataclass(frozen=True)
class Caller:
    """Who sends a request, from a token that was checked.

    Attributes:
        app_id: the application's client id.
        roles: the application permissions that the token holds.
    """

    app_id: str
    roles: frozenset[str]


@dataclass(frozen=True)
class GraphRequest:
    """One request, alone or inside a batch.

    Attributes:
        segments: the path below the version, percent-decoded segment by segment.
        query: the query options as sent, decoded.
        headers: header names in lower case.
        root: the service root as the client spells it, such as `http://127.0.0.1:8080`.
    """

    method: str
    version: Version
    segments: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    caller: Caller
    root: str

    @property
    def advanced(self) -> bool:
        """The client accepts eventual consistency, which advanced queries need."""
        return self.headers.get("consistencylevel", "").lower() == "eventual"

    def json_object(self) -> dict[str, Any]:
        """The body as a JSON object.

        Raises:
            GraphError: 400, in the words that Graph has for it.
        """
        content_type = self.headers.get("content-type", "").partition(";")[0].strip().lower()
        if not content_type:
            raise GraphError(
                400,
                "BadRequest",
                "Write requests (excluding DELETE) must contain the Content-Type header"
                " declaration.",
            )
        if content_type != "application/json":
            raise GraphError(
                400,
                "BadRequest",
                "Entity only allows writes with a JSON Content-Type header.",
            )
        try:
            value = msgspec.json.decode(self.body)
        except msgspec.DecodeError as error:
            raise GraphError(400, "BadRequest", "Unable to read JSON request payload.") from error
        if not isinstance(value, dict):
            raise GraphError(400, "BadRequest", "Unable to read JSON request payload.")
        return value


@dataclass(frozen=True)
class GraphAnswer:
    """The answer to one request.

    Attributes:
        body: a JSON value; None = an empty body.
        writes: how many changes of the tenant it stands for.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    writes: int = 0


def without_annotations(value: dict[str, Any]) -> dict[str, Any]:
    """The same JSON object without OData's annotations."""
    return {
        key: without_annotations(item) if isinstance(item, dict) else item
        for key, item in value.items()
        if not key.startswith("@odata.")
    }
