"""What must have become of everybody: the domain's rules as plain sentences, and nothing else.

This knows the script and not the product: no class, no constant and no rule of it is used. Every
rule below is what an operator of the company would say. The tenant has two habits of its own:
somebody who is `enabled` and registers is `enforced` at once, and so is somebody registered who is
written `enabled`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from itertools import count

from tests.campaigns.script import (
    BY_PEOPLE,
    IN_THE_DIRECTORY,
    Account,
    Act,
    Event,
    Month,
    Person,
    Verb,
)

DAYS = timedelta(days=1)
AN_APPROVAL_LASTS = timedelta(hours=8)
OVER = frozenset({"completed", "refused", "parked", "superseded", "cancelled"})
VOID = OVER - {"completed"}
"""What a request ended in that counts for nothing when another one is judged."""

ACCEPTED, FORBIDDEN, CONFLICT = 202, 403, 409


@dataclass
class Request:
    """What became of one HR event.

    Attributes:
        told: when it arrived.
        begun: something was done for it: MFA enabled, sessions revoked.
        agreed: when a second person agreed to it, the last time.
    """

    event: Event
    told: datetime
    order: int
    state: str = "accepted"
    begun: bool = False
    agreed: datetime | None = None

    @property
    def leaver(self) -> bool:
        """It tells of somebody who leaves."""
        return self.event.type == "leaver"

    @property
    def date(self) -> datetime:
        """When it takes effect."""
        if self.event.effective is not None:
            return self.event.effective
        if self.event.start is not None:
            return datetime.combine(self.event.start, time(), UTC)
        return self.told

    def newer_than(self, other: "Request") -> bool:
        """It tells of something that happened later.

        Who is back on a day had left before it, whenever HR told of either.
        """
        if self.leaver and other.event.type == "rehire" and self.date <= other.date:
            return False
        if other.leaver and self.event.type == "rehire" and other.date <= self.date:
            return True
        return (self.event.occurred, self.order) > (other.event.occurred, other.order)

    def agreed_lately(self, now: datetime) -> bool:
        """A second person's word still holds."""
        return self.agreed is not None and now - self.agreed < AN_APPROVAL_LASTS


@dataclass
class Life:
    """What is true of a person, as the days go by.

    Attributes:
        revoked: the days on which the sessions were revoked.
        removed: the days on which methods were removed.
    """

    person: Person
    account: Account
    mfa: str
    methods: int
    revoked: list[int] = field(default_factory=list)
    removed: list[int] = field(default_factory=list)
    requests: list[Request] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)

    def cases(self) -> list[tuple[str, str]]:
        """The kind and the end of each case."""
        return sorted(
            ("leaver" if one.leaver else "onboarding", one.state) for one in self.requests
        )


def foretell(month: Month) -> dict[str, Life]:
    """Everybody at the end of the month."""
    owners = _owners(month)
    return {
        key: _Living(month, person, owners).to_the_end() for key, person in month.people.items()
    }


