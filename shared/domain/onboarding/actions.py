"""What the policy of onboarding may ask for, and what it may know."""

from dataclasses import dataclass
from enum import Enum

from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import AuthenticationMethod, PerUserMfaState, Unknown
from shared.domain.cases import Change
from shared.domain.control import Mode
from shared.domain.errors import LifecycleError
from shared.domain.transitions import Transition


class Fact(Enum):
    """Something to be read before the policy can decide."""

    ACCOUNT = "account"
    MFA_STATE = "mfa-state"
    METHODS = "methods"
    MODE = "mode"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was read in this round; None where nobody looked yet.

    Attributes:
        account: the person's account.
        mfa_state: their per-user MFA state.
        methods: their authentication methods.
        mode: whether onboarding may change the directory.
        begun: True where the change under way was announced in this very round.
        written: True where it was written in this very round.
    """

    account: Account | NoAccount | None = None
    mfa_state: PerUserMfaState | Unknown | None = None
    methods: tuple[AuthenticationMethod, ...] | None = None
    mode: Mode | None = None
    begun: bool = False
    written: bool = False


@dataclass(frozen=True, slots=True)
class Look:
    """Read this fact, then ask again."""

    fact: Fact


@dataclass(frozen=True, slots=True)
class Write:
    """Write this change to the directory, then ask again."""

    change: Change


@dataclass(frozen=True, slots=True)
class Advance:
    """Store this transition, then ask again."""

    transition: Transition


@dataclass(frozen=True, slots=True)
class Fail:
    """Treat this error by its disposition."""

    error: LifecycleError


@dataclass(frozen=True, slots=True)
class Rest:
    """There is nothing to do now."""


Action = Look | Write | Advance | Fail | Rest
