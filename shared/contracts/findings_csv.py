"""Findings as a table for spreadsheets (RFC 4180), which nobody can make run anything.

A cell that begins like a formula gets an apostrophe before it, as OWASP advises:
https://owasp.org/www-community/attacks/CSV_Injection
So does what follows a separator inside a cell, for a spreadsheet that splits at another one.
Everything else stands as it is, whatever script it is in.
"""

import csv
import io
import re
from collections.abc import Iterable
from typing import Final

from shared.domain.posture.explaining import summary
from shared.domain.posture.exposure import count_in_words, in_words
from shared.domain.sweep.lines import Line

BEGINNING: Final = "\ufeff"
"""Excel takes a file for UTF-8 only if it begins so."""
COLUMNS: Final = (
    "userId",
    "userPrincipalName",
    "department",
    "verdict",
    "counts",
    "summary",
    "reasons",
    "details",
    "cause",
    "since",
    "appPasswordExposure",
    "appPasswordsAlive",
    "appPasswordSummary",
)

_UNSEEN: Final = (
    r"\s\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff"
)
"""What a spreadsheet may take for nothing: spaces, control characters, marks of direction."""
_FORMULA: Final = r"=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20\u2212\ufe62\ufe63\ufe66\ufe6b"
"""How a formula begins, in any width."""
_RISKY: Final = re.compile(rf"(\A|[,;|\t\r\n\"'])(?=[{_UNSEEN}]*[{_FORMULA}])")


def harmless(text: str) -> str:
    """The text, with an apostrophe wherever a spreadsheet might begin a formula."""
    return _RISKY.sub(r"\1'", text)


def csv_of(lines: Iterable[Line]) -> str:
    """The rows of people, without the headings."""
    return _written(_cells(line) for line in lines)


def headings() -> str:
    """The first row."""
    return BEGINNING + _written([COLUMNS])


def _cells(line: Line) -> tuple[str, ...]:
    return (
        line.user_id,
        line.sign_in_name,
        line.department,
        line.verdict,
        "yes" if line.is_finding else "no",
        summary(line.verdict, line.reasons),
        " ".join(reason.code for reason in line.reasons),
        " | ".join(reason.detail for reason in line.reasons if reason.detail),
        "" if line.cause is None else line.cause,
        line.since.isoformat(),
        line.exposure,
        count_in_words(line.alive),
        in_words(line.app_passwords, line.alive),
    )


def _written(rows: Iterable[Iterable[str]]) -> str:
    into = io.StringIO()
    writer = csv.writer(into, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
    return into.getvalue()
