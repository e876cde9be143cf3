"""The operations of the HTTP API about the sweep and what it found."""

from http import HTTPStatus
from typing import Final

from shared.contracts.case_view import ApprovalRequest
from shared.contracts.finding_view import FindingList, HistoryList
from shared.contracts.operation import ABOUT_ENTRIES, FOR_PEOPLE, PERSON, TOKEN, Operation
from shared.contracts.posture_view import PostureQuestion, PostureView
from shared.contracts.run_line import RunList
from shared.contracts.run_view import RunView

_ABOUT_FINDINGS = (*ABOUT_ENTRIES, HTTPStatus.NOT_FOUND)

SWEEP_OPERATIONS: Final = (
    Operation(
        method="post",
        path="/compliance/runs",
        operation_id="start_run",
        summary="Begin a run of the sweep now; one goes on at a time. Role Admin.",
        security=PERSON,
        answers={HTTPStatus.ACCEPTED: (RunView,)},
        problems=(*FOR_PEOPLE, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="get",
        path="/compliance/runs",
        operation_id="list_runs",
        summary="The runs of the sweep, newest first. Any role.",
        security=PERSON,
        query=TOKEN,
        answers={HTTPStatus.OK: (RunList,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
    Operation(
        method="get",
        path="/compliance/runs/{runId}",
        operation_id="get_run",
        summary="A run: how far it is, and what it found. Any role.",
        security=PERSON,
        answers={HTTPStatus.OK: (RunView,)},
        problems=(*FOR_PEOPLE, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/compliance/runs/{runId}/findings",
        operation_id="list_findings",
        summary="Everybody who is not protected: page by page, or all of them as a table (UTF-8"
        " with byte order mark; a cell that begins like a formula has an apostrophe before it). Any"
        " role.",
        security=PERSON,
        query={
            "verdict": "Only people of this verdict.",
            "cause": "Only people whose verdict came about so.",
            "department": "Only people of this department, by its exact name.",
            "reason": "Only people of whom this reason is true, by its code.",
            "exposure": "Only people whose app passwords are a way in (`exposed`), are none, or of"
            " whom that is unknown; the protected are listed, too.",
            "format": "`csv` for the table; so does `Accept: text/csv`.",
            **TOKEN,
        },
        answers={HTTPStatus.OK: (FindingList,)},
        text=("text/csv",),
        problems=_ABOUT_FINDINGS,
    ),
    Operation(
        method="get",
        path="/compliance/runs/{runId}/report",
        operation_id="get_report",
        summary="A run as one page for people, which loads nothing and runs nothing. Any role.",
        security=PERSON,
        answers={HTTPStatus.OK: ()},
        text=("text/html",),
        problems=(*FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="post",
        path="/compliance/runs/{runId}/approve",
        operation_id="approve_run",
        summary="Agree to the enrolment of the people whom a run found, where it is held, by the"
        " hash of its plan. Role Approver.",
        security=PERSON,
        body=ApprovalRequest,
        answers={HTTPStatus.OK: (RunView,)},
        problems=(
            *FOR_PEOPLE,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
        ),
    ),
    Operation(
        method="get",
        path="/users/{objectId}/posture",
        operation_id="get_posture",
        summary="Whether a person is really protected, read live, with the proof. Any role.",
        security=PERSON,
        answers={HTTPStatus.OK: (PostureView,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="post",
        path="/users/posture",
        operation_id="find_posture",
        summary="The same by sign-in name. Any role.",
        security=PERSON,
        body=PostureQuestion,
        answers={HTTPStatus.OK: (PostureView,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/users/{objectId}/history",
        operation_id="get_history",
        summary="What changed for a person, the latest first. Any role.",
        security=PERSON,
        answers={HTTPStatus.OK: (HistoryList,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
)
