"""What the sweep found: runs, findings and reports.

The words of verdicts and all that they stand on are loaded by who asks, and not at every start.
"""

from collections.abc import Callable
from http import HTTPStatus
from typing import Final

import azure.functions as func

from functions.access import ANYBODY, Role, signed_in
from functions.http import address, answering_problems, json_response, text_response
from shared.bootstrap import Services
from shared.names import FunctionName

_CSV: Final = "text/csv"
_RUNS: Final = "compliance/runs"
_ONE: Final = f"{_RUNS}/{{runId}}"
_NOTHING_RUNS: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox"
)
"""What a browser may do with a report; the page itself allows its own style sheet alone."""


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about what the sweep found."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.START_RUN)
    @bp.route(_RUNS, methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def start_run(req: func.HttpRequest) -> func.HttpResponse:
        """Begin a run, unless one goes on."""
        from shared.contracts.run_view import RunView
        from shared.domain.sweep.totals import Totals

        person = signed_in(req, frozenset({Role.ADMIN}))
        run = await services().start_run(person.object_id)
        view = RunView.of(run, Totals(), judged=0)
        where = address(req, f"{_RUNS}/{run.run_id}")
        return json_response(view, HTTPStatus.ACCEPTED, location=where)

    @bp.function_name(FunctionName.LIST_RUNS)
    @bp.route(_RUNS, methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_runs(req: func.HttpRequest) -> func.HttpResponse:
        """List the runs, newest first."""
        from shared.contracts.run_line import RunLine, RunList

        signed_in(req, ANYBODY)
        runs, token = await services().read_runs.newest(req.params.get("token"))
        value = tuple(RunLine.of(one.run, one.totals, one.judged, one.outcome) for one in runs)
        more = None if token is None else address(req, _RUNS, token=token)
        return json_response(RunList(value=value, next_link=more))

    @bp.function_name(FunctionName.GET_RUN)
    @bp.route(_ONE, methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def get_run(req: func.HttpRequest) -> func.HttpResponse:
        """Read a run: how far it is, and what it found."""
        from shared.contracts.run_view import RunView

        signed_in(req, ANYBODY)
        found = await services().read_runs.one(req.route_params["runId"])
        return json_response(RunView.of(found.run, found.totals, found.judged, found.outcome))

    @bp.function_name(FunctionName.APPROVE_RUN)
    @bp.route(f"{_ONE}/approve", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def approve_run(req: func.HttpRequest) -> func.HttpResponse:
        """Agree to what a run would mend and may not without anybody's word."""
        from shared.contracts.case_view import decode_approval
        from shared.contracts.run_view import RunView

        by = signed_in(req, frozenset({Role.APPROVER})).object_id
        run_id = req.route_params["runId"]
        await services().approve_run(run_id, decode_approval(req.get_body()).plan_hash, by)
        found = await services().read_runs.one(run_id)
        return json_response(RunView.of(found.run, found.totals, found.judged, found.outcome))

    @bp.function_name(FunctionName.LIST_FINDINGS)
    @bp.route(f"{_ONE}/findings", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_findings(req: func.HttpRequest) -> func.HttpResponse:
        """List who is not protected: a page in JSON, or all of them as a table."""
        from shared.contracts.finding_view import FindingList, FindingView
        from shared.contracts.findings_csv import csv_of, headings
        from shared.contracts.findings_question import FILTERS, wanted_of

        by = signed_in(req, ANYBODY).object_id
        run_id, wanted = req.route_params["runId"], wanted_of(req.params)
        listed = services().list_findings
        if _wants_table(req):
            rows = [csv_of(lines) async for lines in listed.everybody(run_id, wanted, by)]
            return text_response(
                "".join([headings(), *rows]), _CSV, file_name=f"findings-{run_id}.csv"
            )
        lines, token = await listed.page(run_id, wanted, req.params.get("token"), by)
        value = tuple(map(FindingView.of, lines))
        if token is None:
            return json_response(FindingList(value=value))
        asked = {name: req.params[name] for name in FILTERS if name in req.params}
        more = address(req, f"{_RUNS}/{run_id}/findings", **asked, token=token)
        return json_response(FindingList(value=value, next_link=more))

    @bp.function_name(FunctionName.GET_REPORT)
    @bp.route(f"{_ONE}/report", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def get_report(req: func.HttpRequest) -> func.HttpResponse:
        """Read a run as a page for people."""
        by = signed_in(req, ANYBODY).object_id
        page = await services().make_report(req.route_params["runId"], by)
        return text_response(page, "text/html", policy=_NOTHING_RUNS)

    return bp


def _wants_table(req: func.HttpRequest) -> bool:
    form: str | None = req.params.get("format")
    if form is not None:
        return form.lower() == "csv"
    accepted: str = req.headers.get("Accept", "").lower()
    return _CSV in {one.partition(";")[0].strip() for one in accepted.split(",")}
