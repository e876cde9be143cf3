"""Keep contact data for the one case that may use it, and no longer."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.application.ports.cases import Cases
from shared.application.ports.clock import Clock
from shared.application.ports.contacts import Contacts, KeptContact
from shared.contracts.contact_data import told_contact
from shared.contracts.hr_events import HrEvent
from shared.domain.cases import Case
from shared.domain.contacts import Contact, ContactKind
from shared.domain.errors import LifecycleError
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId
from shared.domain.onboarding.preparing import had_contact, needs_contact
from shared.telemetry import EventLog

PAGE: Final = 500

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class KeepContact:
    """Keeps an event's contact data apart from its case."""

    contacts: Contacts
    clock: Clock
    lasting: timedelta

    async def __call__(
        self, case_id: CaseId, event: HrEvent, kinds: Collection[ContactKind]
    ) -> tuple[ContactKind, ...]:
        """Keep what may be registered, and return what kinds of it the event told.

        Raises:
            StoreUnavailable: it could not be stored.
        """
        contact, told = told_contact(event, kinds)
        if contact != Contact():
            await self.contacts.keep(case_id, contact, self.clock.now() + self.lasting)
        return told


@dataclass(frozen=True, slots=True)
class ForgetContact:
    """Forgets contact data as soon as its case can't use it any more."""

    contacts: Contacts

    async def __call__(self, now: Case, *, before: Case | None = None) -> None:
        """Forget it where a case does not need it (any more); the sweep makes good a failure.

        Args:
            now: the case.
            before: what it was before it was saved; what it did not need then is forgotten already.
        """
        needed = had_contact(now) if before is None else needs_contact(before)
        if not needed or needs_contact(now):
            return
        try:
            await self.contacts.forget(now.case_id)
        except StoreUnavailable as error:
            _log.warning("contact.left", case_id=now.case_id, code=error.code)


@dataclass(frozen=True, slots=True)
class ForgetContacts:
    """The sweep: what has expired, and what no case needs any more."""

    contacts: Contacts
    cases: Cases
    clock: Clock

    async def __call__(self) -> int:
        """Forget it, and return how many were forgotten.

        Raises:
            StoreUnavailable: the store is away; the next run tries again.
        """
        forgotten, after = 0, None
        while page := await self.contacts.kept(after, PAGE):
            for one in page:
                if await self._is_over(one):
                    await self.contacts.forget(one.case_id)
                    forgotten += 1
            after = page[-1].case_id
        if forgotten:
            _log.info("contacts.forgotten", contacts=forgotten)
        return forgotten

    async def _is_over(self, kept: KeptContact) -> bool:
        if kept.until <= self.clock.now():
            return True
        try:
            stored = await self.cases.load(kept.case_id)
        except StoreUnavailable:
            raise
        except LifecycleError as error:
            _log.warning("contact.kept", case_id=kept.case_id, code=error.code)
            return False
        # Without a case: the intake died between the two, and the event will come again.
        return stored is not None and not needs_contact(stored.case)
