"""The operations of the HTTP API: who may call each, what it takes, what it answers."""

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
from shared.contracts.health_view import Health
from shared.contracts.hr_events import HrEvent
from shared.contracts.operation import (
    ABOUT_ENTRIES,
    ALWAYS,
    FOR_PEOPLE,
    MACHINE,
    PERSON,
    TOKEN,
    Operation,
)
from shared.contracts.parked_view import ParkedList, Replayed
from shared.contracts.pass_view import PassView
from shared.contracts.registry_view import EntryList, EntryStatement, EntryView
from shared.contracts.reset_ticket import ResetTicket
from shared.contracts.sweep_operations import SWEEP_OPERATIONS

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

OPERATIONS: Final = (
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
    Operation(
        method="get",
        path="/control",
        operation_id="get_control",
        summary="What acts, what only observes, what is stopped. Any role.",
        security=PERSON,
        answers={HTTPStatus.OK: (ControlView,)},
        problems=FOR_PEOPLE,
    ),
    Operation(
        method="put",
        path="/control",
        operation_id="put_control",
        summary="Change it. Approver or Admin to stop or observe; two Admins to act.",
        security=PERSON,
        body=ControlChange,
        answers={HTTPStatus.OK: (ControlView,), HTTPStatus.ACCEPTED: (ControlView,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="get",
        path="/parked",
        operation_id="list_parked",
        summary="What waits for a human, newest first. Role Admin.",
        security=PERSON,
        query=TOKEN,
        answers={HTTPStatus.OK: (ParkedList,)},
        problems=(*FOR_PEOPLE, HTTPStatus.BAD_REQUEST),
    ),
    Operation(
        method="post",
        path="/parked/{parkedId}/replay",
        operation_id="replay_parked",
        summary="Take a parked case up again. Role Admin.",
        security=PERSON,
        answers={HTTPStatus.ACCEPTED: (Replayed,)},
        problems=(*FOR_PEOPLE, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
    ),
    Operation(
        method="get",
        path="/protected",
        operation_id="list_protected",
        summary="Break-glass accounts, which nobody ever changes. Role Admin.",
        security=PERSON,
        answers={HTTPStatus.OK: (EntryList,)},
        problems=FOR_PEOPLE,
    ),
    Operation(
        method="put",
        path="/protected/{userId}",
        operation_id="put_protected",
        summary="Protect an account, or state its entry anew. Role Admin.",
        security=PERSON,
        body=EntryStatement,
        answers={HTTPStatus.OK: (EntryView,)},
        problems=ABOUT_ENTRIES,
    ),
    Operation(
        method="delete",
        path="/protected/{userId}",
        operation_id="delete_protected",
        summary="Stop protecting an account. Two Admins within eight hours.",
        security=PERSON,
        answers={HTTPStatus.ACCEPTED: (EntryView,), HTTPStatus.NO_CONTENT: ()},
        problems=(*ABOUT_ENTRIES, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/exclusions",
        operation_id="list_exclusions",
        summary="People whom no flow may touch for a while. Role Admin.",
        security=PERSON,
        answers={HTTPStatus.OK: (EntryList,)},
        problems=FOR_PEOPLE,
    ),
    Operation(
        method="put",
        path="/exclusions/{userId}",
        operation_id="put_exclusion",
        summary="Exclude a person until a day, or state it anew. Role Admin.",
        security=PERSON,
        body=EntryStatement,
        answers={HTTPStatus.OK: (EntryView,)},
        problems=ABOUT_ENTRIES,
    ),
    Operation(
        method="delete",
        path="/exclusions/{userId}",
        operation_id="delete_exclusion",
        summary="End an exclusion before its day. Two Admins within eight hours.",
        security=PERSON,
        answers={HTTPStatus.ACCEPTED: (EntryView,), HTTPStatus.NO_CONTENT: ()},
        problems=(*ABOUT_ENTRIES, HTTPStatus.NOT_FOUND),
    ),
    Operation(
        method="get",
        path="/budgets",
        operation_id="list_budgets",
        summary="What each flow has used up of its budgets, and which are held. Any role.",
        security=PERSON,
        answers={HTTPStatus.OK: (BudgetList,)},
        problems=FOR_PEOPLE,
    ),
    Operation(
        method="post",
        path="/budgets/{flow}/approve",
        operation_id="approve_budget",
        summary="Let a flow go on that is held: as much again in this hour or day. Role Approver.",
        security=PERSON,
        body=BudgetApproval,
        answers={HTTPStatus.OK: (BudgetList,)},
        problems=(
            *FOR_PEOPLE,
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.NOT_FOUND,
            HTTPStatus.CONFLICT,
        ),
    ),
    *SWEEP_OPERATIONS,
    Operation(
        method="get",
        path="/health",
        operation_id="health",
        summary="Each dependency: ok, or why not.",
        security=MACHINE,
        answers={HTTPStatus.OK: (Health,)},
        problems=ALWAYS,
    ),
    Operation(
        method="get",
        path="/openapi.json",
        operation_id="openapi",
        summary="This document.",
        security=MACHINE,
        answers={HTTPStatus.OK: ()},
        problems=ALWAYS,
    ),
)
