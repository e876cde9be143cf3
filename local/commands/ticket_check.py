"""Show what a ticketing system's webhook body would become: offline, with nothing stored."""

import argparse
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from local.profile_check import ProfileCheck, without_nothing
from local.stack.layout import ROOT
from shared.contracts.ticket_reading import TicketReader
from shared.settings.ticket_profiles import ticket_profile_from

EXAMPLES: Final = ROOT / "docs" / "ticket-sources"


def main(arguments: Sequence[str]) -> int:
    """Print the verdict; 0 where the app would answer 202."""
    check = ProfileCheck(
        command="ticket-check",
        description=__doc__ or "",
        examples=EXAMPLES,
        word="tickets",
        profile_of=ticket_profile_from,
        items_of=_tickets,
    )
    return check.main(arguments)


def _tickets(
    reader: TicketReader, body: bytes, _: argparse.Namespace
) -> tuple[dict[str, Any], ...]:
    return tuple(without_nothing(msgspec.to_builtins(one)) for one in reader.read(body, None))
