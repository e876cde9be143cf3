"""Generate `docs/verdicts.md` from what verdicts, reasons and causes mean.

python -m local.generate.verdicts [--check]
"""

import sys
from collections.abc import Iterator, Mapping
from enum import StrEnum
from typing import TypeVar

from local.generate.files import ROOT, write_or_check
from shared.domain.posture.meanings import MEANINGS, VERDICTS, Meaning
from shared.domain.sweep.explaining import CAUSES, OUTCOMES

TARGET = ROOT / "docs" / "verdicts.md"
Code = TypeVar("Code", bound=StrEnum)


def document() -> str:
    """The page."""
    lines = [
        "# Verdicts",
        "",
        "Generated from `shared/domain/posture/meanings.py` and",
        "`shared/domain/sweep/explaining.py`: `python -m local.generate.verdicts`.",
        "",
        "Is this person really protected? Every person has one verdict. Its reasons stand in",
        "`reasons[].code` of findings and postures, the cause of its last change in `cause`. Codes",
        "are never renamed; others may join them.",
        "",
        "| verdict | meaning |",
        "|---|---|",
        *(f"| `{verdict}` | {meaning} |" for verdict, meaning in VERDICTS.items()),
        "",
        "Everybody who is not `protected` is in the list of findings. Only `unprotected` and",
        "`weak` ones count (`counts`), and of the weak ones not those with `in-grace`: an unknown",
        "person is never counted, and never changed.",
        "",
        "## Reasons",
        "",
        *_table(MEANINGS),
        "",
        "## Causes",
        "",
        "What made a verdict another one than in the run before: the one thing which, taken back,",
        "would bring the old verdict back.",
        "",
        *_table(CAUSES),
        "",
        "## Remediation",
        "",
        "What became of the people whom a run had taken up again: `remediation.state` of the run.",
        "",
        *_table(OUTCOMES),
    ]
    return "\n".join(lines) + "\n"


def _table(meanings: Mapping[Code, Meaning]) -> Iterator[str]:
    yield "| code | meaning | what to do |"
    yield "|---|---|---|"
    for code, meaning in meanings.items():
        yield f"| `{code}` | {meaning.text} | {meaning.remedy} |"


def main() -> int:
    """The command line; see the module's docstring."""
    return write_or_check({TARGET: document()}, module="local.generate.verdicts")


if __name__ == "__main__":
    sys.exit(main())
