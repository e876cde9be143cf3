"""Claims-based security: the `$cbs` node, where a connection puts its tokens."""

from local.servicebus.journal import note
from local.servicebus.refusals import RefusalError, UnauthorizedError
from local.servicebus.requests import Request, answer
from local.servicebus.tokens import Claims, Key, check_token

_ACCEPTED = 202


def put_token(request: Request, claims: Claims, key: Key, *, real_now: float) -> bytes:
    """Answer a request on `$cbs`: grant what its token covers, or say why not."""
    audience = str(request.properties.get("name"))
    try:
        if request.operation != "put-token" or not isinstance(request.body, str):
            raise UnauthorizedError("MalformedToken: Only put-token with a token is understood.")
        # The declared type is no help: the official client calls its signatures "jwt".
        until = check_token(request.body, audience, key, real_now=real_now)
    except RefusalError as refusal:
        note("token refused", audience=audience, reason=str(refusal))
        return _answer(request, refusal.status, str(refusal))
    claims.grant(audience, until)
    return _answer(request, _ACCEPTED, "Accepted")


def _answer(request: Request, code: int, description: str) -> bytes:
    return answer(
        request,
        None,
        code_name="status-code",
        code=code,
        **{"status-description": description},
    )
