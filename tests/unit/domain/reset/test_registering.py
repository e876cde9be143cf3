"""From the reset to the registration: who registers, who blocks, who lifts."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from shared.domain.accounts import BlockedBy, NoAccount, SignInState
from shared.domain.actions import Look
from shared.domain.authentication import AuthenticationMethod, Unknown
from shared.domain.cases import Case, CaseState, EventType
from shared.domain.effects.sign_in import BlockSignIn, UnblockSignIn
from shared.domain.errors.resets import SuspectRegistration
from shared.domain.facts import Fact
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.reset.progress import LOG_LAGS, LOG_TELLS, Block
from shared.domain.reset.tickets import ResetReason
from tests.builders import AUTHENTICATOR, NOW, PASSWORD
from tests.unit.domain.reset.decisions import (
    HELLO,
    OATH,
    a_reset,
    a_reset_plan,
    advanced,
    decide,
    failed,
)

SHUT = AppPasswords.SHUT_BY_POLICY
SECONDS = timedelta(seconds=5)
LATER = NOW + timedelta(hours=1)
CLOSED = SignInState(open=False, password_changed_at=NOW - timedelta(days=90))


def waiting(reason: ResetReason = ResetReason.LOST, **progress: Any) -> Case:  # noqa: ANN401  (the fields of the progress)
    """A reset that waits for the person to register; Windows Hello was kept."""
    kept = (str(PASSWORD), str(HELLO))
    plan = a_reset_plan(reason)
    return a_reset(CaseState.WAITING_REGISTRATION, plan=plan, kept=kept, **progress)


def test_a_method_without_a_pass_is_told_at_once() -> None:
    """Then sessions are revoked, the account is blocked, and a human looks."""
    methods = (PASSWORD, HELLO, OATH)
    noted = advanced(decide(waiting(), LATER, methods=methods)).case
    assert (noted.reset.suspect_since, noted.wait_until) == (LATER, None)
    told = advanced(decide(noted, LATER, methods=methods))
    assert told.event is not None
    assert told.event.type is EventType.SUSPECT_REGISTRATION
    revoking = advanced(decide(told.case, LATER, methods=methods)).case
    assert revoking.change is not None
    revoked = LATER + SECONDS
    blocking = advanced(decide(told.case, revoked, methods=methods, sessions=revoked)).case
    assert blocking.change is not None
    assert blocking.change.effect == BlockSignIn()
    closed = waiting(suspect_since=LATER, alerted=True, block=Block.OURS)
    known: dict[str, Any] = {"methods": methods, "sessions": revoked, "sign_in": CLOSED}
    assert failed(decide(closed, revoked, **known)) is SuspectRegistration


def test_a_number_that_was_removed_takes_a_second_look() -> None:
    """A replica may lag; but a phone has the same id whatever its number."""
    was_there = waiting(removed=(str(AUTHENTICATOR),))
    methods = (PASSWORD, AUTHENTICATOR)
    noted = advanced(decide(was_there, LATER, methods=methods)).case
    assert noted.wait_until == LATER + SECONDS
    gone = waiting(removed=(str(AUTHENTICATOR),), suspect_since=LATER)
    still = advanced(decide(gone, LATER + SECONDS, methods=methods))
    assert still.event is not None
    assert still.event.type is EventType.SUSPECT_REGISTRATION
    passed = advanced(decide(gone, LATER + SECONDS, methods=(PASSWORD,)))
    assert passed.event is None


@pytest.mark.parametrize("kept", [(PASSWORD,), (PASSWORD, HELLO)])
@pytest.mark.parametrize(
    "state", [CaseState.CONTAINED, CaseState.METHODS_REMOVED, CaseState.WAITING_REGISTRATION]
)
def test_what_a_second_look_does_not_show_was_nothing(
    state: CaseState, kept: tuple[AuthenticationMethod, ...]
) -> None:
    """A replica lagged: nothing is left of it by which weaker tickets would be kept off."""
    seen = waiting(suspect_since=LATER, contained_at=NOW)
    seen = replace(seen, state=state, wait_until=LATER + SECONDS)
    passed = advanced(decide(seen, LATER + SECONDS, methods=kept))
    assert passed.case.reset.suspect_since is None
    told = replace(seen, reset=replace(seen.reset, alerted=True, app_passwords=SHUT))
    known: dict[str, Any] = {"methods": kept, "manager": NoAccount(), "registration_guarded": True}
    stays = advanced(decide(told, LATER + SECONDS, **known))
    assert stays.case.reset.suspect_since == LATER


def test_a_list_is_read_again_however_long_it_took_to_get_there() -> None:
    """What was read before `contained` is the first list, though seconds have passed since."""
    contained = replace(waiting(contained_at=NOW), state=CaseState.CONTAINED)
    known: dict[str, Any] = {"methods": (PASSWORD,), "manager": NoAccount()}
    again = advanced(decide(contained, LATER, **known)).case
    assert (again.state, again.wait_until) == (CaseState.CONTAINED, LATER)
    assert advanced(decide(again, LATER, **known)).case.state is CaseState.METHODS_REMOVED


def test_what_a_second_list_shows_for_certain_is_told_by_that_list() -> None:
    """No third list is asked, of a replica that may lag: a stranger's method is a stranger's."""
    contained = replace(waiting(contained_at=NOW), state=CaseState.CONTAINED)
    second = replace(contained, wait_until=NOW + SECONDS)
    known: dict[str, Any] = {"methods": (PASSWORD, OATH), "manager": NoAccount()}
    noted = advanced(decide(second, LATER, **known)).case
    assert noted.reset.suspect_since == LATER
    assert advanced(decide(noted, LATER, **known)).case.reset.alerted


def test_who_registers_with_a_pass_is_done() -> None:
    """What was kept does not count as new, nor does the pass itself."""
    collected = waiting(collected_at=NOW)
    looks = advanced(decide(collected, LATER, methods=(PASSWORD, HELLO))).case
    assert looks.state is CaseState.WAITING_REGISTRATION
    done = advanced(decide(collected, LATER, methods=(PASSWORD, HELLO, OATH))).case
    assert done.state is CaseState.COMPLETED


def test_a_pass_is_unused_only_if_a_later_look_says_so() -> None:
    """What was registered at the last moment, a replica tells late, and a slow look never."""
    over = LATER + SECONDS
    collected = waiting(collected_at=NOW, pass_until=LATER)
    looks = advanced(decide(collected, LATER, methods=(PASSWORD, HELLO))).case
    assert (looks.reset.collected_at, looks.wait_until) == (NOW, over)
    begun_sooner = replace(looks, wait_until=LATER)
    again = advanced(decide(begun_sooner, over, methods=(PASSWORD, HELLO))).case
    assert (again.reset.collected_at, again.wait_until) == (NOW, over)
    assert advanced(decide(again, over, methods=(PASSWORD, HELLO))).case.reset.collected_at is None
    done = advanced(decide(again, over, methods=(PASSWORD, HELLO, OATH))).case
    assert done.state is CaseState.COMPLETED


@pytest.mark.parametrize(
    ("by", "block"),
    [
        (BlockedBy.US, Block.OURS),
        (BlockedBy.OTHERS, Block.ELSEWHERE),
        (Unknown("403"), Block.ELSEWHERE),
    ],
)
def test_the_audit_log_decides_whose_block_it_is(by: BlockedBy | Unknown, block: Block) -> None:
    """Only where it names us alone is the block lifted."""
    case = waiting(collected_at=NOW, block=Block.OURS, blocked_at=NOW)
    known: dict[str, Any] = {"methods": (PASSWORD,), "sign_in": CLOSED}
    assert decide(case, LATER, **known) == Look(Fact.BLOCKED_BY)
    after = advanced(decide(case, LATER, **known, blocked_by=by)).case
    assert after.reset.block is block
    lifts = after.change is not None and after.change.effect == UnblockSignIn()
    assert lifts is (by is BlockedBy.US)


def test_a_log_that_lags_is_waited_for_and_not_for_ever() -> None:
    """It shows nobody for minutes; after half an hour a human decides."""
    case = waiting(collected_at=NOW, block=Block.OURS, blocked_at=NOW)
    known: dict[str, Any] = {"methods": (PASSWORD,), "sign_in": CLOSED}
    known["blocked_by"] = BlockedBy.NOBODY_YET
    waits = advanced(decide(case, NOW + LOG_TELLS, **known)).case
    assert (waits.reset.block, waits.change) == (Block.OURS, None)
    given_up = advanced(decide(case, NOW + LOG_LAGS, **known)).case
    assert given_up.reset.block is Block.ELSEWHERE


@pytest.mark.parametrize("changed_at", [None, NOW - timedelta(days=1), NOW])
def test_a_compromised_account_stays_blocked_until_the_password_is_new(
    changed_at: datetime | None,
) -> None:
    """Changed after the case began; when it was, is the directory's word."""
    case = waiting(ResetReason.COMPROMISED, collected_at=NOW, block=Block.OURS, blocked_at=NOW)
    known: dict[str, Any] = {"methods": (PASSWORD,), "blocked_by": BlockedBy.US}
    old = SignInState(open=False, password_changed_at=changed_at)
    assert advanced(decide(case, LATER, **known, sign_in=old)).case.change is None
    new = SignInState(open=False, password_changed_at=NOW + SECONDS)
    assert advanced(decide(case, LATER, **known, sign_in=new)).case.change is not None
