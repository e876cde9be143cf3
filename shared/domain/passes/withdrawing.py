"""How a pass that nobody was given is made sure to be gone (safety rule S3)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from shared.domain.cases import Case, Step, StepOutcome
from shared.domain.errors import LifecycleError
from shared.domain.passes.given import Collection
from shared.domain.transitions import Transition, record

ACTION: Final = "withdraw-pass"

BETWEEN_LOOKS: Final = timedelta(seconds=5)
"""Two looks that far apart have to agree that there is no pass: replicas lag, and a request that
was not answered may still arrive."""


def seen_gone(collection: Collection, now: datetime) -> Collection | None:
    """A collection after a look that found no pass; None where that is proof enough."""
    if collection.gone_since is None:
        return replace(collection, gone_since=now)
    return collection if now - collection.gone_since < BETWEEN_LOOKS else None


def removed(case: Case, now: datetime) -> Transition:
    """The case after the first look that found no pass (any more)."""
    return record(
        case,
        now,
        action=ACTION,
        outcome=StepOutcome.UNVERIFIED,
        detail="The pass did not reach who asked for it. None is there; it is looked at again.",
    )


def withdrawn(case: Case, collection: Collection, now: datetime) -> Transition:
    """The case when it is certain that no pass is left."""
    collected = case.reset.collected_at
    if collected is not None and collected >= collection.begun_at:
        # It was put on record, and the answer got lost: nobody was given a pass after all.
        reset = case.reset.without_pass()
        case = replace(case, reset=reset, wait_until=case.wait_until and now)
    return record(
        case,
        now,
        action=ACTION,
        outcome=StepOutcome.DONE,
        detail="No pass is left that did not reach who asked for it.",
    )


def expired(case: Case, now: datetime) -> Transition:
    """The case when nobody could look for so long that any pass has expired."""
    return record(
        case,
        now,
        action=ACTION,
        outcome=StepOutcome.UNVERIFIED,
        detail="Nobody could look for a pass that may have been made; by now it has expired.",
    )


def not_withdrawn(
    case: Case, steps: Sequence[Step], error: LifecycleError, now: datetime
) -> Transition | None:
    """The case when nobody could look; None where its last entry says so already."""
    last = steps[-1] if steps else None
    if last is not None and (last.action, last.outcome) == (ACTION, StepOutcome.DEFERRED):
        return None
    return record(
        case,
        now,
        action=ACTION,
        outcome=StepOutcome.DEFERRED,
        detail=f"A pass may be left. {error.code}: {error.detail}",
    )
