"""What travels on the queue of the sweep: which stage of which run is to be done."""

import re
from typing import Annotated, Final

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.errors.messages import MalformedMessage
from shared.domain.sweep.runs import RunId, Stage
from shared.domain.sweep.slices import Slice

SCHEMA_VERSION: Final = 1
_PART: Final = re.compile(r"(\d{1,3})-of-(\d{1,3})")
_RunId = Annotated[RunId, msgspec.Meta(pattern=r"^[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}(?!\n)$")]


class SweepCommand(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """The command to do a stage of a run.

    Attributes:
        run_id: which run.
        stage: which stage. A run that is at another one by now does nothing.
        part: which part of the tenant is to be judged; only in that stage.
        attempt: how often it was deferred without any progress.
        schema_version: of this message.
    """

    run_id: _RunId
    stage: Stage
    part: str | None = None
    attempt: Annotated[int, msgspec.Meta(ge=0, le=1000)] = 0
    schema_version: int = SCHEMA_VERSION

    @property
    def slice(self) -> Slice:
        """The part of the tenant that is to be judged.

        Raises:
            MalformedMessage: it names none.
        """
        told = _PART.fullmatch(self.part or "")
        number, of = (int(told[1]), int(told[2])) if told else (0, 0)
        if number >= of:
            raise MalformedMessage(f"{self.part!r} is no part of a tenant.")
        return Slice(number, of)


def encode_sweep_command(command: SweepCommand) -> bytes:
    """The command as it travels."""
    return msgspec.json.encode(command)


def decode_sweep_command(body: bytes) -> SweepCommand:
    """The command in a message.

    Raises:
        MalformedMessage: the body is none, of a version that we don't know, or names no part of the
            tenant where one is to be judged.
    """
    try:
        command = msgspec.json.decode(body, type=SweepCommand)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessage(f"Not a command: {mistake(error)}") from error
    if command.schema_version != SCHEMA_VERSION:
        raise MalformedMessage(f"Schema version {command.schema_version} is not known.")
    if command.stage is Stage.NOTHING:
        raise MalformedMessage("Nothing is to be done.")
    if command.stage is Stage.EVALUATE:
        _ = command.slice
    elif command.part is not None:
        raise MalformedMessage(f"No part of a tenant is to be judged in stage {command.stage}.")
    return command
