"""The reading as a whole: each part is told or unknown, or all of it is read again later."""

import pytest

from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import (
    DirectoryUnavailable,
    MalformedAnswer,
    PermissionMissing,
    Throttled,
)
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.tenant import TenantReading
from tests.contract.recorded_graph import RecordedGraph
from tests.contract.sweep_tenant.reading import (
    ALL,
    COUNT,
    DOMAINS,
    ELIGIBLE,
    GROUPS,
    HELD,
    METHODS,
    PARTNERS,
    POLICIES,
    TRUST,
    by_path,
    refused,
    told_anew,
)
from tests.contract.sweep_world import ROLES, Sweep, sweep_on_record, turns


async def test_an_empty_tenant_takes_twelve_requests(graph: RecordedGraph, sweep: Sweep) -> None:
    """Each of low priority; those of Conditional Access in their turns."""
    assert await sweep.sources.tenant.tenant() == TenantReading(settings=Settings(), people=1234)
    assert sorted(graph.paths()) == sorted(ALL)
    assert {one.headers["x-ms-throttle-priority"] for one in graph.asked} == {"low"}
    assert turns(sweep) == (0, 3)


@pytest.mark.parametrize("path", [one for one in ALL if one != COUNT])
@pytest.mark.parametrize(
    ("status", "code"),
    [(403, "Authorization_RequestDenied"), (403, "AccessDenied"), (400, "BadRequest")],
)
async def test_what_is_refused_for_good_is_unknown(
    graph: RecordedGraph, sweep: Sweep, path: str, status: int, code: str
) -> None:
    """That alone, and never 'no'."""
    refused(graph, path, status, code)
    found = by_path(await sweep.sources.tenant.tenant())
    for one, value in found.items():
        same = {TRUST, PARTNERS} if path in {TRUST, PARTNERS} else {path}
        assert isinstance(value, Unknown) is (one in same), one


@pytest.mark.parametrize("path", [TRUST, PARTNERS, METHODS])
async def test_what_a_cloud_does_not_have_is_unknown(
    graph: RecordedGraph, sweep: Sweep, path: str
) -> None:
    """404 is no passing trouble here."""
    graph.forget(path)
    assert isinstance(by_path(await sweep.sources.tenant.tenant())[path], Unknown)


@pytest.mark.parametrize(
    ("path", "role"),
    [
        (POLICIES, "Policy.Read.All"),
        (PARTNERS, "Policy.Read.All"),
        (HELD, "RoleManagement.Read.Directory"),
        (ELIGIBLE, "RoleEligibilitySchedule.Read.Directory"),
        (GROUPS, "GroupMember.Read.All"),
        (DOMAINS, "Domain.Read.All"),
    ],
)
async def test_an_empty_list_proves_nothing_without_the_role(
    graph: RecordedGraph, path: str, role: str
) -> None:
    """Graph may answer 200 and nothing; the cause names the role."""
    async with sweep_on_record(graph, ROLES - {role}) as sweep:
        found = by_path(await sweep.sources.tenant.tenant())[path]
    assert isinstance(found, Unknown)
    assert role in found.reason


async def test_who_cannot_tell_their_own_roles_believes_no_empty_list(
    graph: RecordedGraph,
) -> None:
    """Without a token that can be read there is no telling what is empty."""
    async with sweep_on_record(graph, Unknown("No token.")) as sweep:
        assert (await sweep.sources.tenant.tenant()).held == Unknown("No token.")


@pytest.mark.parametrize("path", ALL)
async def test_passing_trouble_is_raised(graph: RecordedGraph, sweep: Sweep, path: str) -> None:
    """The tenant is read again later, as a whole."""
    refused(graph, path, 429, "TooManyRequests")
    with pytest.raises(Throttled):
        await sweep.sources.tenant.tenant()
    refused(graph, path, 500, "")
    with pytest.raises(DirectoryUnavailable):
        await sweep.sources.tenant.tenant()


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("body", ["<html>", {"value": [{"state": 3}, 7]}, {"error": {}}])
async def test_nonsense_is_raised(
    graph: RecordedGraph, sweep: Sweep, path: str, body: object
) -> None:
    """It is none of Graph's answers."""
    told_anew(graph, path, body)
    with pytest.raises(MalformedAnswer):
        await sweep.sources.tenant.tenant()


@pytest.mark.parametrize("path", ALL)
@pytest.mark.parametrize("trouble", [429, 500, "<html>"])
async def test_on_the_last_try_what_is_in_the_way_is_unknown(
    graph: RecordedGraph, sweep: Sweep, path: str, trouble: int | str
) -> None:
    """That alone; but for the number of people, without which there is no sweep."""
    if isinstance(trouble, int):
        refused(graph, path, trouble, "TooManyRequests")
    else:
        told_anew(graph, path, trouble)
    if path == COUNT:
        with pytest.raises(LifecycleError):
            await sweep.sources.tenant.tenant(last_try=True)
        return
    found = by_path(await sweep.sources.tenant.tenant(last_try=True))
    assert isinstance(found[path], Unknown)


async def test_without_the_right_to_count_there_is_no_sweep(
    graph: RecordedGraph, sweep: Sweep
) -> None:
    """The same right reads everybody."""
    refused(graph, COUNT, 403, "Authorization_RequestDenied")
    with pytest.raises(PermissionMissing, match=r"User\.Read\.All"):
        await sweep.sources.tenant.tenant()
