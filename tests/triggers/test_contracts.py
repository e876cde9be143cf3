"""What the host is told: a renamed route, queue or schedule shows in review."""

from pathlib import Path

import azure.functions as func

from shared.names import FunctionName
from tests.triggers.deployment import Deployment, principal, told

SNAPSHOT = Path(__file__).with_name("contracts.txt")
NEW = "The contracts are now:\n\n{}\nIf that is meant, copy it to tests/triggers/contracts.txt."


def contracts(deployment: Deployment) -> str:
    """The trigger of each function, one a line."""
    lines = []
    for name, trigger in sorted(deployment.triggers.items()):
        match trigger["type"]:
            case "httpTrigger":
                methods = ",".join(trigger["methods"])
                says = f"{methods} /{trigger['route']} key={trigger['authLevel']}"
            case "serviceBusTrigger":
                says = f"{trigger['queueName']} connection={trigger['connection']}"
                if "dataType" in trigger:
                    says += f" as {func.DataType(trigger['dataType']).name.lower()}"
            case other:
                says = trigger["schedule"] if other == "timerTrigger" else repr(trigger)
        lines.append(f"{name:20} {trigger['type']:18} {says}\n")
    return "".join(lines)


def test_contracts_are_those_of_the_snapshot(deployment: Deployment) -> None:
    """Names, routes, methods, keys, queues and schedules change only on purpose."""
    found = contracts(deployment)
    assert found == SNAPSHOT.read_text(encoding="utf-8"), NEW.format(found)


async def test_two_apps_in_one_process(deployment: Deployment) -> None:
    """Each app has the services that it was built with, and nothing in common with another."""
    other = Deployment()
    body = b'{"type":"joiner","userPrincipalName":"robin@contoso.example"}'
    case_id = told(await deployment.post(body))["caseId"]
    path = {"caseId": case_id}
    assert (await deployment.call(FunctionName.GET_CASE, path=path)).status_code == 200
    assert (await other.call(FunctionName.GET_CASE, path=path)).status_code == 404
    assert other.functions.keys() == deployment.functions.keys()


async def test_openapi_names_every_route(deployment: Deployment) -> None:
    """The document has each route and method that the host serves, with the key or sign-in."""
    document = told(await deployment.call(FunctionName.OPENAPI, headers=principal()))
    described = {
        (operation["operationId"], method.upper(), path, next(iter(operation["security"][0])))
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
    }
    served = {
        (
            name,
            trigger["methods"][0],
            f"/api/{trigger['route']}",
            "functionKey" if trigger["authLevel"] == "function" else "entraId",
        )
        for name, trigger in deployment.triggers.items()
        if trigger["type"] == "httpTrigger"
    }
    assert described == served
