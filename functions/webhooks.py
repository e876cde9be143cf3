"""What the webhooks of all sources have in common."""

from collections.abc import Iterable
from http import HTTPStatus

import azure.functions as func

from functions.http import address, json_response
from shared.contracts.case_view import Accepted, taken
from shared.domain.cases import Case


def lower_case_headers(req: func.HttpRequest) -> dict[str, str]:
    """The headers of a request, by their names in small letters."""
    return {name.lower(): value for name, value in req.headers.items()}


def accepted_response(req: func.HttpRequest, cases: Iterable[Case]) -> func.HttpResponse:
    """The answer to a webhook: the case of each of its items, and where to look for it."""
    accepted = tuple(
        Accepted(
            case_id=case.case_id,
            state=case.state,
            status_url=address(req, f"cases/{case.case_id}"),
        )
        for case in cases
    )
    return json_response(taken(accepted), HTTPStatus.ACCEPTED)
