"""What policies require, against a simulation of every sign-in on what Graph tells.

How many tenants are drawn: ORACLE_EXAMPLES=100000 is a campaign.
"""

import os
from collections import Counter
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.domain.authentication import PerUserMfaState
from shared.domain.conditional_access.requirement import BLOCK, Extent, Requirements
from shared.domain.conditional_access.sign_ins import (
    AN_APPLICATION,
    CLIENT,
    LEGACY_CLIENTS,
    TARGET,
    Kind,
    Trait,
)
from shared.domain.posture.judging import Judge
from shared.domain.posture.means import REPORTED
from shared.domain.posture.person import Person
from shared.domain.posture.registration import Registration
from shared.domain.posture.tenant import Settings
from tests.properties.asking_the_engine import belonging, locations_of, read
from tests.properties.reading_gaps import inside
from tests.properties.sign_in_oracle import (
    Simulation,
    extent,
    legacy_is_covered,
    lets_in_without_mfa,
)
from tests.properties.sign_in_world import MODERN, Raw, RawTenant, Someone
from tests.properties.tenants_at_random import PEOPLE, tenants
from tests.properties.verdict_oracle import REACHES, Facts, Simulated, simulate
from tests.properties.who_is_covered import covers

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "300"))
at_random = settings(
    max_examples=EXAMPLES,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
LEGACY_SIGN_INS = (Trait(TARGET, frozenset({AN_APPLICATION})), Trait(CLIENT, LEGACY_CLIENTS))
people = st.sampled_from(PEOPLE)


def demanding(
    tenant: RawTenant, who: Someone, *, surely: bool, blocks_alone: bool = False
) -> list[Raw]:
    """The policies that cover somebody and let nobody in without MFA: surely, or perhaps."""
    found = []
    for policy in tenant.policies:
        about = covers(policy, tenant, who)
        lets_in = lets_in_without_mfa(policy["grantControls"], tenant, blocks_alone)
        strange = "timesOfDay" in policy["conditions"]
        if surely and about is True and lets_in is False and not strange:
            found.append(policy)
        if not surely and about is not False and lets_in is not True:
            found.append(policy)
    return found


def test_extent(record_property: Callable[[str, object], None]) -> None:
    """How far MFA is required is what the simulation says, of tenants of all kinds."""
    extents: Counter[str] = Counter()

    @at_random
    @given(tenant=tenants(), who=people)
    def compare(tenant: RawTenant, who: Someone) -> None:
        required = Requirements(read(tenant)).of(belonging(tenant, who))
        simulated = extent(tenant, demanding(tenant, who, surely=True))
        extents[simulated] += 1
        assert (required.least.name, required.most.name) == (simulated, simulated)

    compare()
    record_property("campaign: extents", dict(extents))
    rarest = min(extents[name] for name in ("EVERYWHERE", "PARTLY", "NOWHERE"))
    assert rarest * 100 > extents.total()


@at_random
@given(tenant=tenants(strange=True), who=people)
def test_extent_in_doubt(tenant: RawTenant, who: Someone) -> None:
    """What can't be read or understood covers nobody at the least, and everybody at the most."""
    required = Requirements(read(tenant)).of(belonging(tenant, who))
    least = extent(tenant, demanding(tenant, who, surely=True))
    most = extent(tenant, demanding(tenant, who, surely=False))
    assert (required.least.name, required.most.name) == (least, most)


@at_random
@given(tenant=tenants() | tenants(strange=True), who=people)
def test_gap(tenant: RawTenant, who: Someone) -> None:
    """A gap is made of sign-ins with modern clients, and all of them pass without MFA.

    Where there surely is one, all of it surely is.
    """
    required = Requirements(read(tenant)).of(belonging(tenant, who))
    if not isinstance(required.gap, Kind):
        return
    sign_ins = inside(required.gap)
    asked = sign_ins["client"]
    sign_ins["client"] = lambda client: client in MODERN and asked(client)
    surely = required.most is Extent.EVERYWHERE
    assert Simulation(tenant, demanding(tenant, who, surely=surely)).is_bare(**sign_ins)


@at_random
@given(tenant=tenants(strange=True), who=people)
def test_doors(tenant: RawTenant, who: Someone) -> None:
    """Old clients are shut out where none of their sign-ins passes; app passwords, by a block."""
    found, person = read(tenant), belonging(tenant, who)
    for demands, blocks_alone in ((None, False), (BLOCK, True)):
        asked = (LEGACY_SIGN_INS,) if demands is None else (LEGACY_SIGN_INS, demands)
        required = Requirements(found, *asked).of(person)
        told = [answer.name == "EVERYWHERE" for answer in (required.least, required.most)]
        simulated = [
            legacy_is_covered(
                tenant, demanding(tenant, who, surely=surely, blocks_alone=blocks_alone)
            )
            for surely in (True, False)
        ]
        # Whoever lets in with MFA as well as by something new is no block; that is not told apart.
        assert told[0] == simulated[0]
        assert told[1] >= simulated[1]


all_facts = st.builds(
    Facts,
    who=people,
    state=st.sampled_from(["disabled", "disabled", "enabled", "enforced"]),
    # Half of them can do whatever is asked, so that the policies decide.
    methods=st.just(frozenset({"fido2"}))
    | st.frozensets(st.sampled_from(sorted(REACHES)), max_size=3),
    capable=st.sampled_from([True, True, True, False]),
    exempt=st.sampled_from([False] * 7 + [True]),
    break_glass=st.sampled_from([False] * 3 + [True]),
    in_grace=st.sampled_from([False] * 3 + [True]),
    defaults=st.sampled_from([False] * 7 + [True]),
)


def compare_verdicts(tenant: RawTenant, facts: Facts) -> str:
    """The engine's and the simulation's, and the door of old clients."""
    person = Person(
        belonging=belonging(tenant, facts.who),
        state=PerUserMfaState(facts.state),
        registration=Registration(
            means=frozenset(REPORTED[method.casefold()] for method in facts.methods),
            capable=facts.capable,
        ),
        exempt=facts.exempt,
        break_glass=facts.break_glass,
        in_grace=facts.in_grace,
    )
    known = Settings(
        policies=read(tenant), locations=locations_of(tenant), security_defaults=facts.defaults
    )
    posture = Judge(known)(person)
    simulated = simulate(tenant, facts)
    assert Simulated(posture.verdict.value, posture.legacy.value) == simulated
    return simulated.verdict


def test_verdict(record_property: Callable[[str, object], None]) -> None:
    """The verdict is the one that the simulation gives, and so is the door of old clients."""
    verdicts: Counter[str] = Counter()

    @at_random
    @given(tenant=tenants(), facts=all_facts)
    def compare(tenant: RawTenant, facts: Facts) -> None:
        verdicts[compare_verdicts(tenant, facts)] += 1

    compare()
    record_property("campaign: verdicts", dict(verdicts))
    rarest = min(verdicts[name] for name in ("protected", "weak", "unprotected"))
    assert rarest * 50 > verdicts.total()


@pytest.mark.slow
@settings(at_random, max_examples=EXAMPLES * 6)
@given(tenant=tenants(), facts=all_facts)
def test_verdict_at_length(tenant: RawTenant, facts: Facts) -> None:
    """Nor does it differ in any of many more tenants."""
    compare_verdicts(tenant, facts)
