"""Whether what is registered is good for MFA, and for the strength that is asked for."""

from typing import NamedTuple

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.strengths import Strength
from shared.domain.posture.means import REPORTED, Means
from shared.domain.posture.registration import Readiness, Registration, reaches, readiness
from tests.unit.domain.posture.people import (
    DIM,
    KEY,
    OTHER_KEY,
    READY,
    registered,
    strength,
)

RESISTANT_ONLY = strength("fido2", "windowshelloforbusiness", "x509certificatemultifactor")
ONE_MODEL = strength("fido2", keys={KEY})
YES, NO, EITHER = frozenset({True}), frozenset({False}), frozenset({True, False})


class Able(NamedTuple):
    """What is registered, and what that makes somebody able to."""

    why: str
    registration: Registration | Unknown
    expected: set[Readiness]


ABLE = [
    Able("nothing", registered(), {Readiness.NOTHING}),
    Able("unread", DIM, set(Readiness)),
    Able("an e-mail address is none", registered(Means.EMAIL), {Readiness.NOTHING}),
    Able("nor are questions", registered(Means.SECURITY_QUESTION), {Readiness.NOTHING}),
    Able("nor is a QR code", registered(Means.QR_CODE), {Readiness.NOTHING}),
    Able("a pass alone", registered(Means.PASS, Means.EMAIL), {Readiness.PASS}),
    *[
        Able(f"{one} is telephony", registered(one), {Readiness.TELEPHONY})
        for one in (Means.MOBILE_PHONE, Means.ALTERNATE_PHONE, Means.OFFICE_PHONE)
    ],
    *[
        Able(f"{one} is on one machine", registered(one), {Readiness.ONE_MACHINE})
        for one in (Means.WINDOWS_HELLO, Means.PLATFORM_CREDENTIAL)
    ],
    *[
        Able(f"{one} is good anywhere", registered(one), {Readiness.READY})
        for one in (
            Means.AUTHENTICATOR_PUSH,
            Means.AUTHENTICATOR_PASSWORDLESS,
            Means.SOFTWARE_OATH,
            Means.HARDWARE_OATH,
            Means.EXTERNAL,
        )
    ],
    *[
        Able(f"{one} can't be phished", registered(one), {Readiness.RESISTANT})
        for one in (Means.PASSKEY, Means.CERTIFICATE)
    ],
    Able(
        "a phone beside Windows Hello",
        registered(Means.MOBILE_PHONE, Means.WINDOWS_HELLO),
        {Readiness.TELEPHONY},
    ),
    Able(
        "an app beside a phone",
        registered(Means.MOBILE_PHONE, Means.SOFTWARE_OATH),
        {Readiness.READY},
    ),
    Able(
        "an app beside Windows Hello is no resistance elsewhere",
        registered(Means.SOFTWARE_OATH, Means.WINDOWS_HELLO),
        {Readiness.READY},
    ),
    Able(
        "what the tenant forbids", registered(Means.PASSKEY, capable=False), {Readiness.NOT_ALLOWED}
    ),
    Able(
        "a phone that it forbids",
        registered(Means.MOBILE_PHONE, capable=False),
        {Readiness.NOT_ALLOWED},
    ),
    Able(
        "what nobody tells to be forbidden",
        Registration(means=frozenset({Means.PASSKEY}), capable=None),
        {Readiness.RESISTANT},
    ),
    Able(
        "nor on one machine",
        registered(Means.WINDOWS_HELLO, capable=False),
        {Readiness.NOT_ALLOWED},
    ),
    Able("who has nothing lacks no permission", registered(capable=False), {Readiness.NOTHING}),
    Able("a pass needs no capability", registered(Means.PASS, capable=False), {Readiness.PASS}),
    Able(
        "something new may be anything",
        registered(Means.UNRECOGNISED),
        {Readiness.NOTHING, Readiness.TELEPHONY, Readiness.READY, Readiness.RESISTANT},
    ),
    Able(
        "something new beside an app",
        registered(Means.UNRECOGNISED, Means.SOFTWARE_OATH),
        {Readiness.READY, Readiness.RESISTANT},
    ),
    Able(
        "something new beside a passkey",
        registered(Means.UNRECOGNISED, Means.PASSKEY),
        {Readiness.RESISTANT},
    ),
]


@pytest.mark.parametrize("row", ABLE, ids=lambda row: row.why)
def test_what_somebody_can_do(row: Able) -> None:
    """The best of what is registered decides; what is unrecognised may only be better."""
    assert readiness(row.registration, (), ()) == row.expected


class Reached(NamedTuple):
    """What is registered, a strength, and whether it is reached."""

    why: str
    registration: Registration
    strength: Strength
    expected: frozenset[bool]


