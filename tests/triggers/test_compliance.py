"""What the sweep found, as people read it: who may, what comes, and what is missing."""

import csv
import io
import logging
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.sweep.lines import Cause, Change, Line
from shared.domain.sweep.runs import Problem, Run, RunId, RunState
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import totals_of
from shared.names import FunctionName
from tests.builders import USER_ID
from tests.results import BEGAN, RUN_ID, a_line, a_run, a_user, keep_results
from tests.triggers.deployment import Deployment, assert_problem, principal, told
from tests.unit.report.reading import read

pytestmark = pytest.mark.usefixtures("guarded")

READER = principal("Reader", object_ids=("aaaa-7",))
ADMIN = principal("Admin", object_ids=("dddd-4",))
PATH = {"runId": RUN_ID}


async def kept(
    deployment: Deployment, *lines: Line, of: int = 1, state: RunState = RunState.COMPLETED
) -> Run:
    """A run that found this."""
    return await keep_results(
        deployment.runs, deployment.snapshots, a_run(state=state, slices=of), lines, of
    )


async def findings(deployment: Deployment, **query: str) -> tuple[list[dict[str, Any]], list[int]]:
    """What a reader finds who follows each link to the end, and how many were on each page."""
    found: list[dict[str, Any]] = []
    pages = []
    while True:
        answer = await deployment.call(
            FunctionName.LIST_FINDINGS, headers=READER, path=PATH, query=query
        )
        assert answer.status_code == 200
        page = told(answer)
        found += page["value"]
        pages.append(len(page["value"]))
        if page["nextLink"] is None:
            return found, pages
        following = urlsplit(page["nextLink"])
        assert following.path == f"/api/compliance/runs/{RUN_ID}/findings"
        query = dict(parse_qsl(following.query))


async def table(deployment: Deployment, **query: str) -> list[dict[str, str]]:
    """The same as a table."""
    answer = await deployment.call(
        FunctionName.LIST_FINDINGS, headers=READER, path=PATH, query={**query, "format": "csv"}
    )
    assert (answer.status_code, answer.mimetype, answer.charset) == (200, "text/csv", "utf-8")
    text = answer.get_body().decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


async def test_an_admin_begins_a_run(deployment: Deployment) -> None:
    """It is answered with where to look, and its first stage is on its way."""
    answer = await deployment.call(FunctionName.START_RUN, headers=ADMIN)
    assert answer.status_code == 202
    run = told(answer)
    assert (run["state"], run["stage"], run["by"]) == ("running", "plan", "dddd-4")
    where = f"https://app.contoso.example/api/compliance/runs/{run['runId']}"
    assert answer.headers["Location"] == where
    assert [one.command.run_id for one in deployment.stages.sent] == [run["runId"]]
    read_again = await deployment.call(
        FunctionName.GET_RUN, headers=READER, path={"runId": run["runId"]}
    )
    assert told(read_again) == run


async def test_one_run_goes_on_at_a_time(deployment: Deployment) -> None:
    """Who begins another one is told so, and nothing is sent."""
    await deployment.call(FunctionName.START_RUN, headers=ADMIN)
    answer = await deployment.call(FunctionName.START_RUN, headers=ADMIN)
    assert assert_problem(answer, 409)["code"] == "run-in-progress"
    assert len(deployment.stages.sent) == 1


async def test_runs_are_listed_newest_first(deployment: Deployment) -> None:
    """To the end, each once, twenty a page."""
    ids = [RunId(f"202611{day:02}T020000Z-4f9c01de") for day in range(1, 28)]
    for day, run_id in enumerate(ids, start=1):
        run = a_run(run_id=run_id, started_at=BEGAN.replace(day=day))
        await keep_results(deployment.runs, deployment.snapshots, run, [a_line(day)])
    first = told(await deployment.call(FunctionName.LIST_RUNS, headers=READER))
    following = dict(parse_qsl(urlsplit(first["nextLink"]).query))
    second = told(await deployment.call(FunctionName.LIST_RUNS, headers=READER, query=following))
    assert (len(first["value"]), second["nextLink"]) == (20, None)
    listed = [run["runId"] for run in (*first["value"], *second["value"])]
    assert listed == ids[::-1]
    assert first["value"][0]["verdicts"]["unprotected"] == 1


async def test_a_made_up_token_is_refused(deployment: Deployment) -> None:
    """Nobody gets another page than the one a link named."""
    await kept(deployment, a_line(1))
    for name, token in [
        (FunctionName.LIST_RUNS, "x"),
        *((FunctionName.LIST_FINDINGS, one) for one in ("x", "1.0", "0.-1", "\u0660.0", "0.0\n")),
    ]:
        answer = await deployment.call(name, headers=READER, path=PATH, query={"token": token})
        assert assert_problem(answer, 400)["code"] == "invalid-request"


