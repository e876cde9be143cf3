"""Errors as HTTP answers: RFC 9457 problem details, without secrets and without stack traces."""

from http import HTTPStatus
from typing import Final

import msgspec

from shared.domain import errors
from shared.domain.errors import LifecycleError

CONTENT_TYPE: Final = "application/problem+json"

STATUS: Final[dict[type[LifecycleError], HTTPStatus]] = {
    errors.InvalidEvent: HTTPStatus.BAD_REQUEST,
    errors.InvalidRequest: HTTPStatus.BAD_REQUEST,
    errors.InvalidSignature: HTTPStatus.UNAUTHORIZED,
    errors.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    errors.RoleMissing: HTTPStatus.FORBIDDEN,
    errors.SourceSuspended: HTTPStatus.FORBIDDEN,
    errors.UnknownSource: HTTPStatus.NOT_FOUND,
    errors.NotFound: HTTPStatus.NOT_FOUND,
    errors.IdempotencyConflict: HTTPStatus.CONFLICT,
    errors.IllegalTransition: HTTPStatus.CONFLICT,
    errors.NotReplayable: HTTPStatus.CONFLICT,
    errors.OwnApproval: HTTPStatus.FORBIDDEN,
    errors.PlanChanged: HTTPStatus.CONFLICT,
    errors.FixedBySetting: HTTPStatus.CONFLICT,
    errors.EntryWouldEndEarlier: HTTPStatus.CONFLICT,
    errors.Conflict: HTTPStatus.CONFLICT,
    errors.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    errors.VolumeExceeded: HTTPStatus.TOO_MANY_REQUESTS,
    errors.UnreadableRow: HTTPStatus.INTERNAL_SERVER_ERROR,
    errors.StoreRefused: HTTPStatus.INTERNAL_SERVER_ERROR,
}
"""What the caller can mend, and what only we can. Everything else is 503: it passes."""

RETRY_AFTER_SECONDS: Final = 30


class Problem(msgspec.Struct, frozen=True):
    """A problem document (RFC 9457).

    Attributes:
        type: a stable reference to the kind of problem; see docs/errors.md.
        title: what kind of problem it is.
        status: the HTTP status.
        detail: what happened this time.
        code: the error's code, for machines.
        remedy: what to do next.
    """

    type: str
    title: str
    status: int
    detail: str
    code: str
    remedy: str


def problem(error: LifecycleError) -> Problem:
    """The problem document of an error."""
    status = STATUS.get(type(error), HTTPStatus.SERVICE_UNAVAILABLE)
    title = (type(error).__doc__ or error.code).strip().splitlines()[0]
    return Problem(
        type=f"urn:mfa-lifecycle:error:{error.code}",
        title=title,
        status=status,
        detail=error.detail,
        code=error.code,
        remedy=error.remedy,
    )
