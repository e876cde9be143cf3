"""Signatures by the Standard Webhooks scheme, checked against the scheme's own package."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks.webhooks import Webhook

from shared.adapters.signatures.standard_webhooks import StandardWebhooks
from shared.domain.errors.requests import InvalidSignature

OLD, NEW, FOREIGN = (
    "whsec_" + base64.b64encode(bytes([number]) * 32).decode() for number in (1, 2, 3)
)
SCHEME = StandardWebhooks({"1": OLD, "2": NEW})
BODY = '{"type":"joiner","userPrincipalName":"zoë@contoso.example"}'.encode()


def signed(
    secret: str, body: bytes = BODY, *, age: timedelta = timedelta(0), message_id: str = "msg_1"
) -> dict[str, str]:
    at = datetime.now(UTC) - age
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, at, body.decode()),
    }


def test_what_is_signed_here_is_what_the_scheme_publishes() -> None:
    """The known answer of the scheme's own libraries: so good and bad below mean what they mean."""
    published = Webhook("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        datetime.fromtimestamp(1_614_265_330, UTC),
        '{"test": 2432232314}',
    )
    assert published == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize(("secret", "number"), [(OLD, "1"), (NEW, "2")])
def test_either_secret_is_good_and_the_one_used_is_known(secret: str, number: str) -> None:
    """Two secrets at a time make a rotation without a gap."""
    verified = SCHEME.verify(BODY, signed(secret))
    assert verified.by == f"secret {number}"
    assert verified.signed_at is not None
    assert abs(verified.signed_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_several_signatures_in_one_header_are_tried() -> None:
    """A sender that rotates signs with both of its keys."""
    headers = signed(NEW)
    foreign = signed(FOREIGN)["webhook-signature"]
    headers["webhook-signature"] = f"v2,unknown {foreign} {headers['webhook-signature']}"
    assert SCHEME.verify(BODY, headers).by == "secret 2"


@pytest.mark.parametrize("age", [timedelta(minutes=6), timedelta(minutes=-6)])
def test_five_minutes_are_tolerated_and_no_more(age: timedelta) -> None:
    """A recorded webhook can't be played again later."""
    with pytest.raises(InvalidSignature):
        SCHEME.verify(BODY, signed(OLD, age=age))
    assert SCHEME.verify(BODY, signed(OLD, age=age / 2)).by == "secret 1"


@pytest.mark.parametrize("missing", ["webhook-id", "webhook-timestamp", "webhook-signature"])
def test_every_header_is_needed(missing: str) -> None:
    """What is not signed is not believed."""
    headers = signed(OLD)
    del headers[missing]
    with pytest.raises(InvalidSignature):
        SCHEME.verify(BODY, headers)


def test_a_signature_is_good_for_its_own_message_alone() -> None:
    """Not for another body, another id, another time or another secret."""
    headers = signed(OLD)
    later = str(int(headers["webhook-timestamp"]) + 1)
    for body, changed in (
        (BODY + b" ", headers),
        (BODY, {**headers, "webhook-id": "msg_2"}),
        (BODY, {**headers, "webhook-timestamp": later}),
        (BODY, signed(FOREIGN)),
    ):
        with pytest.raises(InvalidSignature):
            SCHEME.verify(body, changed)


def test_every_byte_of_body_and_signature_counts() -> None:
    """One character of either is another message; spare bits of base64 alone carry nothing."""
    headers = signed(OLD)
    good = headers["webhook-signature"]
    for at in range(len(BODY)):
        with pytest.raises(InvalidSignature):
            SCHEME.verify(BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :], headers)
    for at in range(len("v1,"), len(good)):
        changed = good[:at] + ("A" if good[at] != "A" else "Q") + good[at + 1 :]
        with pytest.raises(InvalidSignature):
            SCHEME.verify(BODY, headers | {"webhook-signature": changed})


def test_a_body_that_was_written_anew_is_refused() -> None:
    """Bytes are signed and not their meaning."""
    for anew in (json.dumps(json.loads(BODY)), json.dumps(json.loads(BODY), indent=1)):
        with pytest.raises(InvalidSignature):
            SCHEME.verify(anew.encode(), signed(OLD))


@pytest.mark.parametrize("header", ["webhook-id", "webhook-timestamp"])
def test_a_header_that_came_twice_is_refused(header: str) -> None:
    """It reaches us joined by a comma, and nothing was signed with that."""
    headers = signed(OLD)
    with pytest.raises(InvalidSignature):
        SCHEME.verify(BODY, headers | {header: f"{headers[header]}, {headers[header]}"})


@given(
    st.dictionaries(
        st.sampled_from(["webhook-id", "webhook-timestamp", "webhook-signature"]),
        st.text() | st.sampled_from(["v1,", "v1,%%%", ",", "nan", "inf", "1e400", "-1"]),
    ),
    st.binary(),
)
def test_any_headers_and_bytes_are_refused_in_order(headers: dict[str, str], body: bytes) -> None:
    """Whatever is sent, the answer is a refusal and never a crash."""
    with pytest.raises(InvalidSignature):
        SCHEME.verify(body, headers)
