"""A ticket is what the contract says, and whatever else comes is refused in words of ours."""

import json
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.contracts.commands import names_a_case
from shared.contracts.reset_ticket import (
    ResetTicket,
    decode_ticket,
    readable_ticket_id,
    ticket_hash,
)
from shared.domain.errors.requests import InvalidEvent
from shared.domain.reset.tickets import ALL_ACTIONS

WHOLE: dict[str, Any] = {
    "ticketId": "INC-1",
    "userId": "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11",
    "reason": "lost",
    "requestedBy": "Robin",
    "actions": ["methods", "sessions", "appPasswords"],
    "verification": {"by": "kim@contoso.example", "method": "callback"},
}
PINNED = "606aec2698c65913d1d16092525a1397aba15c03959b7fa2ae1159ac10e5aa0c"
"""What it hashes to, in every claim that it ever made."""
WORDS = ["INC-1", "lost", "methods", "robin@contoso.example", "", "x" * 300, "a\nb", "\ud800"]
scalars = st.none() | st.booleans() | st.integers() | st.just(10**400) | st.sampled_from(WORDS)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["by", "method", "ticketId", "x"]), inner, max_size=3)
    ),
    max_leaves=6,
)
documents = st.dictionaries(st.sampled_from([*WHOLE, "userPrincipalName", "caseId"]), values)


@given(changes=documents)
def test_any_document_is_a_ticket_or_refused(changes: dict[str, Any]) -> None:
    """Nothing else can happen, and a refusal repeats nothing of what was sent."""
    body = json.dumps(WHOLE | changes).encode()
    refusal = ""
    try:
        ticket = decode_ticket(body)
        assert (ticket.user_id is None) != (ticket.user_principal_name is None)
        assert readable_ticket_id(body) == ticket.ticket_id
    except InvalidEvent as error:
        refusal = error.detail
    assert "robin@contoso.example" not in refusal


@given(body=st.binary(max_size=200))
@example(b"[" * 200_000)
@example(b'{"ticketId":' * 50_000)
@example(b'{"ticketId":"a"}' + b" " * 262_144)
def test_any_bytes_are_looked_at_safely(body: bytes) -> None:
    """Neither the names that are looked for nor the ticket itself bring a worker down."""
    names_a_case(body)
    named = readable_ticket_id(body)
    assert named is None or 0 < len(named) <= 128
    with pytest.raises(InvalidEvent):
        decode_ticket(body)


def test_what_is_left_out_means_what_is_told() -> None:
    """All actions in any order are the same ticket as none; everything else makes another."""
    short = {name: value for name, value in WHOLE.items() if name != "actions"}
    turned = WHOLE | {"actions": WHOLE["actions"][::-1], "userId": WHOLE["userId"].upper()}
    whole, bare, other = (decode_ticket(json.dumps(one).encode()) for one in (WHOLE, short, turned))
    assert bare.actions == ALL_ACTIONS
    assert ticket_hash(whole) == ticket_hash(bare) == ticket_hash(other)
    changes: list[dict[str, Any]] = [
        {"reason": "stolen"},
        {"requestedBy": "Kim"},
        {"actions": ["methods"]},
        {"verification": {"by": "kim@contoso.example", "method": "manager"}},
    ]
    hashes = {ticket_hash(decode_ticket(json.dumps(WHOLE | one).encode())) for one in changes}
    assert len(hashes | {ticket_hash(whole)}) == len(changes) + 1
    assert isinstance(whole, ResetTicket)


def test_what_a_ticket_meant_stays_on_record() -> None:
    """A system that it may name changes nothing for who names none: neither its id nor its hash."""
    plain = decode_ticket(json.dumps(WHOLE).encode())
    assert plain.key == ":INC-1"
    assert ticket_hash(plain) == PINNED
    named = decode_ticket(json.dumps(WHOLE | {"system": "security"}).encode())
    assert named.key == "/security:INC-1"


@pytest.mark.parametrize("system", ["", "a:b", "a/b", "Security", "-", "x" * 65, 7, None])
def test_a_system_has_a_plain_name(system: object) -> None:
    """No name of a system can be taken for another one's id."""
    with pytest.raises(InvalidEvent, match="system"):
        decode_ticket(json.dumps(WHOLE | {"system": system}).encode())
