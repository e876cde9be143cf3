"""The names in the Bicep are those of shared/names.py, by way of infra/names.json."""

import json
import re
from pathlib import Path

import pytest

from local.generate import files
from local.generate import names as generator
from shared import names, rights
from shared.contracts.commands import queue_of
from shared.domain.cases import CaseState
from shared.domain.plans import EnrolmentPlan
from shared.domain.state_machines import LEGAL
from tests.builders import NOW, a_case, a_leaver, a_plan, an_exemption_plan
from tests.infra import bicep


def test_names_json_is_what_the_generator_writes() -> None:
    """A name changed in shared/names.py and not generated again shows."""
    assert json.loads(generator.TARGET.read_text(encoding="utf-8")) == generator.document()


def test_check_tells_a_stale_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`--check` exits 1 and names the file when its content is old or it is missing, else 0."""
    target = tmp_path / "names.json"
    for content, expected in ((None, 1), ("old", 1), ("new", 0)):
        if content:
            target.write_text(content)
        code = files.write_or_check({target: "new"}, module="m", arguments=["--check"])
        assert code == expected
    assert capsys.readouterr().err.count("names.json is stale: run python -m m") == 2


def test_writing_makes_the_check_pass(tmp_path: Path) -> None:
    """What a generator wrote is not stale."""
    target = tmp_path / "names.json"
    assert files.write_or_check({target: "new"}, module="m", arguments=[]) == 0
    assert files.write_or_check({target: "new"}, module="m", arguments=["--check"]) == 0


def test_every_function_runs_in_some_app() -> None:
    """No function is disabled everywhere."""
    assert frozenset().union(*names.FUNCTIONS.values()) == frozenset(names.FunctionName)


@pytest.mark.parametrize("app", names.App)
def test_an_app_disables_exactly_the_functions_of_the_others(app: names.App) -> None:
    """Own functions and disabled ones together are all of them, and none is both."""
    disabled = set(generator.document()["disabledFunctions"][app])
    assert disabled == {f.value for f in names.FunctionName} - {
        f.value for f in names.FUNCTIONS[app]
    }


@pytest.mark.parametrize(
    ("module", "resource", "looped"),
    [
        ("messaging", "queues", "names.queues"),
        ("messaging", "subscriptions", "names.subscriptions"),
        ("state", "tables", "names.tables"),
    ],
)
def test_queues_subscriptions_and_tables_are_those_of_the_list(
    module: str, resource: str, looped: str
) -> None:
    """Each is made by a loop over its list, under the list's own name."""
    over, body = bicep.loop(bicep.module(module)["resources"][resource])
    item = bicep.module(module)["resources"][resource]["config"]["loop_type"]["detail"]
    assert (over, body["name"]) == (looped, item["item_name"])


def test_the_topic_is_the_one_of_the_list() -> None:
    """The topic's name is not written out."""
    assert bicep.dotted(bicep.module("messaging")["resources"]["topic"]["config"]["name"]) == (
        "names.eventsTopic"
    )


def test_there_is_an_app_for_every_app() -> None:
    """The apps are made by a loop over the list, and every table by app has exactly these apps."""
    main = bicep.parsed(bicep.MAIN)
    over, _ = bicep.loop(main["modules"]["apps"])
    assert over == "names.apps"
    apps = {app.value for app in names.App}
    for name in ("instanceMemory", "alwaysReady"):
        assert set(main["parameters"][name]["default"]) == apps
    assert set(main["variables"]["access"]["value"]) == apps


def test_azd_deploys_a_service_to_every_app() -> None:
    """azure.yaml has one service per app, all of one project, and the site's tag names it."""
    text = (bicep.INFRA.parent / "azure.yaml").read_text(encoding="utf-8")
    service = r"^  (\w+):\n    project: \.\n    language: py\n    host: function$"
    assert re.findall(service, text, re.MULTILINE) == [app.value for app in names.App]
    site = bicep.module("function-app")["resources"]["site"]["config"]
    tags = site["tags"]["function"]["parameters"].values()
    assert {"'azd-service-name'": "app"} in tags


