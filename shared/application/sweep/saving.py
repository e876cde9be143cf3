"""Stores how far a run has come."""

from typing import Final

from shared.application.ports.runs import Runs, StoredRun
from shared.domain.errors.storage import Conflict
from shared.domain.sweep.runs import Run

_ATTEMPTS: Final = 5


async def save_further(runs: Runs, stored: StoredRun, run: Run) -> StoredRun:
    """Store a run, though others have noted meanwhile that it waits, or was taken up again.

    Were that a conflict, two workers that both have to wait could keep each other from ever coming
    further.

    Raises:
        Conflict: another worker has come further, or the run is forgotten.
    """
    for _ in range(_ATTEMPTS):
        try:
            return await runs.save(stored, run)
        except Conflict:
            found = await runs.load(run.run_id)
            if found is None or not found.run.is_as_far_as(stored.run):
                raise
            stored = found
    raise Conflict(f"Run {run.run_id} changes all the time.")
