"""Whatever is sent: 4xx with a problem document that repeats nothing, or 202 and a case to read."""

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import azure.functions as func
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.access import Role
from shared.adapters.tables.case_rows import case_row, event_row, step_row
from shared.adapters.tables.indexes import marks_of
from shared.adapters.tables.rules import check_transaction
from shared.application.intake import MOST_BYTES
from shared.domain.ids import CaseId
from shared.names import FunctionName, Table
from tests.triggers.deployment import (
    OTHER_SECRET,
    SECRET,
    Deployment,
    assert_problem,
    principal,
    signed,
    told,
)

CONFIDENTIAL: Final = (
    "+1 2065550142",
    "private.address@example.com",
    "secret-name@contoso.example",
)
VALID: Final[dict[str, Any]] = {
    "id": "evt-1",
    "type": "joiner",
    "userPrincipalName": CONFIDENTIAL[2],
    "employeeId": "E-1",
    "startDate": "2026-03-09",
    "contact": {"mobile": CONFIDENTIAL[0], "email": CONFIDENTIAL[1]},
    "occurredAt": "2026-03-01T10:00:00+01:00",
    "enforceBy": "2026-03-20T17:00:00Z",
}
BODY: Final = json.dumps(VALID).encode()
APP: Final = Deployment()


def answer_to(
    body: bytes, headers: Mapping[str, str], *, source: str = "demo", app: Deployment = APP
) -> func.HttpResponse:
    """The answer to a webhook."""
    return asyncio.run(
        app.call(
            FunctionName.ONBOARDING_WEBHOOK, headers=headers, path={"source": source}, body=body
        )
    )


def assert_refused(answer: func.HttpResponse, *statuses: int) -> None:
    """The answer is one of these refusals, and repeats nothing."""
    assert answer.status_code in statuses
    assert_problem(answer, answer.status_code)
    text = answer.get_body().decode()
    for secret in (*CONFIDENTIAL, SECRET, SECRET.removeprefix("whsec_"), OTHER_SECRET):
        assert secret not in text
    assert "Traceback" not in text
    assert ".py" not in text


def assert_understood(app: Deployment, answer: func.HttpResponse) -> None:
    """The event is refused in order, or accepted, readable and storable in Azure."""
    if answer.status_code != 202:
        assert_refused(answer, 400, 409)
        return
    case_id = CaseId(told(answer)["caseId"])
    read = asyncio.run(app.call(FunctionName.GET_CASE, path={"caseId": case_id}))
    assert read.status_code == 200
    assert told(read)["state"] == "accepted"
    for confidential in CONFIDENTIAL:
        assert confidential not in read.get_body().decode()
    stored = asyncio.run(app.cases.load(case_id))
    assert stored is not None
    rows = [
        case_row(stored.case, marks_of(stored.case, stored.events, None)),
        *(step_row(case_id, step) for step in stored.steps),
        *(event_row(case_id, event) for event in stored.events),
    ]
    check_transaction(Table.CASES, rows)


# --- Who can't sign ------------------------------------------------------------------------------

SIGNED_HEADERS = ("webhook-id", "webhook-timestamp", "webhook-signature")
header_values = st.text(max_size=80) | st.sampled_from(
    ["v1,", "v1,AAAA", "v1a,%%", "nan", "inf", "-1", "1e400", "9" * 400, "\x00", "\ud800", ""]
)


@settings(max_examples=1000)
@given(
    body=st.binary(max_size=400) | st.just(BODY),
    headers=st.dictionaries(
        st.sampled_from(SIGNED_HEADERS) | st.text(max_size=20), header_values, max_size=6
    ),
)
def test_any_bytes_and_headers_are_refused(body: bytes, headers: dict[str, str]) -> None:
    """What nobody signed is 401, whatever it is."""
    assert_refused(answer_to(body, headers), 401)


@settings(max_examples=300)
@given(at=st.integers(0, len(BODY) - 1), bit=st.integers(0, 7))
def test_another_body_is_refused(at: int, bit: int) -> None:
    """A signature is good for its own body alone: one bit, and it is 401."""
    changed = bytearray(BODY)
    changed[at] ^= 1 << bit
    assert_refused(answer_to(bytes(changed), signed(BODY)), 401)


