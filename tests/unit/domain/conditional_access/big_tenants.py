"""Big tenants: realistic ones at random, and some that nobody would have."""

from itertools import combinations
from random import Random
from typing import Any, Final

from shared.domain.conditional_access.assignments import Named, Users
from shared.domain.conditional_access.locations import Locations, NamedLocation
from shared.domain.conditional_access.policies import Clause, Demand, Policy
from shared.domain.conditional_access.reading import Surroundings
from shared.domain.conditional_access.sign_ins import (
    APPLICATION,
    CLIENT,
    NO,
    PLATFORM,
    PLATFORMS,
    SIGN_IN_RISK,
    YES,
    Trait,
)
from tests.unit.domain.conditional_access.telling import ALL_APPS, policies, told

_LOCATIONS: Final = [f"place-{number}" for number in range(20)]
_APPS: Final = [f"app-{number}" for number in range(30)]
_RISKS: Final = ["none", "low", "medium", "high"]
AROUND: Final = Surroundings(
    locations=Locations(
        named={
            one: NamedLocation(
                name=one,
                trusted=number % 3 == 0,
                countries=frozenset({f"c{number}", f"c{number + 1}"}) if number % 2 else None,
            )
            for number, one in enumerate(_LOCATIONS)
        },
        trusted_ips=True,
    )
)


def chance(seed: int) -> Random:
    """The same choices whenever they are asked for."""
    return Random(seed)  # noqa: S311  (no secret is made with it)


def realistic(random: Random, count: int) -> tuple[Policy, ...]:
    """Policies with three to six conditions each, as in a tenant that has grown for years."""
    return policies(
        *(told(name=f"policy-{number}", **_conditions(random)) for number in range(count)),
        around=AROUND,
    )


def _conditions(random: Random) -> dict[str, Any]:
    apps, places = random.sample(_APPS, 4), random.sample(_LOCATIONS, 3)
    mode = random.choice(["include", "exclude"])
    all_of = {
        "applications": random.choice(
            [
                ALL_APPS | {"excludeApplications": apps},
                {"includeApplications": [*apps, "Office365"]},
            ]
        ),
        "locations": random.choice(
            [
                {"includeLocations": ["All"], "excludeLocations": places},
                {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]},
                {"includeLocations": places},
            ]
        ),
        "platforms": {
            "includePlatforms": ["all"],
            "excludePlatforms": random.sample(sorted(PLATFORMS), 2),
        },
        "signInRiskLevels": random.sample(_RISKS, 2),
        "userRiskLevels": random.sample(_RISKS, 3),
        "clientAppTypes": random.choice([["browser"], ["mobileAppsAndDesktopClients"], ["all"]]),
        "devices": {"deviceFilter": {"mode": mode, "rule": f"rule {random.randrange(6)}"}},
    }
    names = random.sample(sorted(all_of), random.randint(3, 6))
    return {name: all_of[name] for name in names}


def split_up(random: Random, count: int) -> tuple[Policy, ...]:
    """Policies that leave nothing only together: each halves what another one took before."""
    pieces: list[tuple[Trait, ...]] = [()]
    while len(pieces) < count:
        piece = pieces.pop(random.randrange(len(pieces)))
        said = {trait.name for trait in piece}
        new = next(one for one in iter(lambda: _any_trait(random), None) if one.name not in said)
        pieces += [(*piece, new), (*piece, new.opposite)]
    return tuple(
        _policy(str(number), tuple((trait,) for trait in piece))
        for number, piece in enumerate(pieces)
    )


def _any_trait(random: Random) -> Trait:
    return random.choice(
        [
            Trait(f"location {random.choice(_LOCATIONS)}", YES),
            Trait(APPLICATION, frozenset(random.sample(_APPS, 3))),
            Trait(PLATFORM, frozenset(random.sample(sorted(PLATFORMS), 2))),
            Trait(SIGN_IN_RISK, frozenset(random.sample(_RISKS, 2))),
            Trait(f"device filter rule {random.randrange(6)}", YES),
            Trait(CLIENT, frozenset({"browser"})),
        ]
    )


def pigeons(count: int) -> tuple[Policy, ...]:
    """Nothing is left, but to see it takes very long: pigeons in one hole fewer than they are.

    A gap would be a way to put each into a hole of its own.
    """
    holes = range(count - 1)
    homeless = [
        tuple((Trait(f"location {pigeon} in {hole}", NO),) for hole in holes)
        for pigeon in range(count)
    ]
    crowded = [
        ((Trait(f"location {one} in {hole}", YES),), (Trait(f"location {other} in {hole}", YES),))
        for hole in holes
        for one, other in combinations(range(count), 2)
    ]
    found: list[tuple[Clause, ...]] = [*homeless, *crowded]
    return tuple(_policy(str(number), one) for number, one in enumerate(found))


def _policy(name: str, conditions: tuple[Clause, ...]) -> Policy:
    return Policy(
        policy_id=name,
        name=name,
        users=Users(included=Named(everybody=True)),
        conditions=conditions,
        demand=Demand.MFA,
    )
