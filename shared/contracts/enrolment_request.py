"""What a person sends to enrol existing people, and what they read of the list."""

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Final, Self

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.enrolment.people import Finding, Listed, Verdict
from shared.domain.errors.requests import BodyTooLarge, InvalidRequest
from shared.domain.ids import CaseId, GroupId, UserId, UserPrincipalName, is_object_id

MOST_BYTES: Final = 256 * 1024
_EARLIEST, _LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Moments outside these are mistakes, and some of them can't be told in UTC."""

_OBJECT_ID: Final = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
_GroupId = Annotated[str, msgspec.Meta(pattern=rf"^{_OBJECT_ID}(?!\n)$")]
_Person = Annotated[
    str,
    msgspec.Meta(max_length=256, pattern=rf"^(?:{_OBJECT_ID}|[^\s@]+@[^\s@]+)(?!\n)$"),
]
_People = Annotated[tuple[_Person, ...], msgspec.Meta(min_length=1)]
_Id = Annotated[str, msgspec.Meta(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+(?!\n)$")]
_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class EnrolmentRequest(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel", kw_only=True
):
    """An enrolment that is asked for: either a list of people, or a group.

    Attributes:
        users: object ids or sign-in names.
        group_id: object id of a group; whoever belongs to it, directly or through another one.
        enforce_by: until when they must have registered; by default the usual time.
        id: an id of the sender's own: sent again with the same content, it is the same enrolment.
    """

    users: _People | None = None
    group_id: _GroupId | None = None
    enforce_by: _Moment | None = None
    id: _Id | None = None

    @property
    def group(self) -> GroupId | None:
        """The group, in small letters."""
        return None if self.group_id is None else GroupId(self.group_id.lower())

    @property
    def deadline(self) -> datetime | None:
        """The deadline that is asked for, in UTC."""
        return None if self.enforce_by is None else self.enforce_by.astimezone(UTC)

    @property
    def meaning(self) -> str:
        """SHA-256 of what is asked for, however it is written."""
        said = [self._named(), self.group, self.deadline]
        return hashlib.sha256(msgspec.json.encode(said)).hexdigest()

    def people(self) -> Iterator[tuple[UserId | None, UserPrincipalName | None]]:
        """Who is on the list, in its order: by object id, else by sign-in name."""
        for name in self._named():
            if is_object_id(name):
                yield UserId(name), None
            else:
                yield None, UserPrincipalName(name)

    def _named(self) -> list[str]:
        return [name.lower() for name in self.users or ()]


def decode_enrolment(body: bytes) -> EnrolmentRequest:
    """The request in a body.

    Raises:
        BodyTooLarge: the body is larger than 256 KiB.
        InvalidRequest: the body is none; the detail names the field.
    """
    if len(body) > MOST_BYTES:
        raise BodyTooLarge(f"The body has {len(body)} bytes.")
    try:
        asked = msgspec.json.decode(body, type=EnrolmentRequest)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body asks for no enrolment: {mistake(error)}") from error
    if (asked.users is None) is (asked.group_id is None):
        raise InvalidRequest("The body needs either users or groupId.")
    if asked.enforce_by is not None and not _EARLIEST <= asked.enforce_by < _LATEST:
        raise InvalidRequest(f"enforceBy lies outside of {_EARLIEST.year} to {_LATEST.year}.")
    return asked


class VerdictView(msgspec.Struct, frozen=True, rename="camel"):
    """What was found about a person."""

    finding: Finding
    reason: str | None

    @classmethod
    def of(cls, verdict: Verdict | None) -> Self | None:
        """The view of a verdict, where there is one."""
        return None if verdict is None else cls(finding=verdict.finding, reason=verdict.reason)


class EnrolledView(msgspec.Struct, frozen=True, rename="camel"):
    """A person on the list.

    Attributes:
        position: where on the list, from 1.
        user_id: object id, once known.
        planned: what the plan says of them.
        case_id: the onboarding case that was opened for them.
        passed_over: why there is none although it was planned.
    """

    position: int
    user_id: UserId | None
    planned: VerdictView | None
    case_id: CaseId | None
    passed_over: VerdictView | None

    @classmethod
    def of(cls, one: Listed) -> Self:
        """The view of a person."""
        return cls(
            position=one.position,
            user_id=one.user_id,
            planned=VerdictView.of(one.planned),
            case_id=one.case_id,
            passed_over=VerdictView.of(one.passed_over),
        )


class EnrolledList(msgspec.Struct, frozen=True, rename="camel"):
    """A page of the list, in its order."""

    value: tuple[EnrolledView, ...]
    next_link: str | None = None
