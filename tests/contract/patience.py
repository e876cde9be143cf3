"""How long a store of the tests waits for Azurite."""

from shared.adapters.tables.store import Patience


def patient(*pauses: float) -> Patience:
    """Waits as long as a busy test machine needs, and tries again after these pauses alone."""
    return Patience(answer_within=20, attempt_within=10, pauses=pauses)
