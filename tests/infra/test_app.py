"""The app, the list of names and the Bicep agree on functions, bindings, settings and app roles."""

import base64
import json
from typing import Any

import pytest

from function_app import create_app
from functions.access import Role
from infra.grant_graph_roles import ROOTS
from local.generate import names as generator
from shared.bootstrap import Services
from shared.names import FUNCTIONS, App, CloudName, FunctionName, Queue, Setting
from shared.rights import QUEUE_RIGHTS, QueueRight
from shared.settings import Settings, specifications
from tests.infra import bicep
from tests.infra.test_bicep import settings

Triggers = dict[str, dict[str, Any]]


def no_services() -> Services:
    """Indexing builds nothing."""
    raise AssertionError("a service was asked for while the app was indexed")


@pytest.fixture(scope="module")
def triggers() -> Triggers:
    """The trigger of each function, as the host is told it."""
    # An app of our own: azure-functions lists the functions of one app once only.
    return {
        str(function.get_function_name()): json.loads(trigger)
        for function in create_app(no_services).get_functions()
        for trigger in function.get_raw_bindings()
        if "Trigger" in json.loads(trigger)["type"]
    }


def test_the_app_has_the_functions_of_the_list(triggers: Triggers) -> None:
    """A function that no app would enable, or that no code defines, shows."""
    assert set(triggers) == {name.value for name in FunctionName}


def test_queue_triggers_name_their_queue_and_connection_by_setting(triggers: Triggers) -> None:
    """Each trigger's `%NAME%` is a setting that the Bicep sets, to a queue of the list."""
    queues = []
    for trigger in triggers.values():
        if trigger["type"] == "serviceBusTrigger":
            name = trigger["queueName"].strip("%")
            assert trigger["queueName"] == f"%{name}%"
            assert trigger["connection"] == Setting.SERVICE_BUS
            queues.append(generator.document()["bindingSettings"][name])
    assert sorted(queues) == sorted(Queue)


def test_only_the_app_with_the_worker_receives(triggers: Triggers) -> None:
    """The identity that may receive from the queues is the one whose app has the queue triggers."""
    workers = {name for name, trigger in triggers.items() if trigger["type"] == "serviceBusTrigger"}
    assert {
        app for app in App if any(QueueRight.RECEIVE in held for held in QUEUE_RIGHTS[app].values())
    } == {app for app in App if FUNCTIONS[app] & workers}


def test_the_bicep_sets_only_settings_that_the_app_reads() -> None:
    """Nothing is set in vain but what the host and the SDKs read for themselves."""
    ours = {
        name
        for name in settings()
        if name.startswith(("MFA_", "TABLES_", "GRAPH_", "RESETS_REQUIRE"))
    }
    assert ours <= {specification.name for _, specification in specifications()}


def environment(app: App) -> dict[str, str]:
    """The settings of an app, with values that can be used."""
    values = {
        "MFA_APP": app.value,
        "MFA_CLOUD": "global",
        "MFA_BREAK_GLASS_IDS": "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11",
        "MFA_IDENTITIES": "0d6a7c1e-2b64-4d0e-9a51-7c0d6c0f4e21",
        "TABLES_ENDPOINT": "https://contoso.table.example",
        # Bicep writes true so.
        "RESETS_REQUIRE_SIGNATURE": "True",
    }
    if app is App.RESET:
        values["RESETS_SECRET_1"] = "whsec_" + base64.b64encode(bytes(range(32))).decode()
    bound: dict[str, str] = generator.document()["bindingSettings"]
    return dict.fromkeys(settings(), "given") | bound | values


@pytest.mark.parametrize("app", App)
def test_an_app_starts_with_the_settings_of_the_bicep(app: App) -> None:
    """The settings that the Bicep gives are enough: none that has no default is missing."""
    assert Settings.from_environment(environment(app)).app is app


def test_operators_know_the_hr_sources_without_a_secret() -> None:
    """The profile alone, which is all that the Bicep gives operators, names a source."""
    given = environment(App.OPERATORS) | {"HR_SOURCE_EXAMPLE_HR": "{}"}
    assert list(Settings.from_environment(given).sources) == ["example-hr"]


def test_clouds_are_those_of_the_app() -> None:
    """The Bicep's parameter and the grant script take the clouds that the app knows."""
    assert list(ROOTS) == list(CloudName)
    decorators = bicep.parsed(bicep.MAIN)["parameters"]["cloud"]["decorators"]
    assert [d["argument"] for d in decorators if d["type"] == "allowed"] == [list(CloudName)]


def test_app_roles_are_those_that_the_app_checks() -> None:
    """infra/app-roles.json defines each role of the app once, for people."""
    roles = json.loads((bicep.INFRA / "app-roles.json").read_text(encoding="utf-8"))
    assert [role["value"] for role in roles] == [role.value for role in Role]
    assert len({role["id"] for role in roles}) == len(Role)
    assert all(role["allowedMemberTypes"] == ["User"] and role["isEnabled"] for role in roles)


@pytest.mark.parametrize("required", Setting)
def test_settings_of_the_list_reach_every_app(required: Setting) -> None:
    """Each setting that a binding names is set, itself or as an identity-based connection."""
    assert any(name == required or name.startswith(f"{required}__") for name in settings())


def test_the_local_example_names_settings_that_exist() -> None:
    """local.settings.example.json has no setting that neither the app nor its host reads."""
    path = bicep.INFRA.parent / "local.settings.example.json"
    given = set(json.loads(path.read_text(encoding="utf-8"))["Values"])
    platform = {"FUNCTIONS_WORKER_RUNTIME", "AzureWebJobsStorage"}
    platform |= {"IDENTITY_ENDPOINT", "IDENTITY_HEADER"}
    ours = {specification.name for _, specification in specifications()}
    sources = {"HR_SOURCE_EXAMPLE", "HR_SECRET_EXAMPLE_1"}
    assert given <= platform | ours | sources
