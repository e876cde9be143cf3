"""Parts of a case that are a column each: what is planned, under way and approved, as JSON."""

from dataclasses import asdict
from datetime import datetime
from typing import Any, Final

import msgspec

from shared.adapters.tables.columns import Columns
from shared.domain.cases import Approval, CaseState, Change
from shared.domain.effects import EFFECTS
from shared.domain.plans import PLANS, CaseKind, Plan
from shared.domain.preparations import Preparation, Prepared
from shared.domain.reset.progress import ResetProgress

_NAMES: Final = {effect: name for name, effect in EFFECTS.items()}


def plan_text(plan: Plan) -> str:
    """The column of a plan."""
    return msgspec.json.encode(plan).decode()


def plan_of(columns: Columns) -> Plan:
    """The plan of a case.

    Raises:
        UnreadableRow: it is not what we write.
    """
    kind = columns.one_of("Kind", CaseKind)
    try:
        return msgspec.json.decode(columns.text("Plan"), type=PLANS[kind])
    except msgspec.DecodeError as error:
        raise columns.wrong(f"Plan is no plan of {kind}: {error}") from None


class _StoredChange(msgspec.Struct, forbid_unknown_fields=True):
    effect: str
    aim: dict[str, Any]
    before: str
    begun_at: datetime
    then: CaseState
    reads: int


def change_text(change: Change) -> str:
    """The column of a change."""
    return msgspec.json.encode(
        _StoredChange(
            effect=_NAMES[type(change.effect)],
            aim=asdict(change.effect),
            before=change.before,
            begun_at=change.begun_at,
            then=change.then,
            reads=change.reads,
        )
    ).decode()


def change_of(columns: Columns) -> Change | None:
    """The change under way, where there is one.

    Raises:
        UnreadableRow: it is not what we write.
    """
    text = columns.optional_text("Change")
    if text is None:
        return None
    try:
        stored = msgspec.json.decode(text, type=_StoredChange)
        effect = msgspec.convert(stored.aim, EFFECTS[stored.effect])
    except (msgspec.DecodeError, KeyError) as error:
        raise columns.wrong(f"Change is no change: {error}") from None
    return Change(
        effect=effect,
        before=stored.before,
        begun_at=stored.begun_at,
        then=stored.then,
        reads=stored.reads,
    )


def approval_text(approval: Approval) -> str:
    """The column of an approval."""
    return msgspec.json.encode(approval).decode()


def approval_of(columns: Columns) -> Approval | None:
    """The approval, where one was given.

    Raises:
        UnreadableRow: it is not what we write.
    """
    text = columns.optional_text("Approval")
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=Approval)
    except msgspec.DecodeError as error:
        raise columns.wrong(f"Approval is none: {error}") from None


def preparations_of(columns: Columns) -> dict[Preparation, Prepared]:
    """What of the preparation is behind a case.

    Raises:
        UnreadableRow: it is not what we write.
    """
    try:
        return msgspec.json.decode(columns.text("Preparations"), type=dict[Preparation, Prepared])
    except msgspec.DecodeError as error:
        raise columns.wrong(f"Preparations are none: {error}") from None


def reset_text(progress: ResetProgress) -> str:
    """The column of how far a reset has come."""
    return msgspec.json.encode(progress).decode()


def reset_of(columns: Columns) -> ResetProgress:
    """How far a reset has come.

    Raises:
        UnreadableRow: it is not what we write.
    """
    try:
        return msgspec.json.decode(columns.text("Reset"), type=ResetProgress)
    except msgspec.DecodeError as error:
        raise columns.wrong(f"Reset is no progress: {error}") from None
