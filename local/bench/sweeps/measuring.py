"""Measures a sweep: a bare script reads the tenant, then two runs, on whatever they stand."""

from contextlib import closing

from local.bench.company import BenchError
from local.bench.sweeps import in_memory, whole_stack
from local.bench.sweeps.point import Conditions, Point, Setup, Store, Taken
from local.bench.sweeps.ran import Ran, Run
from local.bench.sweeps.tenant import Tenant
from local.progress import Report


def measure(setup: Setup, report: Report) -> Point:
    """Sweep a tenant twice, after a bare script has read it.

    Args:
        setup: what is to be measured.
        report: told of each step as it begins.

    Raises:
        BenchError: a run does not end as it should.
    """
    conditions = Conditions.now()
    standing = in_memory.standing if setup.store is Store.MEMORY else whole_stack.standing
    report(f"Making people: {setup.words}")
    with standing(setup, report) as (graph, run), closing(Tenant(graph, setup)) as tenant:
        report(f"The bare script: {setup.words}")
        floor = tenant.floor()
        report(f"The first run: {setup.words}")
        first, _ = _taken(run, tenant)
        report(f"The second run: {setup.words}")
        second, ran = _taken(run, tenant)
    if ran.changes:
        raise BenchError(f"The second run has found {ran.changes} changes.")
    return Point(
        setup=setup,
        parts=ran.parts,
        conditions=conditions,
        floor=floor,
        first=first,
        second=second,
    )


def _taken(run: Run, tenant: Tenant) -> tuple[Taken, Ran]:
    tenant.rest()
    ran = run()
    if ran.state not in {"completed", "partial"}:
        raise BenchError(f"The run is {ran.state}: {', '.join(ran.problems)}")
    taken = Taken(
        seconds=ran.seconds,
        requests=tenant.asked(),
        cpu=ran.cpu,
        memory=ran.memory,
        rows=ran.rows,
    )
    return taken, ran
