"""Any value of a type of the domain, made from its annotations, so that no field is forgotten."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from enum import Enum
from inspect import isclass
from types import UnionType
from typing import Any, Final, NewType, TypeVar, Union, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

Value = TypeVar("Value")

texts = st.text(st.characters(codec="utf-8"), max_size=20)
"""In every script there is."""
moments = st.datetimes(
    min_value=datetime(1601, 1, 3),  # noqa: DTZ001  (Hypothesis adds the zone)
    max_value=datetime(9999, 12, 1),  # noqa: DTZ001
    timezones=st.sampled_from([UTC, timezone(timedelta(hours=-7)), timezone(timedelta(hours=14))]),
)
_PLAIN: Final[Mapping[Any, st.SearchStrategy[Any]]] = {
    str: texts,
    int: st.integers(0, 2**31 - 1),
    bool: st.booleans(),
    datetime: moments,
    timedelta: st.timedeltas(timedelta(), timedelta(days=400)),
    type(None): st.none(),
}
_MOST: Final = 3


def anything(kind: type[Value]) -> st.SearchStrategy[Value]:
    """Any value of a class."""
    return _of(kind)


def _of(kind: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401  (annotations are of many types)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if isinstance(kind, NewType):
        return _of(kind.__supertype__)
    if isclass(kind) and issubclass(kind, Enum):
        return st.sampled_from(kind)
    if is_dataclass(kind) or hasattr(kind, "_fields"):
        hints = get_type_hints(kind)
        return st.builds(kind, **{name: _of(hint) for name, hint in hints.items()})
    inner = [_of(one) for one in get_args(kind) if one is not ...]
    return _MADE_OF[get_origin(kind)](*inner)


_MADE_OF: Final[Mapping[Any, Callable[..., st.SearchStrategy[Any]]]] = {
    Union: st.one_of,
    UnionType: st.one_of,
    tuple: lambda one: st.lists(one, max_size=_MOST).map(tuple),
    frozenset: lambda one: st.frozensets(one, max_size=_MOST),
    Counter: lambda key: st.dictionaries(key, _PLAIN[int], max_size=_MOST).map(Counter),
    dict: lambda key, value: st.dictionaries(key, value, max_size=_MOST),
    Mapping: lambda key, value: st.dictionaries(key, value, max_size=_MOST),
}
