"""A person who is not protected, and what changed for a person, as people read it."""

from datetime import datetime
from typing import Self

import msgspec

from shared.contracts.app_password_view import PersonLedgerView
from shared.contracts.posture_view import ReasonView
from shared.domain.ids import UserId
from shared.domain.posture.exposure import Exposure
from shared.domain.posture.judging import Door
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause, Change, Line


class FindingView(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A person who is not protected, or whose app passwords were asked about.

    Attributes:
        user_id: their object id.
        user_principal_name: their sign-in name when the run read it.
        department: where they work; empty where the directory does not tell.
        verdict: whether they are protected; `protected` only where exposure was asked for.
        reasons: why.
        cause: what made the verdict another one; null in the first run.
        since: since which run the verdict is the same.
        counts: whether it is to be mended; nobody unknown or exempt counts, nor a new hire in their
            grace.
        app_passwords: whether old clients get in with an app password.
        app_password_ledger: how many app passwords they have, by the ledger.
        app_password_exposure: whether these are a way in.
    """

    user_id: UserId
    user_principal_name: str
    department: str
    verdict: Verdict
    reasons: tuple[ReasonView, ...]
    cause: Cause | None
    since: datetime
    counts: bool
    app_passwords: Door
    app_password_ledger: PersonLedgerView
    app_password_exposure: Exposure

    @classmethod
    def of(cls, line: Line) -> Self:
        """The view of a person."""
        return cls(
            user_id=line.user_id,
            user_principal_name=line.sign_in_name,
            department=line.department,
            verdict=line.verdict,
            reasons=tuple(map(ReasonView.of, line.reasons)),
            cause=line.cause,
            since=line.since,
            counts=line.is_finding,
            app_passwords=line.app_passwords,
            app_password_ledger=PersonLedgerView.of(line.app_passwords, line.alive),
            app_password_exposure=line.exposure,
        )


class FindingList(msgspec.Struct, frozen=True, rename="camel"):
    """A page of findings; before the last page it may be short, or empty.

    Attributes:
        value: the people.
        next_link: where the list goes on; null at its end.
    """

    value: tuple[FindingView, ...]
    next_link: str | None = None


class ChangeView(msgspec.Struct, frozen=True, rename="camel", kw_only=True):
    """A verdict that became another one.

    Attributes:
        at: when the run began that found it.
        before: the verdict before; null for a person whom no run had seen.
        after: the verdict since then; null where the account was gone.
        cause: what made it so.
        codes: the codes of the reasons since then.
    """

    at: datetime
    before: Verdict | None
    after: Verdict | None
    cause: Cause
    codes: tuple[ReasonCode, ...]

    @classmethod
    def of(cls, change: Change) -> Self:
        """The view of a change."""
        return cls(
            at=change.at,
            before=change.before,
            after=change.after,
            cause=change.cause,
            codes=change.codes,
        )


class HistoryList(msgspec.Struct, frozen=True, rename="camel"):
    """What changed for a person, the latest first: the last 200 changes.

    Attributes:
        value: the changes; none for a person whom no run has seen.
    """

    value: tuple[ChangeView, ...]
