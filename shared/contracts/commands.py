"""What travels on our own queues: ids, never data about people."""

from datetime import datetime
from typing import Annotated, Final

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.errors import MalformedMessage
from shared.domain.ids import CaseId

SCHEMA_VERSION: Final = 1


_CaseId = Annotated[CaseId, msgspec.Meta(pattern=r"^[0-9a-f]{32}(?!\n)$")]
_Attempt = Annotated[int, msgspec.Meta(ge=0, le=1000)]


class AdvanceCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The command to take up a case.

    Attributes:
        case_id: which case.
        wake: the moment this message was scheduled for; None where it was sent at once. A copy
            whose moment is no longer the case's own is out of date and does nothing.
        attempt: how often this message was deferred before the case could even be read.
        schema_version: of this message.
    """

    case_id: _CaseId
    wake: datetime | None = None
    attempt: _Attempt = 0
    schema_version: int = SCHEMA_VERSION


def encode_command(command: AdvanceCase) -> bytes:
    """The command as it travels."""
    return msgspec.json.encode(command)


def decode_command(body: bytes) -> AdvanceCase:
    """The command in a message.

    Raises:
        MalformedMessage: the body is none, or of a version that we don't know.
    """
    try:
        command = msgspec.json.decode(body, type=AdvanceCase)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessage(f"Not a command: {mistake(error)}") from error
    if command.schema_version != SCHEMA_VERSION:
        raise MalformedMessage(f"Schema version {command.schema_version} is not known.")
    return command
