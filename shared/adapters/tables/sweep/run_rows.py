"""Runs as rows of the table `Runs`, and back.

All runs stand in one partition, so that what belongs together changes in one transaction: a run,
its line in the list, and the row that names the run that goes on. What a run has read of the tenant
has a partition of its own.
"""

import re
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

import msgspec

from shared.adapters.tables.columns import Columns
from shared.adapters.tables.keys import descending, escaped
from shared.adapters.tables.rules import Row
from shared.adapters.tables.store import StoredRow
from shared.adapters.tables.sweep.packing import Form, content_of, packed_columns
from shared.adapters.tables.sweep.totals_form import KeptTotals, kept, totals_in
from shared.application.ports.runs import StoredRun
from shared.domain.sweep.runs import Run, RunId, RunState
from shared.domain.sweep.tenant import TenantReading

RUNS: Final = "runs"
"""The partition of all runs. A tenant's begins in another way."""
CURRENT: Final = "current"
NEWEST: Final = "newest_"
NEWEST_END: Final = "newest`"
"""The first key behind those of the list."""
_TOKEN: Final = re.compile(r"newest_\d{18}_[A-Za-z0-9._@=-]{1,400}")

_ENCODER: Final = msgspec.json.Encoder(order="deterministic")
TENANT: Final[Form[TenantReading]] = Form(
    "tenant-2", _ENCODER.encode, msgspec.json.Decoder(TenantReading).decode
)


def _write_run(run: Run) -> bytes:
    told = msgspec.to_builtins(replace(run, totals=None), order="deterministic")
    if run.totals is not None:
        told["totals"] = msgspec.to_builtins(kept(run.totals), order="deterministic")
    return msgspec.json.encode(told)


def _read_run(octets: bytes) -> Run:
    told = msgspec.json.decode(octets, type=dict[str, Any])
    totals = msgspec.convert(told.pop("totals", None), KeptTotals | None)
    run = msgspec.convert(told, Run)
    return run if totals is None else replace(run, totals=totals_in(totals))


RUN: Final[Form[Run]] = Form("run-2", _write_run, _read_run)


def run_key(run_id: RunId) -> str:
    """The row key of a run."""
    return f"run_{escaped(run_id)}"


def tenant_partition(run_id: RunId) -> str:
    """Where what a run has read of the tenant stands."""
    return f"tenant_{escaped(run_id)}"


def line_key(run_id: RunId, started_at: datetime) -> str:
    """The row key of a run's line in the list, which is sorted by when they began."""
    return f"{NEWEST}{descending(started_at)}_{escaped(run_id)}"


def older_than(moment: datetime) -> str:
    """Behind it stand the lines of the runs that began before a moment, and of none then."""
    return f"{NEWEST}{descending(moment)}`"


def is_token(text: str) -> bool:
    """Whether a page of the list may have ended with it."""
    return _TOKEN.fullmatch(text) is not None


def run_row(run: Run) -> Row:
    """The row of a run. What has to be known of any run has columns of its own."""
    return {
        "PartitionKey": RUNS,
        "RowKey": run_key(run.run_id),
        "State": run.state.value,
        "Stage": run.stage.value,
        "StartedAt": run.started_at,
        "FinishedAt": run.finished_at,
        **packed_columns(RUN, run),
    }


def stored_run(row: StoredRow) -> StoredRun:
    """The run of a row.

    Raises:
        UnreadableRow: it is not what we write.
    """
    return StoredRun(run=content_of(Columns(row), RUN), version=row.etag)


def is_running(row: StoredRow) -> bool:
    """Whether the run of a row goes on, however the rest of it was written."""
    return Columns(row).text("State") == RunState.RUNNING


def began_at(row: StoredRow) -> datetime:
    """When the run of a row began, however the rest of it was written."""
    return Columns(row).moment("StartedAt")


def line_row(run: Run) -> Row:
    """The line of a run in the list."""
    return {
        "PartitionKey": RUNS,
        "RowKey": line_key(run.run_id, run.started_at),
        "RunId": run.run_id,
    }


def current_row(run: Run) -> Row:
    """The row that names the run that goes on."""
    return {"PartitionKey": RUNS, "RowKey": CURRENT, "RunId": run.run_id}


def named_by(row: StoredRow) -> RunId:
    """The run that a line, or the row of the run that goes on, names."""
    return RunId(Columns(row).text("RunId"))
