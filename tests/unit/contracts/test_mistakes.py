"""What is wrong with a body is told without repeating it."""

import pytest

from shared.contracts.commands import decode_command
from shared.contracts.control_view import decode_control_change
from shared.contracts.hr_events import decode_hr_event
from shared.domain.errors.messages import MalformedMessage
from shared.domain.errors.requests import InvalidEvent, InvalidRequest


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b'{"type":"robin@contoso.example"}', "Invalid enum value - at `$.type`"),
        (b'{"robin@contoso.example":1}', "Object contains unknown field"),
        (b'{"contact":{"fax":1}}', "Object contains unknown field `fax` - at `$.contact`"),
        (b'{"id":"1"}', "Object missing required field `type`"),
        (b"[" * 100_000, "Expected `object`, got `array`"),
    ],
)
def test_field_is_named_and_value_is_not(body: bytes, told: str) -> None:
    """The sender learns where the mistake is; what stood there is not repeated."""
    with pytest.raises(InvalidEvent) as refusal:
        decode_hr_event(body)
    assert refusal.value.detail == f"The body is not an HR event: {told}"


@pytest.mark.parametrize("field", ["userPrincipalName", "employeeId", "id"])
def test_a_line_break_at_the_end_is_refused(field: str) -> None:
    """A name that ends with a line break is no name; it would go into requests and headers."""
    texts = {"userPrincipalName": "robin@contoso.example", "employeeId": "E-1", "id": "evt-1"}
    fields = ",".join(f'"{name}":"{text}"' for name, text in texts.items())
    decode_hr_event(f'{{"type":"joiner",{fields}}}'.encode())
    broken = fields.replace(f'{texts[field]}"', f'{texts[field]}\\n"')
    with pytest.raises(InvalidEvent, match=field):
        decode_hr_event(f'{{"type":"joiner",{broken}}}'.encode())


@pytest.mark.parametrize(
    "source", ['"De mo":"active"', f'"{"x" * 65}":"active"', '"demo\\n":"active"']
)
def test_only_what_can_be_a_source_is_suspended(source: str) -> None:
    """A name that no source can have is the sender's mistake, not one of the store."""
    with pytest.raises(InvalidRequest):
        decode_control_change(f'{{"sources":{{{source}}}}}'.encode())


@pytest.mark.parametrize("body", [b"\xff", b'{"caseId":"\xff"}', b"[" * 100_000, b"{}", b""])
def test_what_is_no_command_is_told_apart(body: bytes) -> None:
    """Any bytes in the queue are a command or malformed; nothing else comes of them."""
    with pytest.raises(MalformedMessage):
        decode_command(body)
