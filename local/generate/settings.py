"""Generate the section about settings in `README.md`.

python -m local.generate.settings [--check]
"""

import sys

from local.generate.files import ROOT, write_or_check
from shared.settings import specifications

TARGET = ROOT / "README.md"
BEGIN, END = "<!-- settings: generated -->\n", "<!-- settings: end -->\n"


_SOURCES = """\
| `HR_SOURCE_<NAME>` | | An HR source, as JSON; see below. |
| `HR_SECRET_<NAME>_1`, `_2` | | Its signing secrets; see below. |
| `RESET_SOURCE_<NAME>` | | A source of tickets, as JSON: [docs/resets.md](docs/resets.md). |
| `RESET_SECRET_<NAME>_1`, `_2` | | Its signing secrets. |
| `RESETS_SECRET_1`, `_2` | | The secrets by which tickets on the queue may be signed. |

One of `TABLES_ENDPOINT` and `TABLES_CONNECTION_STRING` is required, and one of
`ServiceBusConnection__fullyQualifiedNamespace` and `ServiceBusConnection`.

### HR sources

`<NAME>` stands in capitals, with `_` for `-`; the webhook's address has it in small letters.
The profile is a JSON object: how the source signs, what it may send, and what its bodies mean.
`{}` takes our own events, signed by Standard Webhooks. [docs/hr-sources.md](docs/hr-sources.md) has
its fields, all schemes, and examples for BambooHR, HiBob, Personio and Entra Lifecycle Workflows.

There may be two secrets at a time, so that one can be rotated without a gap. In Azure they are Key
Vault references. For Standard Webhooks, a secret is `whsec_` and the base64 of at least 24 bytes.
"""


def section() -> str:
    """What stands between the two marks."""
    lines = [
        "All settings are checked together when an app is first used; the health check names every",
        "one that is missing or wrong.",
        "",
        "| setting | default | meaning |",
        "|---|---|---|",
    ]
    for _, specification in specifications():
        default = specification.default
        shown = "**required**" if default is None else f"`{default}`" if default else ""
        lines.append(f"| `{specification.name}` | {shown} | {specification.meaning} |")
    lines += _SOURCES.splitlines()
    return "\n".join(lines) + "\n"


def page() -> str:
    """The README with the section filled in."""
    before, _, rest = TARGET.read_text(encoding="utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}{section()}{END}{after}"


def main() -> int:
    """The command line; see the module's docstring."""
    return write_or_check({TARGET: page()}, module="local.generate.settings")


if __name__ == "__main__":
    sys.exit(main())
