"""All operations of the HTTP API: who may call each, what it takes, what it answers."""

from http import HTTPStatus
from typing import Final

from shared.contracts.case_operations import CASE_OPERATIONS
from shared.contracts.control_operations import CONTROL_OPERATIONS
from shared.contracts.health_view import Health
from shared.contracts.operation import ALWAYS, MACHINE, Operation
from shared.contracts.sweep_operations import SWEEP_OPERATIONS

OPERATIONS: Final = (
    *CASE_OPERATIONS,
    *CONTROL_OPERATIONS,
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
