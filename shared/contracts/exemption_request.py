"""What a person sends to have somebody exempt for a time."""

from datetime import UTC, datetime
from typing import Annotated

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import UserId
from shared.domain.plans import ExemptionPlan

_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Moments outside these are mistakes, and some of them can't be told in UTC."""

_UserId = Annotated[
    str, msgspec.Meta(pattern=r"^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?!\n)$")
]
_Reason = Annotated[str, msgspec.Meta(min_length=5, max_length=500)]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class ExemptionRequest(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """An exemption that is asked for.

    Attributes:
        user_id: object id of the person.
        reason: why; the approver reads it.
        ends_at: when it ends by itself.
        accept_unprotected: whether it may be although nothing else is known to protect the person.
    """

    user_id: _UserId
    reason: _Reason
    ends_at: _Moment
    accept_unprotected: bool = False

    def plan(self) -> ExemptionPlan:
        """What it asks for."""
        return ExemptionPlan(
            user_id=UserId(self.user_id.lower()),
            reason=self.reason,
            ends_at=self.ends_at.astimezone(UTC),
            accept_unprotected=self.accept_unprotected,
        )


def decode_exemption(body: bytes) -> ExemptionRequest:
    """The request in a body.

    Raises:
        InvalidRequest: the body is none; the detail names the field.
    """
    try:
        asked = msgspec.json.decode(body, type=ExemptionRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body asks for no exemption: {mistake(error)}") from error
    if not _EARLIEST <= asked.ends_at < _LATEST:
        raise InvalidRequest(f"endsAt lies outside of {_EARLIEST.year} to {_LATEST.year}.")
    return asked
