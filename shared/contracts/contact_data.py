"""What of an HR event's contact data can be registered, in the form that Graph takes."""

import re
from collections.abc import Collection
from typing import Final

import phonenumbers
from phonenumbers import NumberParseException

from shared.contracts.hr_events import HrEvent, HrEventType
from shared.domain.contacts import Contact, ContactKind

_MAILBOX: Final = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@([A-Za-z0-9-]{1,63}\.)+[A-Za-z][A-Za-z0-9-]{1,62}"
)
"""ASCII alone: letters that only look like another domain's must not slip by a comparison."""


def graph_phone(number: str) -> str | None:
    """A phone number as Graph takes it: `+{country} {number}`, `x{extension}` behind it.

    None where it has no country code or no possible length; we guess no country.
    https://learn.microsoft.com/graph/api/authentication-post-phonemethods
    """
    try:
        parsed = phonenumbers.parse(number)
    except NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    national = phonenumbers.national_significant_number(parsed)
    extension = f"x{parsed.extension}" if parsed.extension else ""
    return f"+{parsed.country_code} {national}{extension}"


def mailbox(address: str) -> str | None:
    """An e-mail address, or None where it is none that we understand."""
    return address if _MAILBOX.fullmatch(address) else None


def told_contact(
    event: HrEvent, kinds: Collection[ContactKind]
) -> tuple[Contact, tuple[ContactKind, ...]]:
    """What may be registered of what an event tells, and which kinds it told.

    A kind that was told and can't be used is among the kinds and not in the contact, so that the
    case can say so. Only a joiner's counts: a rehire has an account that was used.
    """
    told = event.contact
    if told is None or event.type is not HrEventType.JOINER:
        return Contact(), ()
    values = {ContactKind.EMAIL: told.email, ContactKind.MOBILE: told.mobile}
    wanted = {kind: text for kind, text in values.items() if text is not None and kind in kinds}
    mobile, email = wanted.get(ContactKind.MOBILE), wanted.get(ContactKind.EMAIL)
    contact = Contact(
        mobile=None if mobile is None else graph_phone(mobile),
        email=None if email is None else mailbox(email),
    )
    return contact, tuple(wanted)
