"""What operators read and send about budgets."""

from datetime import datetime
from typing import Annotated, Self

import msgspec

from shared.contracts.mistakes import mistake
from shared.domain.budgets.flows import Budget
from shared.domain.budgets.limits import Allowance
from shared.domain.budgets.tally import Tally, Window
from shared.domain.errors.requests import InvalidRequest
from shared.domain.ids import SourceName


class WindowView(msgspec.Struct, frozen=True, rename="camel"):
    """An hour or a day of a flow.

    Attributes:
        since: its beginning, in UTC.
        used: how much was counted in it, since the last approval in it.
        limit: how much is allowed now.
    """

    since: datetime
    used: int
    limit: int

    @classmethod
    def of(cls, window: Window, limit: int) -> Self:
        """The view of a window."""
        return cls(since=window.starts, used=window.used, limit=limit)


class BudgetView(msgspec.Struct, frozen=True, rename="camel"):
    """What a flow has used up.

    Attributes:
        flow: its name: the effect and the source.
        effect: what is counted.
        source: who asks for it.
        hour: the present hour.
        day: the present day.
        hold_id: what an approval has to name; null where the flow goes on.
        held_since: since when it stands still.
        approved_by: object id of the person who last let it go on.
        approved_at: when.
    """

    flow: str
    effect: Budget
    source: SourceName
    hour: WindowView
    day: WindowView
    hold_id: str | None
    held_since: datetime | None
    approved_by: str | None
    approved_at: datetime | None

    @classmethod
    def of(cls, tally: Tally, allowance: Allowance) -> Self:
        """The view of a tally."""
        return cls(
            flow=tally.flow.name,
            effect=tally.flow.budget,
            source=tally.flow.source,
            hour=WindowView.of(tally.hour, allowance.per_hour),
            day=WindowView.of(tally.day, allowance.per_day),
            hold_id=None if tally.hold is None else tally.hold.hold_id,
            held_since=None if tally.hold is None else tally.hold.since,
            approved_by=None if tally.leave is None else tally.leave.by,
            approved_at=None if tally.leave is None else tally.leave.at,
        )


class BudgetList(msgspec.Struct, frozen=True, rename="camel"):
    """Every flow of which anything was ever counted, by name."""

    value: tuple[BudgetView, ...]


class BudgetApproval(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """A person's word that a flow may go on.

    Attributes:
        hold_id: the hold that they have read of.
    """

    hold_id: Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{32}(?!\n)$")]


def decode_budget_approval(body: bytes) -> BudgetApproval:
    """The approval in a request.

    Raises:
        InvalidRequest: the body is none; the detail names the field.
    """
    try:
        return msgspec.json.decode(body, type=BudgetApproval)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise InvalidRequest(f"The body is not an approval: {mistake(error)}") from error
