"""Tallies, records and approvals as rows of the table `Budgets`, and back."""

from datetime import datetime
from typing import Final

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.keys import ascending, escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow
from shared.domain.budgets.flows import Flow
from shared.domain.budgets.limits import Allowance
from shared.domain.budgets.tally import Hold, Leave, Tally, Window

FLOWS: Final = "flows"
"""The partition that lists the flows; the name of a flow holds a dot, so none is called so."""
TALLY_KEY: Final = "tally"
_RECORD: Final = "record:"
_LINE: Final = "at:"


def partition_of(flow: Flow) -> str:
    """Where everything of a flow stands."""
    return escaped(flow.name)


def record_key(key: str) -> str:
    """The key of a record."""
    return f"{_RECORD}{escaped(key)}"


def flow_row(flow: Flow) -> Row:
    """The line of a flow in the list of them."""
    return {"PartitionKey": FLOWS, "RowKey": escaped(flow.name), "Name": flow.name}


def flow_of(row: StoredRow) -> Flow:
    """The flow of a line.

    Raises:
        UnreadableRow: it names none.
    """
    columns = Columns(row)
    flow = Flow.named(columns.text("Name"))
    if flow is None:
        raise columns.wrong("Name is no flow")
    return flow


def record_row(flow: Flow, key: str, now: datetime) -> Row:
    """The record that something was counted."""
    return {"PartitionKey": partition_of(flow), "RowKey": record_key(key), "At": now}


def line_row(flow: Flow, key: str, now: datetime) -> Row:
    """The line of a record, by time."""
    return {
        "PartitionKey": partition_of(flow),
        "RowKey": f"{_LINE}{ascending(now)}:{escaped(key)}",
        "Record": record_key(key),
    }


def lines_before(flow: Flow, before: datetime) -> tuple[str, dict[str, str]]:
    """The condition that finds the lines from before a moment, and its values."""
    return (
        "PartitionKey eq @flow and RowKey ge @first and RowKey lt @end",
        {"flow": partition_of(flow), "first": _LINE, "end": f"{_LINE}{ascending(before)}"},
    )


def record_of_line(line: StoredRow) -> str:
    """The key of the record that a line stands for."""
    return Columns(line).text("Record")


def approval_row(before: Tally, after: Tally) -> Row:
    """What stays on record of an approval.

    Raises:
        TypeError: the tallies are not those from before and after one.
    """
    if before.hold is None or after.leave is None:
        raise TypeError("Nothing was approved.")
    leave = after.leave
    return {
        "PartitionKey": partition_of(after.flow),
        "RowKey": f"approval:{ascending(leave.at)}:{leave.hold_id}",
        "HoldId": leave.hold_id,
        "HeldSince": before.hold.since,
        "PerHour": before.hold.allowance.per_hour,
        "PerDay": before.hold.allowance.per_day,
        "ApprovedBy": leave.by,
        "ApprovedAt": leave.at,
    }


def tally_row(tally: Tally) -> Row:
    """The row of a tally."""
    hold, leave = tally.hold, tally.leave
    return {
        "PartitionKey": partition_of(tally.flow),
        "RowKey": TALLY_KEY,
        "Hour": tally.hour.starts,
        "HourCount": tally.hour.count,
        "HourCleared": tally.hour.cleared,
        "Day": tally.day.starts,
        "DayCount": tally.day.count,
        "DayCleared": tally.day.cleared,
        "HoldId": None if hold is None else hold.hold_id,
        "HeldSince": None if hold is None else hold.since,
        "HeldPerHour": None if hold is None else hold.allowance.per_hour,
        "HeldPerDay": None if hold is None else hold.allowance.per_day,
        "Announced": None if hold is None else hold.announced,
        "ApprovedHold": None if leave is None else leave.hold_id,
        "ApprovedBy": None if leave is None else leave.by,
        "ApprovedAt": None if leave is None else leave.at,
    }


def tally_of(row: StoredRow, flow: Flow) -> Tally:
    """The tally of a row.

    Raises:
        UnreadableRow: it is not what we write.
    """
    columns = Columns(row)
    return Tally(
        flow=flow,
        hour=_window(columns, "Hour"),
        day=_window(columns, "Day"),
        hold=_hold(columns),
        leave=_leave(columns),
    )


def _window(columns: Columns, name: str) -> Window:
    return Window(
        starts=columns.moment(name),
        count=columns.number(f"{name}Count"),
        cleared=columns.number(f"{name}Cleared"),
    )


def _hold(columns: Columns) -> Hold | None:
    if not columns.has("HoldId"):
        return None
    return Hold(
        hold_id=columns.text("HoldId"),
        since=columns.moment("HeldSince"),
        allowance=Allowance(
            per_hour=columns.number("HeldPerHour"), per_day=columns.number("HeldPerDay")
        ),
        announced=columns.flag("Announced"),
    )


def _leave(columns: Columns) -> Leave | None:
    if not columns.has("ApprovedHold"):
        return None
    return Leave(
        hold_id=columns.text("ApprovedHold"),
        by=columns.text("ApprovedBy"),
        at=columns.moment("ApprovedAt"),
    )
