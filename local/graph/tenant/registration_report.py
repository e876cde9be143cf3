"""The report of registered methods: made anew every few hours, and read as it was then.

No history is kept per person. People, groups and roles are values that never change, so an edition
is a list of those that were true when it was made; the first write afterwards sees to it that it
is made before that write.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from local.graph.tenant.memberships import Memberships
from local.graph.tenant.methods import Method
from local.graph.tenant.person import Person
from local.graph.tenant.policies import AllowedPeople
from local.graph.tenant.registered_methods import (
    CONFIGURATIONS,
    PASSWORDLESS,
    gates,
    strongest,
    words,
)
from local.graph.tenant.switches import EVERYBODY, Switches
from local.graph.tenant.times import Clock, log_time

Row = dict[str, Any]

_NEEDED_BY_ADMINISTRATORS = 2
"""Source: https://learn.microsoft.com/entra/identity/authentication/concept-sspr-policy (two-gate
policy of administrators, who are always enabled)."""


class Edition:
    """The report as it was made at one moment.

    Args:
        people: everybody, each at a position that stays; None = they are gone.
        memberships: who was in which group and held which role.
        policies: the configurations of the methods, by id.
        switches: who may reset the password, and with how many methods.
    """

    def __init__(
        self,
        *,
        at: datetime,
        people: Sequence[Person | None],
        memberships: Memberships,
        policies: Mapping[str, Mapping[str, Any]],
        switches: Switches,
    ) -> None:
        self._people = people
        self._memberships = memberships
        self._policies = policies
        self._switches = switches
        self._made_at = log_time(at)

    def rows(self, start: int = 0) -> Iterator[tuple[int, Row]]:
        """The rows from a position on, each with its position."""
        for position in range(start, len(self._people)):
            row = self.row_at(position)
            if row is not None:
                yield position, row

    def row_at(self, position: int) -> Row | None:
        """The row of the person at a position; None = there is none, as of a disabled account."""
        person = self._people[position] if position < len(self._people) else None
        if person is None or not person.properties["accountEnabled"]:
            return None
        return self._row(person)

    def _row(self, person: Person) -> Row:
        properties, methods = person.properties, person.methods
        allowed = [method for method in methods if self._is_allowed(person, method)]
        is_guest = properties["userType"] == "Guest"
        is_admin = person.id in self._administrators
        may_reset = is_admin or self._everybody_resets or person.id in self._resetting
        sspr_enabled = may_reset and not is_guest
        needed = self._switches.sspr_methods_required
        if is_admin:
            needed = _NEEDED_BY_ADMINISTRATORS
        system_prefers = self._switches.system_preferred_method
        return {
            "id": person.id,
            "userPrincipalName": properties["userPrincipalName"],
            "userDisplayName": properties["displayName"],
            "userType": "guest" if is_guest else "member",
            "isAdmin": is_admin,
            "isSsprRegistered": gates(methods) >= needed,
            "isSsprEnabled": sspr_enabled,
            "isSsprCapable": sspr_enabled and gates(allowed) >= needed,
            "isMfaRegistered": any(method.strong for method in methods),
            "isMfaCapable": any(method.strong for method in allowed),
            "isPasswordlessCapable": any(method.kind in PASSWORDLESS for method in allowed),
            "lastUpdatedDateTime": self._made_at,
            "methodsRegistered": words(methods),
            "isSystemPreferredAuthenticationMethodEnabled": system_prefers,
            "systemPreferredAuthenticationMethods": strongest(allowed) if system_prefers else [],
            "userPreferredMethodForSecondaryAuthentication": person.preference or "none",
        }

    @cached_property
    def _administrators(self) -> frozenset[str]:
        return self._memberships.holders()

    @cached_property
    def _everybody_resets(self) -> bool:
        return self._switches.sspr_enabled_for == EVERYBODY

    @cached_property
    def _resetting(self) -> frozenset[str]:
        return self._memberships.everybody_in(self._switches.sspr_enabled_for)

    @cached_property
    def _allowed(self) -> dict[str, AllowedPeople]:
        return {
            name: AllowedPeople(configuration, self._memberships.everybody_in)
            for name, configuration in self._policies.items()
        }

    def _is_allowed(self, person: Person, method: Method) -> bool:
        names = CONFIGURATIONS.get(method.kind)
        return names is None or any(person.id in self._allowed[name] for name in names)


PROPERTIES = (
    "id",
    "userPrincipalName",
    "userDisplayName",
    "userType",
    "isAdmin",
    "isSsprRegistered",
    "isSsprEnabled",
    "isSsprCapable",
    "isMfaRegistered",
    "isMfaCapable",
    "isPasswordlessCapable",
    "lastUpdatedDateTime",
    "methodsRegistered",
    "isSystemPreferredAuthenticationMethodEnabled",
    "systemPreferredAuthenticationMethods",
    "userPreferredMethodForSecondaryAuthentication",
)


class Report:
    """The editions of the report, of which readers find the last one.

    Args:
        clock: the stack's time.
        interval: the seconds from one edition to the next; 0 = readers find the truth.
        make: makes an edition of what is true now, dated by a unix time.
    """

    def __init__(
        self, clock: Clock, interval: Callable[[], float], make: Callable[[float], Edition]
    ) -> None:
        self._clock = clock
        self._interval = interval
        self._make = make
        self._made_at = clock().timestamp()
        self._edition: Edition | None = None
        self._is_true = False

    def keep_up(self) -> None:
        """Make the edition that is due, before a write changes what it would say."""
        if self._edition is None:
            self.make_now()
        self._make_what_is_due()
        self._is_true = False

    def current(self) -> Edition:
        """The edition that readers find."""
        self._make_what_is_due()
        if self._edition is None or (not self._interval() and not self._is_true):
            return self.make_now()
        return self._edition

    def make_now(self) -> Edition:
        """Make an edition now; the next one is due an interval later."""
        self._made_at = self._clock().timestamp()
        self._edition = self._make(self._made_at)
        self._is_true = True
        return self._edition

    def _make_what_is_due(self) -> None:
        interval = self._interval()
        passed = self._clock().timestamp() - self._made_at
        if not interval or passed < interval:
            return
        self._made_at += passed // interval * interval
        self._edition = self._make(self._made_at)
        self._is_true = True
