"""Whose a change is that Entra's audit log shows under our name, and what is read of the log."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from shared.domain.authentication import Unknown
from shared.domain.cases import Step, StepOutcome
from shared.domain.effects import EFFECTS
from shared.domain.ids import UserId
from shared.domain.ledger import Span
from shared.domain.sweep.reconciliation import Reconciliation, begun, gap
from shared.domain.sweep.reconciling import ACTIONS, AuditLine, Ruling, rule

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KIM = UserId("a0000000-0000-4000-8000-000000000001")
LEE = UserId("a0000000-0000-4000-8000-000000000002")
GROUP = "b0000000-0000-4000-8000-000000000003"
STATE = "Update per-user multifactor authentication state"
UNREADABLE = Unknown("unreadable-row: it is not what we write.")


def line(activity: str = STATE, *people: UserId, others: tuple[str, ...] = ()) -> AuditLine:
    """A change at noon."""
    return AuditLine(
        line_id="line-1", activity=activity, at=NOON, identity="us", people=people, others=others
    )


def step(
    action: str = "enforce",
    minutes: float = -1,
    outcome: StepOutcome = StepOutcome.BEGUN,
) -> Step:
    """An audit entry of a case, so many minutes after noon."""
    return Step(seq=1, at=NOON + minutes * MINUTE, action=action, outcome=outcome)


@pytest.mark.parametrize(
    ("activity", "steps", "ruling"),
    [
        pytest.param(STATE, [step()], Ruling.OURS, id="announced just before"),
        pytest.param(STATE, [], Ruling.MISUSE, id="no case at all"),
        pytest.param(STATE, [step(minutes=-16)], Ruling.MISUSE, id="announced long before"),
        pytest.param(STATE, [step(minutes=-14)], Ruling.OURS, id="writing takes a while"),
        pytest.param(STATE, [step(minutes=1.5)], Ruling.OURS, id="the clocks differ"),
        pytest.param(STATE, [step(minutes=3)], Ruling.MISUSE, id="announced after it was made"),
        pytest.param(
            STATE, [step("revoke-sessions")], Ruling.MISUSE, id="another effect was announced"
        ),
        pytest.param(
            STATE,
            [step("would-enforce", outcome=StepOutcome.WOULD)],
            Ruling.MISUSE,
            id="a case that observes changes nothing",
        ),
        pytest.param(
            STATE,
            [step(outcome=StepOutcome.DONE)],
            Ruling.MISUSE,
            id="a state that was found and not written",
        ),
        pytest.param(STATE.upper(), [step("disable")], Ruling.OURS, id="in whatever letters"),
        pytest.param(
            "Update StsRefreshTokenValidFrom Timestamp",
            [step("block-sign-in")],
            Ruling.OURS,
            id="blocking ends sessions",
        ),
        pytest.param(
            "Admin deleted security info", [step("remove-methods")], Ruling.OURS, id="a removal"
        ),
        pytest.param(
            "Admin deleted security info",
            [step("withdraw-pass", minutes=20, outcome=StepOutcome.DONE)],
            Ruling.OURS,
            id="a withdrawal is on record once it is proven",
        ),
        pytest.param(
            "Admin deleted security info",
            [step("withdraw-pass", minutes=-5, outcome=StepOutcome.DONE)],
            Ruling.MISUSE,
            id="removed after the withdrawal was over",
        ),
        pytest.param(
            "Admin registered security info", [step("pass")], Ruling.OURS, id="a pass is made"
        ),
        pytest.param(
            "Admin registered security info",
            [step("remove-methods")],
            Ruling.MISUSE,
            id="nothing is registered by a removal",
        ),
        pytest.param("Update user", [step("join-group")], Ruling.OURS, id="written beside it"),
        pytest.param("Update user", [], Ruling.MISUSE, id="written beside nothing"),
        pytest.param(
            "Change user license", [step()], Ruling.UNKNOWN, id="unknown words beside a change"
        ),
        pytest.param("Reset user password", [], Ruling.MISUSE, id="unknown words beside nothing"),
    ],
)
def test_a_change_is_ours_where_a_case_announced_it(
    activity: str, steps: Sequence[Step], ruling: Ruling
) -> None:
    """By person, time and effect."""
    assert rule(line(activity, KIM), {KIM: steps}) is ruling


def test_whose_records_cannot_be_read_is_not_accused() -> None:
    """Nobody can tell; that of two people one is accused stands all the same."""
    assert rule(line(STATE, KIM), {KIM: UNREADABLE}) is Ruling.UNKNOWN
    assert rule(line(STATE, KIM, LEE), {KIM: UNREADABLE, LEE: [step()]}) is Ruling.UNKNOWN
    assert rule(line(STATE, KIM, LEE), {KIM: UNREADABLE, LEE: []}) is Ruling.MISUSE


def test_a_change_of_a_group_is_that_of_its_member() -> None:
    """The group is a target beside the person."""
    joined = line("Add member to group", KIM, others=(GROUP,))
    assert rule(joined, {KIM: [step("join-group")]}) is Ruling.OURS
    assert rule(joined, {KIM: [step("leave-group")]}) is Ruling.MISUSE


def test_a_line_without_a_person() -> None:
    """No case changes anything else; one that could be a case's does not say enough."""
    policy = line("Update conditional access policy", others=("policy-1",))
    assert rule(policy, {}) is Ruling.MISUSE
    assert rule(line("Add member to group", others=(GROUP,)), {}) is Ruling.UNKNOWN


def test_every_effect_in_the_directory_can_be_told_from_a_misuse() -> None:
    """What a case announces is what some activity is made by; mailboxes are not in this log."""
    known = frozenset().union(*ACTIONS.values())
    fixed = {one.action for one in EFFECTS.values() if isinstance(one.action, str)}
    assert fixed - known == {"close-mailbox"}


BEFORE = Reconciliation(since=NOON - DAY, until=NOON, done=True)
"""What the night before read."""


def test_the_next_run_reads_on_from_where_lines_may_still_have_come() -> None:
    """An hour of overlap; the first run looks back a day."""
    assert begun(None, NOON, 7 * DAY).since == NOON - DAY
    following = begun(BEFORE, NOON + DAY, 7 * DAY)
    assert (following.since, following.until) == (NOON - HOUR, NOON + DAY)
    assert gap(None, begun(None, NOON, 7 * DAY)) is gap(BEFORE, following) is None


@pytest.mark.parametrize("broken", [replace(BEFORE, done=False), BEFORE.after_failure("403")])
def test_what_was_not_read_to_the_end_is_read_again(broken: Reconciliation) -> None:
    """From its beginning."""
    assert begun(broken, NOON + DAY, 7 * DAY).since == BEFORE.since


def test_what_is_counted_is_not_counted_again() -> None:
    """As long as it can be met again."""
    counted = {"old": NOON - 2 * HOUR, "late": NOON - HOUR / 2}
    following = begun(replace(BEFORE, counted=counted), NOON + DAY, 7 * DAY)
    assert following.counted == {"late": NOON - HOUR / 2}


def test_lines_that_are_gone_leave_a_gap() -> None:
    """Nobody slept for a week and more."""
    now = NOON + 8 * DAY
    following = begun(BEFORE, now, 7 * DAY)
    assert following.since == now - 7 * DAY + HOUR
    assert gap(BEFORE, following) == Span(NOON - HOUR, following.since)
