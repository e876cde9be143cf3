"""What every scheme with a keyed hash has in common, tried on each of them."""

import base64
import hashlib
import hmac
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.signatures.hmac_signature import HmacSignature
from shared.adapters.signatures.vendors import RECIPES
from shared.application.ports.sources import SchemeName
from shared.domain.errors.requests import InvalidSignature
from tests.unit.signatures.signing import BODY, NEW, NOW, OLD, signed

FOREIGN = "secret-of-another"
SCHEMES = sorted(RECIPES)
TIMED = [name for name in SCHEMES if RECIPES[name].time is not None]


def scheme(name: SchemeName) -> HmacSignature:
    """The scheme in the middle of a rotation."""
    return HmacSignature(RECIPES[name], {"1": OLD, "2": NEW}, lambda: NOW)


def header_of(name: SchemeName) -> str:
    """The header with the signature."""
    return RECIPES[name].headers[0]


@pytest.mark.parametrize("name", SCHEMES)
@pytest.mark.parametrize(("secret", "number"), [(OLD, "1"), (NEW, "2")])
def test_either_secret_is_good_and_the_one_used_is_known(
    name: SchemeName, secret: str, number: str
) -> None:
    """Two secrets at a time make a rotation without a gap; afterwards the old one is worthless."""
    verified = scheme(name).verify(BODY, signed(name, secret=secret))
    assert verified.by == f"secret {number}"
    assert verified.signed_at == (NOW if name in TIMED else None)
    rotated = replace(scheme(name), secrets={"1": NEW})
    if secret == OLD:
        with pytest.raises(InvalidSignature):
            rotated.verify(BODY, signed(name, secret=secret))
    else:
        assert rotated.verify(BODY, signed(name, secret=secret)).by == "secret 1"


@pytest.mark.parametrize("name", SCHEMES)
def test_another_secret_is_refused(name: SchemeName) -> None:
    """Whoever signs with anything else is nobody."""
    for secret in (FOREIGN, "", OLD.upper(), OLD + " ", f"{OLD}{NEW}"):
        with pytest.raises(InvalidSignature):
            scheme(name).verify(BODY, signed(name, secret=secret))


@pytest.mark.parametrize("name", SCHEMES)
def test_every_byte_of_the_body_counts(name: SchemeName) -> None:
    """One bit anywhere, one byte more or less, and the signature is another's."""
    headers = signed(name)
    tampered = [
        *(BODY[:at] + bytes([BODY[at] ^ 1]) + BODY[at + 1 :] for at in range(len(BODY))),
        *(BODY[:at] + BODY[at + 1 :] for at in range(len(BODY))),
        BODY + b" ",
        b"\xef\xbb\xbf" + BODY,
        b"",
    ]
    for body in tampered:
        with pytest.raises(InvalidSignature):
            scheme(name).verify(body, headers)


@pytest.mark.parametrize("name", SCHEMES)
def test_every_character_of_the_signature_counts(name: SchemeName) -> None:
    """A signature has one spelling: no other character, case or padding is as good."""
    headers = signed(name)
    good = headers[header_of(name)]
    tampered = [
        *(
            good[:at] + other + good[at + 1 :]
            for at in range(len(good))
            for other in "0Az/= "
            if good[at] != other
        ),
        *(good[:at] + good[at + 1 :] for at in range(len(good) - 64, len(good))),
        *(
            good[:at] + extra + good[at:]
            for at in (0, len(good))
            for extra in (" ", "\n", "=", "0")
        ),
        good.swapcase(),
        good.removeprefix("sha256=")[:-2],
        "sha1=" + good.removeprefix("sha256="),
        "",
    ]
    for signature in tampered:
        with pytest.raises(InvalidSignature):
            scheme(name).verify(BODY, headers | {header_of(name): signature})


@pytest.mark.parametrize("name", SCHEMES)
def test_a_body_that_was_written_anew_is_refused(name: SchemeName) -> None:
    """Bytes are signed and not their meaning: the same JSON with other spacing is another body."""
    document = json.loads(BODY)
    for anew in (
        json.dumps(document),
        json.dumps(document, separators=(",", ":")),
        json.dumps(document, indent=2),
        json.dumps(dict(reversed(document.items())), ensure_ascii=False),
    ):
        with pytest.raises(InvalidSignature):
            scheme(name).verify(anew.encode(), signed(name))


@pytest.mark.parametrize("name", TIMED)
@pytest.mark.parametrize("sign", [1, -1])
def test_five_minutes_are_tolerated_and_no_more(name: SchemeName, sign: int) -> None:
    """Neither an old request is played again, nor one made in advance; both clocks may be off."""
    edge = sign * timedelta(minutes=5)
    assert scheme(name).verify(BODY, signed(name, at=NOW + edge)).signed_at == NOW + edge
    with pytest.raises(InvalidSignature):
        scheme(name).verify(BODY, signed(name, at=NOW + edge + sign * timedelta(seconds=1)))


