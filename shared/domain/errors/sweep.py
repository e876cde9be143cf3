"""What keeps a sweep from running."""

from shared.domain.errors import Disposition, LifecycleError


class RunInProgress(LifecycleError):
    """A sweep goes on already; two at once would read everything twice."""

    code = "run-in-progress"
    disposition = Disposition.REFUSE
    remedy = "Wait for the run that goes on; GET /api/compliance/runs tells how far it is."
