"""What an operation of the HTTP API is, and what many of them have in common."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

MACHINE: Final[list[dict[str, list[str]]]] = [{"functionKey": []}]
PERSON: Final[list[dict[str, list[str]]]] = [{"entraId": []}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the API.

    Attributes:
        method: the HTTP method, in small letters.
        path: its path below the route prefix.
        operation_id: the name of its function.
        summary: what it does.
        security: who may call it.
        answers: what success looks like; where it has several shapes, all of them.
        body: what it takes.
        text: of which other types than JSON success may be.
        query: the names of its query parameters, with their meaning.
        headers: the names of its header parameters, with their meaning.
        problems: which problems are to be expected.
    """

    method: str
    path: str
    operation_id: str
    summary: str
    security: list[dict[str, list[str]]]
    answers: dict[HTTPStatus, tuple[type, ...]]
    body: type | None = None
    text: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    problems: tuple[HTTPStatus, ...] = ()


ALWAYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE)
FOR_PEOPLE = (*ALWAYS, HTTPStatus.FORBIDDEN)
ABOUT_ENTRIES = (*FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT)
TOKEN = {"token": "Where the page begins; follow nextLink instead of making one."}
