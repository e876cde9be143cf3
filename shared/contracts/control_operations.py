"""The operations of the HTTP API by which people control it: modes, registries, budgets, parked."""

from http import HTTPStatus
from typing import Final

from shared.contracts.budget_view import BudgetApproval, BudgetList
from shared.contracts.control_view import ControlChange, ControlView
from shared.contracts.operation import ABOUT_ENTRIES, FOR_PEOPLE, PERSON, TOKEN, Operation
from shared.contracts.parked_view import ParkedList, Replayed
from shared.contracts.registry_view import EntryList, EntryStatement, EntryView

CONTROL_OPERATIONS: Final = (
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
)
