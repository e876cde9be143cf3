"""Show what an HR system's webhook body would become: offline, with nothing stored."""

import argparse
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from local.profile_check import ProfileCheck, without_nothing
from local.stack.layout import ROOT
from shared.contracts.contact_data import told_contact
from shared.contracts.hr_events import HrEvent, HrEventType, leaver_plan, onboarding_plan
from shared.contracts.hr_reading import EventReader
from shared.domain.dates import implausible_date
from shared.settings.hr_profiles import hr_profile_from

EXAMPLES: Final = ROOT / "docs" / "hr-sources"
_UNUSABLE: Final = "can't be used"


def main(arguments: Sequence[str]) -> int:
    """Print the verdict; 0 where the app would answer 202."""
    check = ProfileCheck(
        command="hr-check",
        description=__doc__ or "",
        examples=EXAMPLES,
        word="events",
        profile_of=hr_profile_from,
        items_of=_events,
        options=_options,
    )
    return check.main(arguments)


def _options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at",
        type=_moment,
        metavar="MOMENT",
        default=datetime.now(UTC),
        help="when the body comes, as in 2026-03-02T08:00:00Z; now, where it is left out",
    )


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no moment in ISO 8601") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _events(
    reader: EventReader, body: bytes, chosen: argparse.Namespace
) -> tuple[dict[str, Any], ...]:
    return tuple(_shown(reader, received.event, chosen.at) for received in reader.read(body, None))


def _shown(reader: EventReader, event: HrEvent, at: datetime) -> dict[str, Any]:
    """The event, with the contact data that would be kept, and why its case would be parked."""
    plan = (
        leaver_plan(event, at)
        if event.type is HrEventType.LEAVER
        else onboarding_plan(event, reader.zone, at)
    )
    contact, told = told_contact(event, reader.preparation)
    mistake = implausible_date(plan, at)
    return without_nothing(
        {
            **msgspec.to_builtins(event),
            "contact": {kind.value: contact.value(kind) or _UNUSABLE for kind in told},
            "parked": None if mistake is None else f"{mistake.code}: {mistake.detail}",
        }
    )
