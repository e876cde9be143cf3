"""What the Bicep promises: limits, identities, no keys, no public-cloud hosts, settings."""

import re
from pathlib import Path
from typing import Any

import pytest

from local.generate import names as generator
from shared import names
from tests.infra import bicep

EVERY_FILE = pytest.mark.parametrize("path", bicep.FILES, ids=lambda path: path.stem)
ROLE_IDS = {
    "serviceBusDataSender": "69a216fc-b8fb-44d8-bc22-1f3c2cd27a39",
    "serviceBusDataReceiver": "4f6d3b9b-027b-4f4c-9142-0e5a2a2247e0",
    "storageTableDataReader": "76199698-9eea-4c19-bc75-cec21354c6b6",
    "storageTableDataContributor": "0a9a7e1f-b9d0-4cc4-a60d-0319b160aaa3",
    "keyVaultSecretsUser": "4633458b-17de-408a-b874-0445c86b69e6",
    "monitoringMetricsPublisher": "3913510d-42f4-4e42-8a64-420c390055eb",
    "storageBlobDataOwner": "b7e6dc6d-f1e8-4753-8033-0f276bb0955b",
}
"""Azure's built-in roles, the same in every cloud."""


@EVERY_FILE
def test_every_parameter_says_what_it_is(path: Path) -> None:
    """Each parameter has a description."""
    for name, parameter in bicep.parsed(path).get("parameters", {}).items():
        kinds = [decorator["type"] for decorator in parameter["decorators"]]
        assert "description" in kinds, name


@EVERY_FILE
def test_every_module_gets_the_parameters_that_it_declares(path: Path) -> None:
    """A call passes all required parameters of the module and none that it has not."""
    for name, call in bicep.parsed(path).get("modules", {}).items():
        declared = bicep.parsed(path.parent / call["detail"]["path"])["parameters"]
        required = {key for key, value in declared.items() if value["default"] is None}
        given = set(bicep.body(call)["params"])
        assert required <= given <= set(declared), name


@EVERY_FILE
def test_every_output_that_is_read_exists(path: Path) -> None:
    """`module.outputs.name` names an output of that module."""
    modules = bicep.parsed(path).get("modules", {})
    text = path.read_text(encoding="utf-8")
    for name, output in re.findall(r"(\w+)(?:\[\w+\])?\.outputs\.(\w+)", text):
        assert output in bicep.parsed(path.parent / modules[name]["detail"]["path"])["outputs"]


@EVERY_FILE
def test_no_host_of_the_public_cloud_is_written_out(path: Path) -> None:
    """Hosts come from the resources and from environment(), so that national clouds work."""
    hosts = r"windows\.net|azure\.net|azure\.com|microsoftonline|azurewebsites|graph\.microsoft"
    assert not re.search(hosts, path.read_text(encoding="utf-8"))


@EVERY_FILE
def test_no_key_is_read_and_no_secret_is_put_out(path: Path) -> None:
    """Nothing lists keys, and no output carries a connection string or a secret."""
    assert not re.search(r"list(Keys|Secrets|AccountSas)", path.read_text(encoding="utf-8"))
    for output in bicep.parsed(path).get("outputs", {}).values():
        assert not re.search(r"ConnectionString|secret", str(output["value"]), re.IGNORECASE)


def test_queues_have_the_broker_limits() -> None:
    """Lock, delivery count, duplicate detection and life of a message are those of the list."""
    queue = bicep.properties(bicep.module("messaging")["resources"]["queues"])
    assert {key: v if v is True else bicep.dotted(v) for key, v in queue.items()} == {
        "lockDuration": "names.broker.lockDuration",
        "maxDeliveryCount": "names.broker.maxDeliveryCount",
        "requiresDuplicateDetection": True,
        "duplicateDetectionHistoryTimeWindow": "names.broker.duplicateDetection",
        "defaultMessageTimeToLive": "names.broker.timeToLive",
        "deadLetteringOnMessageExpiration": True,
    }


def test_the_topic_detects_duplicates_as_the_queues_do() -> None:
    """An event sent twice by recovery arrives once."""
    topic = bicep.properties(bicep.module("messaging")["resources"]["topic"])
    assert topic["requiresDuplicateDetection"] is True
    assert bicep.dotted(topic["duplicateDetectionHistoryTimeWindow"]) == (
        "names.broker.duplicateDetection"
    )


