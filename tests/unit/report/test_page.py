"""The page of a report: what it tells, and that nothing in it loads, runs or lies."""

import base64
import hashlib
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from shared.adapters.report.html import HtmlReports
from shared.domain.alive import Alive, LedgerTime
from shared.domain.authentication import Unknown
from shared.domain.ids import CaseId
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.sweep.explaining import OUTCOMES
from shared.domain.sweep.lines import Cause, Change
from shared.domain.sweep.outcomes import Outcome
from shared.domain.sweep.reconciliation import Reconciliation
from shared.domain.sweep.report import TELEPHONY_ENDS, Report
from shared.domain.sweep.runs import Problem, Remediation, RunId
from shared.domain.sweep.totals import totals_of
from tests.results import BEGAN, a_line, a_report, a_user
from tests.unit.report.reading import Page, read

REPORTS = HtmlReports()
HOSTILE = (
    "<script>alert(1)</script>@contoso.example",
    "</style><img src=x onerror=alert(1)>@contoso.example",
    '" onmouseover="alert(1)@contoso.example',
    "{{ 7 * 7 }}{% include 'style.css' %}@contoso.example",
    "&lt;b&gt;&amp;@contoso.example",
    "محمد.الأحمد@contoso.example",
    "山田太郎@contoso.example",
    "дмитрий@contoso.example",
    "👩‍👩‍👧@contoso.example",
    "]]><!-- --><![CDATA[@contoso.example",
)
LOADING = {
    *("script", "link", "img", "iframe", "object", "embed", "form", "base", "audio", "video"),
    *("use", "image", "foreignobject", "animate", "set", "template", "input", "button"),
}
ANY_TEXT = st.one_of(
    st.text(max_size=30),
    st.lists(st.sampled_from([*HOSTILE, "\u202e", "\x00", "\ud800", "\n", "'", '"'])).map("".join),
)


def page_of(report: Report) -> Page:
    """The page of a report, as a browser reads it."""
    return read(REPORTS.page(report))


def a_mixed_report(name: str = "kim@contoso.example", detail: str = "") -> Report:
    """A report with something in each of its sections."""
    lines = [
        a_line(1, Verdict.UNPROTECTED, name=name, department=name, cause=Cause.POLICIES),
        a_line(2, Verdict.WEAK, reasons=(Reason(ReasonCode.GAP, detail),)),
        a_line(3, Verdict.WEAK, means=frozenset({Means.MOBILE_PHONE})),
        a_line(4, Verdict.UNKNOWN, reasons=(Reason(ReasonCode.UNKNOWN_COVERAGE, detail),)),
        a_line(5, Verdict.EXEMPT),
        *(a_line(number, Verdict.PROTECTED) for number in range(6, 12)),
    ]
    change = Change(
        user_id=a_user(1),
        at=BEGAN,
        before=Verdict.PROTECTED,
        after=Verdict.UNPROTECTED,
        cause=Cause.POLICIES,
    )
    return a_report(
        lines,
        changes=[change],
        earlier=totals_of(
            [replace(lines[0], verdict=Verdict.PROTECTED), *lines[1:]], (), left_out=0
        ),
        problems=(Problem(what=name, reason=detail),),
        left_out=2,
    )


def assert_inert(page: Page) -> None:
    """The page loads nothing, runs nothing, and is closed wherever it was opened."""
    assert page.open_elements == []
    assert page.names.isdisjoint(LOADING)
    for element, attributes in page.elements:
        for name, value in attributes.items():
            assert not name.startswith("on"), element
            assert name not in {"src", "srcset", "style", "action", "xlink:href"}, element
            if name == "href":
                assert value.startswith("#"), element


def test_a_report_loads_and_runs_nothing() -> None:
    """No script, no image, no style but its own sheet, no reference that leaves the page."""
    page = page_of(a_mixed_report())
    assert_inert(page)
    (style,) = page.inside("style")
    assert "@import" not in style
    assert re.findall(r"url\(([^)]*)\)", style) == ["#slanted", "#level", "#dotted"]


