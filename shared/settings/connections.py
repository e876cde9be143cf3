"""The settings that say what an app is connected to."""

from dataclasses import dataclass
from datetime import timedelta

from shared.names import EVENTS_TOPIC, App, CloudName, Queue, Setting
from shared.settings.values import (
    one_of,
    optional,
    seconds,
    setting,
    web_address,
)

NAMESPACE = f"{Setting.SERVICE_BUS}__fullyQualifiedNamespace"


@dataclass(frozen=True, slots=True, kw_only=True)
class ConnectionSettings:
    """Which tenant, which cloud, and where the stores and queues are."""

    tenant_id: str = setting("MFA_TENANT_ID", "Id of the Entra tenant.", str)
    app: App | None = setting(
        "MFA_APP",
        "Which of the function apps this is; the health check looks at its powers. Without it (the "
        "local stack) at those that observing takes.",
        optional(App),
        default="",
    )
    cloud: CloudName = setting(
        "MFA_CLOUD",
        f"The Microsoft cloud: {', '.join(CloudName)}.",
        CloudName,
        default="global",
    )
    graph_base_url: str | None = setting(
        "GRAPH_BASE_URL",
        "Root of Microsoft Graph where it is not the cloud's own (the simulated tenant).",
        optional(web_address),
        default="",
    )
    graph_timeout: timedelta = setting(
        "GRAPH_TIMEOUT_SECONDS", "How long one call of Graph may take.", seconds, default="10"
    )
    identity: str = setting(
        "MFA_IDENTITY",
        "Who calls Graph, Tables and Service Bus: `managed` (the app's managed identity) or "
        "`developer` (an app registration in `AZURE_*` variables, or a sign-in to the Azure CLI).",
        one_of("managed", "developer"),
        default="managed",
    )
    client_id: str | None = setting(
        "AZURE_CLIENT_ID",
        "Client id of the app's user-assigned managed identity.",
        optional(str),
        default="",
    )
    tables_endpoint: str | None = setting(
        "TABLES_ENDPOINT", "Address of the table service.", optional(web_address), default=""
    )
    tables_connection_string: str | None = setting(
        "TABLES_CONNECTION_STRING",
        "In place of the address: a connection string (local stack only).",
        optional(str),
        default="",
    )
    service_bus_namespace: str | None = setting(
        NAMESPACE, "Host name of the Service Bus namespace.", optional(str), default=""
    )
    service_bus_connection_string: str | None = setting(
        Setting.SERVICE_BUS,
        "In place of the host name: a connection string (local stack only).",
        optional(str),
        default="",
    )
    onboarding_queue: str = setting(
        Setting.ONBOARDING_QUEUE, "Queue of onboarding commands.", str, default=Queue.ONBOARDING
    )
    resets_queue: str = setting(
        Setting.RESETS_QUEUE,
        "Queue of tickets, and of commands about resets and leavers.",
        str,
        default=Queue.RESETS,
    )
    exemptions_queue: str = setting(
        Setting.EXEMPTIONS_QUEUE, "Queue of exemption commands.", str, default=Queue.EXEMPTIONS
    )
    compliance_queue: str = setting(
        Setting.COMPLIANCE_QUEUE, "Queue of the sweep.", str, default=Queue.COMPLIANCE
    )
    events_topic: str = setting(
        Setting.EVENTS_TOPIC, "Topic of outgoing events.", str, default=EVENTS_TOPIC
    )

    def queues(self) -> dict[Queue, str]:
        """The name of each queue in the namespace."""
        return {
            Queue.ONBOARDING: self.onboarding_queue,
            Queue.RESETS: self.resets_queue,
            Queue.EXEMPTIONS: self.exemptions_queue,
            Queue.COMPLIANCE: self.compliance_queue,
        }
