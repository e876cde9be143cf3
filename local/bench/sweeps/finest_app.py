"""The app of the stack, but every tenant is cut into as many parts as there may be."""

from dataclasses import fields, replace
from functools import lru_cache
from typing import Final

from function_app import create_app
from local.stack.app import stack_services
from shared.application.ports.runs import StoredRun
from shared.application.sweep.planning import Plan
from shared.bootstrap import Services

_PARTS: Final = 256


class _FinestPlan(Plan):
    async def __call__(self, stored: StoredRun, *, last_try: bool = False) -> StoredRun:
        planned = await super().__call__(stored, last_try=last_try)
        return await self.runs.save(planned, replace(planned.run, slices=_PARTS))


@lru_cache(maxsize=1)
def _services() -> Services:
    services = stack_services()
    work = services.work_on_run
    plan = _FinestPlan(*(getattr(work.plan, one.name) for one in fields(Plan)))
    services.work_on_run = replace(work, plan=plan)
    return services


app = create_app(_services)
