"""What happens when a person signs in, as far as the tenant models the facts that decide it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from local.graph.tenant.methods import Kind
from local.graph.tenant.per_user_mfa import PerUserMfaState
from local.graph.tenant.person import Person

APP_PASSWORD = "appPassword"  # noqa: S105 - the name of a credential
_PASSWORDLESS = frozenset({Kind.FIDO2, Kind.WINDOWS_HELLO, Kind.PLATFORM_CREDENTIAL})


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
class Outcome:
    """How an attempt ends, and what decided it."""

    result: Result
    by: str


def sign_in(person: Person, client: ClientApp, credentials: Sequence[str]) -> Outcome:
    """Decide an attempt.

    Args:
        credentials: what is presented: kinds of methods and `appPassword`.
    """
    if not person.value("accountEnabled"):
        return Outcome(Result.BLOCKED, "accountDisabled")
    held = _held(person, credentials)
    if client.legacy:
        return _legacy(person, held)
    if not held & {Kind.PASSWORD, *_PASSWORDLESS}:
        return Outcome(Result.BLOCKED, "credentials")
    return _modern(person, held)


def _held(person: Person, credentials: Sequence[str]) -> frozenset[str]:
    """Those of the presented credentials that really are this person's."""
    own = {str(method.kind) for method in person.methods}
    if person.app_passwords:
        own.add(APP_PASSWORD)
    return frozenset(own & set(credentials))


def _legacy(person: Person, held: frozenset[str]) -> Outcome:
    # Disabling per-user MFA is not known to end app passwords: they are taken to survive it.
    if APP_PASSWORD in held:
        return Outcome(Result.ALLOWED, APP_PASSWORD)
    if Kind.PASSWORD not in held:
        return Outcome(Result.BLOCKED, "credentials")
    state = person.per_user_mfa_state
    app_password_needed = state is PerUserMfaState.ENFORCED or (
        state is PerUserMfaState.ENABLED and person.registered
    )
    if app_password_needed:
        return Outcome(Result.BLOCKED, "perUserMfa")
    return Outcome(Result.ALLOWED, "password")


def _modern(person: Person, held: frozenset[str]) -> Outcome:
    strong = {str(method.kind) for method in person.methods if method.strong} | _PASSWORDLESS
    if held & strong:
        return Outcome(Result.ALLOWED, "mfa")
    if person.per_user_mfa_state is PerUserMfaState.DISABLED:
        return Outcome(Result.ALLOWED, "password")
    if not person.registered:
        return Outcome(Result.REGISTRATION_REQUIRED, "perUserMfa")
    return Outcome(Result.MFA_REQUIRED, "perUserMfa")
