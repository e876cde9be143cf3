"""Show what a webhook body would become by a source's profile: offline, with nothing stored."""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shared.domain.errors.requests import InvalidEvent
from shared.settings.profiles import Profile


@dataclass(frozen=True, slots=True)
class Verdict:
    """What would become of a body.

    Attributes:
        outcome: `accepted`, `ignored` or `refused`.
        reasons: why, where it is not accepted.
        items: what it holds, as we would write it.
    """

    outcome: str
    reasons: tuple[str, ...] = ()
    items: tuple[dict[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileCheck:
    """The check of one kind of source.

    Attributes:
        command: what it is called.
        description: what it does.
        examples: the folder of the examples.
        word: what the items are called in JSON.
        profile_of: makes a profile of a text; all that is wrong goes to the list.
        items_of: what a body holds, by the profile's reader and what else was chosen; raises
            InvalidEvent.
        options: adds what can be chosen beside the profile and the body.
    """

    command: str
    description: str
    examples: Path
    word: str
    profile_of: Callable[[bytes, list[str]], Profile[Any] | None]
    items_of: Callable[[Any, bytes, argparse.Namespace], tuple[dict[str, Any], ...]]
    options: Callable[[argparse.ArgumentParser], None] | None = None

    def main(self, arguments: Sequence[str]) -> int:
        """Print the verdict; 0 where the app would answer 202."""
        parser = argparse.ArgumentParser(prog=f"./dev {self.command}", description=self.description)
        names = ", ".join(sorted(path.stem for path in self._examples()))
        parser.add_argument("profile", help=f"a file, or the name of an example: {names}")
        parser.add_argument("body", type=Path, help="a file with the raw body")
        parser.add_argument("--json", action="store_true", help="for machines")
        if self.options is not None:
            self.options(parser)
        chosen = parser.parse_args(arguments)
        try:
            profile = self._file_of(chosen.profile).read_bytes()
            body = chosen.body.read_bytes()
        except OSError as error:
            parser.error(f"{error.filename}: {error.strerror}")
        verdict = self.verdict_on(profile, body, chosen)
        if chosen.json:
            sys.stdout.write(json.dumps(self._document(verdict), ensure_ascii=False) + "\n")
        else:
            sys.stdout.write(_shown(verdict))
        return 1 if verdict.outcome == "refused" else 0

    def verdict_on(self, profile: bytes, body: bytes, chosen: argparse.Namespace) -> Verdict:
        """What the app would say to a signed body from a source with this profile."""
        problems: list[str] = []
        read = self.profile_of(profile, problems)
        if read is None:
            return Verdict("refused", tuple(f"profile: {problem}" for problem in problems))
        try:
            items = self.items_of(read.reader, body, chosen)
        except InvalidEvent as error:
            return Verdict("refused", (error.detail,))
        return Verdict("accepted" if items else "ignored", (), items)

    def _document(self, verdict: Verdict) -> dict[str, Any]:
        told: dict[str, Any] = {"outcome": verdict.outcome}
        if verdict.reasons:
            told["reasons"] = list(verdict.reasons)
        if verdict.items:
            told[self.word] = list(verdict.items)
        return told

    def _examples(self) -> list[Path]:
        return [path for path in self.examples.glob("*.json") if path.name.count(".") == 1]

    def _file_of(self, profile: str) -> Path:
        example = self.examples / f"{profile}.json"
        return example if example in self._examples() else Path(profile)


def _shown(verdict: Verdict) -> str:
    told = {
        "accepted": f"accepted: {len(verdict.items)}",
        "ignored": "ignored: nothing in the body is ours",
    }
    lines = [told[verdict.outcome]] if verdict.outcome in told else []
    lines += [f"refused: {reason}" for reason in verdict.reasons]
    lines += [json.dumps(item, ensure_ascii=False, indent=2) for item in verdict.items]
    return "".join(f"{line}\n" for line in lines)


def without_nothing(told: dict[str, Any]) -> dict[str, Any]:
    """The fields that say something, also inside of them."""
    inside = {
        name: without_nothing(value) if isinstance(value, dict) else value
        for name, value in told.items()
    }
    return {name: value for name, value in inside.items() if value not in (None, {})}
