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
from shared.domain.sweep.activities import ACTIONS
from shared.domain.sweep.reconciliation import Reconciliation, begun, gap
from shared.domain.sweep.reconciling import AuditLine, Ruling, rule

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
KIM = UserId("a0000000-0000-4000-8000-000000000001")
LEE = UserId("a0000000-0000-4000-8000-000000000002")
GROUP = "b0000000-0000-4000-8000-000000000003"
ADMINS = "b0000000-0000-4000-8000-000000000004"
STATE = "Update per-user multifactor authentication state"
UNREADABLE = Unknown("unreadable-row: it is not what we write.")


REGISTERED, DELETED = "Admin registered security info", "Admin deleted security info"


def line(
    activity: str = STATE,
    *people: UserId,
    others: tuple[str, ...] = (),
    reason: str = "",
    **values: str,
) -> AuditLine:
    """A change at noon."""
    return AuditLine(
        line_id="line-1",
        activity=activity,
        at=NOON,
        identity="us",
        people=people,
        others=others,
        reason=reason,
        values=values,
    )


def method(done: str, kind: str) -> str:
    """What the log says about a method."""
    return f"Admin {done} {kind} method for user"


def step(
    action: str = "enforce",
    minutes: float = -1,
    outcome: StepOutcome = StepOutcome.BEGUN,
    before: str | None = None,
) -> Step:
    """An audit entry of a case, so many minutes after noon."""
    return Step(seq=1, at=NOON + minutes * MINUTE, action=action, outcome=outcome, before=before)


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
        pytest.param("Update user", [step("join-group")], Ruling.OURS, id="written beside it"),
        pytest.param("Update user", [], Ruling.MISUSE, id="written beside nothing"),
        pytest.param(
            "Change user license", [step()], Ruling.UNKNOWN, id="unknown words beside a change"
        ),
        pytest.param("Change user license", [], Ruling.MISUSE, id="unknown words beside nothing"),
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


@pytest.mark.parametrize(
    ("change", "announced", "ruling"),
    [
        pytest.param(
            line("Disable Strong Authentication", KIM), "enforce", Ruling.MISUSE, id="disabled"
        ),
        pytest.param(
            line("Enable Strong Authentication", KIM), "disable", Ruling.MISUSE, id="enabled"
        ),
        pytest.param(
            line("Disable Strong Authentication", KIM), "disable", Ruling.OURS, id="disabled by us"
        ),
        pytest.param(
            line("Enable Strong Authentication", KIM), "enforce", Ruling.OURS, id="enforced by us"
        ),
        pytest.param(
            line(STATE, KIM, state="disabled"), "enforce", Ruling.MISUSE, id="state disabled"
        ),
        pytest.param(
            line(STATE, KIM, state="enforced"), "enable", Ruling.OURS, id="it moves on by itself"
        ),
        pytest.param(
            line(STATE, KIM, state="enforced"), "disable", Ruling.MISUSE, id="state enforced"
        ),
        pytest.param(
            line("Update user", KIM, accountenabled="true"),
            "block-sign-in",
            Ruling.MISUSE,
            id="let in",
        ),
        pytest.param(
            line("Update user", KIM, accountenabled="false"),
            "unblock-sign-in",
            Ruling.MISUSE,
            id="locked out",
        ),
        pytest.param(
            line("Update user", KIM, accountenabled="false"),
            "block-sign-in",
            Ruling.OURS,
            id="locked out by us",
        ),
    ],
)
def test_the_opposite_of_what_a_case_does_is_none_of_ours(
    change: AuditLine, announced: str, ruling: Ruling
) -> None:
    """As far as the log tells which way it went."""
    assert rule(change, {KIM: [step(announced)]}) is ruling


PASS, PHONE, EMAIL = "temporary access pass", "phone", "email"


@pytest.mark.parametrize(
    ("activity", "reason", "announced", "ruling"),
    [
        (REGISTERED, method("registered", PASS), "pass", Ruling.OURS),
        (REGISTERED, method("registered", PHONE), "pass", Ruling.MISUSE),
        (REGISTERED, method("registered", "FIDO2"), "prepare-mobile", Ruling.MISUSE),
        (REGISTERED, method("registered", PHONE), "prepare-mobile", Ruling.OURS),
        (REGISTERED, method("registered", PHONE), "prepare-email", Ruling.MISUSE),
        (REGISTERED, method("registered", EMAIL), "prepare-email", Ruling.OURS),
        (REGISTERED, method("registered", PASS), "remove-methods", Ruling.MISUSE),
        (REGISTERED, "", "pass", Ruling.UNKNOWN),
        (REGISTERED, "", "remove-methods", Ruling.MISUSE),
        (DELETED, method("deleted", PASS), "pass", Ruling.OURS),
        (DELETED, method("deleted", PHONE), "pass", Ruling.MISUSE),
        (DELETED, method("deleted", PHONE), "remove-methods", Ruling.OURS),
        (DELETED, "", "remove-methods", Ruling.OURS),
        (DELETED, "", "pass", Ruling.UNKNOWN),
    ],
)
def test_a_pass_covers_no_other_method(
    activity: str, reason: str, announced: str, ruling: Ruling
) -> None:
    """The log says which method it was; where it does not, nobody can tell."""
    assert rule(line(activity, KIM, reason=reason), {KIM: [step(announced)]}) is ruling


