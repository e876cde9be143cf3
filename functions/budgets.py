"""Budgets: what each flow has used up, what is held, and who lets it go on."""

from collections.abc import Callable

import azure.functions as func

from functions.access import ANYBODY, Role, signed_in
from functions.http import answering_problems, json_response
from functions.recovery import EVERY_HOUR, EVERY_MINUTE
from shared.bootstrap import Services
from shared.contracts.budget_view import decode_budget_approval
from shared.names import FunctionName


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about budgets."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.LIST_BUDGETS)
    @bp.route("budgets", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_budgets(req: func.HttpRequest) -> func.HttpResponse:
        """List what each flow has used up, and what is held."""
        signed_in(req, ANYBODY)
        return json_response(await services().list_budgets())

    @bp.function_name(FunctionName.APPROVE_BUDGET)
    @bp.route("budgets/{flow}/approve", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def approve_budget(req: func.HttpRequest) -> func.HttpResponse:
        """Let a flow go on that is held."""
        person = signed_in(req, frozenset({Role.APPROVER}))
        approval = decode_budget_approval(req.get_body())
        flow = req.route_params["flow"]
        await services().let_flow_go_on(flow, approval.hold_id, person.object_id)
        return json_response(await services().list_budgets())

    @bp.function_name(FunctionName.ANNOUNCE_HOLDS)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_MINUTE)
    async def announce_holds(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Tell of every hold, once."""
        await services().announce_holds()

    @bp.function_name(FunctionName.FORGET_SPENDING)
    @bp.timer_trigger(arg_name="timer", schedule=EVERY_HOUR)
    async def forget_spending(timer: func.TimerRequest) -> None:  # noqa: ARG001  (the binding's name)
        """Drop what keeps changes of long ago from being counted twice."""
        await services().forget_spending()

    return bp