@settings(max_examples=200)
@given(
    seconds=st.integers(-(10**9), 10**9).filter(lambda s: abs(s) > 310),
    message_id=st.text(st.characters(codec="utf-8"), max_size=40),
)
def test_an_old_signature_is_refused(seconds: int, message_id: str) -> None:
    """A recorded webhook can't be played again later, nor one be made in advance."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    assert_refused(answer_to(BODY, signed(BODY, message_id=message_id, at=at)), 401)


@pytest.mark.parametrize(
    "headers",
    [
        signed(BODY, secret=OTHER_SECRET),
        {**signed(BODY), "webhook-id": "msg_2"},
        {name: value for name, value in signed(BODY).items() if name != "webhook-id"},
        {**signed(BODY), "webhook-signature": signed(BODY)["webhook-signature"].lower()},
    ],
)
def test_a_signature_of_another_is_refused(headers: dict[str, str]) -> None:
    """Another source's secret, another id, or a mangled signature is 401."""
    assert_refused(answer_to(BODY, headers), 401)


@settings(max_examples=400)
@given(
    source=st.text(max_size=60)
    | st.sampled_from(["demo%2Fx", "../demo", "DEMO", "demo ", "démo", "x" * 20_000, "", "\x00"])
)
def test_an_unknown_source_is_refused(source: str) -> None:
    """A source that is not configured is 404, whatever its name; the name is not repeated."""
    if source in {"demo", "other"}:
        return
    answer = answer_to(BODY, signed(BODY), source=source)
    assert_refused(answer, 404)
    assert assert_problem(answer, 404)["detail"] == "No source of this name is configured."


@pytest.mark.parametrize("size", [MOST_BYTES + 1, 1024 * 1024])
def test_a_large_body_is_refused(size: int) -> None:
    """Over 256 KiB is 413, signed or not, before anything looks at it."""
    body = b" " * size
    assert_refused(answer_to(body, signed(body)), 413)
    assert_refused(answer_to(body, {}), 413)


def test_a_body_at_the_limit_is_read() -> None:
    """256 KiB are taken as they are."""
    app = Deployment()
    body = BODY + b" " * (MOST_BYTES - len(BODY))
    assert_understood(app, answer_to(body, signed(body), app=app))


# --- Who can sign, and says anything -------------------------------------------------------------

words = (
    st.text(max_size=30)
    | st.text(min_size=250, max_size=300)
    | st.sampled_from(
        [
            "robin@contoso.example",
            "kim_x.example#EXT#@contoso.example",
            "Zoë.Müller@contoso.example",
            "名前@contoso.example",
            "robin@contoso.example\n",
            "a\u2028b@contoso.example",
            "a/b@c",
            "\x00@c",
            "2026-03-09",
            "2026-02-30",
            "0001-01-01",
            "9999-12-31",
            "2026-03-01T10:00:00",
            "2026-03-01T10:00:00Z",
            "2026-03-01T10:00:00+23:59",
            "0001-01-01T00:00:00+23:59",
            "9999-12-31T23:59:59-23:59",
            "2016-12-31T23:59:60Z",
            "joiner",
            "leaver",
            *CONFIDENTIAL,
        ]
    )
)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.just(10**400)
    | st.floats(allow_nan=False)
    | words
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)
FIELDS = (
    *VALID,
    "sudo",
    "Id",
    "user_principal_name",
    "userPrincipalName ",
    "\x00",
    CONFIDENTIAL[1],
)
near_valid = st.builds(
    lambda changes, dropped: {
        name: value for name, value in {**VALID, **changes}.items() if name not in dropped
    },
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=3),
    st.sets(st.sampled_from(FIELDS), max_size=2),
)
SPOILT: Final = (
    b"",
    b"null",
    b"[]",
    b"[" * 100_000,
    b'{"a":' * 50_000,
    b'{"type":"joiner","type":"leaver","userPrincipalName":"a@b"}',
    b'{"type":"joiner","userPrincipalName":"a\\ud800@b"}',
    b'{"type":"joiner","userPrincipalName":"a@b","employeeId":"\\u0000"}',
    b'{"type":"joiner","userPrincipalName":"a@b","employeeId":' + b"9" * 5000 + b"}",
    b'\xef\xbb\xbf{"type":"joiner","userPrincipalName":"a@b"}',
    b'{"type":"joiner","userPrincipalName":"a@b"}}',
    b'{"type":NaN,"userPrincipalName":"a@b"}',
    b'{"type":"joiner","userPrincipalName":"secret-name@contoso.example"',
)