@pytest.mark.parametrize("name", TIMED)
def test_the_time_is_signed(name: SchemeName) -> None:
    """An old signature gets no new time, and no time is read from what is none."""
    time = RECIPES[name].time
    assert time is not None
    fresh = signed(name, at=NOW + timedelta(seconds=1))[time.header]
    for written in (fresh, "", " ", "now", "nan", "inf", "-1", "1e9", "9" * 400, "١٧٦٩", "\ud800"):
        with pytest.raises(InvalidSignature):
            scheme(name).verify(BODY, signed(name) | {time.header: written})
    without = {key: value for key, value in signed(name).items() if key != time.header}
    with pytest.raises(InvalidSignature):
        scheme(name).verify(BODY, without)


@pytest.mark.parametrize("name", TIMED)
def test_the_order_of_time_and_body_is_the_vendors(name: SchemeName) -> None:
    """Time and body the other way round, or with something between them, is no signature."""
    time = RECIPES[name].time
    assert time is not None
    headers = signed(name)
    written = headers[time.header].encode()
    wrong = BODY + written if time.place == "before-body" else written + BODY
    for message in (wrong, written + b"." + BODY, BODY + b"." + written, BODY):
        raw = hmac.digest(OLD.encode(), message, hashlib.sha256)
        spelled = raw.hex() if RECIPES[name].encoding == "hex" else base64.b64encode(raw).decode()
        with pytest.raises(InvalidSignature):
            scheme(name).verify(BODY, headers | {header_of(name): spelled})


@pytest.mark.parametrize("name", SCHEMES)
def test_headers_that_are_missing_or_doubled_are_refused(name: SchemeName) -> None:
    """A header that came twice reaches us joined by a comma; none of the two is chosen."""
    good = signed(name)
    forged = signed(name, secret=FOREIGN)
    for header in good:
        with pytest.raises(InvalidSignature):
            scheme(name).verify(BODY, {key: good[key] for key in good if key != header})
        for doubled in (
            f"{good[header]}, {good[header]}",
            f"{good[header]},{forged[header]}",
            f"{forged[header]}, {good[header]}",
        ):
            with pytest.raises(InvalidSignature):
                scheme(name).verify(BODY, good | {header: doubled})
    with pytest.raises(InvalidSignature):
        scheme(name).verify(BODY, {})


def test_a_time_without_an_offset_is_none() -> None:
    """Nobody guesses in which zone a vendor's clock stands, even where the signature is good."""
    written = NOW.strftime("%Y-%m-%dT%H:%M:%S")
    raw = hmac.digest(OLD.encode(), written.encode() + BODY, "sha256")
    headers = {
        "x-zendesk-webhook-signature": base64.b64encode(raw).decode(),
        "x-zendesk-webhook-signature-timestamp": written,
    }
    with pytest.raises(InvalidSignature, match="no time"):
        scheme(SchemeName.ZENDESK).verify(BODY, headers)


def test_the_newer_header_of_github_wins() -> None:
    """GitHub sends a SHA-1 signature beside the good one; it is never looked at."""
    name = SchemeName.HUB_SIGNATURE
    sha1 = {"x-hub-signature": "sha1=" + hmac.digest(OLD.encode(), BODY, "sha1").hex()}
    assert scheme(name).verify(BODY, signed(name) | sha1).by == "secret 1"
    with pytest.raises(InvalidSignature):
        scheme(name).verify(BODY, sha1)
    as_jira = {"x-hub-signature": signed(name)["x-hub-signature-256"]}
    for newer in ("sha256=" + "0" * 64, "sha1=" + "0" * 40, ""):
        with pytest.raises(InvalidSignature):
            scheme(name).verify(BODY, as_jira | {"x-hub-signature-256": newer})


def test_personio_may_leave_the_prefix_out() -> None:
    """Its integrators have seen signatures with and without it."""
    name = SchemeName.PERSONIO
    bare = {key: value.removeprefix("sha256=") for key, value in signed(name).items()}
    assert scheme(name).verify(BODY, bare).by == "secret 1"


@given(
    name=st.sampled_from(SCHEMES),
    values=st.lists(
        st.text() | st.sampled_from(["sha256=", "\ud800", "=", "1772438400", "sha256=%"]),
        min_size=3,
        max_size=3,
    ),
    body=st.binary(),
)
def test_any_headers_and_bytes_are_refused_in_order(
    name: SchemeName, values: list[str], body: bytes
) -> None:
    """Whatever is sent, the answer is a refusal and never a crash."""
    recipe = RECIPES[name]
    headers = [*recipe.headers, *([recipe.time.header] if recipe.time else [])]
    with pytest.raises(InvalidSignature):
        scheme(name).verify(body, dict(zip(headers, values, strict=False)))


def test_secrets_never_show() -> None:
    """A scheme that is printed shows no secret."""
    assert OLD not in repr(scheme(SchemeName.ZENDESK))