class _Living:
    def __init__(self, month: Month, person: Person, owners: Mapping[str, str]) -> None:
        self.month, self.day, self._owners = month, 0, owners
        self.now = month.calendar.morning(0)
        self.life = Life(person, person.account, person.mfa, person.methods)
        self._known: dict[str, Event] = {}
        self._order = count()

    def to_the_end(self) -> Life:
        acts = self.month.about(self.life.person.key)
        if not acts:
            return self.life
        for day in self.month.days:
            self.day, self.now = day, self.month.calendar.morning(day)
            today = [act for act in acts if act.day == day]
            # Everybody who waits for something is looked at whenever the clock stops.
            self._look_at(self.life.requests)
            for act in today:
                if act.verb in IN_THE_DIRECTORY:
                    self._change(act)
            told = [self._hear(act.event) for act in today if act.event is not None]
            self._look_at([one for one in told if one is not None])
            for act in today:
                if act.verb in BY_PEOPLE:
                    self._change(act)
        return self.life

    def _change(self, act: Act) -> None:
        match act.verb:
            case Verb.MAKE:
                self.life.account = Account.BLOCKED if act.blocked else Account.OPEN
            case Verb.BLOCK:
                self.life.account = Account.BLOCKED
            case Verb.UNBLOCK:
                self.life.account = Account.OPEN
            case Verb.DELETE:
                self.life.account = Account.GONE
            case Verb.REGISTER:
                self.life.methods += 1
                if self.life.mfa == "enabled":
                    self.life.mfa = "enforced"
            case Verb.APPROVE:
                waiting = [one for one in self.life.requests if one.state == "awaiting-approval"]
                for one in waiting:
                    one.agreed = self.now
                self._look_at(waiting)

    def _hear(self, event: Event) -> Request | None:
        """HR sends an event."""
        # A source that is suspended is turned away.
        if self.day == self.month.suspended:
            self.life.answers.append(FORBIDDEN)
            return None
        # The same id with the same content is the same event; with another, a conflict.
        known = self._known.setdefault(event.id, event)
        self.life.answers.append(ACCEPTED if known == event else CONFLICT)
        if any(one.event.id == event.id for one in self.life.requests):
            return None
        # Who tells the same of the same moment again, under a new id, tells nothing new.
        if any(one.event.says_the_same_as(event) for one in self.life.requests):
            return None
        request = Request(event, self.now, next(self._order))
        self.life.requests.append(request)
        return request

    def _look_at(self, requests: list[Request]) -> None:
        # What a suspended source has asked for rests.
        if self.day == self.month.suspended:
            return
        for request in requests:
            if request.state not in OVER:
                if request.leaver:
                    self._leave(request)
                else:
                    self._join(request)

    # --- Joiners ----------------------------------------------------------------------------------

    def _join(self, mine: Request) -> None:
        if not mine.begun and not self._may_begin(mine):
            return
        life = self.life
        # The account is gone: there is nobody to register.
        if life.account is Account.GONE:
            mine.state = "cancelled"
        # Who is registered is enforced, and that was all.
        elif life.methods:
            life.mfa, mine.state = "enforced", "completed"
        # There is a fortnight from the first day, and three days at the least.
        elif self.now < max(mine.date + 14 * DAYS, mine.told + 3 * DAYS):
            mine.state = "waiting-registration"
        # Who could not sign in could not register; nobody enforces them for it.
        elif life.account is Account.BLOCKED:
            mine.state = "refused"
        # Enforcing an administrator without a method needs a second person's word.
        elif life.person.privileged and not mine.agreed_lately(self.now):
            mine.state = "awaiting-approval"
        else:
            life.mfa, mine.state = "enforced", "completed"

    def _may_begin(self, mine: Request) -> bool:
        life, told = self.life, mine.told
        # A date more than 30 days back or 180 ahead is a typing error, for a human to look at.
        if not told - 30 * DAYS <= mine.date <= told + 180 * DAYS:
            mine.state = "parked"
        # Nothing is touched before the first day.
        elif self.now < mine.date:
            mine.state = "waiting-start"
        elif self._overtaken(mine):
            mine.state = "superseded"
        elif self._somebody_else_is_meant(mine):
            mine.state = "parked"
        # Guests have their own organisation; break-glass and excluded accounts are let alone.
        elif life.person.guest or life.person.untouchable:
            mine.state = "refused"
        # HR precedes the directory, by a fortnight at most.
        elif life.account is not Account.OPEN:
            late = self.now >= max(mine.date, told) + 14 * DAYS
            ended = "refused" if life.account is Account.BLOCKED else "parked"
            mine.state = ended if late else "waiting-account"
        else:
            mine.begun = True
            # `enabled` is written over `disabled` alone: over `enforced` it would weaken.
            if life.mfa == "disabled":
                life.mfa = "enforced" if life.methods else "enabled"
        return mine.begun

    # --- Leavers ----------------------------------------------------------------------------------

    def _leave(self, mine: Request) -> None:
        if not mine.begun and not self._may_leave(mine):
            return
        life = self.life
        # They are back: what was still to be taken from them stays theirs.
        if self._overtaken(mine):
            mine.state = "superseded"
        # Not found is success.
        elif life.account is Account.GONE:
            mine.state = "completed"
        # Methods are kept while the account is open; after a month somebody is told.
        elif life.account is Account.OPEN:
            late = self.now >= max(mine.date, mine.told) + 30 * DAYS
            mine.state = "overdue" if late else "waiting-disabled"
        # And for 24 hours, in case it was a mistake.
        elif self.now < mine.date + DAYS:
            mine.state = "waiting-disabled"
        # Taking methods from an administrator needs a second person's word, given lately.
        elif life.person.privileged and not mine.agreed_lately(self.now):
            mine.state = "awaiting-approval"
        # MFA stays as it is.
        else:
            if life.methods:
                life.removed.append(self.day)
            life.methods, mine.state = 0, "completed"

    def _may_leave(self, mine: Request) -> bool:
        life, told = self.life, mine.told
        if not told - 30 * DAYS <= mine.date <= told + 180 * DAYS:
            mine.state = "parked"
        # Nothing is touched before the last day is over.
        elif self.now < mine.date:
            mine.state = "waiting-effective"
        elif self._somebody_else_is_meant(mine):
            mine.state = "parked"
        elif life.account in {Account.NONE, Account.GONE}:
            mine.state = "completed"
        elif life.person.guest or life.person.untouchable:
            mine.state = "refused"
        elif self._overtaken(mine):
            mine.state = "superseded"
        # HR sends the wrong name one day: whom it would hurt most leaves with a second word only.
        elif (life.person.manager or life.person.privileged) and not mine.agreed_lately(self.now):
            mine.state = "awaiting-approval"
        else:
            mine.begun = True
            life.revoked.append(self.day)
            # A leaver goes before everything else that was under way.
            for other in life.requests:
                if other.begun and not other.leaver and other.state not in OVER:
                    other.state = "cancelled"
        return mine.begun

    # --- Both -------------------------------------------------------------------------------------

    def _overtaken(self, mine: Request) -> bool:
        """Another event about the person makes this one needless."""
        for other in self.life.requests:
            if other is mine or other.state in VOID:
                continue
            same_sort = other.leaver == mine.leaver
            # What is under way is not begun again.
            if same_sort and other.begun and not mine.begun and other.state not in OVER:
                return True
            if not other.newer_than(mine):
                continue
            # The newer word about the same thing holds.
            if same_sort and not mine.begun:
                return True
            # Who was to leave stays if they are hired anew, and who was to join does not if they
            # leave: from the day on which that takes effect. A joiner's event, which might be a
            # stray old one, keeps nobody from leaving.
            if other.event.type != "joiner" and not same_sort and other.date <= self.now:
                return True
        return False

    def _somebody_else_is_meant(self, mine: Request) -> bool:
        """The number and the name in the event do not both belong to this person's account."""
        event, person = mine.event, self.life.person
        if event.name is not None and self._owners.get(event.name, person.key) != person.key:
            return True
        return event.number != person.number


def _owners(month: Month) -> Mapping[str, str]:
    """Whose each sign-in name is, or was; no name changes hands in a month."""
    names = {person.name: person.key for person in month.people.values()}
    return names | {act.name: act.key for act in month.acts if act.name}