def test_only_operators_write_control() -> None:
    """No app that machines call, and none that changes people, can let the system act."""
    control = {app: tables.get(names.Table.CONTROL) for app, tables in rights.TABLE_RIGHTS.items()}
    assert control == {
        names.App.INTAKE: rights.Access.READ,
        names.App.LIFECYCLE: rights.Access.READ,
        names.App.RESET: rights.Access.READ,
        names.App.OPERATORS: rights.Access.WRITE,
        names.App.SWEEP: rights.Access.READ,
    }


@pytest.mark.parametrize("app", names.App)
def test_every_right_reaches_the_bicep_as_one_role(app: names.App) -> None:
    """What an app may read or write, send to or receive from, stands in the lists of its roles."""
    given = generator.document()["rights"][app]
    tables, queues = rights.TABLE_RIGHTS[app], rights.QUEUE_RIGHTS[app]
    assert tables == {
        **dict.fromkeys(given["readsTables"], rights.Access.READ),
        **dict.fromkeys(given["writesTables"], rights.Access.WRITE),
    }
    assert {queue for queue in queues if rights.QueueRight.SEND in queues[queue]} == set(
        given["sendsTo"]
    )
    assert {queue for queue in queues if rights.QueueRight.RECEIVE in queues[queue]} == set(
        given["receivesFrom"]
    )


@pytest.mark.parametrize("app", names.App)
def test_a_worker_may_hand_every_case_over(app: names.App) -> None:
    """A case that needs the powers of another app, and a stray command, can be sent there."""
    given = rights.QUEUE_RIGHTS[app]
    taken = {queue for queue in given if rights.QueueRight.RECEIVE in given[queue]}
    onwards = set[names.Queue]()
    enrolment = EnrolmentPlan(group_id=None, enforce_by=None, occurred_at=NOW)
    for plan in (a_plan(), a_leaver(CaseState.ACCEPTED).plan, an_exemption_plan(), enrolment):
        queues = {queue_of(a_case(state, plan=plan)) for state in LEGAL[plan.kind]}
        onwards |= queues if queues & taken else set()
    assert {queue for queue in onwards if rights.QueueRight.SEND not in given.get(queue, ())} == (
        set()
    )


def test_the_guide_lists_the_rights_on_tables() -> None:
    """The table in docs/deploy.md is that of the list."""
    text = (bicep.INFRA.parent / "docs" / "deploy.md").read_text(encoding="utf-8")
    head = " | ".join(f"`{app}`" for app in names.App)
    rows = [
        f"| `{table}` | "
        + " | ".join(rights.TABLE_RIGHTS[app].get(table, "-") for app in names.App)
        + " |"
        for table in names.Table
    ]
    assert "\n".join([f"| table | {head} |", "|---|" + "---|" * len(names.App), *rows]) in text


@pytest.mark.parametrize("path", bicep.FILES, ids=lambda path: path.stem)
def test_no_bicep_writes_a_name_out(path: Path) -> None:
    """Names of queues, topic, subscriptions, tables, functions and settings come from the list."""
    quoted = set(re.findall(r"'([^']*)'", path.read_text(encoding="utf-8")))
    listed = [names.Queue, names.Subscription, names.Table, names.FunctionName, names.Setting]
    assert quoted.isdisjoint({name.value for enum in listed for name in enum})
    assert names.EVENTS_TOPIC not in quoted


@pytest.mark.parametrize("app", names.App)
def test_names_made_from_an_app_fit(app: names.App) -> None:
    """A storage account has 24 characters at most; the host's id is the site's first 32."""
    token = "x" * 13
    assert len(f"st{app}{token}") <= 24
    assert len(f"func-{app}-{token}") <= 32
    function_app = bicep.module("function-app")
    assert bicep.body(function_app["modules"]["hostStorage"])["params"]["accountName"] == (
        "st${app}${token}"
    )
    assert function_app["resources"]["site"]["config"]["name"] == "func-${app}-${token}"


def test_observing_takes_no_role_that_writes_but_one() -> None:
    """The guide names exactly what it takes: reading the per-user state asks for that one."""
    writing = {role for role in rights.OBSERVING_ROLES if "Write" in role}
    assert writing == {"Policy.ReadWrite.AuthenticationMethod"}
    readme = (bicep.INFRA.parent / "README.md").read_text(encoding="utf-8")
    section = readme.partition("## On a real tenant")[2].partition("```")[0]
    assert set(re.findall(r"`(\w+\.[\w.]+)`", section)) == rights.OBSERVING_ROLES
