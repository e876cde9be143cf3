"""People, lines and runs of a sweep."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import cycle
from uuid import UUID

from shared.application.ports.runs import Staged
from shared.domain.alive import Alive
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.judging import Door
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Cause, Change, Line
from shared.domain.sweep.rows import MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import Run, RunId, RunState, Stage

BEGAN = datetime(2026, 11, 22, 2, 0, 0, 123456, tzinfo=UTC)
LONG_AGO = BEGAN - timedelta(days=400)
GROUP = GroupId("c0000000-0000-4000-8000-000000000001")
REGISTERED = Registration(
    means=frozenset({Means.AUTHENTICATOR_PUSH, Means.MOBILE_PHONE}), capable=None
)


def days(number: float) -> datetime:
    """So many days after the first run began."""
    return BEGAN + timedelta(days=number)


def a_run(number: int = 1, *, began: datetime | None = None) -> Run:
    """A run that has just begun."""
    started_at = days(number) if began is None else began
    return Run(
        run_id=RunId(f"{started_at:%Y%m%dT%H%M%SZ}-{number:04x}"),
        state=RunState.RUNNING,
        stage=Stage.PLAN,
        started_at=started_at,
        updated_at=started_at,
        by="timer",
    )


def a_user(number: int, starts: str = "") -> UserId:
    """An object id, which looks as random as any, or begins with certain digits."""
    digits = sha256(str(number).encode()).hexdigest()[:32]
    return UserId(str(UUID(hex=f"{starts}{digits[len(starts) :]}")))


def a_person(number: int, starts: str = "") -> PersonRow:
    """A person in the directory."""
    return PersonRow(
        user_id=a_user(number, starts),
        sign_in_name=f"kim.example{number}@contoso.example",
        display_name=f"Kim Example {number}",
        department=f"Department {number % 40}",
        licensed=True,
        numbered=number % 10 > 0,
        since=LONG_AGO + timedelta(seconds=number * 9_973),
        made=LONG_AGO + timedelta(seconds=number * 9_973),
        state=PerUserMfaState.ENFORCED if number % 3 else PerUserMfaState.DISABLED,
    )


def staged(*numbers: int, starts: str = "") -> Staged:
    """What is read of these people."""
    people = [a_person(number, starts) for number in numbers]
    return Staged(
        people=tuple(people),
        registrations=tuple(
            RegistrationRow(user_id=one.user_id, means=REGISTERED.means, capable=capable)
            for one, capable in zip(people, cycle((True, None)), strict=False)
        ),
        members=tuple(MemberRow(GROUP, one.user_id) for one in people),
    )


def a_line(number: int, starts: str = "") -> Line:
    """What a run found about a person."""
    person = a_person(number, starts)
    return Line(
        person=Person(
            belonging=Belonging(
                user_id=person.user_id,
                groups=frozenset({GROUP}),
                unread_joins=frozenset({GROUP}),
                could_hold=Unknown("The tenant has no licence for it."),
            ),
            state=PerUserMfaState.ENFORCED,
            registration=REGISTERED,
        ),
        sign_in_name=person.sign_in_name,
        department=person.department,
        guest=None,
        licensed=True,
        numbered=True,
        verdict=Verdict.WEAK,
        reasons=(
            Reason(ReasonCode.PER_USER_ENFORCED),
            Reason(ReasonCode.GAP, "clients: other"),
        ),
        since=BEGAN,
        cause=Cause.POLICIES,
        legacy=Door.OPEN,
        app_passwords=Door.BLOCKED,
        alive=Alive(1, Unknown("The account is older than what the ledger knows.")),
        sspr_registered=True,
        sspr_enabled=None,
        sspr_capable=False,
    )


def a_change(user: UserId, at: datetime) -> Change:
    """A verdict that became another."""
    return Change(
        user_id=user,
        at=at,
        before=Verdict.PROTECTED,
        after=Verdict.WEAK,
        cause=Cause.METHODS,
        codes=(ReasonCode.TELEPHONY_ONLY,),
    )
