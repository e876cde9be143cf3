"""How a source's bodies become events."""

import json
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.hr_events import HrEventType
from shared.contracts.hr_mapping import MOST_EVENTS
from shared.contracts.hr_reading import EventReader, ReceivedEvent
from shared.domain.errors.requests import InvalidEvent
from shared.settings.json_fields import Fields
from shared.settings.mappings import mapping_from

SIGNED_AT = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Berlin")
MAPPING: dict[str, Any] = {
    "records": "people",
    "when": "status != 'draft'",
    "type": {"path": "what", "values": {"IN": "joiner", "BACK": "rehire", "OUT": "leaver"}},
    "id": "number",
    "occurredAt": "at",
    "employeeId": "staff",
    "userPrincipalName": "login",
    "startDate": {"path": "first", "format": "%d.%m.%Y"},
    "effectiveAt": {"path": "last", "format": "%d.%m.%Y", "day": "end"},
    "contact": {"mobile": "phone", "email": "mail"},
}
ROBIN = {"what": "IN", "staff": 4711, "login": "robin@contoso.example", "first": "09.03.2026"}


def reader(*types: HrEventType, domains: tuple[str, ...] = (), **changes: object) -> EventReader:
    """A reader of the vendor's bodies, with other expressions where they are given."""
    problems: list[str] = []
    given = {name: rule for name, rule in {**MAPPING, **changes}.items() if rule is not None}
    mapping = mapping_from(Fields(given, problems), ZONE)
    assert problems == []
    return EventReader(
        types=frozenset(types or HrEventType),
        zone=ZONE,
        domains=frozenset(domains),
        mapping=mapping,
    )


def read(*people: object, by: EventReader | None = None) -> tuple[ReceivedEvent, ...]:
    """The events in a body with these records."""
    body = json.dumps({"people": list(people)}).encode()
    return (by or reader()).read(body, SIGNED_AT)


def test_a_record_becomes_an_event() -> None:
    """Words, dates, numbers and contact become the canonical event's; the rest is passed over."""
    (received,) = read(ROBIN | {"phone": " +1 2065550100 ", "mail": "", "salary": [1]})
    told = msgspec.to_builtins(received.event)
    assert {name: value for name, value in told.items() if value is not None} == {
        "type": "joiner",
        "employeeId": "4711",
        "userPrincipalName": "robin@contoso.example",
        "startDate": "2026-03-09",
        "occurredAt": "2026-03-02T08:00:00Z",
        "contact": {"mobile": "+1 2065550100", "email": None},
    }


def test_a_leaver_leaves_when_the_last_day_is_over() -> None:
    """The end of a calendar day is the midnight after it, in the source's zone."""
    (received,) = read({"what": "OUT", "staff": 1, "last": "31.03.2026"})
    assert received.event.type is HrEventType.LEAVER
    assert received.event.effective_at == datetime(2026, 3, 31, 22, 0, tzinfo=UTC)


def test_what_is_none_of_ours_is_passed_over() -> None:
    """Drafts, unknown words and empty lists make no event, beside records that do."""
    others = [{"what": "IN", "status": "draft"}, {"what": "MOVE"}, {"what": "IN ", "status": ""}]
    assert len(read(*others[:2], ROBIN)) == 1
    assert read(*others[:2]) == ()
    assert read() == ()
    assert reader().read(b'{"text":"Ping test"}', None) == ()


@pytest.mark.parametrize(
    ("record", "told"),
    [
        ({}, "record 1: type: the expression finds nothing"),
        ({"what": 1.5}, "record 1: type: the value is neither text nor a whole number"),
        ({"what": True}, "record 1: type: the value is neither"),
        ({"what": "IN"}, "record 1: Neither userPrincipalName nor employeeId"),
        ({"what": "IN", "staff": [4711]}, "record 1: employeeId: the value is neither"),
        ({"what": "IN", "staff": 10**30}, "record 1: employeeId: the value is neither"),
        ({"what": "IN", "login": "robin"}, "`$.userPrincipalName`"),
        ({"what": "IN", "staff": "E\u0000"}, "`$.employeeId`"),
        (
            {"what": "IN", "staff": 1, "first": "2026-03-09"},
            "record 1: startDate: the value is not",
        ),
        ({"what": "IN", "staff": 1, "first": "01.01.1990"}, "startDate lies outside"),
        ({"what": "IN", "staff": 1, "at": "2026-03-09"}, "record 1: occurredAt: the value is not"),
        ({"what": "OUT", "staff": 1}, "A leaver needs effectiveAt"),
        ("IN", "record 1: type"),
    ],
)
def test_one_wrong_record_refuses_them_all_and_is_named(record: object, told: str) -> None:
    """A body is taken as a whole or not at all, and the sender learns where the mistake is."""
    with pytest.raises(InvalidEvent) as refusal:
        read(ROBIN, record)
    assert told in refusal.value.detail