@pytest.mark.parametrize("name", ["get_run", "list_findings", "get_report"])
@pytest.mark.parametrize("run_id", [RUN_ID, "x", "../../etc", "20261122T020000Z-4f9c01de\n"])
async def test_a_run_that_is_none(deployment: Deployment, name: str, run_id: str) -> None:
    """An id of no run is not found, whatever it looks like."""
    answer = await deployment.call(name, headers=READER, path={"runId": run_id})
    assert assert_problem(answer, 404)["code"] == "not-found"


async def test_a_run_that_goes_on_says_how_far_it_is(deployment: Deployment) -> None:
    """It counts what it has judged so far."""
    run = a_run(state=RunState.RUNNING, slices=2)
    await deployment.runs.begin(run, given_up_before=BEGAN)
    totals = totals_of([a_line(1)], (), left_out=0)
    await deployment.snapshots.keep(run.run_id, Slice(0, 2), [a_line(1)], totals)
    view = told(await deployment.call(FunctionName.GET_RUN, headers=READER, path=PATH))
    assert (view["progress"]["parts"], view["progress"]["judged"]) == (2, 1)
    assert (view["state"], view["verdicts"]["unprotected"]) == ("running", 1)


@pytest.mark.parametrize("state", [RunState.RUNNING, RunState.FAILED])
@pytest.mark.parametrize("name", [FunctionName.LIST_FINDINGS, FunctionName.GET_REPORT])
@pytest.mark.parametrize("form", [None, "csv"])
async def test_half_a_run_has_no_findings(
    deployment: Deployment, name: FunctionName, state: RunState, form: str | None
) -> None:
    """A list that lacks people would pass for all of them."""
    await kept(deployment, a_line(1), state=state)
    query = {} if form is None else {"format": form}
    answer = await deployment.call(name, headers=READER, path=PATH, query=query)
    assert assert_problem(answer, 409)["code"] == "run-not-judged"


@pytest.mark.parametrize("state", [RunState.COMPLETED, RunState.PARTIAL])
async def test_everybody_who_is_not_protected_is_listed(
    deployment: Deployment, state: RunState
) -> None:
    """By id, with the reasons; who is protected is not, who is unknown does not count."""
    await kept(deployment, *(a_line(n, verdict) for n, verdict in enumerate(Verdict)), state=state)
    found, _ = await findings(deployment)
    assert [(one["verdict"], one["counts"]) for one in found] == [
        ("weak", True),
        ("exempt", False),
        ("unprotected", True),
        ("unknown", False),
    ]
    assert found[0]["reasons"] == [{"code": "sms-or-voice-only", "detail": ""}]


@pytest.mark.parametrize("of", [1, 2, 16])
@pytest.mark.parametrize("people", [0, 199, 200, 201, 1_000])
async def test_paging_to_the_end_gives_everybody_once(
    deployment: Deployment, people: int, of: int
) -> None:
    """Nobody twice, nobody missing, no page above 200, and no empty page where all have some."""
    lines = [a_line(number, list(Verdict)[number % 5]) for number in range(people)]
    await kept(deployment, *lines, of=of)
    found, pages = await findings(deployment)
    wanted = [line.user_id for line in lines if line.verdict is not Verdict.PROTECTED]
    assert [one["userId"] for one in found] == sorted(wanted)
    assert max(pages) <= 200
    assert people == 0 or min(pages) > 0
    assert [row["userId"] for row in await table(deployment)] == sorted(wanted)


async def test_filters_narrow_the_list_and_the_table(deployment: Deployment) -> None:
    """By verdict, cause, department and reason, together; links keep them."""
    gap = (Reason(ReasonCode.GAP), Reason(ReasonCode.ONE_MACHINE_ONLY))
    odd = [
        a_line(number, Verdict.WEAK, reasons=gap, cause=Cause.GROUPS, department="R&D; ü")
        for number in range(1, 900, 2)
    ]
    even = [a_line(number, Verdict.UNPROTECTED) for number in range(0, 900, 2)]
    await kept(deployment, *odd, *even, of=16)
    everything = {
        "verdict": "weak",
        "cause": "groups-changed",
        "department": "R&D; ü",
        "reason": "one-machine-only",
    }
    ours = sorted(line.user_id for line in odd)
    for query in [everything, *({name: value} for name, value in everything.items())]:
        found, _ = await findings(deployment, **query)
        assert [one["userId"] for one in found] == ours
        assert [row["userId"] for row in await table(deployment, **query)] == ours
    nobody, _ = await findings(deployment, **{**everything, "verdict": "unprotected"})
    assert nobody == []


