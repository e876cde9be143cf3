"""What of an event's contact data can be registered."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.contact_data import graph_phone, mailbox, told_contact
from shared.contracts.hr_events import decode_hr_event
from shared.domain.contacts import Contact, ContactKind, is_within

EMAIL, MOBILE = ContactKind.EMAIL, ContactKind.MOBILE
TOLD = {"mobile": "+12065550142", "email": "a@b.example"}


@pytest.mark.parametrize(
    ("given_number", "expected"),
    [
        ("+12065550142", "+1 2065550142"),
        ("+1 2065550142", "+1 2065550142"),
        ("+1 (206) 555-0142", "+1 2065550142"),
        ("+1 2065550142x12", "+1 2065550142x12"),
        ("+44 7911 123456", "+44 7911123456"),
        ("+49 (0)151 23456789", "+49 15123456789"),
        ("+39 06 1234 5678", "+39 0612345678"),
        ("+352621123456", "+352 621123456"),
        ("2065550142", None),
        ("0012065550142", None),
        ("+1 206", None),
        ("+999 123456", None),
        ("+", None),
        ("call me", None),
    ],
)
def test_a_phone_number_is_told_as_graph_takes_it(given_number: str, expected: str | None) -> None:
    """A space behind the country code, which must be there: no country is guessed."""
    assert graph_phone(given_number) == expected


@given(st.text(max_size=40))
def test_any_text_is_a_number_in_graphs_format_or_none(text: str) -> None:
    """Whatever HR sends, nothing but Graph's format comes out, and it is stable."""
    number = graph_phone(text)
    if number is not None:
        country, _, rest = number.partition(" ")
        assert country.startswith("+")
        assert country[1:].isascii()
        assert country[1:].isdigit()
        assert rest.replace("x", "", 1).isdigit()
        assert graph_phone(number) == number


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("kim.o'neil+hr@mail.example.org", True),
        ("kim@xn--bcher-kva.example", True),
        ("kim", False),
        ("kim@example", False),
        ("kim@@example.org", False),
        ("kim@example.org.", False),
        ("kim@exam ple.org", False),
        ("kim@cont\N{CYRILLIC SMALL LETTER O}so.example", False),
        ("kim@\N{FULLWIDTH LATIN SMALL LETTER C}ontoso.example", False),
    ],
)
def test_an_address_that_is_not_understood_is_not_used(address: str, *, expected: bool) -> None:
    """Letters that only look like others can't slip by a comparison of domains."""
    assert mailbox(address) == (address if expected else None)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("kim@contoso.example", True),
        ("kim@CONTOSO.Example", True),
        ("kim@mail.contoso.example", True),
        ("kim@notcontoso.example", False),
        ("kim@contoso.example.org", False),
    ],
)
def test_the_tenants_domains_are_known_with_what_is_below_them(
    address: str, *, expected: bool
) -> None:
    """A mailbox in the tenant, or below one of its domains, is no way back in."""
    assert is_within(address, frozenset({"Contoso.Example"})) is expected


@pytest.mark.parametrize(
    ("kind", "allowed", "contact", "expected"),
    [
        ("joiner", {EMAIL, MOBILE}, {"mobile": "+12065550142"}, ("+1 2065550142", None)),
        (
            "joiner",
            {EMAIL},
            {"mobile": "+12065550142", "email": "a@b.example"},
            (None, "a@b.example"),
        ),
        ("joiner", set(), TOLD, (None, None)),
        ("rehire", {EMAIL, MOBILE}, {"mobile": "+12065550142"}, (None, None)),
        ("leaver", {EMAIL, MOBILE}, {"mobile": "+12065550142"}, (None, None)),
        ("joiner", {EMAIL, MOBILE}, None, (None, None)),
    ],
)
def test_only_what_a_source_may_prepare_for_a_joiner_counts(
    kind: str,
    allowed: set[ContactKind],
    contact: dict[str, str] | None,
    expected: tuple[str | None, str | None],
) -> None:
    """A rehire's account was used; a source without the switch prepares nothing."""
    told = {
        "type": kind,
        "userPrincipalName": "kim@contoso.example",
        "effectiveAt": "2026-03-02T08:00:00Z",
        "contact": contact,
    }
    found, kinds = told_contact(decode_hr_event(json.dumps(told).encode()), allowed)
    assert (found.mobile, found.email) == expected
    assert kinds == tuple(one for one in ContactKind if found.value(one) is not None)


def test_what_was_told_and_can_not_be_used_is_told_apart() -> None:
    """The case can say that a number was unusable, and not only that there was none."""
    told = {"mobile": "2065550142"}
    body = {"type": "joiner", "userPrincipalName": "kim@contoso.example", "contact": told}
    assert told_contact(decode_hr_event(json.dumps(body).encode()), {MOBILE}) == (
        Contact(),
        (MOBILE,),
    )


def test_contact_data_stands_in_no_representation() -> None:
    """Whatever is logged of a contact, it is not the data."""
    assert repr(Contact(mobile="+1 2065550142", email="a@b.example")) == "Contact()"
