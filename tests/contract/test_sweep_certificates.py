"""Whose certificates may count as MFA, from the authentication methods policy."""

from collections.abc import AsyncIterator, Callable, Iterator

import httpx
import pytest

from shared.adapters.graph.sweep.elsewhere import read_certificates
from shared.adapters.graph.sweep.sending import PacedGraph
from shared.domain.conditional_access.assignments import Named, Users
from shared.domain.sweep.groups import groups_to_read
from shared.domain.sweep.rows import Link
from tests.contract.graph_client import GivenTokens, Pauses, graph_client
from tests.contract.privilege_worlds import Roles
from tests.contract.recorded_graph import RecordedGraph, running_graph
from tests.contract.sweep_world import sweep_on_stand
from tests.fakes.pace import FakePace
from tests.stands.graph import GraphControl, GraphStand

METHODS = "/v1.0/policies/authenticationMethodsPolicy"
CONFIGURATION = f"{METHODS}/authenticationMethodConfigurations/x509Certificate"
TYPE = "#microsoft.graph.x509CertificateAuthenticationMethodConfiguration"
DEFAULT, RULE = "x509CertificateAuthenticationDefaultMode", "x509CertificateAuthenticationMode"
ONE, TWO = "x509CertificateSingleFactor", "x509CertificateMultiFactor"
ALL = [{"targetType": "group", "id": "all_users"}]
EVERYBODY = Users(included=Named(everybody=True))


@pytest.fixture
async def graph() -> AsyncIterator[RecordedGraph]:
    """A Graph of the test's own."""
    async with running_graph() as running:
        yield running


async def certificates(graph: RecordedGraph, **told: object) -> tuple[Users, ...]:
    """What is read of a configuration: on for everybody, two factors, but for what is said."""
    body = {
        "id": "X509Certificate",
        "state": "enabled",
        "includeTargets": ALL,
        "excludeTargets": [],
        "authenticationModeConfiguration": {DEFAULT: TWO, "rules": []},
        **told,
    }
    graph.says(METHODS, {"authenticationMethodConfigurations": [{"id": "Sms"}, body]})
    clock = Pauses()
    async with graph_client(graph.root, GivenTokens(["token"]), clock=clock) as client:
        return await read_certificates(PacedGraph(client, FakePace(clock)))


@pytest.mark.parametrize(
    ("state", "mode", "found"),
    [
        ("disabled", {DEFAULT: TWO}, ()),
        ("enabled", {DEFAULT: TWO}, (EVERYBODY,)),
        ("new", {DEFAULT: TWO}, (EVERYBODY,)),
        ("enabled", {DEFAULT: ONE, "rules": []}, ()),
        ("enabled", {DEFAULT: ONE, "rules": None}, ()),
        ("enabled", {DEFAULT: ONE, "rules": [{RULE: ONE}]}, ()),
        ("enabled", {DEFAULT: ONE, "rules": [{RULE: ONE}, {RULE: TWO}]}, (EVERYBODY,)),
        ("enabled", {DEFAULT: ONE, "rules": [{}]}, (EVERYBODY,)),
        ("enabled", {DEFAULT: ONE, "rules": ["new"]}, (EVERYBODY,)),
        ("enabled", {DEFAULT: ONE, "rules": "new"}, (EVERYBODY,)),
        ("enabled", {DEFAULT: "unknownFutureValue", "rules": []}, (EVERYBODY,)),
        ("enabled", None, (EVERYBODY,)),
        ("enabled", {}, (EVERYBODY,)),
    ],
)
async def test_whether_certificates_count_as_two_factors(
    graph: RecordedGraph, state: str, mode: object, found: tuple[Users, ...]
) -> None:
    """They may, unless the method is off, or each certificate is said to be one factor alone."""
    read = await certificates(graph, state=state, authenticationModeConfiguration=mode)
    assert read == found


GROUP, OTHER = {"targetType": "group", "id": "9A"}, {"targetType": "Group", "id": "9b"}
PERSON = {"targetType": "user", "id": "9c"}


@pytest.mark.parametrize(
    ("included", "excluded", "found"),
    [
        ([GROUP, OTHER], [], Users(included=Named(groups=frozenset({"9a", "9b"})))),
        (
            [*ALL, OTHER],
            [GROUP],
            Users(
                included=Named(everybody=True, groups=frozenset({"9b"})),
                excluded=Named(groups=frozenset({"9a"})),
            ),
        ),
        ([], [], Users(included=Named())),
        ([PERSON], [], Users(included=Named(unrecognised=True))),
        (ALL, [PERSON], Users(included=EVERYBODY.included, excluded=Named(unrecognised=True))),
        (None, None, Users(included=Named(unrecognised=True), excluded=Named(unrecognised=True))),
        (["?"], [{}], Users(included=Named(unrecognised=True), excluded=Named(unrecognised=True))),
    ],
)
async def test_whom_the_method_is_for(
    graph: RecordedGraph, included: object, excluded: object, found: Users
) -> None:
    """Groups, and groups that are left out; anybody else is in doubt."""
    read = await certificates(graph, includeTargets=included, excludeTargets=excluded)
    assert read == (found,)


Write = Callable[..., int]


@pytest.fixture
def write(graph_stand: GraphStand, tenant: GraphControl) -> Iterator[Write]:
    """Writes the configuration and tells the status; it is put back with the test."""
    headers = {"Authorization": f"Bearer {tenant.token()}"}
    with httpx.Client(base_url=graph_stand.base_url, headers=headers, trust_env=False) as client:

        def send(**body: object) -> int:
            return client.patch(CONFIGURATION, json={"@odata.type": TYPE, **body}).status_code

        before = client.get(CONFIGURATION).raise_for_status().json()
        yield send
        names = ("state", "includeTargets", "excludeTargets", "authenticationModeConfiguration")
        assert send(**{name: before[name] for name in names}) == 204


async def test_the_simulated_tenant_tells_the_same(
    graph_stand: GraphStand, tenant: GraphControl, write: Write, roles: Roles
) -> None:
    """Off at first; then for a group without another, and who is in them is read."""
    cards, externals = roles.group(), roles.group()
    async with sweep_on_stand(graph_stand, tenant) as sweep:
        assert (await sweep.sources.tenant.tenant()).certificates == ()
        included, excluded = (
            [{"targetType": "group", "id": group}] for group in (cards, externals)
        )
        written = write(state="enabled", includeTargets=included, excludeTargets=excluded)
        assert written == 204
        assert (await sweep.sources.tenant.tenant()).certificates == ()
        rule = {"x509CertificateRuleType": "policyOID", "identifier": "1.2.3", RULE: TWO}
        assert write(authenticationModeConfiguration={DEFAULT: ONE, "rules": [rule]}) == 204
        reading = await sweep.sources.tenant.tenant()
    assert reading.certificates == (
        Users(
            included=Named(groups=frozenset({cards})), excluded=Named(groups=frozenset({externals}))
        ),
    )
    read = {one.group_id for one in groups_to_read(reading) if one.link is Link.MEMBER}
    assert {cards, externals} <= read
    assert write(authenticationModeConfiguration={DEFAULT: "three"}) == 400
