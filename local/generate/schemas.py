"""Generate the schemas that outsiders rely on: the OpenAPI document, queue messages and events.

python -m local.generate.schemas [--check]
"""

import json
import sys
from typing import Any

import msgspec

from local.generate.files import ROOT, write_or_check
from shared.contracts.budget_events import BudgetEvent
from shared.contracts.case_events import CloudEvent
from shared.contracts.commands import AdvanceCase
from shared.contracts.hr_events import HrEvent
from shared.contracts.misuse_events import MisuseEvent, MoreMisuseEvent
from shared.contracts.openapi import document
from shared.contracts.reset_ticket import ResetTicket

FOLDER = ROOT / "docs" / "schemas"


def documents() -> dict[str, dict[str, Any]]:
    """Every schema by its file name."""
    return {
        "openapi.json": document(),
        "hr-event.json": msgspec.json.schema(HrEvent),
        "queue-onboarding.json": msgspec.json.schema(AdvanceCase),
        "queue-resets.json": msgspec.json.schema(ResetTicket),
        "event.json": msgspec.json.schema(CloudEvent),
        "budget-event.json": msgspec.json.schema(BudgetEvent),
        "misuse-event.json": msgspec.json.schema(MisuseEvent),
        "more-misuse-event.json": msgspec.json.schema(MoreMisuseEvent),
    }


def main() -> int:
    """The command line; see the module's docstring."""
    files = {
        FOLDER / name: json.dumps(schema, indent=2, ensure_ascii=False) + "\n"
        for name, schema in documents().items()
    }
    return write_or_check(files, module="local.generate.schemas")


if __name__ == "__main__":
    sys.exit(main())
