"""S1 and S2 as the watch sees them: whom nobody may touch, and whom only a second person allows."""

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from shared.domain.approvals import APPROVAL_LASTS, plan_hash
from shared.domain.authentication import Unknown
from shared.domain.cases import Case
from shared.domain.ids import UserId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege
from tests.properties.clock import WorldClock

BELIEVED_FOR = timedelta(seconds=60)
"""How old what the guards know may be (safety rule S1)."""
LISTED_AFTER = timedelta(seconds=10)
"""How soon an entry in a registry holds."""


class SecondPerson:
    """Knows what was told about people, and says what may be done to them.

    Args:
        clock: the time.
        expect: notes what does not hold.
    """

    def __init__(self, clock: WorldClock, expect: Callable[[bool, str], None]) -> None:
        self._clock = clock
        self._expect = expect
        self._ordinary: dict[UserId, datetime] = {}
        self._listed: defaultdict[UserId, datetime | None] = defaultdict(lambda: None)

    def privilege_told(self, user: UserId, answer: Privilege | Unknown) -> None:
        """A look-up of roles was answered."""
        if answer is Privilege.NONE:
            self._ordinary[user] = self._clock.now()

    def listed(self, user: UserId, *, on: bool) -> None:
        """A person is put on a list of those who are left alone, or taken off."""
        self._listed[user] = (self._listed[user] or self._clock.now()) if on else None

    def check(self, user: UserId, impact: Impact, case: Case | None) -> None:
        """Something reaches the tenant that comes to this for the person.

        Args:
            user: whom it is about.
            impact: what it comes to.
            case: the case that it is done for.
        """
        now, since = self._clock.now(), self._listed[user]
        left_alone = since is not None and now - since > LISTED_AFTER
        self._expect(not left_alone, f"{impact} though the person is on a list")
        told = self._ordinary.get(user)
        ordinary = told is not None and now - told <= BELIEVED_FOR
        if impact.depends_on_privilege and not ordinary:
            # Whoever agreed to a pass agreed to the account's being let in again for it.
            asked = Impact.GIVE_PASS if impact is Impact.READMIT else impact
            agreed = case is not None and case.asked_for is asked and _agreed(case, now)
            self._expect(agreed, f"{impact} without an approval of just that")

    def approved(self, before: Case, after: Case) -> None:
        """A case was approved; whoever did so may, and has seen what it would do."""
        given = after.approval
        self._expect(before.asked_from is not None, "approved, and nobody was asked")
        self._expect(given is not None and _agreed(after, given.at), "another plan was approved")
        concerned = before.actors | before.collectors | {before.user_id}
        self._expect(given is None or given.by not in concerned, "approved by who has a part in it")


def _agreed(case: Case, now: datetime) -> bool:
    given = case.approval
    return (
        given is not None
        and given.plan_hash == plan_hash(case)
        and timedelta(0) <= now - given.at < APPROVAL_LASTS
    )
