"""What travels on our own queues: ids, never data about people."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Final, Self

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.cases import Case, CaseState
from shared.domain.errors.messages import MalformedMessage
from shared.domain.ids import CaseId
from shared.domain.plans import CaseKind
from shared.names import CASE_QUEUES, Queue

SCHEMA_VERSION: Final = 1

QUEUES: Final[Mapping[CaseKind, Queue]] = {
    CaseKind.ONBOARDING: Queue.ONBOARDING,
    CaseKind.LEAVER: Queue.RESETS,
    CaseKind.EXEMPTION: Queue.EXEMPTIONS,
    CaseKind.ENROLMENT: Queue.ONBOARDING,
    CaseKind.RESET: Queue.RESETS,
}
"""The queue of each kind of case: that of the app whose identity has the powers it needs."""


def queue_of(case: Case) -> Queue:
    """The queue of the app whose identity has the powers that a case needs now."""
    if case.stage is CaseState.REMOVING_METHODS:
        return Queue.RESETS
    return QUEUES[case.kind]


_CaseId = Annotated[CaseId, msgspec.Meta(pattern=r"^[0-9a-f]{32}(?!\n)$")]
_Attempt = Annotated[int, msgspec.Meta(ge=0, le=1000)]


class AdvanceCase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The command to take up a case.

    Attributes:
        case_id: which case.
        queue: where it travels.
        wake: the moment this message was scheduled for; None where it was sent at once. A copy
            whose moment is no longer the case's own is out of date and does nothing.
        attempt: how often this message was deferred before the case could even be read.
        schema_version: of this message.
    """

    case_id: _CaseId
    queue: Queue
    wake: datetime | None = None
    attempt: _Attempt = 0
    schema_version: int = SCHEMA_VERSION

    @classmethod
    def of(cls, case: Case, *, wake: datetime | None = None) -> Self:
        """The command to take up this case."""
        return cls(case_id=case.case_id, queue=queue_of(case), wake=wake)


def encode_command(command: AdvanceCase) -> bytes:
    """The command as it travels."""
    return msgspec.json.encode(command)


class _OfACase(msgspec.Struct, frozen=True):
    case_id: msgspec.Raw = msgspec.field(name="caseId")


def names_a_case(body: bytes) -> bool:
    """Whether a message is meant as a command: it names a case, as no message of others does."""
    try:
        msgspec.json.decode(body, type=_OfACase)
    except (ValueError, RecursionError):
        return False
    return True


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
    if command.queue not in CASE_QUEUES:
        raise MalformedMessage(f"No case travels on the queue {command.queue}.")
    return command
