"""The operations of the HTTP API that open cases, and those about cases."""

from http import HTTPStatus
from typing import Final

from shared.contracts.case_view import (
    Accepted,
    AcceptedMany,
    ApprovalRequest,
    CaseList,
    CaseView,
    Ignored,
)
from shared.contracts.enrolment_request import EnrolledList, EnrolmentRequest
from shared.contracts.exemption_request import ExemptionRequest
from shared.contracts.hr_events import HrEvent
from shared.contracts.operation import ALWAYS, FOR_PEOPLE, MACHINE, PERSON, TOKEN, Operation
from shared.contracts.pass_view import PassView
from shared.contracts.reset_ticket import ResetTicket

_SIGNED = {
    "webhook-id": "Id of the message (Standard Webhooks; other schemes have their own).",
    "webhook-timestamp": "When it was signed, in Unix seconds; five minutes at most.",
    "webhook-signature": "One or more signatures: `v1,<base64>`, separated by spaces.",
}
_TO_WEBHOOKS = (
    *ALWAYS,
    HTTPStatus.BAD_REQUEST,
    HTTPStatus.FORBIDDEN,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    HTTPStatus.TOO_MANY_REQUESTS,
)

CASE_OPERATIONS: Final = (
    Operation(
        method="post",
        path="/onboarding/{source}",
        operation_id="onboarding_webhook",
        summary=(
            "One HR event, or a body that the source's profile maps to events. The same event "
            "again answers with the same case."
        ),
        security=MACHINE,
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
        security=MACHINE,
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
        security=MACHINE,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(*ALWAYS, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/cases",
        operation_id="list_cases",
        summary="Cases, newest first. Any role.",
        security=PERSON,
        query={
            "user": "Object id of a person. Sign-in names don't go into addresses.",
            "kind": "Kind of case.",
            "state": "State of the case.",
            **TOKEN,
        },
        answers={HTTPStatus.OK: (CaseList,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
    Operation(
        method="post",
        path="/cases/{caseId}/cancel",
        operation_id="cancel_case",
        summary="Stop what a case still has to do; nothing is undone. Role Helpdesk.",
        security=PERSON,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(*FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="post",
        path="/cases/{caseId}/approve",
        operation_id="approve_case",
        summary="Let a case do what needs a second person, who has no part in it. Role Approver.",
        security=PERSON,
        body=ApprovalRequest,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(
            *FOR_PEOPLE,
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
        security=PERSON,
        answers={HTTPStatus.OK: (PassView,)},
        problems=(
            *FOR_PEOPLE,
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
        security=PERSON,
        body=ExemptionRequest,
        answers={HTTPStatus.ACCEPTED: (Accepted,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="delete",
        path="/exemptions/{caseId}",
        operation_id="end_exemption",
        summary="End an exemption now. Role Helpdesk.",
        security=PERSON,
        answers={HTTPStatus.ACCEPTED: (Accepted,)},
        problems=(*FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="post",
        path="/enrolments",
        operation_id="request_enrolment",
        summary="Ask for a plan to enrol existing people: a list, or a group. Role Admin.",
        security=PERSON,
        body=EnrolmentRequest,
        answers={HTTPStatus.ACCEPTED: (Accepted,)},
        problems=(
            *FOR_PEOPLE,
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
        security=PERSON,
        query=TOKEN,
        answers={HTTPStatus.OK: (EnrolledList,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="post",
        path="/cases/{caseId}/confirm",
        operation_id="confirm_case",
        summary="Have an enrolment do what its plan says (role Admin; who asked for it may); say "
        "that the app passwords of a reset's person are deleted (role Helpdesk).",
        security=PERSON,
        body=ApprovalRequest,
        answers={HTTPStatus.OK: (CaseView,)},
        problems=(
            *FOR_PEOPLE,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
        ),
    ),
)
