"""Whatever a source signs: a refusal in order, or 202 and a case that can be read and stored."""

import asyncio
import json
from datetime import UTC, datetime
from typing import Any, Final

import azure.functions as func
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from functions.access import Role
from shared.names import FunctionName
from tests.triggers.deployment import Deployment, principal, signed, told
from tests.triggers.refusals import (
    APP,
    BODY,
    CONFIDENTIAL,
    VALID,
    answer_to,
    assert_refused,
    assert_understood,
)

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


OWN: Final = Deployment()
"""The app of the properties whose examples each begin with nothing."""


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
    app = OWN.emptied()
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
    app = OWN.emptied()
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
            FunctionName.APPROVE_CASE,
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
        OWN.emptied().call(
            name,
            headers=EVERYTHING,
            query=query,
            path={"caseId": segment, "parkedId": segment},
            body=body,
        )
    )
    if answer.status_code >= 300:
        assert_refused(answer, 400, 404)
