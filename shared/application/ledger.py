"""The ledger of app passwords: kept by a timer, read with the audit log's newest lines."""

from dataclasses import dataclass
from datetime import timedelta

from shared.application.ports.audits import Audits
from shared.application.ports.clock import Clock
from shared.application.ports.ledger import Ledger
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import LicenceMissing, PermissionMissing, RequestRejected
from shared.domain.errors.storage import StoreDenied
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, Ledgered
from shared.telemetry import EventLog

_FOR_GOOD = (PermissionMissing, RequestRejected, LicenceMissing, StoreDenied)
"""No wait mends these."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class KeepLedger:
    """Takes over from the audit log what it tells of app passwords, before the log forgets it.

    A run that fails leaves the time uncovered. The next one makes that good, for as long as the log
    has the lines; what it has no longer stays a gap.

    Attributes:
        retention: how far back the audit log reaches.
    """

    audits: Audits
    ledger: Ledger
    clock: Clock
    retention: timedelta

    async def __call__(self) -> Coverage:
        """Read what is new, and return of what time every line is kept now.

        Raises:
            LifecycleError: the log can't be read, or the ledger not be written.
        """
        before = await self.ledger.coverage()
        window = before.window(self.clock.now(), self.retention)
        entries = await self.audits.app_passwords(window)
        await self.ledger.keep(entries)
        after = before.with_read(window)
        await self.ledger.cover(after)
        if before.last is not None and len(after.spans) > len(before.spans):
            _log.warning("ledger.gap", since=str(before.last.until), until=str(window.since))
        _log.info("ledger.kept", entries=len(entries))
        return after


@dataclass(frozen=True, slots=True)
class ReadLedger:
    """Reads what is known of a person's app passwords.

    Attributes:
        retention: how far back the audit log reaches.
    """

    audits: Audits
    ledger: Ledger
    clock: Clock
    retention: timedelta

    async def __call__(self, user: UserId) -> Ledgered | Unknown:
        """What the ledger and the log's newest lines tell; `Unknown` where either may not be read.

        Raises:
            LifecycleError: either is in passing trouble.
        """
        try:
            coverage = await self.ledger.coverage()
            kept = await self.ledger.of(user)
            window = coverage.window(self.clock.now(), self.retention)
            newest = await self.audits.app_passwords(window, user)
        except _FOR_GOOD as error:
            return Unknown(error.detail)
        entries = {entry.entry_id: entry for entry in (*kept, *newest)}
        return Ledgered(entries=tuple(entries.values()), known=coverage.known_after(window))