def test_the_limits_are_within_what_service_bus_takes() -> None:
    """Lock 5 minutes at most, duplicate detection 20 seconds to 7 days, 256 KB on Standard."""
    assert names.BROKER.lock_duration.total_seconds() <= 300
    assert 20 <= names.BROKER.duplicate_detection.total_seconds() <= 7 * 86_400
    assert names.BROKER.max_message_kilobytes == 256
    assert generator.document()["broker"]["duplicateDetection"] == "P7D"


@pytest.mark.parametrize(
    ("module", "resource", "expected"),
    [
        ("messaging", "serviceBus", {"disableLocalAuth": True, "minimumTlsVersion": "1.2"}),
        ("monitoring", "applicationInsights", {"DisableLocalAuth": True}),
        ("state", "account", {"allowSharedKeyAccess": False, "minimumTlsVersion": "TLS1_2"}),
        ("state", "account", {"allowBlobPublicAccess": False, "supportsHttpsTrafficOnly": True}),
        ("host-storage", "account", {"allowSharedKeyAccess": False, "minimumTlsVersion": "TLS1_2"}),
        ("host-storage", "account", {"allowBlobPublicAccess": False}),
        ("vault", "vault", {"enableRbacAuthorization": True, "enablePurgeProtection": True}),
        ("vault", "vault", {"enableSoftDelete": True}),
        ("function-app", "site", {"httpsOnly": True}),
        ("function-app", "publishing", {"allow": False}),
    ],
)
def test_keys_and_plain_text_are_off(module: str, resource: str, expected: dict[str, Any]) -> None:
    """Every service takes Entra ID only, over TLS 1.2 at least."""
    given = bicep.properties(bicep.module(module)["resources"][resource])
    assert expected.items() <= given.items()


def test_the_site_is_flex_consumption_and_deploys_with_its_identity() -> None:
    """Package from a blob container read with the app's identity, Python, no FTP, TLS 1.2."""
    site = bicep.properties(bicep.module("function-app")["resources"]["site"])
    storage = site["functionAppConfig"]["deployment"]["storage"]
    assert storage["type"] == "blobContainer"
    assert storage["authentication"]["type"] == "UserAssignedIdentity"
    assert site["functionAppConfig"]["runtime"]["name"] == "python"
    assert site["siteConfig"] == {
        "minTlsVersion": "1.2",
        "scmMinTlsVersion": "1.2",
        "ftpsState": "Disabled",
    }
    assert bicep.module("function-app")["resources"]["plan"]["config"]["sku"]["name"] == "FC1"


def test_every_app_is_told_the_identities_of_all_apps() -> None:
    """Each app uses the identity of its name, which was made before, as was every other one."""
    made = bicep.module("identities")["resources"]["identities"]
    over, identity = bicep.loop(made)
    used = bicep.module("function-app")["resources"]["identity"]["config"]
    assert over == "names.apps"
    assert identity["name"] == used["name"]
    _, call = bicep.loop(bicep.parsed(bicep.MAIN)["modules"]["apps"])
    told = call["params"]["identityIds"]["function"]["parameters"].values()
    assert {bicep.dotted(one) for one in told} == {
        "identities.outputs.principalIds",
        "identities.outputs.clientIds",
    }


def test_each_identity_gets_only_its_rights() -> None:
    """Who publishes and who reads secrets is exactly this."""
    declared = bicep.parsed(bicep.MAIN)["variables"]["access"]["value"]
    rights = {
        app: {right for right, given in table.items() if given} for app, table in declared.items()
    }
    assert rights == {
        "intake": {"readsSecrets"},
        "lifecycle": {"publishesEvents"},
        # Secrets only where senders of tickets sign: !empty(queueSignatures.secrets).
        "reset": {"publishesEvents", "readsSecrets"},
        "operators": set(),
        "sweep": {"publishesEvents"},
    }


def test_rights_are_granted_at_the_narrowest_scope() -> None:
    """Each right is one built-in role on one queue, topic, table, vault or component."""
    resources = bicep.module("access")["resources"]
    granted = {
        name: (
            bicep.dotted(bicep.body(resource)["scope"]),
            bicep.properties(resource)["roleDefinitionId"],
        )
        for name, resource in resources.items()
        if resource["type"] == "Microsoft.Authorization/roleAssignments"
    }
    assert granted == {
        "sends": ("sendQueues[i]", "serviceBusDataSender"),
        "receives": ("receiveQueues[i]", "serviceBusDataReceiver"),
        "publishes": ("topic", "serviceBusDataSender"),
        "reads": ("readTables[i]", "storageTableDataReader"),
        "writes": ("writeTables[i]", "storageTableDataContributor"),
        "secrets": ("vault", "keyVaultSecretsUser"),
        "telemetry": ("applicationInsights", "monitoringMetricsPublisher"),
    }
    conditions = {
        name: bicep.dotted(resources[name]["config"]["condition"])
        for name in ("publishes", "secrets")
    }
    assert conditions == {
        "publishes": "access.publishesEvents",
        "secrets": "access.readsSecrets",
    }


