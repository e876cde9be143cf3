"""What every HTTP function does: JSON out, problem documents for errors, nothing to cache."""

import functools
import os
from collections.abc import Awaitable, Callable
from datetime import timedelta
from http import HTTPStatus
from math import ceil
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import azure.functions as func
import msgspec

from shared.contracts.problem import CONTENT_TYPE, RETRY_AFTER_SECONDS, Problem, problem
from shared.domain.errors import LifecycleError
from shared.telemetry import EventLog

Handler = Callable[[func.HttpRequest], Awaitable[func.HttpResponse]]

_HEADERS: Final = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}
_log = EventLog(__name__)


def json_response(
    body: object, status: HTTPStatus = HTTPStatus.OK, *, location: str | None = None
) -> func.HttpResponse:
    """An answer in JSON; `location` is where to look for what becomes of the request."""
    elsewhere = {} if location is None else {"Location": location}
    return func.HttpResponse(
        msgspec.json.encode(body),
        status_code=status,
        headers={**_HEADERS, **elsewhere},
        mimetype="application/json",
    )


def text_response(
    body: str, mimetype: str, *, file_name: str | None = None, policy: str | None = None
) -> func.HttpResponse:
    """An answer in words, in UTF-8.

    Args:
        body: the words.
        mimetype: what they are.
        file_name: what a browser is to keep them as; it shows them where that is None.
        policy: the Content-Security-Policy of a page.
    """
    headers = dict(_HEADERS)
    if file_name is not None:
        headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    if policy is not None:
        headers |= {"Content-Security-Policy": policy, "Referrer-Policy": "no-referrer"}
    return func.HttpResponse(
        # No half of a character pair that a directory may hold keeps a page from being read.
        body.encode("utf-8", errors="replace"),
        headers=headers,
        mimetype=mimetype,
        charset="utf-8",
    )


def empty_response() -> func.HttpResponse:
    """An answer that has nothing to say but that it is done."""
    return func.HttpResponse(status_code=HTTPStatus.NO_CONTENT, headers=_HEADERS)


def answering_problems(handler: Handler) -> Handler:
    """Turn the errors of a handler into problem documents; no answer ever shows a stack trace."""

    @functools.wraps(handler)
    async def answer(req: func.HttpRequest) -> func.HttpResponse:
        try:
            return await handler(req)
        except LifecycleError as error:
            _log.info("request.refused", code=error.code)
            return _problem_response(problem(error), error.retry_after)
        except Exception:  # noqa: BLE001  (the last line of defence: a person gets no stack trace)
            _log.exception("request.failed")
            return _problem_response(_UNEXPECTED)

    return answer


_UNEXPECTED = Problem(
    type="urn:mfa-lifecycle:error:unexpected",
    title="Something went wrong on our side.",
    status=HTTPStatus.INTERNAL_SERVER_ERROR,
    detail="The request failed in a way that we did not foresee.",
    code="unexpected",
    remedy="Try again; if it stays, look for request.failed in the logs.",
)


def _problem_response(document: Problem, retry_after: timedelta | None = None) -> func.HttpResponse:
    headers = dict(_HEADERS)
    if document.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    if document.status == HTTPStatus.TOO_MANY_REQUESTS and retry_after is not None:
        headers["Retry-After"] = str(ceil(retry_after.total_seconds()))
    return func.HttpResponse(
        msgspec.json.encode(document),
        status_code=document.status,
        headers=headers,
        mimetype=CONTENT_TYPE,
    )


def address(req: func.HttpRequest, path: str, **query: Any) -> str:  # noqa: ANN401  (as urlencode)
    """The address of another of our routes.

    The host's own name comes from the platform where it tells; a caller may write anything into the
    Host header.
    """
    asked = urlsplit(req.url)
    host = os.environ.get("WEBSITE_HOSTNAME") or asked.netloc
    question = f"?{urlencode(query)}" if query else ""
    return f"{asked.scheme}://{host}/api/{path}{question}"
