"""Whether a case of ours had a change made that Entra's audit log shows under our name.

A case announces every change in its own records before it writes it (safety rule S3). So a change
that one of our identities made, and that no case had announced just before, is none of ours:
somebody else acts in our name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.authentication import Unknown
from shared.domain.cases import Step, StepOutcome
from shared.domain.effects.groups import is_about
from shared.domain.ids import GroupId, UserId
from shared.domain.ledger import Span
from shared.domain.passes import withdrawing
from shared.domain.sweep.activities import GROUPS, IN_THE_LOG, Sources, is_never_ours, sources

CLOCKS_DIFFER: Final = timedelta(minutes=2)
"""How far the directory's clock may be from ours."""
LASTS: Final = timedelta(minutes=15)
"""How long after its announcement a change may be made: methods go one after the other."""
WITHDRAWAL_LASTS: Final = timedelta(hours=1)
"""How long before it is on record a pass may have been withdrawn: it is proven gone first."""


class Ruling(StrEnum):
    """Whose a change is."""

    OURS = "ours"
    """A case had it made."""
    MISUSE = "misuse"
    """No case had it made."""
    UNKNOWN = "unknown"
    """Nobody can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditLine:
    """A change that one of our identities made, as the directory's audit log tells it.

    Attributes:
        line_id: the log's id of the line.
        activity: what was done, in the log's words.
        at: when.
        identity: which identity did it.
        people: whom it concerns.
        others: what else it concerns: groups, policies.
        nameless: whether it also concerns something that the log does not name.
        reason: what else the log says about it; empty where it says nothing.
        values: the new values by property, as far as it tells them, in small letters.
    """

    line_id: str
    activity: str
    at: datetime
    identity: str
    people: tuple[UserId, ...] = ()
    others: tuple[str, ...] = ()
    nameless: bool = False
    reason: str = ""
    values: Mapping[str, str] = field(default_factory=dict, hash=False)


def rule(line: AuditLine, records: Mapping[UserId, Sequence[Step] | Unknown]) -> Ruling:
    """Whose a change is.

    Args:
        line: the change.
        records: the audit entries of the cases about each person; `Unknown` where they can't be
            read.
    """
    if is_never_ours(line.activity):
        return Ruling.MISUSE
    made_by = sources(line.activity, line.reason, line.values)
    if not line.people:
        # Our cases change people only. Of whom, a line may fail to say.
        is_untold = line.nameless or not line.others
        return Ruling.UNKNOWN if made_by is not None and is_untold else Ruling.MISUSE
    rulings = {_of_person(line, made_by, records[person]) for person in line.people}
    if Ruling.MISUSE in rulings:
        return Ruling.MISUSE
    return Ruling.UNKNOWN if Ruling.UNKNOWN in rulings else Ruling.OURS


def was_written(steps: Sequence[Step], span: Span) -> bool:
    """Whether a case announced a change in a time, and then proved it: the log has to show one."""
    begun: set[str] = set()
    for step in steps:
        if not span.since <= step.at <= span.until or step.action not in IN_THE_LOG:
            continue
        if step.outcome is StepOutcome.BEGUN:
            begun.add(step.action)
        elif step.outcome is StepOutcome.DONE and step.action in begun:
            return True
    return False


def _of_person(line: AuditLine, made_by: Sources | None, steps: Sequence[Step] | Unknown) -> Ruling:
    if isinstance(steps, Unknown):
        return Ruling.UNKNOWN
    near = [step for step in steps if _covers(step, line.at)]
    if made_by is None:
        # The directory may write it beside what the case did, in words that we don't know.
        return Ruling.UNKNOWN if near else Ruling.MISUSE
    actions = {step.action for step in near if _is_group_of(step, line)}
    if actions & made_by.certain:
        names_no_group = made_by.certain <= GROUPS and not line.others
        return Ruling.UNKNOWN if names_no_group else Ruling.OURS
    return Ruling.UNKNOWN if actions & made_by.possible else Ruling.MISUSE


def _is_group_of(step: Step, line: AuditLine) -> bool:
    """Whether what was announced of a group is about the one that the line tells of."""
    if step.action not in GROUPS or not line.others:
        return True
    return all(is_about(step.before, GroupId(group)) for group in line.others)


def _covers(step: Step, at: datetime) -> bool:
    """Whether a change of this moment may be the one that an audit entry tells of."""
    if step.action == withdrawing.ACTION:
        # The one removal that is told only after it was made.
        return step.at - WITHDRAWAL_LASTS <= at <= step.at + CLOCKS_DIFFER
    is_begun = step.outcome is StepOutcome.BEGUN
    return is_begun and step.at - CLOCKS_DIFFER <= at <= step.at + LASTS
