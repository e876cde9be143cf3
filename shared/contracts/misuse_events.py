"""The event that tells of a misuse of our identity, about a change."""

import hashlib
from datetime import datetime
from typing import Final

import msgspec

from shared.contracts.cloud_events import Envelope, document
from shared.domain.ids import UserId
from shared.domain.sweep.reconciling import AuditLine
from shared.domain.sweep.runs import RunId

IDENTITY_MISUSE: Final = "mfa.identity.misuse"


class MisuseEventData(msgspec.Struct, frozen=True, rename="camel"):
    """What an event says about a change that one of our identities made, and no case of ours.

    Attributes:
        line_id: the line of Entra's audit log.
        activity: what was done, in the log's words.
        at: when.
        identity: which identity did it: its object id, or its client id where the log tells that.
        people: the object ids of the people whom it concerns.
        others: the ids of what else it concerns: groups, policies.
    """

    line_id: str
    activity: str
    at: datetime
    identity: str
    people: tuple[UserId, ...]
    others: tuple[str, ...]


class MoreMisuseData(msgspec.Struct, frozen=True, rename="camel"):
    """What an event says about changes of which none has an event of its own: there are too many.

    Attributes:
        run_id: the run that found them; it stands in `GET /api/compliance/runs/{runId}`.
        more: how many of them there are, beside those that it told one by one.
    """

    run_id: RunId
    more: int


class MisuseEvent(Envelope[str, MisuseEventData], frozen=True, omit_defaults=True):
    """An event in the structured JSON format of CloudEvents 1.0.

    Attributes:
        specversion: always 1.0.
        id: the same id is the same line of the log; also the broker's message id.
        source: this system in this tenant.
        type: always mfa.identity.misuse.
        time: when the change was made.
        datacontenttype: always application/json.
        data: what it says about the change.
        subject: the person's object id, where it concerns one person.
    """

    subject: UserId | None = None


class MoreMisuseEvent(Envelope[str, MoreMisuseData], frozen=True):
    """The one event of a run that found too many to tell them one by one.

    Attributes:
        specversion: always 1.0.
        id: the same id is the same run; also the broker's message id.
        source: this system in this tenant.
        type: always mfa.identity.misuse.
        time: until when the run has read the log.
        datacontenttype: always application/json.
        data: how many more there are.
    """


def misuse_event_id(line: AuditLine) -> str:
    """The id of the event of a line, which may be longer than a message id can be."""
    return f"misuse-{hashlib.sha256(line.line_id.encode()).hexdigest()}"


def misuse_event(line: AuditLine, tenant_id: str) -> bytes:
    """The document of an event."""
    data = MisuseEventData(
        line_id=line.line_id,
        activity=line.activity,
        at=line.at,
        identity=line.identity,
        people=line.people,
        others=line.others,
    )
    return document(
        MisuseEvent,
        misuse_event_id(line),
        IDENTITY_MISUSE,
        data,
        at=line.at,
        tenant_id=tenant_id,
        subject=line.people[0] if len(line.people) == 1 else None,
    )


def more_misuse_event_id(run_id: RunId) -> str:
    """The id of the event of those that are too many."""
    return f"misuse-{run_id}"


def more_misuse_event(run_id: RunId, more: int, at: datetime, tenant_id: str) -> bytes:
    """The document of that event."""
    return document(
        MoreMisuseEvent,
        more_misuse_event_id(run_id),
        IDENTITY_MISUSE,
        MoreMisuseData(run_id=run_id, more=more),
        at=at,
        tenant_id=tenant_id,
    )