@pytest.mark.parametrize(
    ("assignment", "target", "listed"),
    [
        ("sends", "sendQueues", "rights.sendsTo"),
        ("receives", "receiveQueues", "rights.receivesFrom"),
        ("reads", "readTables", "rights.readsTables"),
        ("writes", "writeTables", "rights.writesTables"),
    ],
)
def test_rights_on_queues_and_tables_are_those_of_the_list(
    assignment: str, target: str, listed: str
) -> None:
    """Each role is given once for each name of the app's own list, on the thing of that name."""
    access = bicep.module("access")
    resources = access["resources"]
    assert bicep.dotted(access["variables"]["rights"]["value"]) == "names.rights[app]"
    assert bicep.loop(resources[assignment])[0] == listed
    over, named = bicep.loop(resources[target])
    assert (over, named["name"]) == (
        listed,
        resources[target]["config"]["loop_type"]["detail"]["item_name"],
    )


@pytest.mark.parametrize("module", ["access", "host-storage"])
def test_role_ids_are_azures(module: str) -> None:
    """Each role's id is that of the built-in role of its name."""
    variables = bicep.module(module)["variables"]
    given = {
        name: value["value"]["function"]["parameters"]["resource_name_1"]
        for name, value in variables.items()
        if name not in {"names", "rights"}
    }
    assert given.items() <= ROLE_IDS.items()


def settings() -> dict[str, object]:
    """The settings that every app gets, as the Bicep writes them; names resolved."""
    variables = bicep.module("function-app")["variables"]
    connection = generator.document()["serviceBusConnection"]
    parts = ("platformSettings", "serviceBusSettings", "applicationSettings")
    given: dict[str, object] = {
        bicep.key(name).replace("${names.serviceBusConnection}", connection): value
        for part in parts
        for name, value in variables[part]["value"].items()
    }
    given.update(generator.document()["bindingSettings"])
    return given


def test_every_app_gets_these_settings() -> None:
    """Identity-based connections, the tenant and the names for the bindings; no key, no secret."""
    assert set(settings()) == {
        "AzureWebJobsStorage__credential",
        "AzureWebJobsStorage__clientId",
        "AzureWebJobsStorage__blobServiceUri",
        "APPLICATIONINSIGHTS_CONNECTION_STRING",
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING",
        "OTEL_TRACES_SAMPLER",
        "OTEL_TRACES_SAMPLER_ARG",
        "ServiceBusConnection__fullyQualifiedNamespace",
        "ServiceBusConnection__credential",
        "ServiceBusConnection__clientId",
        "AZURE_CLIENT_ID",
        "TABLES_ENDPOINT",
        "MFA_APP",
        "MFA_TENANT_ID",
        "MFA_CLOUD",
        "MFA_BREAK_GLASS_IDS",
        "MFA_IDENTITIES",
        "RESETS_REQUIRE_SIGNATURE",
        "ONBOARDING_QUEUE",
        "RESETS_QUEUE",
        "EXEMPTIONS_QUEUE",
        "COMPLIANCE_QUEUE",
        "SWEEP_SCHEDULE",
        "EVENTS_TOPIC",
    }
    assert settings()["ServiceBusConnection__credential"] == "managedidentity"


def test_settings_that_a_binding_names_have_single_underscores() -> None:
    """`%NAME%` in a binding resolves no name with a double underscore."""
    assert not any("__" in name for name in generator.document()["bindingSettings"])


def test_the_site_gets_all_of_the_settings() -> None:
    """The groups of settings, the disabled functions and the HR sources all reach the app."""
    given = bicep.module("function-app")["resources"]["settings"]["config"]["properties"]
    assert [bicep.dotted(part) for part in given["function"]["parameters"].values()] == [
        "platformSettings",
        "serviceBusSettings",
        "applicationSettings",
        "names.bindingSettings",
        "scheduleSettings",
        "disabledFunctions",
        "hrProfiles",
        "hrSecrets",
        "hrNextSecrets",
        "resetProfiles",
        "resetSecrets",
        "resetNextSecrets",
        "queueSecrets",
    ]