def test_the_page_forbids_whatever_is_not_its_own() -> None:
    """Kept as a file it still has a policy: its one style sheet, known by its digest."""
    page = page_of(a_mixed_report())
    (policy,) = [found["content"] for _, found in page.elements if "http-equiv" in found]
    (style,) = page.inside("style")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith(f"default-src 'none'; style-src 'sha256-{digest}';")


def test_hostile_names_are_text() -> None:
    """Whatever people are called, it is read as it is written, and nothing of it is markup."""
    lines = [a_line(number, name=name) for number, name in enumerate(HOSTILE)]
    page = page_of(a_report(lines))
    assert_inert(page)
    assert page.inside("bdi").count("Sales") == len(HOSTILE) + 1
    assert [name for name in HOSTILE if name not in page.inside("bdi")] == []


@settings(deadline=None)
@given(name=ANY_TEXT, detail=ANY_TEXT)
def test_nothing_in_a_report_is_markup(name: str, detail: str) -> None:
    """Names, departments, details and problems of any characters change no element of the page."""
    plain, page = page_of(a_mixed_report("kim", "it")), page_of(a_mixed_report(name, detail))
    assert_inert(page)
    known = {"span", "bdi"}
    kept = [element for element, _ in page.elements if element not in known]
    assert kept == [element for element, _ in plain.elements if element not in known]


def test_what_turns_text_round_is_shown_by_its_number() -> None:
    """Nobody is called `exe.png` on a page because of a character that nobody sees."""
    page = page_of(a_report([a_line(1, name="\u202egnp.exe\x00@contoso.example")]))
    assert "U+202Egnp.exeU+0000@contoso.example" in page.seen
    assert "\u202e" not in page.seen


def test_every_person_of_the_report_is_in_it() -> None:
    """Each with verdict, department and one sentence; it says how many more there are."""
    report = a_report([a_line(number) for number in range(1, 251)], shown=200)
    page = page_of(report)
    names = [text for text in page.inside("bdi") if text.startswith("kim.")]
    assert names == [f"kim.{number}@contoso.example" for number in range(1, 201)]
    assert "200 of 250 people, the worst first; 50 more are in the table" in page.seen
    assert page.seen.count("Nothing asks for MFA at an ordinary sign-in.") == 200


def test_the_headline_says_how_many_are_protected() -> None:
    """And whether that became better."""
    page = page_of(a_mixed_report())
    assert page.inside("h1") == ["6 of 11 people are really protected."]
    assert "1 fewer than in the run of 21 November 2026." in page.seen
    assert "That is 54.5%" in page.seen


def test_every_section_is_there_with_a_heading_and_captions() -> None:
    """A page can be walked by its headings, and each table says what it is."""
    page = page_of(a_mixed_report())
    assert page.inside("h2") == [
        "Is everybody really protected?",
        "What changed, and why",
        "What to mend first",
        "By department",
        "What people sign in with",
        "Who can reset a forgotten password alone",
        "Doors that know no MFA",
        "App passwords that are left",
        "What nobody can tell",
        "Who is not protected",
    ]
    tables = [one for one, _ in page.elements if one == "table"]
    assert len(tables) == len([one for one, _ in page.elements if one == "caption"]) == 10


def test_every_chart_is_told_in_words() -> None:
    """Whoever sees no bar reads the same numbers."""
    page = page_of(a_mixed_report())
    charts = [found for name, found in page.elements if name == "svg" and "role" in found]
    assert charts
    assert all(chart["role"] == "img" and chart["aria-label"] for chart in charts)
    others = [found for name, found in page.elements if name == "svg" and "role" not in found]
    assert all(other["aria-hidden"] == "true" for other in others)
    assert charts[0]["aria-label"] == (
        "Protected: 6 (54.5%), Weak: 2 (18.1%), Unprotected: 1 (9.0%), Exempt: 1"
        " (9.0%), Unknown: 1 (9.0%)"
    )


