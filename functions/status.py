"""Is the app well, and what does it offer?"""

from collections.abc import Callable

import azure.functions as func

from functions.http import answering_problems, json_response
from shared.bootstrap import Services
from shared.contracts.health_view import Health
from shared.domain.errors.control import SettingsInvalid
from shared.names import FunctionName


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about the app itself."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.HEALTH)
    @bp.route("health", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
    @answering_problems
    async def health(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001  (the binding's)
        """Each dependency: ok, or why not."""
        try:
            check_health = services().check_health
        except SettingsInvalid as error:
            return json_response(Health(status="degraded", checks={"settings": error.detail}))
        return json_response(await check_health())

    @bp.function_name(FunctionName.OPENAPI)
    @bp.route("openapi.json", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
    @answering_problems
    async def openapi(req: func.HttpRequest) -> func.HttpResponse:  # noqa: ARG001  (the binding's)
        """The OpenAPI 3.1 document of this API."""
        from shared.contracts.openapi import document  # noqa: PLC0415  (only who asks pays for it)

        return json_response(document())

    return bp
