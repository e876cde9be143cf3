"""What happens when a person signs in, as far as the tenant models the facts that decide it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum

from local.graph.tenant.conditional_access import (
    Policy,
    Signals,
    applies,
    is_block,
    is_satisfied,
)
from local.graph.tenant.mailboxes import Protocol
from local.graph.tenant.methods import Kind
from local.graph.tenant.passes import EXPECTED, usability, use_pass
from local.graph.tenant.per_user_mfa import PerUserMfaState
from local.graph.tenant.person import Person
from local.graph.tenant.registration import signed_in
from local.graph.tenant.tenant import Tenant

APP_PASSWORD = "appPassword"  # noqa: S105 - the name of a credential
_PASSWORDLESS = frozenset({Kind.FIDO2, Kind.WINDOWS_HELLO, Kind.PLATFORM_CREDENTIAL})
_MAIL_PROTOCOLS = frozenset({Protocol.SMTP, Protocol.IMAP, Protocol.POP})
FIRST_FACTORS = _PASSWORDLESS | {Kind.PASSWORD, Kind.TEMPORARY_ACCESS_PASS}
_SECURITY_DEFAULTS = "securityDefaults"


class ClientApp(StrEnum):
    """The client types of Conditional Access and the sign-in logs."""

    BROWSER = "browser"
    MODERN = "mobileAppsAndDesktopClients"
    ACTIVE_SYNC = "exchangeActiveSync"
    OTHER = "other"

    @property
    def legacy(self) -> bool:
        """It can send a user name and a password, and nothing more."""
        return self in {ClientApp.ACTIVE_SYNC, ClientApp.OTHER}


class Result(StrEnum):
    """How an attempt ends."""

    ALLOWED = "allowed"
    MFA_REQUIRED = "mfa-required"
    REGISTRATION_REQUIRED = "registration-required"
    BLOCKED = "blocked"


@dataclass(frozen=True)
class Attempt:
    """An attempt to sign in.

    Attributes:
        app: the application, or a user action such as `urn:user:registersecurityinfo`.
        location: `trusted`, or anything else.
        risk: the sign-in risk, empty for none.
        credentials: what is presented: kinds of methods and `appPassword`.
        protocol: what a legacy client other than ActiveSync speaks to the mailbox; None = whatever
            is open.
    """

    client: ClientApp
    credentials: Sequence[str]
    app: str = ""
    platform: str = ""
    location: str = ""
    risk: str = ""
    protocol: Protocol | None = None

    @property
    def protocols(self) -> frozenset[Protocol]:
        """The protocols by which a legacy client may reach the mailbox."""
        if self.client is ClientApp.ACTIVE_SYNC:
            return frozenset({Protocol.ACTIVE_SYNC})
        return _MAIL_PROTOCOLS if self.protocol is None else frozenset({self.protocol})


@dataclass(frozen=True)
class Outcome:
    """How an attempt ends, and what decided it.

    Attributes:
        by: `perUserMfa`, `securityDefaults`, `conditionalAccess:` and the policy's id,
            `accountDisabled`, `credentials`, `mailbox` (it is closed to the protocol), or what was
            enough.
    """

    result: Result
    by: str


def sign_in(tenant: Tenant, key: str, attempt: Attempt) -> Outcome:
    """Decide an attempt, and write it down: the sign-in, and a pass that was used."""
    person = tenant.people.truth(key)
    held = _held(tenant, person, attempt.credentials)
    outcome = _decided(tenant, person, attempt, held)
    allowed = outcome.result is Result.ALLOWED
    after = signed_in(tenant, person, succeeded=allowed)
    issued = person.method_of(Kind.TEMPORARY_ACCESS_PASS)
    if allowed and issued is not None and issued.kind in held:
        after = use_pass(tenant, after, issued)
    tenant.people.change(after)
    return outcome


def _decided(tenant: Tenant, person: Person, attempt: Attempt, held: frozenset[str]) -> Outcome:
    if not person.value("accountEnabled"):
        return Outcome(Result.BLOCKED, "accountDisabled")
    legacy = attempt.client.legacy
    if not held & ({Kind.PASSWORD, APP_PASSWORD} if legacy else FIRST_FACTORS):
        return Outcome(Result.BLOCKED, "credentials")
    policies = policies_for(tenant, person, attempt)
    for policy in policies:
        if is_block(policy):
            return Outcome(Result.BLOCKED, _by(policy))
    defaults = tenant.policies.security_defaults
    if legacy:
        outcome = _legacy(person, held, policies, security_defaults=defaults)
        opened = outcome.result is not Result.ALLOWED or _reaches_mailbox(person, attempt)
        return outcome if opened else Outcome(Result.BLOCKED, "mailbox")
    # Security defaults ask administrators always, others when Microsoft sees a risk.
    asked = defaults and bool(tenant.memberships_true().roles_of(person.id) or attempt.risk)
    return _modern(person, held, policies, asked_by_defaults=asked)


def policies_for(tenant: Tenant, person: Person, attempt: Attempt) -> list[Policy]:
    """The enabled policies whose conditions cover an attempt of a person."""
    memberships = tenant.memberships_true()
    signals = Signals(
        user=person.id,
        guest=person.value("userType") == "Guest",
        groups={group.id for group in memberships.groups_of(person.id)},
        roles={role.id for role in memberships.roles_of(person.id)},
        app=attempt.app,
        client=attempt.client,
        platform=attempt.platform,
        location=attempt.location,
        risk=attempt.risk,
    )
    return [
        policy for policy in tenant.policies.conditional_access.values() if applies(policy, signals)
    ]


def enough_for(person: Person, held: Collection[str]) -> frozenset[Kind]:
    """Those of the presented credentials that are good for MFA."""
    return frozenset(kind for kind in _good(person) if kind in held)


def _good(person: Person) -> frozenset[Kind]:
    strong = {method.kind for method in person.methods if method.strong}
    return frozenset(strong | _PASSWORDLESS | {Kind.TEMPORARY_ACCESS_PASS})


def _reaches_mailbox(person: Person, attempt: Attempt) -> bool:
    """The mailbox is open to the client; who has none may use clients of other applications."""
    if person.mailbox is None:
        return attempt.client is not ClientApp.ACTIVE_SYNC and attempt.protocol is None
    return not person.mailbox.open.isdisjoint(attempt.protocols)


def _held(tenant: Tenant, person: Person, credentials: Sequence[str]) -> frozenset[str]:
    """Those of the presented credentials that really are this person's, and work now."""
    own = {
        str(method.kind)
        for method in person.methods
        if method.kind is not Kind.TEMPORARY_ACCESS_PASS
        or usability(tenant, person, method) == EXPECTED
    }
    if person.app_passwords:
        own.add(APP_PASSWORD)
    return frozenset(own & set(credentials))


