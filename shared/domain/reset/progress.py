"""How far the reset of a person has come, beside the state of its case."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from shared.domain.ids import CaseId, UserId
from shared.domain.reset.app_passwords import OPEN_ITEM, AppPasswords

LOG_TELLS: Final = timedelta(minutes=5)
"""After how long the directory's audit log has nearly always what was done; 99 lines of 100 were.

https://learn.microsoft.com/azure/active-directory/reports-monitoring/reference-reports-latencies
(as of 2022)
"""
LOG_LAGS: Final = timedelta(minutes=30)
"""After how long what the log does not have is taken not to be."""


class Block(StrEnum):
    """What a reset has to do with the block of an account."""

    MEANT = "meant"
    """The case is about to block the account, or tried to."""
    OURS = "ours"
    """The case blocked the account, and saw it blocked."""
    ELSEWHERE = "elsewhere"
    """It was blocked before, or somebody has changed the block since: it is not ours to lift."""
    LIFTED = "lifted"
    """The case lifted its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetProgress:
    """What a reset has behind it.

    Attributes:
        verified: whether what the ticket says of its caller was found to count.
        begun_at: when it began to take anything away.
        block: what it has to do with the block of the account; None where there was none.
        blocked_at: when it first blocked the account.
        lifted_at: when it last set out to lift its block, until the log would have told of somebody
            else who had wanted the account blocked, too.
        suspect_since: since when there is a method that nobody was given a pass to register.
        alerted: whether that was told.
        manager: whom the person reports to, for whom a notice is, too.
        removed: the methods that it set out to remove, each by its type and id.
        kept: the methods that were there when a list first showed nothing in scope.
        reappeared: whether something in scope was there again once.
        doubtful: methods that it kept though they may be on the device.
        contained_at: when no method in scope was left and the last revocation was read back.
        called_for_at: when somebody came for a pass, for a device that is replaced.
        pass_until: until when the pass that was last collected can be used.
        collected_at: when a pass was last collected for it.
        pass_of: the case on which that was, where it was another one.
        joined: the case that does the work for this one too.
        app_passwords: what is known of the person's app passwords; None where nobody looked.
        none_since: with the result `none-observed`: since when none was.
        possible_since: from when on the person may have made any: when the account was made.
        settles_at: from when on the audit log is believed that shows none of them left; None where
            it is not waited for.
        item_since: since when a human is asked to delete app passwords; None where nobody is.
        chased: how many times they were reminded of it.
        confirmed_by: the object id of who said that they are deleted.
    """

    verified: bool = False
    begun_at: datetime | None = None
    block: Block | None = None
    blocked_at: datetime | None = None
    lifted_at: datetime | None = None
    suspect_since: datetime | None = None
    alerted: bool = False
    manager: UserId | None = None
    removed: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    reappeared: bool = False
    doubtful: tuple[str, ...] = ()
    contained_at: datetime | None = None
    called_for_at: datetime | None = None
    pass_until: datetime | None = None
    collected_at: datetime | None = None
    pass_of: CaseId | None = None
    joined: CaseId | None = None
    app_passwords: AppPasswords | None = None
    none_since: datetime | None = None
    possible_since: datetime | None = None
    settles_at: datetime | None = None
    item_since: datetime | None = None
    chased: int = 0
    confirmed_by: str | None = None

    @property
    def item_open(self) -> bool:
        """Whether a human still has to see to app passwords."""
        return self.item_since is not None and self.app_passwords in OPEN_ITEM

    @property
    def log_awaited(self) -> bool:
        """Whether nothing is said of app passwords yet, because the audit log lags."""
        return self.settles_at is not None and self.app_passwords is None

    def without_pass(self) -> "ResetProgress":
        """The same as if no pass had been collected; a block that went for it is put again."""
        block = None if self.block is Block.LIFTED else self.block
        return replace(self, collected_at=None, pass_until=None, pass_of=None, block=block)

    @property
    def lift_unsure(self) -> bool:
        """Whether it lifted its block and may yet learn that it has lifted somebody else's, too."""
        return self.lifted_at is not None and self.block in {Block.LIFTED, None}

    def log_looks(self) -> tuple[datetime, ...]:
        """When the log may tell what is waited for: who else has blocked, app passwords."""
        looks: list[datetime] = []
        if self.block is Block.OURS and self.collected_at is not None:
            rounds = range(1, LOG_LAGS // LOG_TELLS + 1)
            looks += [self.collected_at + number * LOG_TELLS for number in rounds]
        if self.lifted_at is not None and self.lift_unsure:
            looks += [self.lifted_at + LOG_TELLS, self.lifted_at + LOG_LAGS]
        if self.settles_at is not None and self.log_awaited:
            looks.append(self.settles_at)
        return tuple(looks)


NOTHING_YET = ResetProgress()
"""Where every reset begins."""
