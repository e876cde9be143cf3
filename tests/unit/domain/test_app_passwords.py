"""What may be said of app passwords: nothing is proven by what was not read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.ids import UserId
from shared.domain.ledger import Doing, Ledgered, LedgerEntry, Span
from shared.domain.legacy_access import LegacyAccess
from shared.domain.mailboxes import Mailbox, NoMailbox, Protocol
from shared.domain.reset.app_passwords import AppPasswords, Evidence, find

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BORN = NOW - timedelta(days=20)
KIM = UserId("a0000000-0000-4000-8000-000000000001")
DIM = Unknown("Nobody can tell.")
SHUT = Mailbox(frozenset())
ENFORCED = PerUserMfaState.ENFORCED


def ledger(*doings: Doing, days: int = 30) -> Ledgered:
    """What a ledger tells that goes back some days."""
    return Ledgered(
        entries=tuple(
            LedgerEntry(
                entry_id=f"line-{number}",
                user_id=KIM,
                at=NOW - timedelta(hours=50 - number),
                doing=doing,
            )
            for number, doing in enumerate(doings)
        ),
        known=Span(NOW - timedelta(days=days), NOW),
    )


evidences = st.builds(
    Evidence,
    state=st.sampled_from([*PerUserMfaState, DIM]),
    ledger=st.one_of(
        st.just(DIM),
        st.builds(
            lambda doings, days: ledger(*doings, days=days),
            st.lists(st.sampled_from(Doing), max_size=4),
            st.sampled_from([7, 30]),
        ),
    ),
    legacy=st.sampled_from([*LegacyAccess, DIM, None]),
    mailbox=st.sampled_from(
        [SHUT, Mailbox(frozenset({Protocol.SMTP_AUTH})), NoMailbox(), DIM, None]
    ),
    since=st.sampled_from([BORN, None]),
)


@given(evidences)
def test_what_is_said_is_proven(evidence: Evidence) -> None:
    """Each good word has all of its proof, and whatever may be alive has a human see to it."""
    found = find(evidence)
    told = evidence.ledger
    alive = isinstance(told, Ledgered) and told.alive > 0
    all_time = (
        isinstance(told, Ledgered) and evidence.since is not None and told.known.since <= BORN
    )
    match found.result:
        case AppPasswords.SHUT_BY_POLICY:
            assert evidence.legacy is LegacyAccess.BLOCKED
        case AppPasswords.SHUT_BY_MAILBOX:
            assert evidence.mailbox == SHUT
        case AppPasswords.VERIFIED_DELETED:
            assert isinstance(told, Ledgered)
            assert told.created
            assert not alive
            assert all_time
        case AppPasswords.NONE_OBSERVED:
            assert not alive
            assert all_time or evidence.state in {
                PerUserMfaState.DISABLED,
                PerUserMfaState.ENABLED,
            }
            assert found.since is not None
        case AppPasswords.MANUAL_ACTION_REQUIRED:
            assert alive
            assert found.item
        case AppPasswords.UNKNOWN:
            assert found.item is evidence.possible
        case AppPasswords.CONFIRMED_BY_PERSON:
            pytest.fail("No evidence is a person's word.")
    if alive:
        assert found.item or found.result in {
            AppPasswords.SHUT_BY_POLICY,
            AppPasswords.SHUT_BY_MAILBOX,
        }


@given(evidences)
def test_no_word_says_revoked(evidence: Evidence) -> None:
    """Nothing that we do revokes an app password."""
    found = find(evidence)
    assert "revoked" not in f"{found.result} {found.why}".casefold()


def test_who_is_not_enforced_has_none_unless_the_log_shows_one() -> None:
    """Only who is enforced can make one; one that was made survives the end of that."""
    quiet = Evidence(state=PerUserMfaState.DISABLED, ledger=ledger(days=7))
    found = find(quiet)
    assert (found.result, found.item) == (AppPasswords.NONE_OBSERVED, False)
    assert found.since == NOW - timedelta(days=7)
    made = Evidence(state=PerUserMfaState.DISABLED, ledger=ledger(Doing.CREATED))
    assert find(made).result is AppPasswords.MANUAL_ACTION_REQUIRED
    shut = replace(made, legacy=LegacyAccess.BLOCKED)
    assert find(shut).result is AppPasswords.SHUT_BY_POLICY


def test_older_ones_than_the_ledger_are_not_ruled_out() -> None:
    """An enforced person whose account is older: a human has to look."""
    young = Evidence(state=ENFORCED, ledger=ledger(days=7), since=BORN)
    found = find(young)
    assert (found.result, found.item) == (AppPasswords.UNKNOWN, True)
    old = Evidence(state=ENFORCED, ledger=ledger(days=30), since=BORN)
    found = find(old)
    assert (found.result, found.since) == (AppPasswords.NONE_OBSERVED, BORN)


def test_all_deleted_is_proven_where_all_of_the_time_is_known() -> None:
    """Otherwise there may be one that nobody saw."""
    gone = (Doing.CREATED, Doing.DELETED)
    for days, result in ((30, AppPasswords.VERIFIED_DELETED), (7, AppPasswords.UNKNOWN)):
        told = Evidence(state=ENFORCED, ledger=ledger(*gone, days=days), since=BORN)
        assert find(told).result is result


def test_a_door_that_is_shut_needs_no_human() -> None:
    """By a policy first; a mailbox that is shut says what it is worth."""
    told = Evidence(
        state=ENFORCED,
        ledger=ledger(Doing.CREATED),
        legacy=LegacyAccess.BLOCKED,
        mailbox=SHUT,
    )
    assert find(told).result is AppPasswords.SHUT_BY_POLICY
    open_to_others = Evidence(state=DIM, ledger=DIM, legacy=LegacyAccess.OPEN, mailbox=SHUT)
    found = find(open_to_others)
    assert found.result is AppPasswords.SHUT_BY_MAILBOX
    assert "not looked at" in found.why
