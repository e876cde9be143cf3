"""Errors as HTTP answers: RFC 9457 problem details, without secrets and without stack traces."""

from http import HTTPStatus
from typing import Final

import msgspec

from shared.domain.errors import (
    LifecycleError,
    budgets,
    cases,
    control,
    exemptions,
    messages,
    passes,
    people,
    requests,
    storage,
    sweep,
)

CONTENT_TYPE: Final = "application/problem+json"

STATUS: Final[dict[type[LifecycleError], HTTPStatus]] = {
    requests.InvalidEvent: HTTPStatus.BAD_REQUEST,
    requests.InvalidRequest: HTTPStatus.BAD_REQUEST,
    requests.InvalidSignature: HTTPStatus.UNAUTHORIZED,
    requests.NotSignedIn: HTTPStatus.UNAUTHORIZED,
    requests.RoleMissing: HTTPStatus.FORBIDDEN,
    requests.SourceSuspended: HTTPStatus.FORBIDDEN,
    requests.UnknownSource: HTTPStatus.NOT_FOUND,
    requests.NotFound: HTTPStatus.NOT_FOUND,
    requests.IdempotencyConflict: HTTPStatus.CONFLICT,
    cases.IllegalTransition: HTTPStatus.CONFLICT,
    messages.NotReplayable: HTTPStatus.CONFLICT,
    exemptions.ExemptionLive: HTTPStatus.CONFLICT,
    exemptions.ExemptionLimitReached: HTTPStatus.CONFLICT,
    cases.OwnApproval: HTTPStatus.FORBIDDEN,
    cases.PlanChanged: HTTPStatus.CONFLICT,
    requests.FixedBySetting: HTTPStatus.CONFLICT,
    requests.EntryWouldEndEarlier: HTTPStatus.CONFLICT,
    storage.Conflict: HTTPStatus.CONFLICT,
    control.Stopped: HTTPStatus.CONFLICT,
    control.Observing: HTTPStatus.CONFLICT,
    budgets.BudgetExhausted: HTTPStatus.CONFLICT,
    budgets.NotHeld: HTTPStatus.CONFLICT,
    sweep.RunInProgress: HTTPStatus.CONFLICT,
    sweep.RunNotJudged: HTTPStatus.CONFLICT,
    people.ProtectedAccount: HTTPStatus.CONFLICT,
    people.GuestAccount: HTTPStatus.CONFLICT,
    people.AccountDisabled: HTTPStatus.CONFLICT,
    people.AccountNotFound: HTTPStatus.CONFLICT,
    people.ExcludedAccount: HTTPStatus.CONFLICT,
    people.ServiceAccount: HTTPStatus.CONFLICT,
    control.BreakGlassMissing: HTTPStatus.CONFLICT,
    passes.NotReady: HTTPStatus.CONFLICT,
    passes.AlreadyRegistered: HTTPStatus.CONFLICT,
    passes.OwnPass: HTTPStatus.FORBIDDEN,
    passes.PassNeedsApproval: HTTPStatus.CONFLICT,
    passes.PassNotAllowed: HTTPStatus.CONFLICT,
    passes.RegistersElsewhere: HTTPStatus.CONFLICT,
    passes.PassesUsedUp: HTTPStatus.CONFLICT,
    passes.TooManyPasses: HTTPStatus.TOO_MANY_REQUESTS,
    requests.BodyTooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    requests.VolumeExceeded: HTTPStatus.TOO_MANY_REQUESTS,
    storage.UnreadableRow: HTTPStatus.INTERNAL_SERVER_ERROR,
    storage.StoreRefused: HTTPStatus.INTERNAL_SERVER_ERROR,
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