def test_app_passwords_that_are_a_way_in() -> None:
    """How many people, of how many that is sure, and since when anybody knows."""
    alive = Alive(1, None)
    page = page_of(
        a_report(
            [
                a_line(1, Verdict.PROTECTED, alive=alive),
                a_line(4, Verdict.PROTECTED, alive=Alive(0, Unknown("The account is older."))),
                a_line(7, alive=Alive(0, None)),
                a_line(3, alive=alive),
                a_line(2, alive=alive),
            ]
        )
    )
    assert (
        "2 people are exposed: nothing keeps old clients from getting in with an app password,"
        " without MFA, whatever the verdict is. Of 1 some are known to be alive; of 1 nobody can"
        " tell whether any is."
    ) in page.seen
    assert "since 1 October 2026, 09:30 UTC, up to 22 November 2026, 01:00 UTC." in page.seen
    bars = {found["aria-label"] for _, found in page.elements if "aria-label" in found}
    assert {
        "None: 1 (20.0%), Some: 3 (60.0%), Unknown: 1 (20.0%)",
        "No: 2 (40.0%), Exposed: 2 (40.0%), Unknown: 1 (20.0%)",
    } <= bars
    assert "exposed:" not in page_of(a_report([a_line(3, alive=alive)])).seen


@pytest.mark.parametrize("why", HOSTILE)
def test_a_ledger_that_does_not_count_says_why(why: str) -> None:
    """As text, whatever it is; and no moment since which anything is known."""
    report = a_report([a_line(1, alive=Alive())])
    run = replace(report.run, ledger=LedgerTime(unknown=why))
    page = page_of(replace(report, run=run))
    assert_inert(page)
    assert why in page.inside("bdi")
    assert "The ledger knows" not in page.seen
    assert "1 person is exposed" in page.seen
    assert "Of 0 some are known to be alive; of 1 nobody can tell whether any is." in page.seen


def test_lost_protection_stands_first() -> None:
    """Changes say from what to what, how many, and why; a new exemption is no loss."""
    pairs = [
        (None, Verdict.PROTECTED, Cause.NEW_PERSON),
        (Verdict.UNPROTECTED, Verdict.PROTECTED, Cause.METHODS),
        (Verdict.PROTECTED, Verdict.EXEMPT, Cause.EXEMPTION),
        (Verdict.PROTECTED, Verdict.WEAK, Cause.GROUPS),
        (Verdict.PROTECTED, None, Cause.GONE),
    ]
    changes = [
        Change(user_id=a_user(number), at=BEGAN, before=before, after=after, cause=cause)
        for number, (before, after, cause) in enumerate(pairs)
    ]
    page = page_of(a_report([a_line(1)], changes=changes))
    assert page.inside("strong")[1:3] == ["Protection lost.", "Protection gained."]
    assert page.seen.count("Protection lost.") == 1


def test_what_is_to_be_mended_comes_with_its_remedy() -> None:
    """The most people first, each reason with what it means and what mends it."""
    gap = (Reason(ReasonCode.GAP),)
    lines = [a_line(1), *(a_line(number, Verdict.WEAK, reasons=gap) for number in (2, 3))]
    page = page_of(a_report(lines))
    codes = page.inside("code")
    assert codes.index("gap") < codes.index("not-required")
    assert "Close the gap that the detail names" in page.seen


def test_the_end_of_sms_and_voice_is_counted_down() -> None:
    """How many people have nothing else, and how many days are left for them."""
    phone = a_line(1, Verdict.WEAK, means=frozenset({Means.MOBILE_PHONE}))
    report = a_report([phone])
    assert "1 person has SMS or voice calls only." in page_of(report).seen
    assert "on 1 February 2027: in 71 days." in page_of(report).seen
    eve = replace(report, at=report.at.replace(year=2027, month=1, day=31))
    assert "in 1 day." in page_of(eve).seen
    after = replace(report, at=eve.at + timedelta(days=1))
    assert after.at.date() == TELEPHONY_ENDS
    assert "Microsoft retired both on 1 February 2027." in page_of(after).seen