async def test_only_parts_that_may_have_some_are_read(deployment: Deployment) -> None:
    """What was counted in a part says whether to read it; a page reads eight at most."""
    lines = [a_line(number, Verdict.PROTECTED) for number in range(256)]
    lines[250] = a_line(250, Verdict.WEAK, cause=Cause.METHODS)
    await kept(deployment, *lines, of=64)
    found, pages = await findings(deployment, verdict="weak")
    assert (len(found), pages) == (1, [1])
    several = Deployment()
    await kept(several, *(a_line(number, Verdict.WEAK) for number in range(256)), of=64)
    nobody, pages = await findings(several, cause="methods-changed")
    assert (nobody, pages) == ([], [0] * 8)


@pytest.mark.parametrize(
    "query", [{"verdict": "protected"}, {"verdict": "x"}, {"cause": "x"}, {"reason": "x"}]
)
async def test_a_filter_that_is_none(deployment: Deployment, query: dict[str, str]) -> None:
    """The answer names the values that there are; the protected are no findings."""
    await kept(deployment, a_line(1))
    answer = await deployment.call(
        FunctionName.LIST_FINDINGS, headers=READER, path=PATH, query=query
    )
    assert "must be one of" in assert_problem(answer, 400)["detail"]


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ({}, "", "application/json"),
        ({}, "application/json", "application/json"),
        ({}, "text/csv", "text/csv"),
        ({}, "text/html, TEXT/CSV; charset=utf-8", "text/csv"),
        ({"format": "csv"}, "application/json", "text/csv"),
        ({"format": "json"}, "text/csv", "application/json"),
    ],
)
async def test_the_asker_chooses_the_form(
    deployment: Deployment, query: dict[str, str], accept: str, kind: str
) -> None:
    """By the query, else by what it accepts, else JSON."""
    await kept(deployment, a_line(1))
    headers = {**READER, "Accept": accept}
    answer = await deployment.call(
        FunctionName.LIST_FINDINGS, headers=headers, path=PATH, query=query
    )
    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    if kind == "text/csv":
        named = f'attachment; filename="findings-{RUN_ID}.csv"'
        assert answer.headers["Content-Disposition"] == named


async def test_a_table_of_hostile_names_is_harmless(deployment: Deployment) -> None:
    """A person called like a formula is a text; half a character pair breaks no file."""
    names = ["=1+1", "@SUM(A1)", "\ud800", "محمد", 'a"b,c;=d']
    await kept(deployment, *(a_line(n, name=name) for n, name in enumerate(names)))
    rows = await table(deployment)
    told_names = [row["userPrincipalName"] for row in rows]
    assert told_names == ["'=1+1", "'@SUM(A1)", "?", "محمد", "a\"b,c;'=d"]


async def test_a_report_comes_with_a_policy_that_runs_nothing(deployment: Deployment) -> None:
    """HTML that no browser may keep, frame, guess about, or run anything of."""
    await kept(deployment, a_line(1, name="<script>alert(1)</script>"))
    answer = await deployment.call(FunctionName.GET_REPORT, headers=READER, path=PATH)
    assert (answer.status_code, answer.mimetype, answer.charset) == (200, "text/html", "utf-8")
    policy = answer.headers["Content-Security-Policy"].split("; ")
    assert policy[:2] == ["default-src 'none'", "style-src 'unsafe-inline'"]
    assert {"frame-ancestors 'none'", "base-uri 'none'", "sandbox"} <= set(policy)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    page = read(answer.get_body().decode())
    assert "script" not in page.names
    assert "<script>alert(1)</script>" in page.inside("bdi")


async def test_a_report_compares_with_the_run_before(deployment: Deployment) -> None:
    """It shows the worst 200 first; where the run before is forgotten it compares with none."""
    lines = [a_line(n, Verdict.WEAK if n % 2 else Verdict.UNPROTECTED) for n in range(500)]
    yesterday = a_run(run_id=RunId("20261121T020000Z-00000000"), started_at=BEGAN.replace(day=21))
    await keep_results(
        deployment.runs, deployment.snapshots, yesterday, [a_line(1, Verdict.PROTECTED)]
    )
    today = a_run(previous=yesterday.run_id)
    await keep_results(deployment.runs, deployment.snapshots, today, lines)
    answer = await deployment.call(FunctionName.GET_REPORT, headers=READER, path=PATH)
    page = read(answer.get_body().decode())
    assert "1 fewer than in the run of 21 November 2026" in page.seen
    assert "200 of 500 people, the worst first; 300 more are in the table" in page.seen
    shown = [one.partition(".")[2] for one in page.inside("bdi") if one.startswith("kim.")]
    assert all(int(one.partition("@")[0]) % 2 == 0 for one in shown)
    await deployment.runs.forget(yesterday.run_id)
    answer = await deployment.call(FunctionName.GET_REPORT, headers=READER, path=PATH)
    assert "There is no earlier run" in read(answer.get_body().decode()).seen


