"""The operations of the HTTP API: who may call each, what it takes, what it answers."""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from shared.contracts.budget_view import BudgetApproval, BudgetList
from shared.contracts.case_view import (
    Accepted,
    AcceptedMany,
    ApprovalRequest,
    CaseList,
    CaseView,
    Ignored,
)
from shared.contracts.control_view import ControlChange, ControlView
from shared.contracts.enrolment_request import EnrolledList, EnrolmentRequest
from shared.contracts.exemption_request import ExemptionRequest
from shared.contracts.finding_view import FindingList, HistoryList
from shared.contracts.health_view import Health
from shared.contracts.hr_events import HrEvent
from shared.contracts.parked_view import ParkedList, Replayed
from shared.contracts.pass_view import PassView
from shared.contracts.posture_view import PostureQuestion, PostureView
from shared.contracts.registry_view import EntryList, EntryStatement, EntryView
from shared.contracts.reset_ticket import ResetTicket
from shared.contracts.run_view import RunList, RunView

_MACHINE: Final[list[dict[str, list[str]]]] = [{"functionKey": []}]
_PERSON: Final[list[dict[str, list[str]]]] = [{"entraId": []}]


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One operation of the API.

    Attributes:
        method: the HTTP method, in small letters.
        path: its path below the route prefix.
        operation_id: the name of its function.
        summary: what it does.
        security: who may call it.
        answers: what success looks like; where it has several shapes, all of them.
        body: what it takes.
        text: of which other types than JSON success may be.
        query: the names of its query parameters, with their meaning.
        headers: the names of its header parameters, with their meaning.
        problems: which problems are to be expected.
    """

    method: str
    path: str
    operation_id: str
    summary: str
    security: list[dict[str, list[str]]]
    answers: dict[HTTPStatus, tuple[type, ...]]
    body: type | None = None
    text: tuple[str, ...] = ()
    query: dict[str, str] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    problems: tuple[HTTPStatus, ...] = ()


_ALWAYS = (HTTPStatus.UNAUTHORIZED, HTTPStatus.SERVICE_UNAVAILABLE)
_FOR_PEOPLE = (*_ALWAYS, HTTPStatus.FORBIDDEN)
_ABOUT_ENTRIES = (*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT)
_ABOUT_FINDINGS = (*_ABOUT_ENTRIES, HTTPStatus.NOT_FOUND)
_TOKEN = {"token": "Where the page begins; follow nextLink instead of making one."}

_SIGNED = {
    "webhook-id": "Id of the message (Standard Webhooks; other schemes have their own).",
    "webhook-timestamp": "When it was signed, in Unix seconds; five minutes at most.",
    "webhook-signature": "One or more signatures: `v1,<base64>`, separated by spaces.",
}
_TO_WEBHOOKS = (
    *_ALWAYS,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
)

OPERATIONS: Final = (
    Operation(
        method="post",
        path="/onboarding/{source}",
        operation_id="onboarding_webhook",
        summary=(
            "One HR event, or a body that the source's profile maps to events. The same event "
            "again answers with the same case."
        ),
        security=_MACHINE,
        body=HrEvent,
        headers=_SIGNED,
        answers={HTTPStatus.ACCEPTED: (Accepted, AcceptedMany, Ignored)},
        problems=_TO_WEBHOOKS,
    ),
    Operation(
        method="post",
        path="/resets/{source}",
        operation_id="resets_webhook",
        summary=(
            "A ticket about a lost device, or a body that the source's profile maps to one. The "
            "same ticket again answers with the same case."
        ),
        security=_MACHINE,
        body=ResetTicket,
        headers=_SIGNED,
        answers={HTTPStatus.ACCEPTED: (Accepted, Ignored)},
        problems=_TO_WEBHOOKS,
    ),
    Operation(
        method="get",
        path="/cases/{caseId}",
        operation_id="get_case",
        summary="A case with its steps. Who knows its unguessable id may read it.",
        security=_MACHINE,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(*_ALWAYS, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/cases",
        operation_id="list_cases",
        summary="Cases, newest first. Any role.",
        security=_PERSON,
        query={
            "user": "Object id of a person. Sign-in names don't go into addresses.",
            "kind": "Kind of case.",
            "state": "State of the case.",
            **_TOKEN,
        },
        answers={HTTPStatus.OK: (CaseList,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
    Operation(
        method="post",
        path="/cases/{caseId}/cancel",
        operation_id="cancel_case",
        summary="Stop what a case still has to do; nothing is undone. Role Helpdesk.",
        security=_PERSON,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="post",
        path="/cases/{caseId}/approve",
        operation_id="approve_case",
        summary="Let a case do what needs a second person, who has no part in it. Role Approver.",
        security=_PERSON,
        body=ApprovalRequest,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(
            *_FOR_PEOPLE,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
        ),
    ),
    Operation(
        method="post",
        path="/cases/{caseId}/pass",
        operation_id="collect_pass",
        summary="Collect a Temporary Access Pass for the person who is waited for. It is shown "
        "this once. Role Helpdesk, without a part in the case.",
        security=_PERSON,
        answers={HTTPStatus.OK: (PassView,)},
        problems=(
            *_FOR_PEOPLE,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
            HTTPStatus.TOO_MANY_REQUESTS,
        ),
    ),
    Operation(
        method="post",
        path="/exemptions",
        operation_id="grant_exemption",
        summary="Disable a person's MFA for a time, once somebody else has approved it. Role"
        " Helpdesk.",
        security=_PERSON,
        body=ExemptionRequest,
        answers={HTTPStatus.ACCEPTED: (Accepted,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="delete",
        path="/exemptions/{caseId}",
        operation_id="end_exemption",
        summary="End an exemption now. Role Helpdesk.",
        security=_PERSON,
        answers={HTTPStatus.ACCEPTED: (Accepted,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="post",
        path="/enrolments",
        operation_id="request_enrolment",
        summary="Ask for a plan to enrol existing people: a list, or a group. Role Admin.",
        security=_PERSON,
        body=EnrolmentRequest,
        answers={HTTPStatus.ACCEPTED: (Accepted,)},
        problems=(
            *_FOR_PEOPLE,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.CONFLICT,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        ),
    ),
    Operation(
        method="get",
        path="/enrolments/{caseId}/people",
        operation_id="list_enrolled",
        summary="Who is on the list of an enrolment, and what becomes of each. Role Admin.",
        security=_PERSON,
        query=_TOKEN,
        answers={HTTPStatus.OK: (EnrolledList,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="post",
        path="/cases/{caseId}/confirm",
        operation_id="confirm_case",
        summary="Have an enrolment do what its plan says (role Admin; who asked for it may); say "
        "that the app passwords of a reset's person are deleted (role Helpdesk).",
        security=_PERSON,
        body=ApprovalRequest,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(
            *_FOR_PEOPLE,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
        ),
    ),
    Operation(
        method="get",
        path="/control",
        operation_id="get_control",
        summary="What acts, what only observes, what is stopped. Any role.",
        security=_PERSON,
        answers={HTTPStatus.OK: (ControlView,)},
        problems=_FOR_PEOPLE,
    ),
    Operation(
        method="put",
        path="/control",
        operation_id="put_control",
        summary="Change it. Approver or Admin to stop or observe; two Admins to act.",
        security=_PERSON,
        body=ControlChange,
        answers={HTTPStatus.OK: (ControlView,), HTTPStatus.ACCEPTED: (ControlView,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="get",
        path="/parked",
        operation_id="list_parked",
        summary="What waits for a human, newest first. Role Admin.",
        security=_PERSON,
        query=_TOKEN,
        answers={HTTPStatus.OK: (ParkedList,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
    Operation(
        method="post",
        path="/parked/{parkedId}/replay",
        operation_id="replay_parked",
        summary="Take a parked case up again. Role Admin.",
        security=_PERSON,
        answers={HTTPStatus.ACCEPTED: (Replayed,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="get",
        path="/protected",
        operation_id="list_protected",
        summary="Break-glass accounts, which nobody ever changes. Role Admin.",
        security=_PERSON,
        answers={HTTPStatus.OK: (EntryList,)},
        problems=_FOR_PEOPLE,
    ),
    Operation(
        method="put",
        path="/protected/{userId}",
        operation_id="put_protected",
        summary="Protect an account, or state its entry anew. Role Admin.",
        security=_PERSON,
        body=EntryStatement,
        answers={HTTPStatus.OK: (EntryView,)},
        problems=_ABOUT_ENTRIES,
    ),
    Operation(
        method="delete",
        path="/protected/{userId}",
        operation_id="delete_protected",
        summary="Stop protecting an account. Two Admins within eight hours.",
        security=_PERSON,
        answers={HTTPStatus.ACCEPTED: (EntryView,), HTTPStatus.NO_CONTENT: ()},
        problems=(*_ABOUT_ENTRIES, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/exclusions",
        operation_id="list_exclusions",
        summary="People whom no flow may touch for a while. Role Admin.",
        security=_PERSON,
        answers={HTTPStatus.OK: (EntryList,)},
        problems=_FOR_PEOPLE,
    ),
    Operation(
        method="put",
        path="/exclusions/{userId}",
        operation_id="put_exclusion",
        summary="Exclude a person until a day, or state it anew. Role Admin.",
        security=_PERSON,
        body=EntryStatement,
        answers={HTTPStatus.OK: (EntryView,)},
        problems=_ABOUT_ENTRIES,
    ),
    Operation(
        method="delete",
        path="/exclusions/{userId}",
        operation_id="delete_exclusion",
        summary="End an exclusion before its day. Two Admins within eight hours.",
        security=_PERSON,
        answers={HTTPStatus.ACCEPTED: (EntryView,), HTTPStatus.NO_CONTENT: ()},
        problems=(*_ABOUT_ENTRIES, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/budgets",
        operation_id="list_budgets",
        summary="What each flow has used up of its budgets, and which are held. Any role.",
        security=_PERSON,
        answers={HTTPStatus.OK: (BudgetList,)},
        problems=_FOR_PEOPLE,
    ),
    Operation(
        method="post",
        path="/budgets/{flow}/approve",
        operation_id="approve_budget",
        summary="Let a flow go on that is held: as much again in this hour or day. Role Approver.",
        security=_PERSON,
        body=BudgetApproval,
        answers={HTTPStatus.OK: (BudgetList,)},
        problems=(
            *_FOR_PEOPLE,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
        ),
    ),
    Operation(
        method="post",
        path="/compliance/runs",
        operation_id="start_run",
        summary="Begin a run of the sweep now; one goes on at a time. Role Admin.",
        security=_PERSON,
        answers={HTTPStatus.ACCEPTED: (RunView,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="get",
        path="/compliance/runs",
        operation_id="list_runs",
        summary="The runs of the sweep, newest first. Any role.",
        security=_PERSON,
        query=_TOKEN,
        answers={HTTPStatus.OK: (RunList,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
    Operation(
        method="get",
        path="/compliance/runs/{runId}",
        operation_id="get_run",
        summary="A run: how far it is, and what it found. Any role.",
        security=_PERSON,
        answers={HTTPStatus.OK: (RunView,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/compliance/runs/{runId}/findings",
        operation_id="list_findings",
        summary="Everybody who is not protected: page by page, or all of them as a table (UTF-8"
        " with byte order mark; a cell that begins like a formula has an apostrophe before it). Any"
        " role.",
        security=_PERSON,
        query={
            "verdict": "Only people of this verdict.",
            "cause": "Only people whose verdict came about so.",
            "department": "Only people of this department, by its exact name.",
            "reason": "Only people of whom this reason is true, by its code.",
            "format": "`csv` for the table; so does `Accept: text/csv`.",
            **_TOKEN,
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
        security=_PERSON,
        answers={HTTPStatus.OK: ()},
        text=("text/html",),
        problems=(*_FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="post",
        path="/compliance/runs/{runId}/approve",
        operation_id="approve_run",
        summary="Have a run that is held take up the people whom it found, by the hash of the plan"
        " of its enrolment. Role Approver.",
        security=_PERSON,
        body=ApprovalRequest,
        answers={HTTPStatus.OK: (RunView,)},
        problems=(
            *_FOR_PEOPLE,
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
        security=_PERSON,
        answers={HTTPStatus.OK: (PostureView,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="post",
        path="/users/posture",
        operation_id="find_posture",
        summary="The same by sign-in name. Any role.",
        security=_PERSON,
        body=PostureQuestion,
        answers={HTTPStatus.OK: (PostureView,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/users/{objectId}/history",
        operation_id="get_history",
        summary="What changed for a person, the latest first. Any role.",
        security=_PERSON,
        answers={HTTPStatus.OK: (HistoryList,)},
        problems=(*_FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
    Operation(
        method="get",
        path="/health",
        operation_id="health",
        summary="Each dependency: ok, or why not.",
        security=_MACHINE,
        answers={HTTPStatus.OK: (Health,)},
        problems=_ALWAYS,
    ),
    Operation(
        method="get",
        path="/openapi.json",
        operation_id="openapi",
        summary="This document.",
        security=_MACHINE,
        answers={HTTPStatus.OK: ()},
        problems=_ALWAYS,
    ),
)
