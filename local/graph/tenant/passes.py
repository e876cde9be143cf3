"""Temporary Access Passes: the policy's limits, one at a time, and what makes one usable."""

import secrets
import string
import uuid
from datetime import datetime, timedelta

import msgspec

from local.graph.tenant.methods import Kind, Method
from local.graph.tenant.person import Person
from local.graph.tenant.policies import is_allowed
from local.graph.tenant.refusals import RefusedError
from local.graph.tenant.registration import put_method
from local.graph.tenant.tenant import Tenant
from local.graph.tenant.times import graph_time

_SHORTEST, _LONGEST = 10, 43_200
_OLDEST_START = timedelta(minutes=5)
_CHARACTERS = string.ascii_letters + string.digits + "!@#$%*+-"
_POLICY = "temporaryAccessPass"
EXPECTED = "EnabledByPolicy"


class PassRequest(msgspec.Struct, frozen=True, rename="camel"):
    """What a new pass shall be; what is left out follows the policy."""

    start_date_time: datetime | None = None
    lifetime_in_minutes: int | None = None
    is_usable_once: bool | None = None


def create_pass(tenant: Tenant, key: str, wanted: PassRequest, by: str) -> tuple[Method, str]:
    """Make a pass in place of the one there may be; its value is told here and kept nowhere.

    Raises:
        RefusedError: a guest, a policy that is off, a lifetime or reuse outside the policy, or a
            start in the past.
    """
    person, policy, now = tenant.people.truth(key), tenant.policies.methods[_POLICY], tenant.now()
    if person.value("userType") == "Guest":
        raise RefusedError("Temporary Access Pass cannot be added to an external guest user.")
    if policy["state"] != "enabled":
        raise RefusedError(
            "Converged UserCredentialPolicy does not allow creating or updating Temporary Access"
            " Pass."
        )
    minutes = wanted.lifetime_in_minutes
    minutes = policy["defaultLifetimeInMinutes"] if minutes is None else minutes
    least = max(_SHORTEST, policy["minimumLifetimeInMinutes"])
    most = min(_LONGEST, policy["maximumLifetimeInMinutes"])
    if not least <= minutes <= most:
        raise RefusedError(
            f"Invalid LifetimeInMinutes specified. The valid range between {least} and {most}."
        )
    once = wanted.is_usable_once
    if once is False and policy["isUsableOnce"]:
        raise RefusedError("The policy allows Temporary Access Passes for one-time use only.")
    start = wanted.start_date_time or now
    if start.tzinfo is None or start < now - _OLDEST_START:
        raise RefusedError("Invalid StartDateTime specified. It must not be in the past.")
    made = Method(
        id=str(uuid.uuid4()),
        kind=Kind.TEMPORARY_ACCESS_PASS,
        fields={
            "temporaryAccessPass": None,
            "startDateTime": graph_time(start),
            "lifetimeInMinutes": minutes,
            "isUsableOnce": policy["isUsableOnce"] if once is None else once,
        },
        beta_fields={},
        created=now,
    )
    kept = tuple(held for held in person.methods if held.kind is not made.kind)
    put_method(tenant, msgspec.structs.replace(person, methods=kept), made)
    tenant.record("Admin registered security info", person.id, by, {"method": made.kind})
    length = policy["defaultLength"]
    return made, "".join(secrets.choice(_CHARACTERS) for _ in range(length))


def usability(tenant: Tenant, person: Person, held: Method) -> str:
    """Graph's `methodUsabilityReason`; a pass is usable where it is `EnabledByPolicy`."""
    start = datetime.fromisoformat(str(held.fields["startDateTime"]))
    lifetime = timedelta(minutes=int(str(held.fields["lifetimeInMinutes"])))
    groups = {group.id for group in tenant.memberships_true().groups_of(person.id)}
    policy = tenant.policies.methods[_POLICY]
    if not is_allowed(policy, groups) or (
        policy["isUsableOnce"] and not held.fields["isUsableOnce"]
    ):
        return "DisabledByPolicy"
    if tenant.now() < start:
        return "NotYetValid"
    if tenant.now() >= start + lifetime:
        return "Expired"
    if held.fields["isUsableOnce"] and held.last_used is not None:
        return "OneTimeUsed"
    return EXPECTED


def use_pass(tenant: Tenant, person: Person, held: Method) -> Person:
    """The person after signing in with a pass."""
    used = msgspec.structs.replace(held, last_used=tenant.now())
    methods = tuple(used if other.id == held.id else other for other in person.methods)
    return msgspec.structs.replace(person, methods=methods)