async def test_a_report_finds_the_worst_in_every_part(deployment: Deployment) -> None:
    """In a tenant of many parts, too: nobody weak stands there in place of somebody unprotected."""
    worst = range(0, 256, 2)
    lines = [a_line(n, Verdict.UNPROTECTED if n in worst else Verdict.WEAK) for n in range(512)]
    await kept(deployment, *lines, of=64)
    answer = await deployment.call(FunctionName.GET_REPORT, headers=READER, path=PATH)
    page = read(answer.get_body().decode())
    assert "200 of 512 people, the worst first; 312 more are in the table" in page.seen
    shown = [one.partition(".")[2] for one in page.inside("bdi") if one.startswith("kim.")]
    assert {int(one.partition("@")[0]) for one in shown[: len(worst)]} == set(worst)


async def test_what_changed_for_a_person(deployment: Deployment) -> None:
    """The latest first; nothing for somebody whom no run has seen."""
    user = a_user(5)
    for day, after in [(20, Verdict.WEAK), (21, Verdict.PROTECTED)]:
        change = Change(
            user_id=user,
            at=BEGAN.replace(day=day),
            before=None if day == 20 else Verdict.WEAK,
            after=after,
            cause=Cause.NEW_PERSON if day == 20 else Cause.METHODS,
        )
        run_id = RunId(f"202611{day}T020000Z-4f9c01de")
        await deployment.history.keep(run_id, change.at, Slice(0, 1), [change])
    answer = await deployment.call(
        FunctionName.GET_HISTORY, headers=READER, path={"objectId": user.upper()}
    )
    value = told(answer)["value"]
    assert [(one["before"], one["after"]) for one in value] == [
        ("weak", "protected"),
        (None, "weak"),
    ]
    nobody = await deployment.call(
        FunctionName.GET_HISTORY, headers=READER, path={"objectId": USER_ID}
    )
    assert told(nobody) == {"value": []}


async def test_a_sign_in_name_is_no_object_id(deployment: Deployment) -> None:
    """Names of people do not go into addresses."""
    answer = await deployment.call(
        FunctionName.GET_HISTORY, headers=READER, path={"objectId": "robin@contoso.example"}
    )
    assert assert_problem(answer, 400)["code"] == "invalid-request"


async def test_who_reads_of_people_is_logged(
    deployment: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    """With the reader and what was read, and without anybody's name."""
    caplog.set_level(logging.INFO)
    await kept(deployment, a_line(1))
    await findings(deployment)
    await table(deployment)
    await deployment.call(FunctionName.GET_REPORT, headers=READER, path=PATH)
    await deployment.call(FunctionName.GET_HISTORY, headers=READER, path={"objectId": USER_ID})
    told_of = [record.getMessage() for record in caplog.records if "by=aaaa-7" in record.message]
    assert told_of[0] == f"findings.read run_id={RUN_ID} by=aaaa-7 people=1"
    assert told_of[1] == f"findings.exported run_id={RUN_ID} by=aaaa-7"
    assert f"history.read user_id={USER_ID} by=aaaa-7" in told_of
    assert f"report.read run_id={RUN_ID} by=aaaa-7" in told_of
    assert "@" not in caplog.text


async def test_a_store_that_is_away_passes(deployment: Deployment) -> None:
    """No answer says that nobody is unprotected because nobody could look."""
    await kept(deployment, a_line(1))
    deployment.snapshots.down = True
    for name in (FunctionName.LIST_FINDINGS, FunctionName.GET_REPORT):
        answer = await deployment.call(name, headers=READER, path=PATH)
        assert assert_problem(answer, 503)["code"] == "store-unavailable"


async def test_a_partial_run_says_what_is_missing(deployment: Deployment) -> None:
    """In JSON as on the page."""
    problem = Problem(what="registrations", reason="The tenant has no licence.")
    run = a_run(state=RunState.PARTIAL, problems=(problem,))
    await keep_results(deployment.runs, deployment.snapshots, run, [a_line(1)])
    view = told(await deployment.call(FunctionName.GET_RUN, headers=READER, path=PATH))
    assert view["problems"] == [{"what": "registrations", "reason": "The tenant has no licence."}]
