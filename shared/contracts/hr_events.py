"""What HR systems send: the canonical event of design section 6."""

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Annotated
from zoneinfo import ZoneInfo

import msgspec
from msgspec.structs import replace

from shared.contracts.mistakes import mistake
from shared.contracts.texts import SignInName, Text
from shared.domain.errors.requests import InvalidEvent
from shared.domain.ids import EmployeeId, UserPrincipalName
from shared.domain.plans import LeaverPlan, OnboardingPlan

EARLIEST, LATEST = datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC)
"""Moments outside these are mistakes, and some of them can't be stored."""

_Moment = Annotated[datetime, msgspec.Meta(tz=True)]


class HrEventType(StrEnum):
    """What happened to the person."""

    JOINER = "joiner"
    REHIRE = "rehire"
    LEAVER = "leaver"


class _Canonical(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    pass


class Contact(_Canonical, frozen=True):
    """How to reach the person; where the source may prepare, it is registered and forgotten."""

    mobile: Text | None = None
    email: Text | None = None


class HrEvent(_Canonical, frozen=True):
    """One HR event.

    Attributes:
        type: what happened.
        user_principal_name: the sign-in name of the person. Where a source does not know it, the
            directory does, by the `employee_id`; one of the two is needed.
        id: the sender's id of the event; the same id is the same event.
        occurred_at: when it happened.
        employee_id: the HR number of the person.
        start_date: their first day, in the time zone of the source.
        effective_at: when a leaver leaves; needed for that type.
        contact: how to reach them.
        enforce_by: until when they must have registered.
    """

    type: HrEventType
    user_principal_name: SignInName | None = None
    id: Text | None = None
    occurred_at: _Moment | None = None
    employee_id: Text | None = None
    start_date: date | None = None
    effective_at: _Moment | None = None
    contact: Contact | None = None
    enforce_by: _Moment | None = None


def decode_hr_event(body: bytes) -> HrEvent:
    """The event in a webhook's body.

    Raises:
        InvalidEvent: the body is no such event; the detail names the field, never its value.
    """
    try:
        event = msgspec.json.decode(body, type=HrEvent)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidEvent(f"The body is not an HR event: {mistake(error)}") from error
    return _checked(event)


def event_of(fields: Mapping[str, object]) -> HrEvent:
    """The event with these fields, by their names in the canonical event.

    Raises:
        InvalidEvent: they make none; the detail names the field, never its value.
    """
    try:
        event = msgspec.convert(fields, type=HrEvent)
    except msgspec.ValidationError as error:
        raise InvalidEvent(f"The body makes no HR event: {mistake(error)}") from error
    return _checked(event)


def _checked(event: HrEvent) -> HrEvent:
    if event.user_principal_name is None and event.employee_id is None:
        raise InvalidEvent("Neither userPrincipalName nor employeeId says who it is about.")
    if event.type is HrEventType.LEAVER and event.effective_at is None:
        raise InvalidEvent("A leaver needs effectiveAt.")
    moments = {
        "occurredAt": event.occurred_at,
        "effectiveAt": event.effective_at,
        "enforceBy": event.enforce_by,
    }
    for name, moment in moments.items():
        if moment is not None and not EARLIEST <= moment < LATEST:
            raise InvalidEvent(f"{name} lies outside of {EARLIEST.year} to {LATEST.year}.")
    if event.start_date is not None and not EARLIEST.year <= event.start_date.year < LATEST.year:
        raise InvalidEvent(f"startDate lies outside of {EARLIEST.year} to {LATEST.year}.")
    return event


def content_hash(event: HrEvent) -> str:
    """SHA-256 of what the event means, whatever the order and spacing of its fields."""
    return hashlib.sha256(msgspec.json.encode(event, order="deterministic")).hexdigest()


def statement_hash(event: HrEvent) -> str | None:
    """SHA-256 of what the event says, whatever its id.

    Who tells the same of the same person and date again tells of nothing new, under a new id as
    well: a leaver's event that comes again after they were hired anew must not see them off. Said
    to have happened at another moment it is HR's word of that moment: a date that is corrected, and
    corrected back. None for an event without a date of its own: the same words may mean another
    occasion.
    """
    dated = event.effective_at if event.type is HrEventType.LEAVER else event.start_date
    if dated is None:
        return None
    name, number = event.user_principal_name, event.employee_id
    return content_hash(
        replace(
            event,
            id=None,
            occurred_at=_in_utc(event.occurred_at),
            user_principal_name=None if name is None else name.casefold(),
            employee_id=None if number is None else number.casefold(),
            effective_at=_in_utc(event.effective_at),
            enforce_by=_in_utc(event.enforce_by),
        )
    )


def _in_utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)


def onboarding_plan(event: HrEvent, zone: ZoneInfo, accepted_at: datetime) -> OnboardingPlan:
    """What a joiner's event asks for.

    A start date is the midnight that begins it, in the source's time zone; without one, the person
    has started already.
    """
    name, starts_at = event.user_principal_name, accepted_at
    if event.start_date is not None:
        starts_at = datetime.combine(event.start_date, time(), zone).astimezone(UTC)
    return OnboardingPlan(
        user_principal_name=UserPrincipalName(name) if name else None,
        employee_id=None if event.employee_id is None else EmployeeId(event.employee_id),
        occurred_at=_occurred_at(event, accepted_at),
        rehire=event.type is HrEventType.REHIRE,
        starts_at=starts_at,
        dated=event.start_date is not None,
        enforce_by=None if event.enforce_by is None else event.enforce_by.astimezone(UTC),
    )


def leaver_plan(event: HrEvent, accepted_at: datetime) -> LeaverPlan:
    """What a leaver's event asks for.

    Raises:
        InvalidEvent: it does not say when they leave.
    """
    if event.effective_at is None:
        raise InvalidEvent("A leaver needs effectiveAt.")
    name = event.user_principal_name
    return LeaverPlan(
        user_principal_name=None if name is None else UserPrincipalName(name),
        employee_id=None if event.employee_id is None else EmployeeId(event.employee_id),
        effective_at=event.effective_at.astimezone(UTC),
        occurred_at=_occurred_at(event, accepted_at),
    )


def _occurred_at(event: HrEvent, accepted_at: datetime) -> datetime:
    """When it happened: at the acceptance, at the latest, or it would outrank all that comes."""
    return min((event.occurred_at or accepted_at).astimezone(UTC), accepted_at)
