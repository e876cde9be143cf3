"""A pass that was made, and the record that one is being made."""

from dataclasses import dataclass
from datetime import datetime

from shared.domain.ids import CaseId, UserId
from shared.domain.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenPass:
    """A Temporary Access Pass, as Graph hands it out: once, and never again.

    Attributes:
        value: the pass itself.
        starts_at: from when it can be used.
        expires_at: until when.
        usable_once: whether it can be used only once.
        unusable: why it can't be used at all, in Graph's word; None where it can.
    """

    value: Secret
    starts_at: datetime
    expires_at: datetime
    usable_once: bool
    unusable: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """A pass that is being collected. The record goes when the pass is about to be handed out.

    As long as it is there, the person may have a pass that nobody was given.

    Attributes:
        case_id: the case.
        user_id: the person whom the pass lets in.
        by: object id of the person who collects it.
        begun_at: when.
        ends_at: whatever was made has expired by then.
        gone_since: when a look first found no pass; None while none did.
    """

    case_id: CaseId
    user_id: UserId
    by: str
    begun_at: datetime
    ends_at: datetime
    gone_since: datetime | None = None
