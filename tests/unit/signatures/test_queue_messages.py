"""Signatures of queue messages where everybody has to sign, and those that we make ourselves."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from shared.adapters.signatures.queue_messages import StandardQueueSignatures
from shared.contracts.envelopes import Envelope
from shared.domain.errors.requests import InvalidSignature

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
AT = datetime(2026, 3, 2, 8, 0, 0, 999_999, tzinfo=UTC)
ENVELOPE = Envelope(message_id="m-1", enqueued_at=AT)


def test_where_everybody_signs_the_unsigned_are_refused() -> None:
    """And nobody else: what is signed rightly is let through."""
    strict = StandardQueueSignatures({"2": SECRET}, required=True)
    with pytest.raises(InvalidSignature):
        strict.verify(b"{}", ENVELOPE)
    assert strict.verify(b"{}", strict.signed(b"{}", ENVELOPE, "2")) == "2"
    assert StandardQueueSignatures({}).verify(b"{}", ENVELOPE) is None


def test_without_a_secret_no_signature_is_right() -> None:
    """What can't be checked is not taken for unsigned."""
    signed = StandardQueueSignatures({"1": SECRET}).signed(b"{}", ENVELOPE, "1")
    with pytest.raises(InvalidSignature):
        StandardQueueSignatures({}).verify(b"{}", signed)


@pytest.mark.parametrize("off", [timedelta(minutes=5), -timedelta(minutes=5)])
def test_five_minutes_are_the_bound(off: timedelta) -> None:
    """Before and after the enqueuing; a moment more is too much."""
    scheme = StandardQueueSignatures({"1": SECRET})
    moment = AT.replace(microsecond=0)
    signed = scheme.signed(b"{}", Envelope(message_id="m-1", enqueued_at=moment), "1")
    for enqueued, good in ((moment + off, True), (moment + off * 1.01, False)):
        came = Envelope(message_id="m-1", enqueued_at=enqueued, properties=signed.properties)
        if good:
            assert scheme.verify(b"{}", came) == "1"
        else:
            with pytest.raises(InvalidSignature):
                scheme.verify(b"{}", came)


def test_a_body_that_is_no_text_has_no_signature() -> None:
    """The scheme signs texts."""
    scheme = StandardQueueSignatures({"1": SECRET})
    signed = scheme.signed(b"{}", ENVELOPE, "1")
    with pytest.raises(InvalidSignature):
        scheme.verify(b"\xff", signed)
