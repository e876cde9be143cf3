"""The registries: whom nobody may touch, and whom nobody may touch for a while."""

from collections.abc import Callable
from http import HTTPStatus

import azure.functions as func

from functions.access import Role, signed_in
from functions.http import answering_problems, empty_response, json_response
from shared.bootstrap import Services
from shared.contracts.registry_view import decode_entry_statement
from shared.domain.registries import Registry
from shared.names import FunctionName

_ADMIN = frozenset({Role.ADMIN})


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about both registries."""
    bp = func.Blueprint()

    async def listed(req: func.HttpRequest, registry: Registry) -> func.HttpResponse:
        signed_in(req, _ADMIN)
        return json_response(await services().list_entries(registry))

    async def put(req: func.HttpRequest, registry: Registry) -> func.HttpResponse:
        person = signed_in(req, _ADMIN)
        statement = decode_entry_statement(req.get_body())
        user = req.route_params["userId"]
        return json_response(
            await services().put_entry(registry, user, statement, person.object_id)
        )

    async def removed(req: func.HttpRequest, registry: Registry) -> func.HttpResponse:
        person = signed_in(req, _ADMIN)
        user = req.route_params["userId"]
        waiting = await services().remove_entry(registry, user, person.object_id)
        if waiting is None:
            return empty_response()
        return json_response(waiting, HTTPStatus.ACCEPTED)

    @bp.function_name(FunctionName.LIST_PROTECTED)
    @bp.route("protected", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_protected(req: func.HttpRequest) -> func.HttpResponse:
        """List the break-glass accounts."""
        return await listed(req, Registry.PROTECTED)

    @bp.function_name(FunctionName.PUT_PROTECTED)
    @bp.route("protected/{userId}", methods=["PUT"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def put_protected(req: func.HttpRequest) -> func.HttpResponse:
        """Protect an account."""
        return await put(req, Registry.PROTECTED)

    @bp.function_name(FunctionName.DELETE_PROTECTED)
    @bp.route("protected/{userId}", methods=["DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def delete_protected(req: func.HttpRequest) -> func.HttpResponse:
        """Stop protecting an account; two administrators."""
        return await removed(req, Registry.PROTECTED)

    @bp.function_name(FunctionName.LIST_EXCLUSIONS)
    @bp.route("exclusions", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_exclusions(req: func.HttpRequest) -> func.HttpResponse:
        """List the people whom no flow may touch for a while."""
        return await listed(req, Registry.EXCLUSIONS)

    @bp.function_name(FunctionName.PUT_EXCLUSION)
    @bp.route("exclusions/{userId}", methods=["PUT"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def put_exclusion(req: func.HttpRequest) -> func.HttpResponse:
        """Exclude a person until a day."""
        return await put(req, Registry.EXCLUSIONS)

    @bp.function_name(FunctionName.DELETE_EXCLUSION)
    @bp.route("exclusions/{userId}", methods=["DELETE"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def delete_exclusion(req: func.HttpRequest) -> func.HttpResponse:
        """End an exclusion before its day; two administrators."""
        return await removed(req, Registry.EXCLUSIONS)

    return bp
