"""The kinds of text that outsiders send."""

from typing import Annotated, Final

import msgspec

NO_CONTROL_CHARACTERS: Final = r"^[^\x00-\x1f\x7f]+(?!\n)$"
"""The look-ahead is for Python, whose `$` also stands before a line break at the end."""

Text = Annotated[str, msgspec.Meta(max_length=256, pattern=NO_CONTROL_CHARACTERS)]
SignInName = Annotated[
    str,
    msgspec.Meta(max_length=256, pattern=r"^[^\x00-\x20\x7f@/\\?]+@[^\x00-\x20\x7f@/\\?]+(?!\n)$"),
]