def test_a_refusal_repeats_no_value() -> None:
    """The answer holds the names of fields and nothing that the body held."""
    with pytest.raises(InvalidEvent) as refusal:
        read({"what": "IN", "staff": "private-number", "login": "private name@x"})
    assert "private" not in refusal.value.detail


def test_a_function_that_does_not_take_the_value_is_named() -> None:
    """What JMESPath can only find out at the body is told with the field."""
    for expression in ("join('@', [login, staff])", "max_by(people, &age)", "a < b && login"):
        with pytest.raises(InvalidEvent, match="userPrincipalName: ") as refusal:
            read(
                ROBIN | {"people": [{"age": 1}, {"age": "x"}], "a": "x", "b": 1},
                by=reader(userPrincipalName=expression),
            )
        assert "a function of the expression" in refusal.value.detail


def test_only_allowed_types_and_domains_get_in() -> None:
    """A source is bound to what its profile says, whatever its secret signs."""
    with pytest.raises(InvalidEvent, match="type leaver"):
        read({"what": "OUT", "staff": 1, "last": "31.03.2026"}, by=reader(HrEventType.JOINER))
    bound = reader(domains=("contoso.example",))
    assert len(read(ROBIN | {"login": "Robin@CONTOSO.example"}, by=bound)) == 1
    assert len(read({"what": "IN", "staff": 1}, by=bound)) == 1
    for login in ("robin@fabrikam.example", "robin@sub.contoso.example", "a@contoso.example.x"):
        with pytest.raises(InvalidEvent, match="domain"):
            read(ROBIN | {"login": login}, by=bound)
    canonical = EventReader(
        types=frozenset(HrEventType), zone=ZONE, domains=frozenset({"contoso.example"})
    )
    with pytest.raises(InvalidEvent, match="domain"):
        canonical.read(b'{"type":"joiner","userPrincipalName":"a@fabrikam.example"}', None)


def test_an_event_is_known_by_its_id_or_by_its_body() -> None:
    """Each record has a key of its own; a later signing time of the same bytes changes none."""
    first, second = read(ROBIN | {"number": 7}, ROBIN)
    assert first.key == "id:7"
    body = json.dumps({"people": [ROBIN, ROBIN]}).encode()
    keys = [received.key for received in reader().read(body, SIGNED_AT)]
    assert len({*keys, second.key}) == 3
    later = reader().read(body, datetime(2026, 3, 3, tzinfo=UTC))
    assert [received.key for received in later] == keys
    assert [one.meaning for one in later] == [one.meaning for one in reader().read(body, SIGNED_AT)]


def test_what_the_event_says_of_its_time_counts() -> None:
    """The signed time stands in where the event has no time of its own, and nowhere else."""
    (told,) = read(ROBIN | {"at": "2026-03-01T08:00:00Z"})
    assert told.event.occurred_at == datetime(2026, 3, 1, 8, 0, tzinfo=UTC)
    unsigned = reader().read(json.dumps({"people": [ROBIN]}).encode(), None)
    assert unsigned[0].event.occurred_at is None


def test_a_body_tells_of_so_many_people_and_no_more() -> None:
    """What can't be stored before the answer is refused."""
    crowd = [ROBIN | {"number": number} for number in range(MOST_EVENTS + 1)]
    assert len(read(*crowd[:MOST_EVENTS])) == MOST_EVENTS
    with pytest.raises(InvalidEvent, match="more than"):
        read(*crowd)


def test_a_body_may_be_one_record() -> None:
    """Without `records` the body is the record, and an object where a list is asked is one."""
    alone = reader(records=None)
    assert len(alone.read(json.dumps(ROBIN).encode(), None)) == 1
    assert len(reader().read(json.dumps({"people": ROBIN}).encode(), None)) == 1


@given(st.binary(max_size=200) | st.just(b"[" * 100_000) | st.just(b'{"people":[{"what":"IN"'))
def test_any_bytes_are_events_or_refused(noise: bytes) -> None:
    """Nothing that is signed breaks the reader."""
    try:
        assert reader().read(noise, SIGNED_AT) == ()
    except InvalidEvent:
        return


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from([*ROBIN, "at", "last", "status"]), inner, max_size=5)
        ),
        max_leaves=12,
    )
)
def test_any_record_is_an_event_or_refused(record: object) -> None:
    """Whatever stands in a record, the reader answers in order."""
    try:
        read({"what": "IN", "staff": 1, **(record if isinstance(record, dict) else {"at": record})})
    except InvalidEvent:
        return
