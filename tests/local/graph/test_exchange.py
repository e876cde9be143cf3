"""Exchange Online's admin interface: what is open of a mailbox, read and shut."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from azure.identity import ManagedIdentityCredential

from tests.local.graph.clients import BARE_CLIENT, IDENTITY_HEADER, LIFECYCLE_CLIENT
from tests.stands.graph import GraphControl, GraphStand

_TENANT = "99999999-9999-4999-8999-999999999999"
_COMMAND = f"/adminapi/beta/{_TENANT}/InvokeCommand"
_AUDIENCE = "https://outlook.office365.com"
_GET, _SET = "Get-CASMailbox", "Set-CASMailbox"
_SHUT = {
    "SmtpClientAuthenticationDisabled": True,
    "ImapEnabled": False,
    "PopEnabled": False,
    "ActiveSyncEnabled": False,
}


def _bearer(control: GraphControl, **body: object) -> dict[str, str]:
    token = control.do("POST", "token", {"audience": _AUDIENCE, **body})["access_token"]
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture
def exchange(stand: GraphStand, control: GraphControl) -> Iterator[httpx.Client]:
    """Plain HTTP with the permission of Exchange: there is no client for other than PowerShell."""
    with httpx.Client(base_url=stand.base_url, headers=_bearer(control), trust_env=False) as client:
        yield client


def _body(cmdlet: str, **parameters: object) -> dict[str, Any]:
    return {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}


def _invoke(exchange: httpx.Client, cmdlet: str, **parameters: object) -> dict[str, Any]:
    answer = exchange.post(_COMMAND, json=_body(cmdlet, **parameters))
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


def test_a_mailbox_is_shut_and_read_back(control: GraphControl, exchange: httpx.Client) -> None:
    """By object id or sign-in name; setting answers no rows, and says when nothing changed."""
    user = control.create_user()
    (row,) = _invoke(exchange, _GET, Identity=user["userPrincipalName"])["value"]
    assert row["ExternalDirectoryObjectId"] == user["id"]
    assert {name: row[name] for name in _SHUT} == user["mailbox"]
    first = _invoke(exchange, _SET, Identity=user["id"], **_SHUT)
    assert (first["value"], first["@adminapi.warnings"]) == ([], [])
    (row,) = _invoke(exchange, _GET, Identity=user["id"])["value"]
    assert {name: row[name] for name in _SHUT} == _SHUT
    assert control.truth(user["id"])["mailbox"] == _SHUT
    (warning,) = _invoke(exchange, _SET, Identity=user["id"], **_SHUT)["@adminapi.warnings"]
    assert "no settings" in warning


def test_what_is_not_named_stays(control: GraphControl, exchange: httpx.Client) -> None:
    """One protocol is shut alone; SMTP is open by its own switch or the tenant's."""
    user = control.create_user()["id"]
    _invoke(exchange, _SET, Identity=user, ImapEnabled=False)
    _invoke(exchange, _SET, Identity=user, SmtpClientAuthenticationDisabled=True)
    results = []
    for disabled in (False, True, None):
        _invoke(exchange, _SET, Identity=user, SmtpClientAuthenticationDisabled=disabled)
        attempt = {"clientApp": "other", "protocol": "smtp"}
        results.append(control.do("POST", f"users/{user}/sign-in", attempt)["result"])
    assert results == ["allowed", "blocked", "allowed"]
    mailbox = control.truth(user)["mailbox"]
    assert list(mailbox.values()) == [None, False, True, True]


@pytest.mark.parametrize(
    ("protocol", "switch"),
    [
        ("smtp", {"SmtpClientAuthenticationDisabled": True}),
        ("imap", {"ImapEnabled": False}),
        ("pop", {"PopEnabled": False}),
        (None, {"ActiveSyncEnabled": False}),
    ],
)
def test_a_protocol_that_is_shut_takes_no_app_password(
    control: GraphControl,
    exchange: httpx.Client,
    graph: httpx.Client,
    protocol: str | None,
    switch: dict[str, bool],
) -> None:
    """That protocol alone; a client that may speak any stays until all of mail's are shut."""
    user = control.create_user()["id"]
    requirements = f"/beta/users/{user}/authentication/requirements"
    graph.patch(requirements, json={"perUserMfaState": "enforced"}).raise_for_status()
    control.do("POST", f"users/{user}/app-passwords", {"name": "printer"})
    client = "exchangeActiveSync" if protocol is None else "other"
    attempt = {"clientApp": client, "credentials": ["appPassword"], "protocol": protocol}

    def outcome(**other: object) -> list[str]:
        return list(control.do("POST", f"users/{user}/sign-in", {**attempt, **other}).values())

    assert outcome() == ["allowed", "appPassword"]
    _invoke(exchange, _SET, Identity=user, **switch)
    assert outcome() == ["blocked", "mailbox"]
    assert outcome(clientApp="other", protocol=None) == ["allowed", "appPassword"]
    _invoke(exchange, _SET, Identity=user, **_SHUT)
    assert outcome(clientApp="other", protocol=None) == ["blocked", "mailbox"]


