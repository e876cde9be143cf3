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


EARLY: Final = timedelta(seconds=30)
"""How long before its moment recovery may look at a case that is at work.

One step follows another within milliseconds there, and so that not each of them has to plant a row
of its own, that of an earlier one may stand in. Recovery reads the case and sends a command, which
meets the lease of a worker that lives.
"""


def work_due(case: Case) -> datetime | None:
    """When the case should have moved by itself; None where it never will."""
    if not case.unfinished:
        return None
    return case.updated_at + SILENT if case.wait_until is None else case.wait_until + LATE


def stands_in(planted: datetime, case: Case) -> bool:
    """Whether a row for this moment does for a case that is at work, so that none is written.

    Its moment is still to come for that long that no recovery can have postponed it.
    """
    work = work_due(case)
    return work is not None and case.wait_until is None and work - EARLY <= planted <= work


def publishing_due(case: Case) -> datetime:
    """When the events of the case's last transition should have been published."""
    return case.updated_at + SILENT
