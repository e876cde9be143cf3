"""What a refusal by Microsoft Graph means to us."""

import re
from datetime import timedelta
from typing import Final

import httpx

from shared.adapters.graph.answers import ErrorAnswer, read_answer
from shared.adapters.graph.calls.call import Call
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    LicenceMissing,
    MalformedAnswer,
    MethodStillNeeded,
    PermissionMissing,
    RequestRejected,
    Throttled,
)

_LONGEST_RETRY_AFTER: Final = 86_400
_CODE: Final = re.compile(r"[A-Za-z0-9_.-]{1,80}")
_NOT_PERMITTED: Final = frozenset(
    {
        "authorization_requestdenied",
        "authentication_msgraphpermissionmissing",
        "accessdenied",
        "forbidden",
    }
)
_NO_LICENCE: Final = frozenset(
    {"aadpremiumlicenserequired", "authentication_requestfromnonpremiumtenantorb2ctenant"}
)
_STILL_NEEDED: Final = ("current default authentication method", "deleting alternate mobile")
"""Graph gives these refusals no code of their own, so that only the message tells them:
https://github.com/microsoftgraph/microsoft-graph-docs-contrib/issues/1888"""


def retry_after(response: httpx.Response) -> timedelta | None:
    """How long Graph asked us to wait; it does so in whole seconds. A day at most."""
    value = response.headers.get("Retry-After", "")
    if not (value.isascii() and value.isdigit()):
        return None
    return timedelta(seconds=min(int(value[:9]), _LONGEST_RETRY_AFTER))


def request_id(response: httpx.Response) -> str:
    """Graph's id of the request, which its support asks for."""
    value: str = response.headers.get("request-id", "")
    return value if _CODE.fullmatch(value) else "none"


def refusal(call: Call, response: httpx.Response) -> LifecycleError:
    """The error behind an answer that is no success.

    Graph's message stays out of it: it may repeat names. The code and the request id do not.
    """
    status = response.status_code
    where = f"{call.operation}: Graph answered {status} (request-id {request_id(response)})"
    if status == httpx.codes.TOO_MANY_REQUESTS:
        return Throttled(f"{where}.", retry_after=retry_after(response))
    if status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.REQUEST_TIMEOUT:
        return DirectoryUnavailable(f"{where}.", retry_after=retry_after(response))
    if status == httpx.codes.UNAUTHORIZED:
        # No role would help: Graph does not believe the token at all, though it is a new one.
        return DirectoryUnavailable(f"{where}: it does not accept the token of our identity.")
    if status < httpx.codes.BAD_REQUEST:
        return MalformedAnswer(f"{where}, which is none of its answers to this call.")
    try:
        error = read_answer(response.content, ErrorAnswer).error
    except MalformedAnswer:
        return MalformedAnswer(f"{where} without an error document; something stands between us.")
    code, message = error.code, error.message.casefold()
    if status == httpx.codes.FORBIDDEN and code.casefold() in _NOT_PERMITTED:
        return PermissionMissing(f"{where}. Needed: the application role {call.role}.")
    if code.casefold() in _NO_LICENCE:
        return LicenceMissing(f"{where}: the tenant lacks the licence for it.")
    if status == httpx.codes.NOT_FOUND:
        return AccountNotVisible(f"{where}.")
    if status == httpx.codes.BAD_REQUEST and any(text in message for text in _STILL_NEEDED):
        return MethodStillNeeded(f"{where}: others of the person have to go first.")
    named = code if _CODE.fullmatch(code) else "without a code"
    return RequestRejected(f"{where}: {named}.")
