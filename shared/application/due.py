"""When recovery should look at a case that nobody moved.

The store keeps a row for each of these moments; recovery takes up the cases whose moment is past.
"""

from datetime import datetime, timedelta
from typing import Final

from shared.domain.cases import Case

LATE: Final = timedelta(seconds=45)
"""How late the scheduled message of a waiting case may be before recovery sends another.

Longer than a delivery, a cold start and the work itself together; with the one-minute timer a lost
message is made good within two minutes.
"""

SILENT: Final = timedelta(seconds=60)
"""How long a case that waits for nothing may stand still, and an event may stay unpublished.

A worker that died keeps its lease on the person for 60 seconds; a message sent sooner would only
be deferred.
"""


def work_due(case: Case) -> datetime | None:
    """When the case should have moved by itself; None where it never will."""
    if not case.unfinished:
        return None
    return case.updated_at + SILENT if case.wait_until is None else case.wait_until + LATE


def publishing_due(case: Case) -> datetime:
    """When the events of the case's last transition should have been published."""
    return case.updated_at + SILENT