def test_readers_see_it_after_the_lag(control: GraphControl, exchange: httpx.Client) -> None:
    """The mailbox is shut at once; reading it tells so later."""
    user = control.create_user()["id"]
    control.lag(30)
    _invoke(exchange, _SET, Identity=user, ImapEnabled=False)
    assert control.truth(user)["mailbox"]["ImapEnabled"] is False
    assert _invoke(exchange, _GET, Identity=user)["value"][0]["ImapEnabled"] is True
    control.advance(31)
    assert _invoke(exchange, _GET, Identity=user)["value"][0]["ImapEnabled"] is False


@pytest.mark.parametrize("cmdlet", [_GET, _SET])
def test_who_has_no_mailbox_is_not_found(
    control: GraphControl, exchange: httpx.Client, cmdlet: str
) -> None:
    """404 in Exchange's words, which stand in the details, as for somebody who is not there."""
    without = control.create_user(mailbox=False)["id"]
    for identity in (without, "nobody@contoso.example"):
        more = {"ImapEnabled": False} if cmdlet == _SET else {}
        answer = exchange.post(_COMMAND, json=_body(cmdlet, Identity=identity, **more))
        assert answer.status_code == 404
        error = answer.json()["error"]
        assert (error["code"], error["message"]) == ("NotFound", "Error executing cmdlet")
        (detail,) = error["details"]
        assert "ManagementObjectNotFoundException|" in detail["message"]
        assert f"object '{identity}' couldn't be found" in detail["message"]


@pytest.mark.parametrize(
    ("cmdlet", "parameters", "status"),
    [
        (_SET, {"Identity": "{user}", "ImapDisabled": True}, 400),
        (_SET, {"Identity": "{user}", "ImapEnabled": "false"}, 400),
        (_SET, {"Identity": "{user}", "ImapEnabled": None}, 400),
        (_SET, {"Identity": "{user}", "imapEnabled": False}, 400),
        (_SET, {"Identity": "", "ImapEnabled": False}, 400),
        (_SET, {"Identity": 7, "ImapEnabled": False}, 400),
        (_SET, {"ImapEnabled": False}, 400),
        (_GET, {"Identity": "{user}", "ImapEnabled": False}, 400),
        (_GET, {}, 501),
        ("Get-Mailbox", {"Identity": "{user}"}, 400),
    ],
)
def test_what_a_cmdlet_does_not_take_is_refused(
    control: GraphControl,
    exchange: httpx.Client,
    cmdlet: str,
    parameters: dict[str, object],
    status: int,
) -> None:
    """Unknown cmdlets and parameters, wrong types, no identity: nothing is written."""
    user = control.create_user()
    given = {name: user["id"] if value == "{user}" else value for name, value in parameters.items()}
    answer = exchange.post(_COMMAND, json=_body(cmdlet, **given))
    assert answer.status_code == status
    assert control.truth(user["id"])["mailbox"] == user["mailbox"]


@pytest.mark.parametrize(
    ("method", "path", "content", "status"),
    [
        ("POST", _COMMAND, b"{", 400),
        ("POST", _COMMAND, b"[]", 400),
        ("POST", _COMMAND, b'{"CmdletInput": {}}', 400),
        ("GET", _COMMAND, b"", 405),
        ("POST", f"{_COMMAND}?$select=ImapEnabled", b"{}", 501),
        ("POST", "/adminapi/beta/contoso.example/InvokeCommand", b"{}", 400),
        ("POST", "/adminapi/beta/fabrikam.example/InvokeCommand", b"{}", 403),
        ("POST", f"/adminapi/v1.0/{_TENANT}/InvokeCommand", b"{}", 404),
        ("POST", "/adminapi/", b"{}", 404),
    ],
)
def test_other_requests_are_refused(
    exchange: httpx.Client, method: str, path: str, content: bytes, status: int
) -> None:
    """One command, of the token's own tenant, which may be called by a verified domain."""
    headers = {"Content-Type": "application/json"}
    answer = exchange.request(method, path, content=content, headers=headers)
    assert answer.status_code == status


