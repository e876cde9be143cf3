"""Judges the people of a part of the tenant, and tells what is different from the run before."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from shared.domain.alive import Alive, LedgerLines
from shared.domain.ids import UserId
from shared.domain.posture.judging import Door, Judge
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.sweep.causes import Causes
from shared.domain.sweep.lines import Cause, Change, Line, says_something
from shared.domain.sweep.people import People
from shared.domain.sweep.rows import PersonRow


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was found in a part.

    Attributes:
        lines: everybody, by user id.
        changes: whose verdict is another one than before.
        left_out: how many accounts were not judged: blocked ones and those of agents.
    """

    lines: tuple[Line, ...]
    changes: tuple[Change, ...]
    left_out: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgePart:
    """Judges a part.

    Attributes:
        at: when the run began.
        judge: judges by what the tenant requires.
        causes: tells causes.
        ledger: what the ledger of app passwords has about them.
        everybody: whether the list of people was read to its end.
    """

    at: datetime
    judge: Judge
    causes: Causes
    ledger: LedgerLines
    everybody: bool

    def __call__(
        self, rows: Iterable[PersonRow], people: People, before: Iterable[Line] | None
    ) -> Judged:
        """Judge everybody whose row was read.

        Args:
            rows: the rows; where somebody has two, because they moved while the list was read, the
                later one counts.
            people: what else is known.
            before: what the run before found in this part; None where there is nothing to compare
                with.
        """
        last = {row.user_id: row for row in rows}
        old = None if before is None else {line.user_id: line for line in before}
        judged = [row for row in last.values() if row.enabled and not row.agent]
        lines = {row.user_id: self._line(row, people, old) for row in judged}
        if old is not None and not self.everybody:
            lines |= {
                user: _unseen(line, self.at, self.ledger.alive(user, None))
                for user, line in old.items()
                if user not in last
            }
        return Judged(
            lines=tuple(lines[user] for user in sorted(lines)),
            changes=() if old is None else tuple(self._changes(lines, old)),
            left_out=len(last) - len(judged),
        )

    def _line(self, row: PersonRow, people: People, before: Mapping[UserId, Line] | None) -> Line:
        person = people.person(row)
        old = None if before is None else before.get(row.user_id)
        posture = self.judge(person)
        told = people.registration_row(row.user_id)
        since = self.at
        cause = None if before is None else self._cause(person, posture.verdict, old)
        if old is not None and old.verdict is posture.verdict:
            since, cause = old.since, old.cause
        settled = says_something(posture.verdict, posture.reasons)
        return Line(
            person=person,
            sign_in_name=row.sign_in_name,
            department=row.department,
            guest=row.guest,
            licensed=row.licensed,
            numbered=row.numbered,
            verdict=posture.verdict,
            reasons=posture.reasons,
            since=since,
            cause=cause,
            legacy=posture.legacy,
            app_passwords=posture.app_passwords,
            alive=self.ledger.alive(row.user_id, row.made),
            sspr_registered=None if told is None else told.sspr_registered,
            sspr_enabled=None if told is None else told.sspr_enabled,
            sspr_capable=None if told is None else told.sspr_capable,
            earlier=None if settled or old is None else old.known,
        )

    def _cause(self, person: Person, verdict: Verdict, old: Line | None) -> Cause | None:
        if old is None:
            return Cause.NEW_PERSON
        if old.verdict is verdict:
            return old.cause
        if any(reason.code is ReasonCode.UNSEEN for reason in old.reasons):
            return Cause.READING
        return self.causes.of(person, old.person, old.verdict)

    def _changes(
        self, lines: Mapping[UserId, Line], old: Mapping[UserId, Line]
    ) -> Iterator[Change]:
        for user, line in sorted(lines.items()):
            known = old.get(user)
            if known is None or known.verdict is not line.verdict:
                yield self._change(line, known, line.cause or Cause.SEVERAL)
            elif line.is_finding and not known.is_finding:
                # The verdict is the same, and counts from now on.
                yield self._change(line, known, Cause.GRACE)
        for user in sorted(old.keys() - lines.keys()):
            yield Change(
                user_id=user, at=self.at, before=old[user].verdict, after=None, cause=Cause.GONE
            )

    def _change(self, line: Line, old: Line | None, cause: Cause) -> Change:
        return Change(
            user_id=line.user_id,
            at=self.at,
            before=None if old is None else old.verdict,
            after=line.verdict,
            cause=cause,
            codes=tuple(reason.code for reason in line.reasons),
            known=None if old is None else old.known,
            privileged=line.privileged,
        )


def _unseen(line: Line, at: datetime, alive: Alive) -> Line:
    """The line of somebody whom the list did not come to: nobody knows what is true of them."""
    line = replace(line, legacy=Door.UNKNOWN, app_passwords=Door.UNKNOWN, alive=alive)
    if any(reason.code is ReasonCode.UNSEEN for reason in line.reasons):
        return line
    since = line.since if line.verdict is Verdict.UNKNOWN else at
    return replace(
        line,
        verdict=Verdict.UNKNOWN,
        reasons=(Reason(ReasonCode.UNSEEN),),
        since=since,
        cause=Cause.READING,
        earlier=line.known,
    )
