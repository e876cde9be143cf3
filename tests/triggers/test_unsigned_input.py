"""Whatever is sent by somebody who can't sign: 4xx and a problem document that repeats nothing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.application.intake import MOST_BYTES
from tests.triggers.deployment import OTHER_SECRET, Deployment, assert_problem, signed
from tests.triggers.refusals import BODY, answer_to, assert_refused, assert_understood

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
