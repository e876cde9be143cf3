"""Show what an HR system's webhook body would become: offline, with nothing stored."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import msgspec

from local.stack.layout import ROOT
from shared.contracts.hr_events import HrEvent, onboarding_plan
from shared.contracts.hr_reading import EventReader
from shared.domain.errors.requests import InvalidEvent
from shared.settings.hr_profiles import hr_profile_from

EXAMPLES: Final = ROOT / "docs" / "hr-sources"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of a body.

    Attributes:
        outcome: `accepted`, `ignored` or `refused`.
        reasons: why, where it is not accepted.
        events: the canonical events that it holds.
    """

    outcome: str
    reasons: tuple[str, ...] = ()
    events: tuple[HrEvent, ...] = ()

    def document(self) -> dict[str, Any]:
        """The verdict in JSON; what an event leaves out is not there."""
        told: dict[str, Any] = {"outcome": self.outcome}
        if self.reasons:
            told["reasons"] = list(self.reasons)
        if self.events:
            told["events"] = [_without_nothing(event) for event in self.events]
        return told


def main(arguments: Sequence[str]) -> int:
    """Print the verdict; 0 where the app would answer 202."""
    parser = argparse.ArgumentParser(prog="./dev hr-check", description=__doc__)
    names = ", ".join(sorted(path.name.removesuffix(".json") for path in _examples()))
    parser.add_argument("profile", help=f"a file, or the name of an example: {names}")
    parser.add_argument("body", type=Path, help="a file with the raw body")
    parser.add_argument("--json", action="store_true", help="for machines")
    chosen = parser.parse_args(arguments)
    try:
        profile, body = _file_of(chosen.profile).read_bytes(), chosen.body.read_bytes()
    except OSError as error:
        parser.error(f"{error.filename}: {error.strerror}")
    verdict = verdict_on(profile, body, now=datetime.now(UTC))
    if chosen.json:
        sys.stdout.write(json.dumps(verdict.document(), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_shown(verdict))
    return 1 if verdict.outcome == "refused" else 0


def verdict_on(profile: bytes, body: bytes, *, now: datetime) -> Verdict:
    """What the app would say to a signed body from a source with this profile."""
    problems: list[str] = []
    read = hr_profile_from(profile, problems)
    if read is None:
        return Verdict("refused", tuple(f"profile: {problem}" for problem in problems))
    try:
        events = tuple(received.event for received in read.reader.read(body, None))
    except InvalidEvent as error:
        return Verdict("refused", (error.detail,))
    troubles = tuple(trouble for event in events if (trouble := _trouble(event, read.reader, now)))
    if troubles:
        return Verdict("refused", troubles, events)
    return Verdict("accepted" if events else "ignored", (), events)


def _trouble(event: HrEvent, reader: EventReader, now: datetime) -> str | None:
    try:
        onboarding_plan(event, reader.zone, now)
    except InvalidEvent as error:
        return error.detail
    return None


def _examples() -> list[Path]:
    return [path for path in EXAMPLES.glob("*.json") if path.name.count(".") == 1]


def _file_of(profile: str) -> Path:
    example = EXAMPLES / f"{profile}.json"
    return example if example in _examples() else Path(profile)


def _shown(verdict: Verdict) -> str:
    told = {
        "accepted": f"accepted: {len(verdict.events)}",
        "ignored": "ignored: nothing in the body is ours",
    }
    lines = [told[verdict.outcome]] if verdict.outcome in told else []
    lines += [f"refused: {reason}" for reason in verdict.reasons]
    lines += [
        json.dumps(event, ensure_ascii=False, indent=2)
        for event in verdict.document().get("events", [])
    ]
    return "".join(f"{line}\n" for line in lines)


def _without_nothing(event: HrEvent) -> dict[str, Any]:
    told: dict[str, Any] = msgspec.to_builtins(event)
    contact = told.pop("contact") or {}
    told = {name: value for name, value in told.items() if value is not None}
    known = {name: value for name, value in contact.items() if value is not None}
    return told | {"contact": known} if known else told