def post_signed(app: Deployment, body: bytes) -> func.HttpResponse:
    """The answer to a body that the source has signed."""
    return answer_to(body, signed(body), app=app)


@pytest.mark.parametrize("body", SPOILT)
def test_spoilt_bodies_are_refused(body: bytes) -> None:
    """Deep nesting, duplicate keys, half characters, huge numbers: 400, though signed."""
    assert_refused(post_signed(Deployment(), body), 400)


@settings(max_examples=1500)
@given(event=near_valid)
def test_nearly_valid_events_are_understood(event: dict[str, Any]) -> None:
    """What a signed body nearly says is refused as 400, or becomes a case that can be stored."""
    app = Deployment()
    body = json.dumps(event).encode()
    assert_understood(app, post_signed(app, body))


@settings(max_examples=700)
@given(value=values)
def test_any_signed_json_is_refused(value: object) -> None:
    """A body that is JSON and no event is 400."""
    assert_refused(post_signed(APP, json.dumps(value).encode()), 400)


@settings(max_examples=600)
@given(
    moment=st.datetimes(timezones=st.timezones() | st.just(UTC)),
    day=st.dates(),
    name=st.text(st.characters(exclude_categories=["Cc", "Zs", "Cs"]), min_size=1, max_size=120),
)
def test_valid_events_are_accepted(moment: datetime, day: Any, name: str) -> None:  # noqa: ANN401  (a date)
    """Any day, time and name within the contract is 202, readable, storable, and stays one case."""
    app = Deployment()
    local = name.replace("@", "").replace("/", "").replace("\\", "").replace("?", "") or "x"
    event = {
        "type": "joiner",
        "userPrincipalName": f"{local}@contoso.example",
        "startDate": day.replace(year=2000 + day.year % 100, day=min(day.day, 28)).isoformat(),
        "enforceBy": moment.replace(
            year=2001 + moment.year % 98, day=min(moment.day, 28), tzinfo=UTC
        ).isoformat(),
    }
    body = json.dumps(event).encode()
    answer = post_signed(app, body)
    assert answer.status_code == 202
    assert_understood(app, answer)
    assert told(post_signed(app, body))["caseId"] == told(answer)["caseId"]


def test_the_same_id_with_another_meaning_is_a_conflict() -> None:
    """409 names the case that the id belongs to, and nothing of either body."""
    app = Deployment()
    first = told(post_signed(app, BODY))["caseId"]
    answer = post_signed(app, json.dumps({**VALID, "employeeId": "E-2"}).encode())
    assert_refused(answer, 409)
    assert first in told(answer)["detail"]


# --- People --------------------------------------------------------------------------------------

EVERYTHING: Final = principal(*Role)


@pytest.mark.usefixtures("guarded_for_all")
@settings(max_examples=700)
@given(
    name=st.sampled_from(
        [
            FunctionName.LIST_CASES,
            FunctionName.LIST_PARKED,
            FunctionName.PUT_CONTROL,
            FunctionName.CANCEL_CASE,
            FunctionName.REPLAY_PARKED,
            FunctionName.GET_CASE,
        ]
    ),
    segment=st.text(max_size=60),
    query=st.dictionaries(
        st.sampled_from(["user", "kind", "state", "token", "code"]), words, max_size=3
    ),
    body=st.binary(max_size=60) | values.map(lambda value: json.dumps(value).encode()),
)
def test_people_may_ask_anything(
    name: FunctionName, segment: str, query: dict[str, str], body: bytes
) -> None:
    """Any path, query and body of a person who may do everything is answered below 500."""
    answer = asyncio.run(
        Deployment().call(
            name,
            headers=EVERYTHING,
            query=query,
            path={"caseId": segment, "parkedId": segment},
            body=body,
        )
    )
    if answer.status_code >= 300:
        assert_refused(answer, 400, 404)
