"""Cases: read one, list them, cancel or approve one."""

from collections.abc import Callable

import azure.functions as func

from functions.access import ANYBODY, Role, signed_in
from functions.http import address, answering_problems, json_response
from shared.bootstrap import Services
from shared.contracts.case_view import CaseLine, CaseList, CaseView, decode_approval
from shared.domain.ids import CaseId
from shared.names import FunctionName

_FILTERS = ("user", "kind", "state")


def blueprint(services: Callable[[], Services]) -> func.Blueprint:
    """The functions about cases."""
    bp = func.Blueprint()

    @bp.function_name(FunctionName.GET_CASE)
    @bp.route("cases/{caseId}", methods=["GET"], auth_level=func.AuthLevel.FUNCTION)
    @answering_problems
    async def get_case(req: func.HttpRequest) -> func.HttpResponse:
        """Read a case; who knows its unguessable id may."""
        stored = await services().read_case(CaseId(req.route_params["caseId"]))
        return json_response(CaseView.of(stored.case, stored.steps))

    @bp.function_name(FunctionName.LIST_CASES)
    @bp.route("cases", methods=["GET"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def list_cases(req: func.HttpRequest) -> func.HttpResponse:
        """List the cases of a person, or those in a state."""
        signed_in(req, ANYBODY)
        page = await services().list_cases(
            user=req.params.get("user"),
            kind=req.params.get("kind"),
            state=req.params.get("state"),
            token=req.params.get("token"),
        )
        lines = tuple(
            CaseLine(
                case_id=line.case_id,
                kind=line.kind,
                user_id=line.user_id,
                state=line.state,
                deadline=line.deadline,
                created_at=line.created_at,
                updated_at=line.updated_at,
            )
            for line in page.cases
        )
        if page.next_token is None:
            return json_response(CaseList(value=lines))
        asked = {name: req.params[name] for name in _FILTERS if name in req.params}
        question = {**asked, "token": page.next_token}
        return json_response(CaseList(value=lines, next_link=address(req, "cases", **question)))

    @bp.function_name(FunctionName.CANCEL_CASE)
    @bp.route("cases/{caseId}/cancel", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def cancel_case(req: func.HttpRequest) -> func.HttpResponse:
        """Stop what a case still has to do."""
        person = signed_in(req, frozenset({Role.HELPDESK}))
        stored = await services().cancel_case(CaseId(req.route_params["caseId"]), person.object_id)
        return json_response(CaseView.of(stored.case, stored.steps))

    @bp.function_name(FunctionName.APPROVE_CASE)
    @bp.route("cases/{caseId}/approve", methods=["POST"], auth_level=func.AuthLevel.ANONYMOUS)
    @answering_problems
    async def approve_case(req: func.HttpRequest) -> func.HttpResponse:
        """Let a case do what needs a second person."""
        person = signed_in(req, frozenset({Role.APPROVER}))
        approval = decode_approval(req.get_body())
        stored = await services().approve_case(
            CaseId(req.route_params["caseId"]), approval.plan_hash, person.object_id
        )
        return json_response(CaseView.of(stored.case, stored.steps))

    return bp
