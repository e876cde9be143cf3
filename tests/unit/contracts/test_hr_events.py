"""What HR systems send, and what is refused."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.hr_events import (
    HrEventType,
    content_hash,
    decode_hr_event,
    leaver_plan,
    onboarding_plan,
    statement_hash,
)
from shared.domain.errors.requests import InvalidEvent
from tests.builders import NOW

JOINER = {
    "id": "evt-1",
    "type": "joiner",
    "occurredAt": "2026-03-01T10:00:00+01:00",
    "employeeId": "E-100",
    "userPrincipalName": "robin@contoso.example",
    "startDate": "2026-03-09",
    "contact": {"mobile": "+1 2065550100", "email": "robin@example.com"},
    "enforceBy": "2026-03-20T17:00:00Z",
}


def body(**changes: object) -> bytes:
    return json.dumps({**JOINER, **changes}).encode()


def test_a_complete_event_is_understood() -> None:
    """Every field of the canonical event has its meaning."""
    event = decode_hr_event(body())
    assert event.type is HrEventType.JOINER
    assert event.user_principal_name == "robin@contoso.example"
    plan = onboarding_plan(event, ZoneInfo("Europe/Berlin"), NOW)
    assert plan.starts_at == datetime(2026, 3, 8, 23, 0, tzinfo=UTC)
    assert plan.enforce_by == datetime(2026, 3, 20, 17, 0, tzinfo=UTC)


def test_nothing_has_happened_after_it_was_told() -> None:
    """A moment ahead would outrank whatever HR tells later, so the acceptance counts."""
    ahead = {"occurredAt": "2062-03-01T00:00:00Z"}
    joining = onboarding_plan(decode_hr_event(body(**ahead)), ZoneInfo("UTC"), NOW)
    leaving = {**ahead, "type": "leaver", "effectiveAt": "2026-03-09T00:00:00Z"}
    assert joining.occurred_at == NOW
    assert leaver_plan(decode_hr_event(body(**leaving)), NOW).occurred_at == NOW


def test_who_has_no_start_date_has_started() -> None:
    """Without a start date nothing is waited for."""
    plan = onboarding_plan(decode_hr_event(body(startDate=None)), ZoneInfo("UTC"), NOW)
    assert plan.starts_at == NOW


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "manager"},
        {"type": None},
        {"userPrincipalName": "robin"},
        {"userPrincipalName": "robin@contoso.example@evil.example"},
        {"userPrincipalName": "robin /x@contoso.example"},
        {"userPrincipalName": ""},
        {"userPrincipalName": "r" * 300 + "@contoso.example"},
        {"userPrincipalName": None, "employeeId": None},
        {"type": "leaver"},
        {"occurredAt": "2026-03-01T10:00:00"},
        {"enforceBy": "2026-03-01"},
        {"enforceBy": "9999-12-31T23:59:59Z"},
        {"occurredAt": "1601-01-01T00:00:00Z"},
        {"startDate": "2026-02-30"},
        {"startDate": "2026-03-09T00:00:00Z"},
        {"startDate": "0001-01-01"},
        {"startDate": 20260309},
        {"employeeId": 100},
        {"employeeId": "E\u0000"},
        {"id": ""},
        {"contact": {"fax": "1"}},
        {"contact": []},
        {"sudo": True},
    ],
)
def test_what_the_contract_does_not_say_is_refused(changes: dict[str, object]) -> None:
    """Wrong types, times without offset, impossible dates and unknown fields are 400."""
    with pytest.raises(InvalidEvent):
        decode_hr_event(body(**changes))


def test_a_refusal_repeats_no_value() -> None:
    """The answer to a bad body holds nothing that the body held."""
    with pytest.raises(InvalidEvent) as refusal:
        decode_hr_event(body(contact={"mobile": "+1 2065550100", "email": 7}))
    assert "2065550100" not in refusal.value.detail
    assert "$.contact.email" in refusal.value.detail


@pytest.mark.parametrize(
    "name", ["Zoë.Müller@contoso.example", "kim_x.example#EXT#@contoso.example"]
)
def test_names_of_all_kinds_are_taken(name: str) -> None:
    """Non-ASCII names and guests' names are sign-in names like any other."""
    assert decode_hr_event(body(userPrincipalName=name)).user_principal_name == name


@given(st.binary(max_size=300))
def test_any_bytes_are_an_event_or_refused(noise: bytes) -> None:
    """Nothing that a stranger sends breaks the decoder."""
    with pytest.raises(InvalidEvent):
        decode_hr_event(noise)


def test_the_hash_is_of_the_meaning() -> None:
    """Order and spacing of the fields don't matter; a changed value does."""
    reordered = json.dumps(dict(reversed(JOINER.items())), indent=3).encode()
    assert content_hash(decode_hr_event(body())) == content_hash(decode_hr_event(reordered))
    other = decode_hr_event(body(employeeId="E-101"))
    assert content_hash(decode_hr_event(body())) != content_hash(other)


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "evt-2"},
        {"id": None},
        {"occurredAt": "2026-03-01T09:00:00Z"},
        {"employeeId": "e-100"},
        {"userPrincipalName": "Robin@Contoso.example"},
        {"enforceBy": "2026-03-20T18:00:00+01:00"},
    ],
)
def test_the_same_is_said_under_another_id(changes: dict[str, object]) -> None:
    """Neither its id nor how it is written makes another event of it."""
    first, again = decode_hr_event(body()), decode_hr_event(body(**changes))
    assert statement_hash(again) == statement_hash(first)


def test_the_same_moment_is_said_in_another_zone() -> None:
    """What a leaver's event says is the moment, and not how a clock shows it."""
    left = {"type": "leaver", "startDate": None}
    in_utc = decode_hr_event(body(**left, effectiveAt="2026-03-09T00:00:00Z"))
    there = decode_hr_event(body(**left, effectiveAt="2026-03-09T01:00:00+01:00"))
    assert statement_hash(there) == statement_hash(in_utc)


@pytest.mark.parametrize(
    "changes",
    [
        {"type": "rehire"},
        {"occurredAt": None},
        {"occurredAt": "2026-03-05T10:00:00Z"},
        {"employeeId": "E-101"},
        {"startDate": "2026-03-10"},
        {"enforceBy": None},
        {"userPrincipalName": "kim@contoso.example"},
    ],
)
def test_a_correction_says_something_else(changes: dict[str, object]) -> None:
    """Whom, what, when told and from when on: HR's correction of any of it is its own event."""
    first, again = decode_hr_event(body()), decode_hr_event(body(**changes))
    assert statement_hash(again) != statement_hash(first)


def test_what_has_no_date_may_be_said_on_another_occasion() -> None:
    """A joiner's or rehire's date is the first day, a leaver's the moment at which they leave."""
    left = {"type": "leaver", "effectiveAt": "2026-03-09T00:00:00Z"}
    assert statement_hash(decode_hr_event(body(startDate=None))) is None
    assert statement_hash(decode_hr_event(body(**left, startDate=None))) is not None
