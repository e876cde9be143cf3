"""The tenant: its people, groups and roles, and everything that can be done to them."""

import uuid
from collections.abc import Iterable
from typing import TypeVar

import msgspec

from local.graph.tenant.audit import AuditEntry
from local.graph.tenant.groups import Group, check_kind
from local.graph.tenant.memberships import Memberships
from local.graph.tenant.methods import FACTS, REGISTRABLE, Kind, Method, new_method
from local.graph.tenant.people import People
from local.graph.tenant.per_user_mfa import PerUserMfaState, after_registration, after_write
from local.graph.tenant.person import AppPassword, Person, SignIns
from local.graph.tenant.refusals import RefusedError, UnknownObjectError
from local.graph.tenant.replication import Table
from local.graph.tenant.roles import Role, merged
from local.graph.tenant.switches import Switches
from local.graph.tenant.times import Clock, graph_time
from local.graph.tenant.user_properties import (
    PROPERTIES,
    Properties,
    PropertyValue,
    checked,
)

_MOST_APP_PASSWORDS = 40
_Holder = TypeVar("_Holder", Group, Role)


class Tenant:
    """One Entra ID tenant.

    Args:
        clock: the stack's time.
    """

    def __init__(self, clock: Clock) -> None:
        self.now = clock
        self.people = People(clock)
        self.groups: Table[Group] = Table(clock, lambda: self.people.lag)
        self.roles: Table[Role] = Table(clock, lambda: self.people.lag)
        self.audit: list[AuditEntry] = []
        self.switches = Switches()

    def create_person(
        self,
        given: Properties,
        manager_id: str | None = None,
        sign_ins: SignIns | None = None,
    ) -> Person:
        """Create a person; properties that are left out get sensible values.

        Raises:
            InvalidValueError: a value that the directory does not take.
            DuplicateError: the sign-in name or the id is taken.
            UnknownObjectError: there is no such manager.
        """
        now = self.now()
        properties = _with_defaults(given, graph_time(now))
        stored = {name: checked(PROPERTIES[name], value) for name, value in properties.items()}
        person = Person(
            id=str(stored.pop("id")),
            properties=stored,
            manager_id=self.people.truth(manager_id).id if manager_id else None,
            methods=(new_method(Kind.PASSWORD, now),),
            sign_ins=sign_ins,
        )
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
        self.record("Update user", person.id, by)
        if properties["accountEnabled"] != person.value("accountEnabled"):
            word = "Enable" if properties["accountEnabled"] else "Disable"
            self.record(f"{word} account", person.id, by)

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
        self._set_state(person, state)
        self.record(
            "Update per-user multifactor authentication state", person.id, by, {"state": requested}
        )

    def register(self, key: str, kind: Kind) -> Method:
        """The person registers a method; one that exists only once is replaced.

        Raises:
            RefusedError: nobody registers this kind, the account is disabled, or an alternate
                mobile comes before the mobile.
        """
        person = self.people.truth(key)
        if kind not in REGISTRABLE:
            raise RefusedError(f"A person does not register the method '{kind}'.")
        if not person.value("accountEnabled"):
            raise RefusedError("A person whose account is disabled cannot sign in to register.")
        if kind is Kind.ALTERNATE_MOBILE and person.method_of(Kind.MOBILE) is None:
            raise RefusedError("An alternate mobile number needs a mobile number first.")
        method = new_method(kind, self.now())
        kept = tuple(held for held in person.methods if held.id != method.id)
        has_preference = FACTS[kind].preference is not None
        self._set_state(
            msgspec.structs.replace(
                person,
                methods=(*kept, method),
                default_method=person.default_method or (method.id if has_preference else None),
                sign_ins=self._signed_in(person, succeeded=True),
            ),
            after_registration(person.per_user_mfa_state, strong=method.strong),
        )
        self.record("User registered security info", person.id, "person", {"method": kind})
        return method

    def note_sign_in(self, key: str, *, succeeded: bool) -> None:
        """Write a sign-in down; one that failed counts as an attempt."""
        person = self.people.truth(key)
        self.people.change(
            msgspec.structs.replace(person, sign_ins=self._signed_in(person, succeeded=succeeded))
        )

    def create_app_password(self, key: str, name: str) -> AppPassword:
        """The person makes an app password in the portal.

        Raises:
            RefusedError: the person is not enforced, has 40 already, or has one of this name.
        """
        person = self.people.truth(key)
        if person.per_user_mfa_state is not PerUserMfaState.ENFORCED:
            raise RefusedError("App passwords are for people whose per-user MFA is enforced.")
        if len(person.app_passwords) >= _MOST_APP_PASSWORDS:
            raise RefusedError(f"A person has at most {_MOST_APP_PASSWORDS} app passwords.")
        if any(held.name == name for held in person.app_passwords):
            raise RefusedError("The person has an app password of this name.")
        made = AppPassword(name=name, created=graph_time(self.now()))
        self.people.change(
            msgspec.structs.replace(person, app_passwords=(*person.app_passwords, made))
        )
        self.record("Create application password for user", person.id, "portal", {"name": name})
        return made

    def delete_app_passwords(self, key: str, name: str | None = None) -> int:
        """The portal's button: delete all app passwords of a person, or the one of a name."""
        person = self.people.truth(key)
        gone = [held for held in person.app_passwords if name is None or held.name == name]
        kept = tuple(held for held in person.app_passwords if held not in gone)
        self.people.change(msgspec.structs.replace(person, app_passwords=kept))
        for held in gone:
            self.record(
                "Delete application password for user", person.id, "portal", {"name": held.name}
            )
        return len(gone)

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
        if made.is_assignable_to_role and any(map(self.is_group, made.members)):
            raise RefusedError("A role-assignable group has no groups in it.")
        self.groups.write(made.id, made)
        return made

    def add_role(self, role: Role) -> Role:
        """Activate a directory role; holders (ids or sign-in names) join those it has.

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
        self.roles.write(made.id, made)
        return made

    def memberships_seen(self) -> Memberships:
        """Who belongs to what, as readers see it."""
        return Memberships(self.groups.all_seen(), self.roles.all_seen())

    def memberships_true(self) -> Memberships:
        """Who belongs to what now."""
        return Memberships(self.groups.all_true(), self.roles.all_true())

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

    def _signed_in(self, person: Person, *, succeeded: bool) -> SignIns:
        before = person.sign_ins or SignIns()
        return before.after(graph_time(self.now()), succeeded=succeeded)

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

    def _set_state(self, person: Person, state: PerUserMfaState) -> None:
        self.people.change(
            msgspec.structs.replace(
                person,
                per_user_mfa_state=state,
                enabled_before=person.enabled_before or state is not PerUserMfaState.DISABLED,
            )
        )

    def record(
        self, activity: str, target: str, by: str, detail: dict[str, str] | None = None
    ) -> None:
        """Write an activity that concerns an object id to the audit log."""
        self.audit.append(
            AuditEntry(
                at=graph_time(self.now()),
                activity=activity,
                target=target,
                by=by,
                detail=detail or {},
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