def test_the_body_must_say_that_it_is_json(control: GraphControl, exchange: httpx.Client) -> None:
    """As with Graph, a body without its type is none."""
    user = control.create_user()["id"]
    content = f'{{"CmdletInput":{{"CmdletName":"{_GET}","Parameters":{{"Identity":"{user}"}}}}}}'
    assert exchange.post(_COMMAND, content=content).status_code == 400


def test_it_takes_a_token_for_exchange_its_permission_and_a_role(
    control: GraphControl, exchange: httpx.Client
) -> None:
    """401 without a word for a wrong token, 403 where no role of the directory was assigned."""
    body = _body(_GET, Identity=control.create_user()["id"])
    for wrong in (
        {"Authorization": ""},
        {"Authorization": f"Bearer {control.token()}"},
        {"Authorization": "Bearer x.y.z"},
        _bearer(control, expiresOn=1),
        _bearer(control, roles=["User.Read.All"]),
    ):
        answer = exchange.post(_COMMAND, json=body, headers=wrong)
        assert (answer.status_code, answer.content) == (401, b"")
    only = _bearer(control, roles=["Exchange.ManageAsApp"])
    assert exchange.post(_COMMAND, json=body, headers=only).status_code == 200
    control.do("POST", "switches", {"exchangeRoleAssigned": False})
    refused = exchange.post(_COMMAND, json=body)
    assert refused.status_code == 403
    assert "isn't supported in this scenario" in refused.json()["error"]["message"]


def test_a_token_for_exchange_does_not_open_graph(
    control: GraphControl, graph: httpx.Client
) -> None:
    """Each service takes its own tokens, which hold its own permissions."""
    headers = _bearer(control)
    assert graph.get("/v1.0/users", headers=headers).status_code == 401
    tokens = (headers["Authorization"].removeprefix("Bearer "), control.token())
    exchange, other = (jwt.decode(one, options={"verify_signature": False}) for one in tokens)
    assert exchange["roles"] == ["Exchange.ManageAsApp"]
    assert "Exchange.ManageAsApp" not in other["roles"]


def test_the_identity_of_an_app_has_what_the_configuration_gives_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The real credential asks for Exchange; `reset` alone has the role, unless taken away."""
    clients: dict[str, dict[str, object]] = {
        LIFECYCLE_CLIENT: {"app": "reset"},
        BARE_CLIENT: {"app": "intake"},
        "33333333-3333-4333-8333-333333333333": {"app": "reset", "exchangeRoles": []},
    }
    apps = [{**given, "clientId": client_id} for client_id, given in clients.items()]
    config = tmp_path / "identities.json"
    config.write_text(
        json.dumps({"tenantId": _TENANT, "identityHeader": IDENTITY_HEADER, "apps": apps})
    )
    with GraphStand(tmp_path, arguments=["--config", str(config)]) as stand:
        monkeypatch.setenv("IDENTITY_ENDPOINT", stand.identity_endpoint)
        monkeypatch.setenv("IDENTITY_HEADER", IDENTITY_HEADER)
        monkeypatch.setenv("NO_PROXY", "127.0.0.1")
        body = _body(_GET, Identity=stand.control.create_user()["id"])
        statuses = []
        for client_id in clients:
            with ManagedIdentityCredential(client_id=client_id) as credential:
                token = credential.get_token(f"{_AUDIENCE}/.default").token
            headers = {"Authorization": f"Bearer {token}"}
            url = f"{stand.base_url}{_COMMAND}"
            answer = httpx.post(url, json=body, headers=headers, trust_env=False)
            statuses.append(answer.status_code)
    assert statuses == [200, 401, 401]


def test_faults_and_the_journal_tell_cmdlets_apart(
    control: GraphControl, exchange: httpx.Client
) -> None:
    """The cmdlet stands behind the path; a write whose answer was lost is a write."""
    user = control.create_user()["id"]
    control.do("DELETE", "requests")
    control.fault(f"InvokeCommand#{_SET}", status=503, applied=True, times=1)
    statuses = [
        exchange.post(_COMMAND, json=_body(cmdlet, Identity=user, **more)).status_code
        for cmdlet, more in ((_GET, {}), (_SET, {"PopEnabled": False}), (_GET, {}))
    ]
    assert statuses == [200, 503, 200]
    assert control.truth(user)["mailbox"]["PopEnabled"] is False
    template = "POST /adminapi/beta/{tenant}/InvokeCommand"
    counts = {f"{template}#{_GET}": 2, f"{template}#{_SET}": 1}
    assert control.stats() == {"requests": counts, "writes": 1}
    assert [entry["path"] for entry in control.requests()][1] == f"{_COMMAND}#{_SET}"
    assert {entry["appId"] for entry in control.requests()} == {
        "7d1f6c1a-0000-4000-8000-00000000feed"
    }
