"""What Graph refuses to change of whom, and what revoking sessions does."""

from collections.abc import Collection

import msgspec

from local.graph.tenant.audit import PERSON
from local.graph.tenant.person import Person
from local.graph.tenant.refusals import RefusedError
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import graph_time

SENSITIVE = frozenset({"businessPhones", "mobilePhone", "otherMails", "passwordProfile"})
"""What no application changes of somebody who holds a role."""

_WRITABLE_WHEN_SYNCHRONISED = frozenset({"accountEnabled", "usageLocation"})


def holds_role(tenant: Tenant, person: Person) -> bool:
    """The person is an administrator: by an active role, their own or a group's."""
    return bool(tenant.memberships_true().roles_of(person.id))


def check_mastered_here(person: Person, names: Collection[str]) -> None:
    """Refuse changes of what is mastered on premises.

    Raises:
        RefusedError: the person is synchronised, and a property is not the cloud's.
    """
    if person.value("onPremisesSyncEnabled") and not _WRITABLE_WHEN_SYNCHRONISED.issuperset(names):
        raise RefusedError(
            "Unable to update the specified properties for on-premises mastered Directory Sync"
            " objects or objects currently undergoing migration."
        )


def revoke_sessions(tenant: Tenant, key: str, by: str) -> None:
    """Make the sessions and refresh tokens issued so far invalid; guests keep theirs.

    Remembered devices stay: no document says that they go.
    """
    person = tenant.people.truth(key)
    if person.value("userType") == "Guest":
        return
    now = graph_time(tenant.now())
    properties = {**person.properties, "signInSessionsValidFromDateTime": now}
    tenant.people.change(msgspec.structs.replace(person, properties=properties))
    tenant.record("Update StsRefreshTokenValidFrom Timestamp", person.id, by)


def change_password(tenant: Tenant, key: str, by: str) -> None:
    """Another password; sessions and app passwords stay.

    Args:
        by: `person`, or who resets it for them.

    Raises:
        RefusedError: the person is blocked, and so cannot do it themselves.
    """
    person = tenant.people.truth(key)
    if by == PERSON and not person.value("accountEnabled"):
        raise RefusedError("A person whose account is disabled cannot change the password.")
    changed = {"lastPasswordChangeDateTime": graph_time(tenant.now())}
    properties = {**person.properties, **changed}
    tenant.people.change(msgspec.structs.replace(person, properties=properties))
    word = "Change" if by == PERSON else "Reset"
    tenant.record(f"{word} user password", person.id, by)
