"""Generate the table of settings in `docs/settings.md`.

python -m local.generate.settings [--check]
"""

import sys

from local.generate.files import ROOT, write_or_check
from shared.settings import specifications

TARGET = ROOT / "docs" / "settings.md"


def document() -> str:
    """The page."""
    lines = [
        "# Settings",
        "",
        "Generated from `shared/settings`: `python -m local.generate.settings`.",
        "",
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
    lines += [
        "| `HR_SOURCE_<NAME>` | | An HR source: JSON with `scheme` (`standard-webhooks`), `types` "
        '(`["joiner"]`) and `timeZone` (`UTC`). `<NAME>` in capitals, `_` for `-`; the webhook\'s '
        "address has it in small letters. |",
        "| `HR_SECRET_<NAME>_1`, `_2` | | Its signing secrets, `whsec_` and base64 of at least 24 "
        "bytes; two at a time, so that one can be rotated. In Azure, Key Vault references. |",
        "",
        "One of `TABLES_ENDPOINT` and `TABLES_CONNECTION_STRING` is required, and one of",
        "`ServiceBusConnection__fullyQualifiedNamespace` and `ServiceBusConnection`.",
    ]
    return "\n".join(lines) + "\n"


def main() -> int:
    """The command line; see the module's docstring."""
    return write_or_check({TARGET: document()}, module="local.generate.settings")


if __name__ == "__main__":
    sys.exit(main())
