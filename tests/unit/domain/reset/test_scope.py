"""Which methods go: the whole table of types and reasons."""

from typing import Final

import pytest

from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    OFFICE,
    AuthenticationMethod,
    MethodType,
    Passkey,
)
from shared.domain.reset.scope import doubtful, preference_among, registered_without, scope
from shared.domain.reset.tickets import ResetReason


def method(
    kind: MethodType, method_id: str = "x", passkey: Passkey | None = None
) -> AuthenticationMethod:
    """A method of a kind."""
    return AuthenticationMethod(method_id, kind, passkey)


MOBILE_PHONE, OTHER_MOBILE, OFFICE_PHONE = (
    method(MethodType.PHONE, one) for one in (MOBILE, ALTERNATE_MOBILE, OFFICE)
)
IN_APP, ON_KEY, SOMEWHERE = (method(MethodType.FIDO2, one, one) for one in Passkey)
COLUMNS: Final = (
    ResetReason.LOST,
    ResetReason.STOLEN,
    ResetReason.REPLACED,
    ResetReason.COMPROMISED,
)
TABLE: Final = {
    #                                       lost   stolen replaced compromised
    method(MethodType.PASSWORD): (False, False, False, False),
    method(MethodType.MICROSOFT_AUTHENTICATOR): (True, True, True, True),
    method(MethodType.SOFTWARE_OATH): (True, True, True, True),
    method(MethodType.TEMPORARY_ACCESS_PASS): (True, True, True, True),
    MOBILE_PHONE: (True, True, True, True),
    OTHER_MOBILE: (True, True, True, True),
    method(MethodType.PHONE, "unheard-of"): (True, True, True, True),
    OFFICE_PHONE: (False, False, False, True),
    IN_APP: (True, True, True, True),
    ON_KEY: (False, False, False, True),
    SOMEWHERE: (False, False, False, True),
    method(MethodType.EMAIL): (False, True, False, True),
    method(MethodType.HARDWARE_OATH): (False, False, False, True),
    method(MethodType.WINDOWS_HELLO): (False, False, False, True),
    method(MethodType.PLATFORM_CREDENTIAL): (False, False, False, True),
    method(MethodType.EXTERNAL): (False, False, False, True),
    method(MethodType.QR_CODE_PIN): (False, False, False, True),
    method(MethodType.UNRECOGNISED): (False, False, False, True),
}
"""What goes for each reason; docs/resets.md says the same."""


def test_every_type_is_in_the_table() -> None:
    """A new type is decided about before it is met."""
    assert {one.method_type for one in TABLE} == set(MethodType)


@pytest.mark.parametrize("column", range(len(COLUMNS)))
def test_what_goes_for_a_reason(column: int) -> None:
    """All that is in the device, and nothing else; of a compromised account all there is."""
    going = {one for one, row in TABLE.items() if row[column]}
    assert set(scope(tuple(TABLE), COLUMNS[column])) == going


def test_what_may_be_in_the_device_is_told_and_does_not_count() -> None:
    """A passkey of an unknown model, and a type that nobody knows."""
    strange = method(MethodType.UNRECOGNISED)
    kept = (SOMEWHERE, ON_KEY, strange)
    assert doubtful(kept, ResetReason.LOST) == (SOMEWHERE, strange)
    assert doubtful(kept, ResetReason.COMPROMISED) == ()
    assert registered_without((SOMEWHERE,), ())
    assert not registered_without((SOMEWHERE,), [str(SOMEWHERE)])


def test_another_default_is_looked_for_among_what_stays() -> None:
    """Only an office phone and a token can be it: Graph has no word for what else stays."""
    token = method(MethodType.HARDWARE_OATH)
    assert preference_among((ON_KEY, OFFICE_PHONE)) == "voiceOffice"
    assert preference_among((token,)) == "oath"
    assert preference_among((ON_KEY, method(MethodType.WINDOWS_HELLO))) is None
