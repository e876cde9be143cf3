"""The Microsoft clouds: where its services are, who gives tokens, and for what they are asked.

Source: "Microsoft Graph national cloud deployments" (learn.microsoft.com). Tokens of one cloud are
worth nothing in another.
"""

from dataclasses import dataclass

from shared.names import CloudName


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloud:
    """One cloud.

    Attributes:
        graph_root: where Microsoft Graph answers, without a version.
        authority: where Entra ID gives tokens; azure-identity's `authority`.
        scope: what a token for Graph is asked for.
        exchange_root: where Exchange Online's administration interface answers.
        exchange_scope: what a token for it is asked for.
    """

    graph_root: str
    authority: str
    scope: str
    exchange_root: str
    exchange_scope: str


def _cloud(graph_root: str, authority: str, exchange_root: str) -> Cloud:
    return Cloud(
        graph_root=graph_root,
        authority=authority,
        scope=f"{graph_root}/.default",
        exchange_root=exchange_root,
        exchange_scope=f"{exchange_root}/.default",
    )


CLOUDS: dict[CloudName, Cloud] = {
    CloudName.GLOBAL: _cloud(
        "https://graph.microsoft.com",
        "https://login.microsoftonline.com",
        "https://outlook.office365.com",
    ),
    CloudName.US_GOVERNMENT: _cloud(
        "https://graph.microsoft.us",
        "https://login.microsoftonline.us",
        "https://outlook.office365.us",
    ),
    CloudName.US_GOVERNMENT_DOD: _cloud(
        "https://dod-graph.microsoft.us",
        "https://login.microsoftonline.us",
        "https://webmail.apps.mil",
    ),
    CloudName.CHINA: _cloud(
        "https://microsoftgraph.chinacloudapi.cn",
        "https://login.chinacloudapi.cn",
        "https://partner.outlook.cn",
    ),
}
