"""Makes rows of what Graph tells of people."""

from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final

from shared.adapters.graph.sweep.answers import PersonAnswer, RegistrationAnswer
from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.ids import UserId
from shared.domain.posture.means import REPORTED, Means
from shared.domain.sweep.rows import PersonRow, RegistrationRow

_EXTERNAL: Final = "#EXT#"
_GUEST: Final = "guest"
_AGENT: Final = "#microsoft.graph.agentuser"
_AHEAD: Final = timedelta(days=90)
_STATES: Final = {state.value: state for state in PerUserMfaState}


def person_row(told: PersonAnswer) -> PersonRow:
    """A person. Nobody is blocked who is not said to be; no state is made up."""
    name = told.user_principal_name or ""
    state = told.per_user_mfa_state
    made = told.created_date_time
    since = _since(told.employee_hire_date, made)
    kind = told.odata_type
    return PersonRow(
        user_id=UserId(told.id.lower()),
        sign_in_name=name,
        display_name=told.display_name or "",
        department=told.department or "",
        enabled=told.account_enabled is not False,
        guest=_guest(told),
        licensed=bool(told.assigned_licenses),
        numbered=bool(told.employee_id),
        since=_in_utc(since),
        made=_in_utc(made),
        state=None if state is None else _STATES.get(state.lower()),
        agent=kind is not None and kind.lower() == _AGENT,
    )


def registration_row(told: RegistrationAnswer) -> RegistrationRow | None:
    """What somebody has registered, as the report tells it; None where it leaves that out."""
    words, capable = told.methods_registered, told.is_mfa_capable
    if words is None or capable is None:
        return None
    return RegistrationRow(
        user_id=UserId(told.id.lower()),
        means=_means(tuple(words)),
        capable=capable,
        sspr_registered=told.is_sspr_registered is True,
        sspr_enabled=told.is_sspr_enabled is True,
        sspr_capable=told.is_sspr_capable is True,
    )


def _guest(told: PersonAnswer) -> GuestKind | None:
    """Which kind of guest; who is not called one is a member, wherever their account is from.

    An invited account has a state of its invitation, even where it was given another name.
    https://learn.microsoft.com/entra/external-id/user-properties
    """
    name, user_type = told.user_principal_name or "", told.user_type
    is_external = ("#" in name and _EXTERNAL in name.upper()) or bool(told.external_user_state)
    if user_type is None or user_type.lower() != _GUEST:
        return GuestKind.COLLABORATION_MEMBER if is_external else None
    return GuestKind.COLLABORATION_GUEST if is_external else GuestKind.INTERNAL_GUEST


def _since(hired: datetime | None, created: datetime | None) -> datetime | None:
    """Since when somebody is here. An account is made some weeks ahead, not years."""
    if hired is None or created is None:
        return created
    return hired if hired - created <= _AHEAD else created


def _in_utc(moment: datetime | None) -> datetime | None:
    if moment is None or moment.tzinfo is UTC:
        return moment
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        # In the first or the last hours of all time.
        return moment.replace(tzinfo=UTC)


@lru_cache(maxsize=4096)
def _means(words: tuple[str, ...]) -> frozenset[Means]:
    """What the report's words mean. Few combinations of them are in use."""
    return frozenset(REPORTED.get(word.casefold(), Means.UNRECOGNISED) for word in words)