def test_functions_of_other_apps_are_disabled_by_setting() -> None:
    """Each becomes `AzureWebJobs.NAME.Disabled` = true."""
    call = bicep.module("function-app")["variables"]["disabledFunctions"]["value"]["function"]
    listed, name, value = call["parameters"].values()
    assert bicep.dotted(listed) == "names.disabledFunctions[app]"
    assert name["detail"]["expression"] == "AzureWebJobs.${name}.Disabled"
    assert value["detail"]["expression"] == "true"


def test_signing_secrets_are_references_to_the_vault() -> None:
    """Two per source, in Key Vault; the value itself is nowhere in the Bicep."""
    variables = bicep.module("function-app")["variables"]
    assert variables["vaultPrefix"]["value"].startswith("@Microsoft.KeyVault(SecretUri=${vaultUri}")
    for variable, kind, number in (
        ("hrSecrets", "hr", 1),
        ("hrNextSecrets", "hr", 2),
        ("resetSecrets", "reset", 1),
        ("resetNextSecrets", "reset", 2),
    ):
        _, name, value = variables[variable]["value"]["function"]["parameters"].values()
        setting = "${toUpper(replace(source.key, '-', '_'))}"
        assert name["detail"]["expression"] == f"{kind.upper()}_SECRET_{setting}_{number}"
        named = "${vaultPrefix}%s-${source.key}-%s)" % (kind, number)  # noqa: UP031  (Bicep's braces)
        assert value["detail"]["expression"] == named


def test_signing_secrets_go_to_no_app_that_may_not_read_them() -> None:
    """The operators app is told the sources' profiles, and no secret of theirs."""
    text = (bicep.INFRA / "modules" / "function-app.bicep").read_text(encoding="utf-8")
    assert "var signingSources = access.readsSecrets ? hrSources : {}" in text
    assert "var signingResets = access.readsSecrets ? resetSources : {}" in text
    assert re.findall(r"items\((\w+)\)", text) == [
        *("hrSources", "resetSources"),
        *("signingSources", "signingSources", "signingResets", "signingResets"),
    ]


def test_the_queue_has_secrets_of_its_own() -> None:
    """The app behind it is told them, and no other; it reads the vault only where there are any."""
    main = bicep.MAIN.read_text(encoding="utf-8")
    assert "queueSignatures: app == 'reset' ? queueSignatures : { secrets: []" in main
    assert "readsSecrets: !empty(queueSignatures.secrets)" in main
    call = bicep.module("function-app")["variables"]["queueSecrets"]["value"]["function"]
    _, name, value = call["parameters"].values()
    assert name["detail"]["expression"] == "RESETS_SECRET_${number}"
    assert value["detail"]["expression"] == "${vaultPrefix}resets-queue-${number})"


def test_two_apps_take_tokens_and_lifecycle_knows_no_hr_source() -> None:
    """Each by a registration of its own; HR sources go to the two that are asked about them."""
    text = bicep.MAIN.read_text(encoding="utf-8")
    audiences = "app == 'operators' ? operatorsClientId : app == 'intake' ? intakeClientId : ''"
    assert f"authClientId: {audiences}" in text
    for sources in ("hrSources", "resetSources"):
        assert f"{sources}: contains(['intake', 'operators'], app) ? {sources} : {{}}" in text


def test_the_platform_checks_tokens_and_the_app_denies() -> None:
    """A call without a token reaches the app, whose own deny-by-default answers it."""
    auth = bicep.properties(bicep.module("authentication")["resources"]["authentication"])
    assert auth["platform"] == {"enabled": True}
    assert auth["globalValidation"] == {
        "requireAuthentication": False,
        "unauthenticatedClientAction": "AllowAnonymous",
    }


def test_the_parameter_file_fits() -> None:
    """main.bicepparam gives every required parameter of main.bicep and none that it has not."""
    text = (bicep.INFRA / "main.bicepparam").read_text(encoding="utf-8")
    given = set(re.findall(r"^param (\w+) =", text, re.MULTILINE))
    declared = bicep.parsed(bicep.MAIN)["parameters"]
    required = {name for name, value in declared.items() if value["default"] is None}
    assert required <= given <= set(declared)
