"""A page of the documentation about senders of webhooks: its samples, and what is run on them."""

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

from local.commands import hr_check, ticket_check
from shared.settings import Settings

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"


@dataclass(frozen=True, kw_only=True)
class SourcePage:
    """A page.

    Attributes:
        name: its file's name.
        command: what `./dev` calls the dry run.
        main: the dry run.
        examples: the folder of its samples.
        prefix: with what the settings of such senders begin.
        names: those senders, by the settings.
    """

    name: str
    command: str
    main: Callable[[Sequence[str]], int]
    examples: Path
    prefix: str
    names: Callable[[Settings], set[str]]

    @cached_property
    def text(self) -> str:
        """What it says."""
        return (DOCS / self.name).read_text(encoding="utf-8")

    @cached_property
    def profiles(self) -> list[Path]:
        """The sample profiles."""
        return sorted(one for one in self.examples.glob("*.json") if one.name.count(".") == 1)

    @cached_property
    def bodies(self) -> set[str]:
        """The sample bodies, as commands name them."""
        return {str(one.relative_to(ROOT)) for one in self.examples.glob("*.*.json")}

    @cached_property
    def runs(self) -> list[tuple[list[str], str]]:
        """The arguments of each dry run that it shows, and what it says is printed."""
        shown = rf"```console\n\$ \./dev {self.command} ([^\n]+)\n(.*?)```"
        found = re.findall(shown, self.text, re.DOTALL)
        return [(shlex.split(command), printed) for command, printed in found]


HR: Final = SourcePage(
    name="hr-sources.md",
    command="hr-check",
    main=hr_check.main,
    examples=hr_check.EXAMPLES,
    prefix="HR",
    names=lambda settings: set(settings.sources),
)
TICKETS: Final = SourcePage(
    name="resets.md",
    command="ticket-check",
    main=ticket_check.main,
    examples=ticket_check.EXAMPLES,
    prefix="RESET",
    names=lambda settings: set(settings.reset_sources),
)
