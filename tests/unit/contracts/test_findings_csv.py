"""Findings as a table: read back as it was written, and no cell is a formula."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.findings_csv import COLUMNS, csv_of, harmless, headings
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.sweep.lines import Cause, Line
from tests.results import a_line

BEGINNINGS = "=+-@\t\r\n＝＋－＠−﹢﹣﹦﹫"  # noqa: RUF001  (they look like those of a formula)
UNSEEN = " \u00a0\u200b\u200e\u202e\ufeff\x00\u3000\u2066"
ANY_TEXT = st.one_of(
    st.text(max_size=20),
    st.lists(st.sampled_from([*BEGINNINGS, *UNSEEN, *",;|\"'", "a", "cmd", "שלום", "山"])).map(
        "".join
    ),
)


def parsed(*lines: Line) -> list[dict[str, str]]:
    """What a program reads that knows RFC 4180."""
    written = (headings() + csv_of(lines)).encode()
    reader = csv.DictReader(io.StringIO(written.decode("utf-8-sig"), newline=""), strict=True)
    return list(reader)


def test_a_row_tells_all_of_a_finding() -> None:
    """Its cells say the same as the JSON, and the sentence besides."""
    reasons = (Reason(ReasonCode.GAP, "from 'Offices'"), Reason(ReasonCode.TELEPHONY_ONLY))
    line = a_line(7, Verdict.WEAK, reasons=reasons, cause=Cause.POLICIES)
    (row,) = parsed(line)
    assert row == {
        "userId": "07000000-0000-0000-0000-000000000007",
        "userPrincipalName": "kim.7@contoso.example",
        "department": "Sales",
        "verdict": "weak",
        "counts": "yes",
        "summary": "MFA is required, but not of sign-ins from 'Offices'; the person has SMS or"
        " voice calls only, which Microsoft retires on 1 February 2027.",
        "reasons": "gap sms-or-voice-only",
        "details": "from 'Offices'",
        "cause": "policies-changed",
        "since": "2026-11-15T02:00:00+00:00",
        "appPasswordExposure": "exposed",
        "appPasswordsAlive": "1",
        "appPasswordSummary": "1 app password is alive, and nothing keeps old clients from"
        " getting in with one, without MFA.",
    }
    assert tuple(row) == COLUMNS


def test_the_file_is_for_excel_and_for_programs() -> None:
    """UTF-8 with a byte order mark, lines that end as RFC 4180 says, every cell in quotes."""
    written = (headings() + csv_of([a_line(1)])).encode()
    assert written.startswith(b'\xef\xbb\xbf"userId","userPrincipalName",')
    assert written.endswith(b'"\r\n')
    assert written.count(b"\r\n") == written.count(b"\n") == 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
        ("+49 30 1234", "'+49 30 1234"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t'=1"),
        ("  =1", "'  =1"),
        ("\u200b\ufeff＝1", "'\u200b\ufeff＝1"),  # noqa: RUF001
        ("Sales;=1", "Sales;'=1"),
        ('Sales",=1', "Sales\",'=1"),
        ("kim-lee@contoso.example", "kim-lee@contoso.example"),
        ("O'Brien & Söhne", "O'Brien & Söhne"),
        ("إدارة المبيعات", "إدارة المبيعات"),
        ("", ""),
    ],
)
def test_a_formula_is_disarmed_and_nothing_else(text: str, expected: str) -> None:
    """An apostrophe stands before what a spreadsheet would run, however it is hidden."""
    assert harmless(text) == expected


@given(text=ANY_TEXT)
def test_no_cell_begins_a_formula_wherever_it_is_split(text: str) -> None:
    """Not even for a spreadsheet that splits at semicolons, tabs, lines or inside quotes."""
    for cell in re.split(r"[,;|\t\r\n\"]", harmless(text)):
        assert cell.lstrip(UNSEEN)[:1] not in {*BEGINNINGS}


@given(text=ANY_TEXT)
def test_a_name_is_read_back_as_it_is(text: str) -> None:
    """Every script, mark of direction and control character survives; only apostrophes come in."""
    (row,) = parsed(a_line(1, name=text, department=text))
    assert row["department"] == row["userPrincipalName"] == harmless(text)
    assert row["verdict"] == "unprotected"
    assert harmless(text).replace("'", "") == text.replace("'", "")