def test_a_partial_run_says_so_at_the_top() -> None:
    """And what could not be read, and why."""
    problem = Problem(what="group 7b4ae0a5", reason="Nobody can tell who is bound to it (member).")
    page = page_of(a_report([a_line(1, Verdict.UNKNOWN)], problems=(problem,)))
    assert "This run is partial." in page.seen
    assert {problem.what, problem.reason} <= set(page.inside("bdi"))
    assert "partial" not in page_of(a_report([a_line(1, Verdict.UNKNOWN)])).seen


def test_changes_in_our_name_stand_at_the_top() -> None:
    """With how many there were; where there was none, nothing is said."""
    report = a_report([a_line(1)])

    def seen(misuse: int) -> str:
        found = Reconciliation(since=BEGAN, until=BEGAN, done=True, changes=9, misuse=misuse)
        return page_of(replace(report, run=replace(report.run, reconciliation=found))).seen

    assert "Somebody acts in our name. 1 change was made by an identity of our apps" in seen(1)
    assert "mfa.identity.misuse tells of it." in seen(1)
    assert "Somebody acts in our name. 3 changes were made" in seen(3)
    assert "tell of each, and one of how many are beyond the first thousand." in seen(3)
    assert "in our name" not in seen(0)
    assert "in our name" not in page_of(report).seen


@pytest.mark.parametrize("outcome", [*Outcome, None])
def test_a_run_says_what_became_of_whom_it_would_mend(outcome: Outcome | None) -> None:
    """How many people, what they wait for, who has to agree, and to which case."""
    report = a_report([a_line(1)])
    remediation = Remediation(case_id=CaseId("c" * 32), people=40, left=0, allowed=25)
    mended = replace(report.run, remediation=remediation)
    page = page_of(replace(report, run=mended, outcome=outcome))
    told = outcome or Outcome.UNKNOWN
    assert f"40 people are to be taken up: {told}. {OUTCOMES[told].text} 25 need" in page.seen
    assert ("An Approver" in page.seen) is (outcome is Outcome.HELD)
    assert "c" * 32 in page.inside("code")


def test_even_what_we_write_ourselves_is_escaped() -> None:
    """No id becomes markup, should one ever hold what ids do not."""
    report = a_report([a_line(number) for number in range(3)], shown=1)
    page = page_of(replace(report, run=replace(report.run, run_id=RunId("<script>x"), by="<b>")))
    assert_inert(page)
    assert "<script>x" in page.inside("code")
    assert "<b>" in page.inside("bdi")


def test_what_is_assumed_stands_in_the_foot() -> None:
    """With how many people it is about, and where it can be attested; else nothing of it."""
    assumed = (Reason(ReasonCode.PER_USER_ENFORCED), Reason(ReasonCode.NO_TRUSTED_IPS_ASSUMED))
    lines = [a_line(number, Verdict.PROTECTED, reasons=assumed) for number in (1, 2)]
    seen = page_of(a_report([*lines, a_line(3)])).seen
    assert "What is said of 2 of the people assumes" in seen
    assert "MFA_TRUSTED_IPS" in seen
    assert "MFA_TRUSTED_IPS" not in page_of(a_mixed_report()).seen


def test_a_run_without_people_has_a_page() -> None:
    """Every section says that there is nothing, and no bar is drawn of nobody."""
    page = page_of(a_report([]))
    assert_inert(page)
    assert page.inside("h1") == ["Nobody was judged."]
    assert "There is no earlier run to compare with." in page.seen
    (chart,) = [found for name, found in page.elements if found.get("role") == "img"]
    assert chart["aria-label"] == "Nobody."


def test_many_departments_end_in_one_line() -> None:
    """The worst forty by name, the others together; nobody is left out."""
    lines = [a_line(number, department=f"Department {number:03}") for number in range(60)]
    page = page_of(a_report(lines))
    names = [text for text in page.inside("bdi") if re.fullmatch(r"Department \d{3}", text)]
    assert len(set(names[:40])) == 40
    assert "20 more departments" in page.inside("bdi")
