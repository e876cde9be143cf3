"""Hands a raw tenant to the engine, as its adapter will."""

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging, GuestKind
from shared.domain.conditional_access.locations import Locations, NamedLocation
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.reading import Surroundings, read_policy
from shared.domain.conditional_access.strengths import Strength
from shared.domain.ids import UserId
from tests.properties.sign_in_world import RawTenant, Someone
from tests.properties.who_is_covered import standing


def locations_of(tenant: RawTenant) -> Locations:
    """Its named locations."""
    return Locations(
        named={
            one.casefold(): NamedLocation(
                name=one,
                trusted=told.get("isTrusted", False),
                by_gps="countryLookupMethod" in told,
                countries=(
                    frozenset(country.casefold() for country in told["countriesAndRegions"])
                    if "countriesAndRegions" in told
                    else None
                ),
            )
            for one, told in tenant.locations.items()
        },
        trusted_ips=tenant.trusted_ips,
    )


def read(tenant: RawTenant, places: Unknown | None = None) -> tuple[Policy, ...]:
    """Its policies; without its named locations where these are unknown."""
    around = Surroundings(
        locations=places or locations_of(tenant),
        strengths={
            one.casefold(): Strength(
                strength_id=one,
                name=one,
                combinations=frozenset(
                    frozenset(combination.casefold().split(","))
                    for combination in told["allowedCombinations"]
                ),
                is_mfa="SingleFactor" not in str(told),
            )
            for one, told in tenant.strengths.items()
        },
    )
    told = (read_policy(policy, around) for policy in tenant.policies)
    return tuple(policy for policy in told if policy is not None)


def belonging(tenant: RawTenant, who: Someone) -> Belonging:
    """What somebody is to the policies."""
    their = standing(tenant, who)
    return Belonging(
        user_id=UserId(who.user_id),
        groups=_small(their.groups - tenant.unread),
        unread_groups=_small(tenant.unread),
        could_join=_small(their.could_join),
        roles=_small(their.roles),
        could_hold=_small(their.could_hold),
        guest=GuestKind(who.guest.casefold()) if who.guest else None,
    )


def _small(ids: frozenset[str]) -> frozenset[str]:
    return frozenset(one.casefold() for one in ids)
