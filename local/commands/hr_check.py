"""Show what an HR system's webhook body would become: offline, with nothing stored."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

import msgspec

from local.profile_check import ProfileCheck, without_nothing
from local.stack.layout import ROOT
from shared.contracts.hr_events import HrEventType, leaver_plan, onboarding_plan
from shared.contracts.hr_reading import EventReader
from shared.settings.hr_profiles import hr_profile_from

EXAMPLES: Final = ROOT / "docs" / "hr-sources"


def main(arguments: Sequence[str]) -> int:
    """Print the verdict; 0 where the app would answer 202."""
    check = ProfileCheck(
        command="hr-check",
        description=__doc__ or "",
        examples=EXAMPLES,
        word="events",
        profile_of=hr_profile_from,
        items_of=_events,
    )
    return check.main(arguments)


def _events(reader: EventReader, body: bytes) -> tuple[dict[str, Any], ...]:
    events = [received.event for received in reader.read(body, None)]
    for event in events:
        if event.type is HrEventType.LEAVER:
            leaver_plan(event, datetime.now(UTC))
        else:
            onboarding_plan(event, reader.zone, datetime.now(UTC))
    return tuple(without_nothing(msgspec.to_builtins(event)) for event in events)
