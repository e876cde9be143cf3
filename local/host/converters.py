"""The converters of azure-functions, by binding type: the worker uses no others."""

from collections.abc import Mapping
from typing import Protocol, cast

from azure.functions.meta import Datum, get_binding_registry


class Converter(Protocol):
    """What `InConverter` and `OutConverter` offer; each binding has one side, or the other."""

    def decode(self, data: Datum, *, trigger_metadata: Mapping[str, Datum]) -> object:
        """The object that the function is given."""

    def encode(self, obj: object, *, expected_type: type | None) -> Datum:
        """What becomes of the function's value."""

    def check_input_type_annotation(self, pytype: object) -> bool:
        """Whether a parameter may be annotated so."""

    def check_output_type_annotation(self, pytype: object) -> bool:
        """Whether a result may be annotated so."""


def converter(binding: str) -> Converter:
    """The converter of this binding type."""
    registry = get_binding_registry()
    return cast("Converter", registry.get(binding))
