"""What may be said of app passwords: nothing is proven by what was not read."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.ledger import Doing, Ledgered, LedgerEntry, Span
from shared.domain.mailboxes import Mailbox, NoMailbox, Protocol
from shared.domain.reset.app_passwords import AppPasswords, Evidence, find

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
BORN = NOW - timedelta(days=20)
KIM = UserId("a0000000-0000-4000-8000-000000000001")
DIM = Unknown("Nobody can tell.")
SHUT = Mailbox(frozenset())


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
    ledger=st.one_of(
        st.just(DIM),
        st.builds(
            lambda doings, days: ledger(*doings, days=days),
            st.lists(st.sampled_from(Doing), max_size=4),
            st.sampled_from([7, 30]),
        ),
    ),
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
        case AppPasswords.SHUT_BY_MAILBOX:
            assert evidence.mailbox == SHUT
        case AppPasswords.VERIFIED_DELETED:
            assert isinstance(told, Ledgered)
            assert told.created
            assert not alive
            assert all_time
        case AppPasswords.NONE_OBSERVED:
            assert not alive
            assert all_time
            assert found.since == BORN
        case AppPasswords.MANUAL_ACTION_REQUIRED:
            assert alive
            assert found.item
        case AppPasswords.UNKNOWN:
            assert not all_time
            assert found.item
        case AppPasswords.SHUT_BY_POLICY | AppPasswords.CONFIRMED_BY_PERSON:
            pytest.fail("No evidence is a policy or a person's word.")
    if alive or not all_time:
        assert found.item or found.result is AppPasswords.SHUT_BY_MAILBOX


@given(evidences)
def test_no_word_says_revoked(evidence: Evidence) -> None:
    """Nothing that we do revokes an app password."""
    found = find(evidence)
    assert "revoked" not in f"{found.result} {found.why}".casefold()


def test_older_ones_than_the_ledger_are_not_ruled_out() -> None:
    """Of an account that is older than what the log shows: a human has to look."""
    found = find(Evidence(ledger=ledger(days=7), since=BORN))
    assert (found.result, found.item) == (AppPasswords.UNKNOWN, True)
    found = find(Evidence(ledger=ledger(days=30), since=BORN))
    assert (found.result, found.since) == (AppPasswords.NONE_OBSERVED, BORN)


def test_all_deleted_is_proven_where_all_of_the_time_is_known() -> None:
    """Otherwise there may be one that nobody saw."""
    gone = (Doing.CREATED, Doing.DELETED)
    for days, result in ((30, AppPasswords.VERIFIED_DELETED), (7, AppPasswords.UNKNOWN)):
        told = Evidence(ledger=ledger(*gone, days=days), since=BORN)
        assert find(told).result is result


def test_a_mailbox_that_is_shut_says_what_it_is_worth() -> None:
    """Nobody has to act, and nobody says that all doors are shut."""
    for told in (DIM, ledger(Doing.CREATED)):
        found = find(Evidence(ledger=told, mailbox=SHUT, since=BORN))
        assert (found.result, found.item) == (AppPasswords.SHUT_BY_MAILBOX, False)
        assert "not looked at" in found.why
