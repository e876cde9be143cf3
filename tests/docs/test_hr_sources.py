"""What docs/hr-sources.md tells of schemes and profiles is all that there is."""

import re

from shared.application.ports.sources import SchemeName
from shared.settings import hr_profiles, profiles
from tests.docs.source_page import HR


def test_every_scheme_and_field_is_told_of() -> None:
    """The page's tables have a line for each."""
    first = set(re.findall(r"^\| `([\w-]+)`", HR.text, re.MULTILINE))
    assert first >= {*profiles.FIELDS, *hr_profiles.FIELDS, *SchemeName}
