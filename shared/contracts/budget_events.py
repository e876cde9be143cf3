"""The event that tells of a hold, about a flow and no case."""

from datetime import datetime
from typing import Final

import msgspec

from shared.contracts.cloud_events import Envelope, document
from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.tally import Hold
from shared.domain.ids import SourceName

BUDGET_HELD: Final = "mfa.budget.held"


class BudgetEventData(msgspec.Struct, frozen=True, rename="camel"):
    """What an event says about a flow.

    Attributes:
        flow: its name; it stands in `POST /api/budgets/{flow}/approve`.
        effect: what is counted.
        source: who asks for it.
        hold_id: what an approval has to name.
        held_since: since when the flow stands still.
        per_hour: how much was allowed in an hour.
        per_day: the same in a day.
    """

    flow: str
    effect: Budget
    source: SourceName
    hold_id: str
    held_since: datetime
    per_hour: int
    per_day: int


class BudgetEvent(Envelope[str, BudgetEventData], frozen=True):
    """An event in the structured JSON format of CloudEvents 1.0.

    Attributes:
        specversion: always 1.0.
        id: the same id is the same hold; also the broker's message id.
        source: this system in this tenant.
        type: always mfa.budget.held.
        time: when the flow was held.
        datacontenttype: always application/json.
        data: what it says about the flow.
    """


def budget_event_id(hold: Hold) -> str:
    """The id of the event of a hold; it is the broker's message id too."""
    return f"budget-{hold.hold_id}"


def budget_event(flow: Flow, hold: Hold, tenant_id: str) -> bytes:
    """The document of an event."""
    data = BudgetEventData(
        flow=flow.name,
        effect=flow.budget,
        source=flow.source,
        hold_id=hold.hold_id,
        held_since=hold.since,
        per_hour=hold.allowance.per_hour,
        per_day=hold.allowance.per_day,
    )
    return document(
        BudgetEvent,
        budget_event_id(hold),
        BUDGET_HELD,
        data,
        at=hold.since,
        tenant_id=tenant_id,
    )