def test_a_withdrawal_is_on_record_once_it_is_proven() -> None:
    """What is removed after that is none of ours."""
    removal = line(DELETED, KIM, reason=method("deleted", PASS))
    for minutes, ruling in ((20, Ruling.OURS), (-5, Ruling.MISUSE)):
        done = step("withdraw-pass", minutes=minutes, outcome=StepOutcome.DONE)
        assert rule(removal, {KIM: [done]}) is ruling


def test_a_change_of_a_group_is_that_of_its_member() -> None:
    """The group is a target beside the person, and the one that was announced."""
    steps = [step("join-group", before=f"not a member of {GROUP}")]
    activity = "Add member to group"
    assert rule(line(activity, KIM, others=(GROUP,)), {KIM: steps}) is Ruling.OURS
    assert rule(line(activity, KIM, others=(ADMINS,)), {KIM: steps}) is Ruling.MISUSE
    assert rule(line(activity, KIM, others=(GROUP, ADMINS)), {KIM: steps}) is Ruling.MISUSE
    assert rule(line(activity, KIM), {KIM: steps}) is Ruling.UNKNOWN
    left = [step("leave-group", before=f"member of {GROUP}")]
    assert rule(line(activity, KIM, others=(GROUP,)), {KIM: left}) is Ruling.MISUSE


def test_a_line_without_a_person() -> None:
    """No case changes anything but people; a line that leaves out whom does not say enough."""
    policy = line("Update conditional access policy", others=("policy-1",))
    assert rule(policy, {}) is Ruling.MISUSE
    for activity in ("Add member to group", "Remove member from group"):
        nested = line(activity, others=(ADMINS, GROUP))
        assert rule(nested, {}) is Ruling.MISUSE
        assert rule(replace(nested, nameless=True), {}) is Ruling.UNKNOWN
        assert rule(line(activity), {}) is Ruling.UNKNOWN


@pytest.mark.parametrize(
    "activity",
    [
        "Add member to role",
        "Reset user password",
        "Change user password",
        "Add owner to group",
        "Consent to application",
        "Add service principal credentials",
        "Update conditional access policy",
        "Add app role assignment grant to user",
        "Create application password for user",
        "Add passwordless phone sign-in credential",
        "Add Passkey (device-bound)",
    ],
)
def test_what_never_comes_with_a_change_of_ours_hides_behind_none(activity: str) -> None:
    """Neither beside a case, nor where its records can't be read."""
    assert rule(line(activity, KIM), {KIM: [step()]}) is Ruling.MISUSE
    assert rule(line(activity, KIM), {KIM: UNREADABLE}) is Ruling.MISUSE


def test_words_of_what_never_comes_accuse_no_removal_of_a_method() -> None:
    """The directory calls methods credentials, too."""
    removed = line("Delete passwordless phone sign-in credential", KIM)
    assert rule(removed, {KIM: [step("remove-methods")]}) is Ruling.OURS
    assert rule(removed, {KIM: []}) is Ruling.MISUSE


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


@pytest.mark.parametrize(
    ("reached", "covered"),
    [(None, NOON - DAY), (NOON - 5 * HOUR, NOON - 5 * HOUR), (NOON - HOUR / 2, NOON - HOUR)],
)
def test_what_was_read_before_a_failure_is_not_read_again(
    reached: datetime | None, covered: datetime
) -> None:
    """But for the hour in which lines may still come."""
    begun_to_read = Reconciliation(since=NOON - DAY, until=NOON)
    page = begun_to_read.after_page("following", reached)
    broken = page.after_page("the one after it", None).after_failure("429")
    assert begun(broken, NOON + DAY, 7 * DAY).since == covered


def test_lines_that_are_read_no_more_are_forgotten() -> None:
    """What has to be known does not grow with what is read."""
    counted = {"early": NOON - 3 * HOUR, "late": NOON - HOUR}
    reading = Reconciliation(since=NOON - DAY, until=NOON, counted=counted)
    assert reading.after_page("following", None).counted == counted
    assert reading.after_page("following", NOON - 2 * HOUR).counted == {"late": NOON - HOUR}
    assert reading.after_page(None, NOON).counted == {"late": NOON - HOUR}


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
