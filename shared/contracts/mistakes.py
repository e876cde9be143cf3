"""What is wrong with a body, in words that repeat nothing of it but the names of fields."""

import re
from typing import Final

_VALUE: Final = "Invalid enum value"
_FIELD: Final = "Object contains unknown field"
_PLACE: Final = re.compile(r" - at `\$[\w.\[\]]*`\Z")
_PLAIN_NAME: Final = re.compile(rf"{_FIELD} `[A-Za-z][A-Za-z0-9]{{0,39}}`")


def mistake(error: Exception) -> str:
    """What a decoder complained about.

    msgspec repeats enum values and unknown fields: a value is left out, a field is named only
    where it looks like one. https://jcristharif.com/msgspec/api.html#exceptions
    """
    if isinstance(error, RecursionError):
        return "It is nested too deeply."
    text = str(error)
    place = _PLACE.search(text)
    where = "" if place is None else place[0]
    if text.startswith(_VALUE):
        return _VALUE + where
    if text.startswith(_FIELD):
        named = _PLAIN_NAME.match(text)
        return (_FIELD if named is None else named[0]) + where
    return text
