"""`Get-CASMailbox` and `Set-CASMailbox` on one person's mailbox."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from local.graph.exchange.refusals import (
    missing_parameter,
    no_mailbox,
    not_modelled,
    unknown_cmdlet,
    unknown_parameter,
    wrong_type,
)
from local.graph.tenant.mailboxes import Mailbox
from local.graph.tenant.person import Person
from local.graph.tenant.refusals import UnknownObjectError
from local.graph.tenant.tenant import Tenant

GET, SET = "Get-CASMailbox", "Set-CASMailbox"
_SWITCHES = {encoded.encode_name: encoded.name for encoded in msgspec.structs.fields(Mailbox)}
_MAY_BE_NULL = frozenset({"SmtpClientAuthenticationDisabled"})
"""Null is the tenant's own setting."""
_PARAMETERS = {GET: {"Identity"}, SET: {"Identity", *_SWITCHES}}


@dataclass(frozen=True)
class Done:
    """What a cmdlet wrote to its output.

    Attributes:
        writes: how many changes of the tenant it stands for.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    writes: int = 0


def run(tenant: Tenant, cmdlet: str, parameters: Mapping[str, Any]) -> Done:
    """Run a cmdlet.

    Raises:
        AdminError: there is no such cmdlet, parameter or mailbox.
    """
    if cmdlet not in _PARAMETERS:
        raise unknown_cmdlet(cmdlet)
    for name, value in parameters.items():
        _check(cmdlet, name, value)
    identity = parameters.get("Identity")
    if identity is None and cmdlet == GET:
        raise not_modelled("the list of all mailboxes")
    if identity is None:
        raise missing_parameter("Identity")
    person = _person_seen(tenant, identity)
    if cmdlet == GET:
        return Done(rows=[_row(person, _mailbox(person, identity))])
    changes = {_SWITCHES[name]: value for name, value in parameters.items() if name in _SWITCHES}
    return _set(tenant, person.id, identity, changes)


def _check(cmdlet: str, name: str, value: object) -> None:
    if name not in _PARAMETERS[cmdlet]:
        raise unknown_parameter(name)
    if value is None and name in _MAY_BE_NULL:
        return
    if not isinstance(value, str if name == "Identity" else bool) or value == "":
        raise wrong_type(name, value)


def _person_seen(tenant: Tenant, identity: str) -> Person:
    try:
        return tenant.people.seen(identity)
    except UnknownObjectError as error:
        raise no_mailbox(identity) from error


def _mailbox(person: Person, identity: str) -> Mailbox:
    if person.mailbox is None:
        raise no_mailbox(identity)
    return person.mailbox


def _set(tenant: Tenant, user: str, identity: str, changes: Mapping[str, bool | None]) -> Done:
    person = tenant.people.truth(user)
    before = _mailbox(person, identity)
    after = msgspec.structs.replace(before, **changes)
    if after == before:
        unchanged = (
            "The command completed successfully but no settings of"
            f" '{identity}' have been modified."
        )
        return Done(warnings=[unchanged])
    tenant.people.change(msgspec.structs.replace(person, mailbox=after))
    return Done(writes=1)


def _row(person: Person, mailbox: Mailbox) -> dict[str, Any]:
    return {
        "Identity": person.id,
        "DisplayName": person.value("displayName"),
        "ExternalDirectoryObjectId": person.id,
        "PrimarySmtpAddress": person.user_principal_name,
        "OWAEnabled": True,
        "MAPIEnabled": True,
        **msgspec.to_builtins(mailbox),
    }