def _legacy(
    person: Person,
    held: frozenset[str],
    policies: Sequence[Policy],
    *,
    security_defaults: bool,
) -> Outcome:
    if security_defaults:
        return Outcome(Result.BLOCKED, _SECURITY_DEFAULTS)
    # Disabling per-user MFA is not known to end app passwords: they are taken to survive it.
    if APP_PASSWORD in held:
        return Outcome(Result.ALLOWED, APP_PASSWORD)
    state = person.per_user_mfa_state
    app_password_needed = state is PerUserMfaState.ENFORCED or (
        state is PerUserMfaState.ENABLED and person.registered
    )
    if app_password_needed:
        return Outcome(Result.BLOCKED, "perUserMfa")
    for policy in policies:
        if not is_satisfied(policy, ()):
            return Outcome(Result.BLOCKED, _by(policy))
    return Outcome(Result.ALLOWED, "password")


def _modern(
    person: Person,
    held: frozenset[str],
    policies: Sequence[Policy],
    *,
    asked_by_defaults: bool,
) -> Outcome:
    good, strong = _good(person), enough_for(person, held)
    for policy in policies:
        if not is_satisfied(policy, strong):
            return _asked(person, _by(policy), possible=is_satisfied(policy, good))
    if strong:
        return Outcome(Result.ALLOWED, "mfa")
    if person.per_user_mfa_state is not PerUserMfaState.DISABLED:
        return _asked(person, "perUserMfa")
    if asked_by_defaults:
        return _asked(person, _SECURITY_DEFAULTS)
    return Outcome(Result.ALLOWED, "password")


def _asked(person: Person, by: str, *, possible: bool = True) -> Outcome:
    if not possible:
        return Outcome(Result.BLOCKED, by)
    return Outcome(Result.MFA_REQUIRED if person.registered else Result.REGISTRATION_REQUIRED, by)


def _by(policy: Policy) -> str:
    return f"conditionalAccess:{policy['id']}"
