"""Grant each function app's identity exactly the Microsoft Graph application roles that it needs.

Bicep cannot do it: an application role is an object of the directory, not of the subscription. Run
it from the project's root, signed in with `az login` as a Privileged Role Administrator:

    python -m infra.grant_graph_roles --plan  --identities "$(azd env get-value APP_IDENTITIES)"
    python -m infra.grant_graph_roles --apply --identities "$(azd env get-value APP_IDENTITIES)"

Running it again changes nothing. Roles of Microsoft Graph that an identity holds beyond the need
are shown, and removed only by `--apply --prune`; roles of other APIs are left alone.

Exit codes: 0 = every identity holds exactly what it needs; 1 = failed; 2 = wrong command line;
3 = it does not: the plan has changes, or an apply left roles that nobody needs.
"""

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TextIO

from azure.core.exceptions import AzureError
from azure.identity import AzureCliCredential

from infra.graph_directory import Assignment, GraphDirectory, GraphError
from shared.adapters.graph.clouds import CLOUDS
from shared.names import App
from shared.rights import GRAPH_ROLES


@dataclass(frozen=True, slots=True)
class Change:
    """What one app's identity holds of Microsoft Graph, against what it needs."""

    app: App
    principal_id: str
    granted: tuple[str, ...]
    missing: tuple[str, ...]
    excess: tuple[Assignment, ...]


ROOTS: Mapping[str, str] = {name.value: cloud.graph_root for name, cloud in CLOUDS.items()}
"""Microsoft Graph's root by cloud, as `MFA_CLOUD` names them."""


def sign_in(root: str) -> str:
    """An access token of the person who is signed in to the Azure CLI."""
    token: str = AzureCliCredential().get_token(f"{root}/.default").token
    return token


def parse_identities(text: str) -> dict[App, str]:
    """Read azd's output `APP_IDENTITIES`: `[{"app": ..., "principalId": ...}]`.

    Raises:
        ValueError: it is not such a list, or it does not name every app once.
    """
    try:
        entries = [(App(entry["app"]), str(entry["principalId"])) for entry in json.loads(text)]
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(
            f'--identities must be a JSON list of {{"app", "principalId"}}: {error!r}'
        ) from None
    identities = dict(entries)
    if absent := set(GRAPH_ROLES) - set(identities):
        raise ValueError(f"--identities misses {', '.join(sorted(absent))}")
    if len({principal for _, principal in entries}) != len(GRAPH_ROLES):
        raise ValueError("--identities must name each app once, each with an identity of its own")
    return identities


def plan(graph: GraphDirectory, identities: Mapping[App, str]) -> list[Change]:
    """Compare what every identity holds with what it needs; changes nothing.

    Raises:
        GraphError: Graph refused, or an id is not that of a managed identity.
    """
    roles = graph.application_roles()
    changes = []
    for app, principal_id in identities.items():
        graph.require_managed_identity(principal_id)
        needed = {role: roles.id_of(role) for role in GRAPH_ROLES[app]}
        held = graph.assignments(principal_id)
        held_ids = {assignment.role_id for assignment in held}
        changes.append(
            Change(
                app=app,
                principal_id=principal_id,
                granted=tuple(sorted(r for r, role_id in needed.items() if role_id in held_ids)),
                missing=tuple(
                    sorted(r for r, role_id in needed.items() if role_id not in held_ids)
                ),
                excess=tuple(a for a in held if a.role_id not in needed.values()),
            )
        )
    return changes


def apply(graph: GraphDirectory, changes: Sequence[Change], *, prune: bool) -> None:
    """Grant what is missing and, where `prune` is true, remove what is too much.

    Raises:
        GraphError: Graph refused; what was done before stays, and a second run does the rest.
    """
    roles = graph.application_roles()
    for change in changes:
        for role in change.missing:
            graph.grant(change.principal_id, roles.id_of(role))
        for assignment in change.excess if prune else ():
            graph.revoke(assignment)


def report(changes: Sequence[Change], *, applied: bool, pruned: bool, out: TextIO) -> None:
    """Print, for a person, what each identity holds, gets and has too much of."""
    grant = "granted now" if applied else "to grant"
    excess = "removed now" if applied and pruned else "too much"
    for change in changes:
        out.write(f"{change.app} ({change.principal_id})\n")
        lines = [("has", role) for role in change.granted]
        lines += [(grant, role) for role in change.missing]
        lines += [(excess, assignment.role) for assignment in change.excess]
        lines = lines or [("needs", "no role of Microsoft Graph")]
        out.writelines(f"  {verb:<12} {role}\n" for verb, role in lines)


def as_json(changes: Sequence[Change], *, applied: bool, pruned: bool) -> str:
    """The same for a program."""
    document = {
        "applied": applied,
        "pruned": applied and pruned,
        "apps": [
            {
                "app": change.app.value,
                "principalId": change.principal_id,
                "granted": change.granted,
                "missing": change.missing,
                "excess": [assignment.role for assignment in change.excess],
            }
            for change in changes
        ],
    }
    return json.dumps(document, indent=2)


def command_line(roots: Mapping[str, str]) -> argparse.ArgumentParser:
    """The parser of the command line."""
    parser = argparse.ArgumentParser(prog="python -m infra.grant_graph_roles")
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--plan", action="store_true", help="show what would change")
    mode.add_argument("--apply", action="store_true", help="grant what is missing")
    parser.add_argument(
        "--prune", action="store_true", help="with --apply: remove what is too much"
    )
    parser.add_argument("--identities", required=True, help="azd's output APP_IDENTITIES")
    parser.add_argument("--cloud", choices=sorted(roots), default="global")
    parser.add_argument("--json", action="store_true", help="print JSON")
    return parser


def main(
    arguments: Sequence[str] | None = None,
    *,
    roots: Mapping[str, str] = ROOTS,
    token: Callable[[str], str] = sign_in,
    out: TextIO = sys.stdout,
    err: TextIO = sys.stderr,
) -> int:
    """The command line; see the module's docstring.

    Args:
        arguments: the command line; the process's own where it is None.
        roots: Microsoft Graph's root by cloud.
        token: gives an access token for a root.
        out: where the plan goes.
        err: where errors go.
    """
    parser = command_line(roots)
    options = parser.parse_args(arguments)
    try:
        identities = parse_identities(options.identities)
    except ValueError as error:
        parser.error(str(error))
    if options.prune and not options.apply:
        parser.error("--prune goes with --apply; --plan shows what it would remove")
    root = roots[options.cloud]
    try:
        with GraphDirectory(root, token(root)) as graph:
            changes = plan(graph, identities)
            if options.apply:
                apply(graph, changes, prune=options.prune)
    except (GraphError, AzureError) as error:
        err.write(f"{error}\n")
        return 1
    if options.json:
        out.write(as_json(changes, applied=options.apply, pruned=options.prune) + "\n")
    else:
        report(changes, applied=options.apply, pruned=options.prune, out=out)
    to_grant = any(change.missing for change in changes) and not options.apply
    too_much = any(change.excess for change in changes) and not options.prune
    return 3 if to_grant or too_much else 0


if __name__ == "__main__":
    sys.exit(main())
