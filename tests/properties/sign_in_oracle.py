"""What policies make of sign-ins, simulated one by one on what Graph tells.

Written from Microsoft's documents, and knows nothing of the engine:
https://learn.microsoft.com/graph/api/resources/conditionalaccessconditionset
https://learn.microsoft.com/graph/api/resources/conditionalaccessgrantcontrols
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce
from operator import and_
from typing import Any, Final

from tests.properties.sign_in_world import (
    LEGACY,
    MODERN,
    PLATFORMS,
    TRUSTED_IPS,
    UNNAMED,
    App,
    Place,
    Raw,
    RawTenant,
    every_value,
)

Answer = bool | None
"""Yes, no, or nobody can tell."""

MFA_BY_ITSELF: Final = {
    "fido2",
    "windowsHelloForBusiness",
    "deviceBasedPush",
    "x509CertificateMultiFactor",
    "temporaryAccessPassOneTime",
    "temporaryAccessPassMultiUse",
    "federatedMultiFactor",
}
HARMLESS: Final = {
    "compliantDevice",
    "domainJoinedDevice",
    "approvedApplication",
    "compliantApplication",
    "passwordChange",
    "riskRemediation",
}
IN_USE: Final = sorted({*PLATFORMS} - {"windowsPhone"})


def lets_in_without_mfa(grant: Raw | None, tenant: RawTenant, blocks_alone: bool = False) -> Answer:  # noqa: FBT001, FBT002
    """Whether somebody who has all but a second factor satisfies a grant."""
    if grant is None:
        return True
    ways = [_control(control, blocks_alone) for control in grant.get("builtInControls", ())]
    if grant.get("authenticationStrength"):
        ways.append(_strength(grant["authenticationStrength"], tenant, blocks_alone))
    ways += [True] * bool(grant.get("termsOfUse"))
    ways += [True] * bool(grant.get("customAuthenticationFactors"))
    if not ways or (blocks_alone and True in ways):
        return True  # a block stands alone
    # None of it is harder than the hardest, and none easier than the easiest.
    hardest = False if False in ways else None if None in ways else True
    easiest = True if True in ways else None if None in ways else False
    if grant["operator"] == "AND":
        return hardest
    return easiest


def _control(control: str, blocks_alone: bool) -> Answer:  # noqa: FBT001
    if control == "block":
        return False
    if control == "mfa":
        return blocks_alone
    return True if control in HARMLESS else None


def _strength(named: Raw, tenant: RawTenant, blocks_alone: bool) -> Answer:  # noqa: FBT001
    if named["id"] not in tenant.strengths:
        return None
    allowed = tenant.strengths[named["id"]]["allowedCombinations"]
    weak = any("," not in one and one not in MFA_BY_ITSELF for one in allowed)
    return True if weak else blocks_alone


def in_app(conditions: Raw, app: App, _: RawTenant) -> bool:
    said = conditions["applications"]
    if said.get("includeUserActions") or said.get("includeAuthenticationContextClassReferences"):
        return False
    names = {app.app_id, *app.suites}
    narrowed = said.get("applicationFilter") or {"mode": "", "rule": ""}
    matched = narrowed["rule"] in app.filters
    included = said.get("includeApplications", ())
    excluded = said.get("excludeApplications", ())
    is_in = "All" in included or bool(names & set(included))
    is_in = is_in or (narrowed["mode"] == "include" and matched)
    return is_in and not names & set(excluded) and not (narrowed["mode"] == "exclude" and matched)


def with_client(conditions: Raw, client: str, _: RawTenant) -> bool:
    return "all" in conditions["clientAppTypes"] or client in conditions["clientAppTypes"]


def on_platform(conditions: Raw, platform: str, _: RawTenant) -> bool:
    said = conditions.get("platforms")
    if not said:
        return True
    included = said["includePlatforms"]
    return ("all" in included or platform in included) and platform not in said.get(
        "excludePlatforms", ()
    )


def at_place(conditions: Raw, place: Place, tenant: RawTenant) -> bool:
    said = conditions.get("locations")
    if not said:
        return True
    trusted = {one for one, told in tenant.locations.items() if told.get("isTrusted")}
    names = set(place.locations)
    names |= {"AllTrusted"} if names & {*trusted, TRUSTED_IPS} else set()
    included, excluded = set(said["includeLocations"]), set(said.get("excludeLocations", ()))
    return ("All" in included or bool(names & included)) and not names & excluded


def with_device(conditions: Raw, device: frozenset[str], _: RawTenant) -> bool:
    said = conditions.get("devices")
    if not said:
        return True
    told = said["deviceFilter"]
    return bool((told["rule"] in device) == (told["mode"] == "include"))


def with_flow(conditions: Raw, flow: str, _: RawTenant) -> bool:
    said = conditions.get("authenticationFlows")
    return not said or flow in said["transferMethods"].split(",")


def at_level(name: str) -> Callable[[Raw, str, RawTenant], bool]:
    def holds(conditions: Raw, level: str, _: RawTenant) -> bool:
        said = conditions.get(name)
        named = said.split(",") if isinstance(said, str) else said
        return not named or level in named

    return holds


HOLDS: Final[Mapping[str, Callable[[Raw, Any, RawTenant], bool]]] = {
    "app": in_app,
    "client": with_client,
    "platform": on_platform,
    "place": at_place,
    "signInRisk": at_level("signInRiskLevels"),
    "userRisk": at_level("userRiskLevels"),
    "insiderRisk": at_level("insiderRiskLevels"),
    "flow": with_flow,
    "device": with_device,
}


class Simulation:
    """What some policies make of every sign-in of a tenant."""

    def __init__(self, tenant: RawTenant, policies: Sequence[Raw]) -> None:
        """Ask every policy about every value."""
        self._values = every_value(tenant)
        self._hits = {
            name: [
                (
                    value,
                    sum(
                        holds(policy["conditions"], value, tenant) << number
                        for number, policy in enumerate(policies)
                    ),
                )
                for value in self._values[name]
            ]
            for name, holds in HOLDS.items()
        }
        self._all = (1 << len(policies)) - 1
        self._count = len(policies)

    def is_uncovered(self, **only: Callable[[Any], bool]) -> bool:
        """Whether to some of these sign-ins no policy applies."""
        return 0 in self._applying(only)

    def is_bare(self, **only: Callable[[Any], bool]) -> bool:
        """Whether there are such sign-ins, and no policy applies to any of them."""
        return self._applying(only) == {0}

    def applying(self, **only: Callable[[Any], bool]) -> list[int]:
        """The numbers of the policies that apply to some of these sign-ins."""
        seen = reduce(lambda one, other: one | other, self._applying(only), 0)
        return [number for number in range(self._count) if seen >> number & 1]

    def _applying(self, only: Mapping[str, Callable[[Any], bool]]) -> set[int]:
        """Which sets of policies apply to sign-ins, as bits."""
        found = {self._all}
        for name, values in self._hits.items():
            wanted = only.get(name, lambda _: True)
            bits = {hit for value, hit in values if wanted(value)}
            found = {and_(one, other) for one in found for other in bits}
        return found


def extent(tenant: RawTenant, policies: Sequence[Raw]) -> str:
    """How far sign-ins with modern clients are covered by policies."""
    world = Simulation(tenant, policies)
    modern = MODERN.__contains__
    if not world.is_uncovered(client=modern):
        return "EVERYWHERE"
    for platform in IN_USE:
        if not world.is_uncovered(
            client=modern,
            platform=lambda one, platform=platform: one == platform,  # type: ignore[misc]
            **ORDINARILY,
        ):
            return "PARTLY"
    return "NOWHERE"


def legacy_is_covered(tenant: RawTenant, policies: Sequence[Raw]) -> bool:
    """Whether every sign-in with an old client is covered by policies."""
    return not Simulation(tenant, policies).is_uncovered(client=LEGACY.__contains__)


CALM: Final[Mapping[str, Callable[[Any], bool]]] = {
    name: lambda one: one == "none" for name in ("signInRisk", "userRisk", "insiderRisk", "flow")
}
ORDINARILY: Final[Mapping[str, Callable[[Any], bool]]] = {
    **CALM,
    "app": lambda app: app == App(UNNAMED, frozenset(), frozenset()),
    "place": lambda place: not place.locations,
    "device": lambda device: not device,
}
