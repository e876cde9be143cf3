"""The entry point of the Functions host: every function, and nothing built before it is needed."""

from collections.abc import Callable

import azure.functions as func

from functions import (
    budgets,
    cases,
    compliance,
    control,
    enrolments,
    exemptions,
    onboarding,
    parked,
    passes,
    postures,
    recovery,
    registries,
    resets,
    status,
    sweep,
)
from shared import bootstrap


def create_app(services: Callable[[], bootstrap.Services]) -> func.FunctionApp:
    """The function app over these services."""
    app = func.FunctionApp()
    work = (onboarding, exemptions, resets, recovery, sweep)
    people = (cases, passes, enrolments, control, parked, registries, budgets)
    swept = (compliance, postures)
    for capability in (*work, *people, *swept, status):
        app.register_functions(capability.blueprint(services))
    return app


app = create_app(bootstrap.services)
