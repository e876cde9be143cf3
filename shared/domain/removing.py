"""Removing all authentication methods of a person, in an order that Graph allows.

Graph keeps an alternate mobile number's mobile number, and the default method, until the last; it
says which is the default only by refusing:
https://learn.microsoft.com/graph/api/resources/authenticationmethods-overview
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from shared.domain.actions import Action, Advance, Fail
from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
)
from shared.domain.cases import Case
from shared.domain.changing import change
from shared.domain.effects.methods import RemoveMethods
from shared.domain.errors.directory import MethodNotRemovable
from shared.domain.facts import Facts
from shared.domain.people.rulings import Impact
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition

_ORDER: Final = (
    MethodType.TEMPORARY_ACCESS_PASS,
    MethodType.EMAIL,
    MethodType.QR_CODE_PIN,
    MethodType.EXTERNAL,
    MethodType.FIDO2,
    MethodType.WINDOWS_HELLO,
    MethodType.PLATFORM_CREDENTIAL,
    MethodType.HARDWARE_OATH,
    MethodType.SOFTWARE_OATH,
    MethodType.PHONE,
    # Mostly the default.
    MethodType.MICROSOFT_AUTHENTICATOR,
)
_PHONES: Final = {ALTERNATE_MOBILE: 0, MOBILE: 2}
_OTHER_PHONE: Final = 1


def remove_all(
    case: Case,
    methods: tuple[AuthenticationMethod, ...],
    facts: Facts,
    rules: Rules,
    now: datetime,
    *,
    impact: Impact,
) -> Action | None:
    """Which of these to remove next; None once two lists agree that none of them is left (S3).

    Args:
        case: on whose behalf.
        methods: what the person has now, as far as it is to go.
        facts: what was read in this round.
        rules: the settings.
        now: the time.
        impact: what it comes to for the person.
    """
    left, unknown = removable(methods), unremovable(methods)
    if left or unknown:
        if case.cleared_since is not None:
            return Advance(Transition(case=replace(case, cleared_since=None)))
        if left:
            removal = RemoveMethods(left, impact)
            return change(case, facts, removal, now, before=listed(left), then=case.state)
        return Fail(MethodNotRemovable(f"Left: {listed(unknown)}, of an unknown type."))
    since = case.cleared_since
    if since is not None and now - since >= rules.gone_after:
        return None
    since = since or now
    again = since + rules.gone_after
    return Advance(Transition(case=replace(case, cleared_since=since, wait_until=again)))


def listed(methods: tuple[AuthenticationMethod, ...]) -> str:
    """The methods, for an audit entry."""
    return ", ".join(map(str, methods))


def removable(methods: tuple[AuthenticationMethod, ...]) -> tuple[AuthenticationMethod, ...]:
    """Those that a known call removes, in a safe order. A password can't be removed."""
    known = [method for method in methods if method.method_type in _ORDER]
    return tuple(sorted(known, key=_place))


def unremovable(methods: tuple[AuthenticationMethod, ...]) -> tuple[AuthenticationMethod, ...]:
    """Those of a type that we don't know: it is not known how to remove them."""
    return tuple(one for one in methods if one.method_type is MethodType.UNRECOGNISED)


def _place(method: AuthenticationMethod) -> tuple[int, int, str]:
    phone = _PHONES.get(method.method_id, _OTHER_PHONE)
    return _ORDER.index(method.method_type), phone, method.method_id
