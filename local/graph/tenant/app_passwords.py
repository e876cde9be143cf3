"""App passwords, as people make them and administrators delete them in the portal."""

import msgspec

from local.graph.tenant.audit import PERSON, PORTAL
from local.graph.tenant.per_user_mfa import PerUserMfaState
from local.graph.tenant.person import AppPassword
from local.graph.tenant.refusals import RefusedError
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import graph_time

_MOST_APP_PASSWORDS = 40


def create_app_password(tenant: Tenant, key: str, name: str) -> AppPassword:
    """The person makes an app password in the portal.

    Raises:
        RefusedError: the person is not enforced, has 40 already, or has one of this name.
    """
    person = tenant.people.truth(key)
    if person.per_user_mfa_state is not PerUserMfaState.ENFORCED:
        raise RefusedError("App passwords are for people whose per-user MFA is enforced.")
    if len(person.app_passwords) >= _MOST_APP_PASSWORDS:
        raise RefusedError(f"A person has at most {_MOST_APP_PASSWORDS} app passwords.")
    if any(held.name == name for held in person.app_passwords):
        raise RefusedError("The person has an app password of this name.")
    made = AppPassword(name=name, created=graph_time(tenant.now()))
    tenant.people.change(
        msgspec.structs.replace(person, app_passwords=(*person.app_passwords, made))
    )
    tenant.record("Create application password for user", person.id, PERSON, {"name": name})
    return made


def delete_app_passwords(tenant: Tenant, key: str, name: str | None = None) -> int:
    """The portal's button: delete all app passwords of a person, or the one of a name."""
    person = tenant.people.truth(key)
    gone = [held for held in person.app_passwords if name is None or held.name == name]
    kept = tuple(held for held in person.app_passwords if held not in gone)
    tenant.people.change(msgspec.structs.replace(person, app_passwords=kept))
    for held in gone:
        tenant.record(
            "Delete application password for user", person.id, PORTAL, {"name": held.name}
        )
    return len(gone)
