"""The tenant: its people, groups and roles, and everything that can be done to them."""

import uuid
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TypeVar

import msgspec

from local.graph.tenant.audit import AuditEntry, AuditLog, Modified, modified
from local.graph.tenant.groups import Group, check_kind, check_nesting
from local.graph.tenant.mailboxes import Mailbox
from local.graph.tenant.memberships import Memberships, Sets
from local.graph.tenant.methods import Kind, new_method
from local.graph.tenant.organization import Organization
from local.graph.tenant.people import People
from local.graph.tenant.per_user_mfa import PerUserMfaState, after_write
from local.graph.tenant.person import Person, SignIns
from local.graph.tenant.policies import Policies
from local.graph.tenant.refusals import InvalidValueError, RefusedError, UnknownObjectError
from local.graph.tenant.registration_report import Edition, Report
from local.graph.tenant.replication import Table
from local.graph.tenant.roles import Role, merged
from local.graph.tenant.switches import Switches
from local.graph.tenant.times import Clock, graph_time, log_time
from local.graph.tenant.user_properties import (
    PROPERTIES,
    Properties,
    PropertyValue,
    checked,
)

_Holder = TypeVar("_Holder", Group, Role)


class Tenant:
    """One Entra ID tenant.

    Args:
        clock: the stack's time.
    """

    def __init__(self, clock: Clock) -> None:
        self.now = clock
        self.report = Report(clock, self._report_lag, self._edition)
        self.people = People(clock, self.report.keep_up)
        self.groups: Table[Group] = Table(clock, lambda: self.people.lag, self.report.keep_up)
        self.roles: Table[Role] = Table(clock, lambda: self.people.lag, self.report.keep_up)
        self.organization = Organization()
        self.policies = Policies()
        self.audit = AuditLog()
        self.switches = Switches()
        self._true_memberships: tuple[tuple[int, int], Memberships] | None = None
        self._true_sets: Sets = {}
        self._seen_sets: Sets = {}

    def create_person(
        self,
        given: Properties,
        manager_id: str | None = None,
        sign_ins: SignIns | None = None,
        *,
        has_mailbox: bool | None = None,
        home_tenant: str | None = None,
    ) -> Person:
        """Create a person; properties that are left out get sensible values.

        Args:
            has_mailbox: left out, members have one, and guests none.
            home_tenant: where an external belongs.

        Raises:
            InvalidValueError: a value that the directory does not take.
            DuplicateError: the sign-in name or the id is taken.
            UnknownObjectError: there is no such manager.
        """
        now = self.now()
        properties = _with_defaults(given, graph_time(now))
        stored = {name: checked(PROPERTIES[name], value) for name, value in properties.items()}
        if has_mailbox is None:
            has_mailbox = stored["userType"] != "Guest"
        person = Person(
            id=str(stored.pop("id")),
            properties=stored,
            manager_id=self.people.truth(manager_id).id if manager_id else None,
            methods=() if stored.get("identityParentId") else (new_method(Kind.PASSWORD, now),),
            sign_ins=() if sign_ins is None else (sign_ins,),
            mailbox=Mailbox() if has_mailbox else None,
            home_tenant_id=home_tenant,
        )
        kind = person.external_kind
        if home_tenant is not None and (kind is None or not kind.elsewhere):
            raise InvalidValueError("homeTenantId", "The person belongs to this tenant.")
        self.people.add(person)
        return person

    def update_person(self, key: str, changes: Properties, by: str) -> None:
        """Change Graph properties of a person.

        Raises:
            InvalidValueError: a value that the directory does not take.
            DuplicateError: the new sign-in name is taken.
            UnknownObjectError: there is no such person.
        """
        person = self.people.truth(key)
        stored = {name: checked(PROPERTIES[name], value) for name, value in changes.items()}
        properties = {**person.properties, **stored}
        if properties.pop("passwordProfile", None) is not None:
            properties["lastPasswordChangeDateTime"] = graph_time(self.now())
        self.people.change(msgspec.structs.replace(person, properties=properties))
        told = {name: value for name, value in stored.items() if name != "passwordProfile"}
        changed = modified({name: person.value(name) for name in told}, told)
        self.record("Update user", person.id, by, modified=changed)
        if properties["accountEnabled"] != person.value("accountEnabled"):
            word = "Enable" if properties["accountEnabled"] else "Disable"
            self.record(f"{word} account", person.id, by, modified=changed)

    def delete_person(self, key: str, by: str) -> None:
        """Delete a person, who leaves all groups and roles."""
        person = self.people.truth(key)
        self.people.remove(person.id)
        for group in list(self.groups.all_true()):
            self._leave(self.groups, group, person.id)
        for role in list(self.roles.all_true()):
            self._leave(self.roles, role, person.id)
        self.record("Delete user", person.id, by)

    def set_per_user_mfa_state(self, key: str, requested: PerUserMfaState, by: str) -> None:
        """Write the per-user MFA state, which may move on by itself."""
        person = self.people.truth(key)
        state = after_write(
            requested,
            registered=person.registered,
            enabled_before=person.enabled_before,
            stays_enabled_when_enabled_again=self.switches.enabled_again_stays_enabled,
        )
        self.set_state(person, state)
        self.record(
            "Update per-user multifactor authentication state", person.id, by, {"state": requested}
        )

    def add_group(self, group: Group) -> Group:
        """Create a group of people and groups (ids or sign-in names).

        Raises:
            RefusedError: the directory makes no such group.
            UnknownObjectError: somebody in it does not exist.
        """
        check_kind(group)
        made = msgspec.structs.replace(
            group,
            members=self.ids(group.members),
            owners=self.ids(group.owners),
            eligible_members=self.ids(group.eligible_members),
            eligible_owners=self.ids(group.eligible_owners),
        )
        inner = (self.groups.truth(one) for one in made.members if self.is_group(one))
        check_nesting(made, inner)
        self.groups.write(made.id, made)
        return made

    def add_role(self, role: Role, *, lag: float | None = None) -> Role:
        """Activate a directory role; holders (ids or sign-in names) join those it has.

        Args:
            lag: overrides the tenant's.

        Raises:
            RefusedError: a holder is a group that is not role-assignable.
            UnknownObjectError: a holder does not exist.
        """
        made = msgspec.structs.replace(
            role,
            members=self.ids(role.members),
            eligible_members=self.ids(role.eligible_members),
        )
        for holder in {*made.members, *made.eligible_members}:
            if self.is_group(holder) and not self.groups.truth(holder).is_assignable_to_role:
                raise RefusedError("Only a role-assignable group can hold a role.")
        known = {old.id: old for old in self.roles.all_true()}
        made = merged(known[made.id], made) if made.id in known else made
        self.roles.write(made.id, made, lag=lag)
        return made

    def memberships_seen(self) -> Memberships:
        """Who belongs to what, as readers see it."""
        if self.groups.settled and self.roles.settled:
            return self.memberships_true()
        return Memberships(self.groups.all_seen(), self.roles.all_seen(), self._seen_sets)

    def memberships_true(self) -> Memberships:
        """Who belongs to what now."""
        edition = (self.groups.writes, self.roles.writes)
        if self._true_memberships is None or self._true_memberships[0] != edition:
            made = Memberships(self.groups.all_true(), self.roles.all_true(), self._true_sets)
            self._true_memberships = (edition, made)
        return self._true_memberships[1]

    def is_group(self, object_id: str) -> bool:
        """The id is a group's."""
        try:
            self.groups.truth(object_id)
        except UnknownObjectError:
            return False
        return True

    def ids(self, keys: Iterable[str]) -> tuple[str, ...]:
        """The object ids of people (ids or sign-in names) and groups (ids).

        Raises:
            UnknownObjectError: one of them does not exist.
        """
        found = (
            key.casefold() if self.is_group(key) else self.people.truth(key).id for key in keys
        )
        return tuple(dict.fromkeys(found))

    def _report_lag(self) -> float:
        return self.switches.report_lag_seconds

    def _edition(self, at: float) -> Edition:
        return Edition(
            at=datetime.fromtimestamp(at, UTC),
            people=self.people.by_position(),
            memberships=Memberships(self.groups.all_true(), self.roles.all_true()),
            policies=dict(self.policies.methods),
            switches=self.switches,
        )

    @staticmethod
    def _leave(table: Table[_Holder], holder: _Holder, object_id: str) -> None:
        fields = msgspec.structs.asdict(holder)
        left = {
            name: tuple(key for key in value if key != object_id)
            for name, value in fields.items()
            if isinstance(value, tuple) and object_id in value
        }
        if left:
            table.write(holder.id, msgspec.structs.replace(holder, **left))

    def set_state(self, person: Person, state: PerUserMfaState) -> None:
        """Replace a person by this value, with a per-user MFA state."""
        self.people.change(
            msgspec.structs.replace(
                person,
                per_user_mfa_state=state,
                enabled_before=person.enabled_before or state is not PerUserMfaState.DISABLED,
            )
        )

    def record(
        self,
        activity: str,
        target: str,
        by: str,
        detail: dict[str, str] | None = None,
        modified: tuple[Modified, ...] = (),
        *,
        group: str | None = None,
    ) -> None:
        """Write an activity that concerns an object id to the audit log."""
        self.audit.add(
            AuditEntry(
                at=log_time(self.now()),
                activity=activity,
                target=target,
                by=by,
                detail=detail or {},
                modified=modified,
                group=group,
            )
        )


def _with_defaults(given: Properties, now: str) -> dict[str, PropertyValue]:
    person_id = str(uuid.uuid4())
    upn = given.get("userPrincipalName") or f"user-{person_id[:8]}@contoso.example"
    local_part = str(upn).partition("@")[0]
    defaults: dict[str, PropertyValue] = {
        "id": person_id,
        "userPrincipalName": upn,
        "displayName": local_part.replace(".", " ").title(),
        "mailNickname": local_part[:64],
        "accountEnabled": True,
        "userType": "Guest" if "#EXT#" in str(upn) else "Member",
        "createdDateTime": now,
        "signInSessionsValidFromDateTime": now,
        "lastPasswordChangeDateTime": now,
    }
    return {**defaults, **given}
