"""People: making them, what they do, and the truth about them."""

from collections.abc import Mapping
from functools import partial
from typing import Any
from uuid import UUID

import msgspec
from aiohttp import web

from local.graph.api.authentication_methods import shown_method
from local.graph.api.messages import Version
from local.graph.control.attempts import SignInRequest, attempt_of, check_credentials
from local.graph.control.handling import NoBody, answering
from local.graph.simulation import Simulation
from local.graph.tenant.app_passwords import create_app_password, delete_app_passwords
from local.graph.tenant.methods import Kind, Passkey
from local.graph.tenant.person import Person, SignIns
from local.graph.tenant.refusals import InvalidValueError
from local.graph.tenant.registering import Registering, register
from local.graph.tenant.sign_in import sign_in
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.user_properties import PROPERTIES

_PERSON = "/_sim/users/{user}"


class Registration(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a person registers.

    Attributes:
        passkey: where a passkey is kept; a security key when left out.
        credentials: what is presented, as in a sign-in; left out, all that the person has.
        location: `trusted`, or anything else for an untrusted place.
    """

    method: Kind
    passkey: Passkey | None = None
    credentials: tuple[str, ...] | None = None
    location: str = ""


class NewAppPassword(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An app password that the person makes."""

    name: str


class AppPasswordName(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which app password goes; without a name, all of them."""

    name: str | None = None


def routes(simulation: Simulation) -> list[web.RouteDef]:
    """The routes for people."""
    tenant = simulation.tenant
    return [
        web.post("/_sim/users", answering(partial(_create, tenant), dict[str, Any])),
        web.get(_PERSON, answering(partial(_truth, tenant), NoBody)),
        web.post(f"{_PERSON}/register", answering(partial(_register, tenant), Registration)),
        web.post(f"{_PERSON}/sign-in", answering(partial(_sign_in, tenant), SignInRequest)),
        web.post(
            f"{_PERSON}/app-passwords",
            answering(partial(_add_app_password, tenant), NewAppPassword),
        ),
        web.delete(
            f"{_PERSON}/app-passwords",
            answering(partial(_delete_app_passwords, tenant), AppPasswordName),
        ),
    ]


def truth_of(tenant: Tenant, person: Person) -> dict[str, Any]:
    """All that is true of a person: Graph's fields, and what Graph does not show."""
    return {
        **{name: person.value(name) for name in PROPERTIES if name != "passwordProfile"},
        "manager": person.manager_id,
        "homeTenantId": person.home_tenant_id,
        "perUserMfaState": person.per_user_mfa_state,
        "methods": [shown_method(tenant, person, held, Version.BETA) for held in person.methods],
        "defaultMethod": person.preference,
        "appPasswords": person.app_passwords,
        "mailbox": person.mailbox,
        "rememberedDevices": person.remembered_devices,
        "signInActivity": person.activity(),
    }


def _create(tenant: Tenant, _: web.Request, given: Mapping[str, Any]) -> tuple[int, Any]:
    properties = dict(given)
    manager = properties.pop("manager", None)
    if manager is not None and not isinstance(manager, str):
        raise InvalidValueError("manager", "It is the id or the sign-in name of a person.")
    signed_in = properties.pop("signInActivity", None)
    activity = None if signed_in is None else msgspec.convert(signed_in, SignIns)
    has_mailbox = properties.pop("mailbox", None)
    if has_mailbox is not None and not isinstance(has_mailbox, bool):
        raise InvalidValueError("mailbox", "It is true or false.")
    home_tenant = properties.pop("homeTenantId", None)
    for name in properties:
        if name not in PROPERTIES:
            raise InvalidValueError(name, "There is no such property.")
    person = tenant.create_person(
        properties,
        manager,
        activity,
        has_mailbox=has_mailbox,
        home_tenant=None if home_tenant is None else _tenant_id(home_tenant),
    )
    return 201, truth_of(tenant, person)


def _tenant_id(given: object) -> str:
    try:
        return str(UUID(str(given)))
    except ValueError as error:
        raise InvalidValueError("homeTenantId", "It is the id of a tenant.") from error


def _truth(tenant: Tenant, request: web.Request, _: NoBody) -> tuple[int, Any]:
    return 200, truth_of(tenant, tenant.people.truth(_user(request)))


def _register(tenant: Tenant, request: web.Request, body: Registration) -> tuple[int, Any]:
    check_credentials(body.credentials or ())
    wanted = Registering(
        kind=body.method,
        passkey=body.passkey,
        credentials=body.credentials,
        location=body.location,
    )
    method = register(tenant, _user(request), wanted)
    person = tenant.people.truth(_user(request))
    return 201, shown_method(tenant, person, method, Version.BETA)


def _sign_in(tenant: Tenant, request: web.Request, body: SignInRequest) -> tuple[int, Any]:
    outcome = sign_in(tenant, _user(request), attempt_of(tenant, body))
    return 200, {"result": outcome.result, "by": outcome.by}


def _add_app_password(
    tenant: Tenant, request: web.Request, body: NewAppPassword
) -> tuple[int, Any]:
    return 201, create_app_password(tenant, _user(request), body.name)


def _delete_app_passwords(
    tenant: Tenant, request: web.Request, body: AppPasswordName
) -> tuple[int, Any]:
    return 200, {"deleted": delete_app_passwords(tenant, _user(request), body.name)}


def _user(request: web.Request) -> str:
    return request.match_info["user"]