REACHED = [
    Reached("a passkey reaches it", registered(Means.PASSKEY), RESISTANT_ONLY, YES),
    Reached("so does Windows Hello", registered(Means.WINDOWS_HELLO), RESISTANT_ONLY, YES),
    Reached("so does a Mac's own key", registered(Means.PLATFORM_CREDENTIAL), RESISTANT_ONLY, YES),
    Reached("so does a certificate", registered(Means.CERTIFICATE), RESISTANT_ONLY, YES),
    Reached("an app doesn't", registered(Means.AUTHENTICATOR_PUSH), RESISTANT_ONLY, NO),
    Reached("nothing doesn't", registered(), RESISTANT_ONLY, NO),
    Reached(
        "an app without a password does its own",
        registered(Means.AUTHENTICATOR_PASSWORDLESS),
        strength("devicebasedpush"),
        YES,
    ),
    Reached(
        "it also asks after a password",
        registered(Means.AUTHENTICATOR_PASSWORDLESS),
        strength("password,microsoftauthenticatorpush"),
        YES,
    ),
    Reached(
        "an app that asks after a password is not without",
        registered(Means.AUTHENTICATOR_PUSH),
        strength("devicebasedpush"),
        NO,
    ),
    Reached(
        "codes of an app", registered(Means.SOFTWARE_OATH), strength("password,softwareoath"), YES
    ),
    Reached(
        "codes of a token are others",
        registered(Means.HARDWARE_OATH),
        strength("password,softwareoath"),
        NO,
    ),
    Reached("texts", registered(Means.MOBILE_PHONE), strength("password,sms"), YES),
    Reached("calls", registered(Means.MOBILE_PHONE), strength("password,voice"), YES),
    Reached(
        "nobody is texted at a desk", registered(Means.OFFICE_PHONE), strength("password,sms"), NO
    ),
    Reached(
        "nobody is texted on the other phone",
        registered(Means.ALTERNATE_PHONE),
        strength("password,sms"),
        NO,
    ),
    Reached(
        "another provider reaches none",
        registered(Means.EXTERNAL),
        strength("fido2", "password,sms"),
        NO,
    ),
    Reached(
        "a pass is none that stays",
        registered(Means.PASS),
        strength("temporaryaccesspassonetime"),
        NO,
    ),
    Reached("the right model", registered(Means.PASSKEY, keys={KEY, OTHER_KEY}), ONE_MODEL, YES),
    Reached("another model", registered(Means.PASSKEY, keys={OTHER_KEY}), ONE_MODEL, NO),
    Reached("the report tells no model", registered(Means.PASSKEY), ONE_MODEL, EITHER),
    Reached(
        "any model where none is listed",
        registered(Means.PASSKEY, keys={OTHER_KEY}),
        strength("fido2"),
        YES,
    ),
    Reached(
        "something else beside the wrong model",
        registered(Means.PASSKEY, Means.WINDOWS_HELLO, keys={OTHER_KEY}),
        strength("fido2", "windowshelloforbusiness", keys={KEY}),
        YES,
    ),
    Reached("something new may reach it", registered(Means.UNRECOGNISED), RESISTANT_ONLY, EITHER),
    Reached(
        "something new beside the wrong model too",
        registered(Means.UNRECOGNISED, Means.PASSKEY, keys={OTHER_KEY}),
        ONE_MODEL,
        EITHER,
    ),
    Reached(
        "something new decides nothing beside a certificate",
        registered(Means.UNRECOGNISED, Means.CERTIFICATE),
        RESISTANT_ONLY,
        YES,
    ),
]


@pytest.mark.parametrize("row", REACHED, ids=lambda row: row.why)
def test_whether_a_strength_is_reached(row: Reached) -> None:
    """By any combination that it allows, passkeys by the models that it allows."""
    assert reaches(row.registration, row.strength) == row.expected


def test_each_strength_that_is_asked_for_has_to_be_reached() -> None:
    """One that is surely asked and surely not reached is unmet; one in doubt may be."""
    able = {Readiness.READY}
    texts, keys = strength("password,microsoftauthenticatorpush"), RESISTANT_ONLY
    assert readiness(READY, [texts], ()) == able
    assert readiness(READY, [texts, keys], ()) == {Readiness.UNMET}
    assert readiness(READY, [texts], [keys]) == {*able, Readiness.UNMET}
    assert readiness(READY, [texts], [texts]) == able
    assert readiness(READY, [texts], DIM) == {*able, Readiness.UNMET}
    passkey = registered(Means.PASSKEY)
    assert readiness(passkey, [ONE_MODEL], ()) == {Readiness.RESISTANT, Readiness.UNMET}


def test_words_of_the_report() -> None:
    """Each is known in small letters; a passkey of Windows Hello stays on its machine."""
    assert all(word == word.casefold() for word in REPORTED)
    assert REPORTED["passkeydeviceboundwindowshello"] is Means.WINDOWS_HELLO
    assert {REPORTED[word] for word in ("fido2", "passkeysynced", "passkeydevicebound")} == {
        Means.PASSKEY
    }
    assert set(Means) - set(REPORTED.values()) == {Means.CERTIFICATE, Means.UNRECOGNISED}
