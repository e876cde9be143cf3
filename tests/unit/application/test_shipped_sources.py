"""Each shipped profile from its setting to the case, with its vendor's body and signature."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from local.commands.hr_check import EXAMPLES
from local.commands.ticket_check import EXAMPLES as TICKET_EXAMPLES
from shared.application.ports.sources import SchemeName
from shared.bootstrap import Services, build
from shared.domain.errors import LifecycleError
from shared.domain.errors.requests import InvalidSignature
from shared.domain.plans import OnboardingPlan, ResetPlan
from shared.settings import Settings
from tests.fakes.broker import FakeBroker
from tests.fakes.cases import FakeCases
from tests.fakes.claims import FakeClaims
from tests.fakes.contacts import FakeContacts
from tests.fakes.controls import FakeControls
from tests.fakes.volumes import FakeVolumes
from tests.properties.clock import WorldClock
from tests.triggers.deployment import principal
from tests.unit.signatures.signing import NEW, OLD, signed
from tests.unit.test_settings import COMPLETE

NAMES = sorted(path.stem for path in EXAMPLES.glob("*.json") if path.name.count(".") == 1)


def app(name: str) -> Services:
    """The app with one source, in the middle of a rotation."""
    setting = (EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
    environment = COMPLETE | {
        "HR_SOURCE_SHIPPED": setting,
        "HR_SECRET_SHIPPED_1": OLD,
        "HR_SECRET_SHIPPED_2": NEW,
    }
    return build(
        Settings.from_environment(environment),
        clock=WorldClock(),
        cases=FakeCases(),
        claims=FakeClaims(),
        contacts=FakeContacts(),
        controls=FakeControls(),
        volumes=FakeVolumes(),
        commands=FakeBroker(),
    )


def proof(name: str, body: bytes) -> Mapping[str, str]:
    """The headers by which the vendor proves that the body is its own."""
    profile = json.loads((EXAMPLES / f"{name}.json").read_bytes())
    if profile["scheme"] == SchemeName.ENTRA_PRINCIPAL:
        return principal(object_ids=tuple(profile["callers"]))
    return signed(SchemeName(profile["scheme"]), body, secret=NEW, at=datetime.now(UTC))


@pytest.fixture(autouse=True)
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """App Service Authentication guards the app."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")


@pytest.mark.parametrize("name", NAMES)
async def test_a_vendors_webhook_opens_a_case(name: str) -> None:
    """The case tells which secret fitted, or who called."""
    body = (EXAMPLES / f"{name}.body.json").read_bytes()
    cases = await app(name).accept_hr_event("shipped", proof(name, body), body)
    assert len(cases) == (2 if name == "generic" else 1)
    profile = json.loads((EXAMPLES / f"{name}.json").read_bytes())
    for case in cases:
        assert isinstance(case.plan, OnboardingPlan)
        assert case.plan.domains == tuple(profile.get("domains", ()))
    assert all(
        case.verified_with == "secret 2" or case.verified_with.startswith("principal ")
        for case in cases
    )


@pytest.mark.parametrize("name", NAMES)
async def test_the_proof_of_one_source_is_worth_nothing_at_another(name: str) -> None:
    """Each source is asked for the proof that its own profile names."""
    body = (EXAMPLES / f"{name}.body.json").read_bytes()
    scheme = json.loads((EXAMPLES / f"{name}.json").read_bytes())["scheme"]
    refusals: list[LifecycleError] = []
    for other in NAMES:
        if json.loads((EXAMPLES / f"{other}.json").read_bytes())["scheme"] == scheme:
            continue
        with pytest.raises(InvalidSignature) as refusal:
            await app(name).accept_hr_event("shipped", proof(other, body), body)
        refusals.append(refusal.value)
    assert len(refusals) >= 4


TICKETS = sorted(path.stem for path in TICKET_EXAMPLES.glob("*.json") if path.name.count(".") == 1)


@pytest.mark.parametrize("name", TICKETS)
async def test_a_ticketing_systems_webhook_opens_a_case(name: str) -> None:
    """The vendor's own body and signature, from the setting to the case."""
    profile = (TICKET_EXAMPLES / f"{name}.json").read_text(encoding="utf-8")
    body = (TICKET_EXAMPLES / f"{name}.body.json").read_bytes()
    services = build(
        Settings.from_environment(
            COMPLETE | {"RESET_SOURCE_SHIPPED": profile, "RESET_SECRET_SHIPPED_1": NEW}
        ),
        clock=WorldClock(),
        cases=FakeCases(),
        claims=FakeClaims(),
        controls=FakeControls(),
        volumes=FakeVolumes(),
        commands=FakeBroker(),
    )
    scheme = SchemeName(json.loads(profile)["scheme"])
    headers = signed(scheme, body, secret=NEW, at=datetime.now(UTC))
    (case,) = await services.accept_ticket_webhook("shipped", headers, body)
    assert isinstance(case.plan, ResetPlan)
    assert case.verified_with == "secret 1"
    assert case.plan.domains == tuple(json.loads(profile).get("domains", ()))
