"""What keeps a sweep from running."""

from shared.domain.errors import Disposition, LifecycleError


class RunInProgress(LifecycleError):
    """A sweep goes on already; two at once would read everything twice."""

    code = "run-in-progress"
    disposition = Disposition.REFUSE
    remedy = "Wait for the run that goes on; GET /api/compliance/runs tells how far it is."


class RunNotJudged(LifecycleError):
    """The findings of a run that has not judged everybody: it goes on, or was given up."""

    code = "run-not-judged"
    disposition = Disposition.REFUSE
    remedy = "Wait until it is completed or partial, or ask for an earlier run."


class IdentitiesUnknown(LifecycleError):
    """Nobody has said, or no longer rightly, which identities our apps have."""

    code = "identities-unknown"
    disposition = Disposition.PARK
    remedy = "Deploy the infrastructure anew, which sets MFA_IDENTITIES, or set it by hand."
