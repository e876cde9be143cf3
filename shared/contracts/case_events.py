"""The events about cases and parked messages, without secrets and without sign-in names."""

from datetime import datetime

import msgspec

from shared.contracts.cloud_events import Envelope, document
from shared.domain.cases import CaseEvent, CaseState, EventType
from shared.domain.ids import CaseId, UserId
from shared.domain.plans import CaseKind
from shared.domain.reset.app_passwords import AppPasswords


class EventData(msgspec.Struct, frozen=True, rename="camel", omit_defaults=True):
    """What an event says about its case, or about a message that made none.

    Attributes:
        kind: what the case is about, or what is asked for on the queue of the message.
        state: the state that it reached.
        case_id: the case; not there where a message was parked that makes none.
        parked_id: that message, in the list of what is parked.
        deadline: when the person must have registered, or a leaver's account must be disabled, once
            that is set.
        reason: the code of what ended or parked the case; of what will be done when it is overdue.
        observed: true where at least one change was only observed, and not made.
        ticket_id: the ticket that a reset answers.
        ticket_system: the system that sent that ticket, where the ticket says so.
        manager_id: object id of the person's manager: a notice of a reset is for both of them.
        removed: the types of the methods that the reset has removed, once a list shows it.
        app_passwords: what is known of the person's app passwords; never that they are revoked.
        left_to_do: what somebody still has to do: approve, collect-pass, register,
            delete-app-passwords, look-at-kept-methods, decide-about-block,
            lift-block.
    """

    kind: CaseKind
    state: CaseState
    case_id: CaseId | None = None
    parked_id: str | None = None
    deadline: datetime | None = None
    reason: str | None = None
    observed: bool = False
    ticket_id: str | None = None
    ticket_system: str | None = None
    manager_id: UserId | None = None
    removed: tuple[str, ...] = ()
    app_passwords: AppPasswords | None = None
    left_to_do: tuple[str, ...] = ()


class CloudEvent(Envelope[EventType, EventData], frozen=True, omit_defaults=True):
    """An event in the structured JSON format of CloudEvents 1.0.

    Attributes:
        specversion: always 1.0.
        id: case id and number; also the broker's message id. The same id is the same event.
        source: this system in this tenant.
        type: what happened.
        time: when it happened.
        datacontenttype: always application/json.
        data: what it says about the case.
        subject: the object id of the person, once the directory has named them.
    """

    subject: UserId | None = None


def event_id(case_id: CaseId, seq: int) -> str:
    """The id of a case's event; it is the broker's message id too."""
    return f"{case_id}-{seq:04}"


def parked_event_id(parked_id: str) -> str:
    """The id of the event about a parked message; likewise."""
    return f"parked-{parked_id}"


def cloud_event(case_id: CaseId, kind: CaseKind, event: CaseEvent, tenant_id: str) -> bytes:
    """The document of an event of a case."""
    data = EventData(
        case_id=case_id,
        kind=kind,
        state=event.state,
        deadline=event.deadline,
        reason=event.reason,
        observed=event.observed,
        ticket_id=event.ticket_id,
        ticket_system=event.ticket_system,
        manager_id=event.manager,
        removed=event.removed,
        app_passwords=event.app_passwords,
        left_to_do=event.left_to_do,
    )
    return document(
        CloudEvent,
        event_id(case_id, event.seq),
        event.type,
        data,
        at=event.at,
        tenant_id=tenant_id,
        subject=event.user_id,
    )


def parked_event(
    parked_id: str,
    kind: CaseKind,
    *,
    at: datetime,
    reason: str,
    ticket_id: str | None,
    tenant_id: str,
) -> bytes:
    """The document about a message that was parked and belongs to no case."""
    data = EventData(
        kind=kind,
        state=CaseState.PARKED,
        parked_id=parked_id,
        reason=reason,
        ticket_id=ticket_id,
    )
    return document(
        CloudEvent,
        parked_event_id(parked_id),
        EventType.PARKED,
        data,
        at=at,
        tenant_id=tenant_id,
    )
