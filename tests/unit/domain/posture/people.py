"""People and tenants, for tests of the verdict on them."""

from dataclasses import replace
from typing import Any, Final

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.conditional_access.locations import Locations
from shared.domain.conditional_access.strengths import Strength
from shared.domain.ids import UserId
from shared.domain.posture.judging import Judge, Posture
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.registration import Registration
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.telling import AROUND, policies

DIM: Final = Unknown("Nobody can tell.")
KIM: Final = Belonging(user_id=UserId("kim"))
KEY: Final = "aaaaaaaa-0000-4000-8000-000000000001"
OTHER_KEY: Final = "bbbbbbbb-0000-4000-8000-000000000002"


def registered(*means: Means, capable: bool = True, keys: set[str] | None = None) -> Registration:
    """What somebody has registered."""
    found = frozenset(keys) if keys is not None else None
    return Registration(means=frozenset(means), capable=capable, keys=found)


READY: Final = registered(Means.AUTHENTICATOR_PUSH)
RESISTANT: Final = registered(Means.PASSKEY)
NOTHING: Final = registered()
TEXTED: Final = registered(Means.MOBILE_PHONE)


def strength(*combinations: str, keys: set[str] | None = None) -> Strength:
    """A strength that is MFA, by its combinations."""
    return Strength(
        strength_id="s",
        name="Strong",
        combinations=frozenset(frozenset(one.split(",")) for one in combinations),
        is_mfa=True,
        keys=frozenset(keys) if keys is not None else None,
    )


def person(
    state: PerUserMfaState | Unknown = PerUserMfaState.DISABLED,
    registration: Registration | Unknown = READY,
    **more: Any,  # noqa: ANN401  (whatever a person has)
) -> Person:
    """Somebody with an authenticator of whom nothing else is known."""
    return Person(**{"belonging": KIM, "state": state, "registration": registration, **more})


def tenant(
    *tellings: dict[str, Any],
    defaults: bool | Unknown = False,
    trusted_ips: bool | None = False,
) -> Settings:
    """A tenant with these policies."""
    locations = Locations(trusted_ips=trusted_ips)
    return Settings(
        policies=policies(*tellings, around=replace(AROUND, locations=locations)),
        security_defaults=defaults,
        locations=locations,
    )


def judged(settings: Settings, who: Person) -> Posture:
    """What is true of somebody."""
    return Judge(settings)(who)
