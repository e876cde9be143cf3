"""Why the tenant refuses something, in its own words."""


class RefusedError(Exception):
    """The tenant's rules do not allow this."""


class UnknownObjectError(RefusedError):
    """No such object, or not visible yet.

    Attributes:
        key: the id or name that was asked for, as it was given.
    """

    def __init__(self, key: str) -> None:
        super().__init__(f"Resource '{key}' does not exist.")
        self.key = key


class DuplicateError(RefusedError):
    """Another object has this value of a property that must be unique.

    Attributes:
        property_name: the property in Graph's spelling.
    """

    def __init__(self, property_name: str) -> None:
        super().__init__(
            f"Another object with the same value for property {property_name} already exists."
        )
        self.property_name = property_name


class InvalidValueError(RefusedError):
    """A value that the directory does not take.

    Attributes:
        property_name: the property in Graph's spelling.
    """

    def __init__(self, property_name: str, reason: str = "") -> None:
        super().__init__(
            f"Invalid value specified for property '{property_name}' of resource 'User'."
            + (f" {reason}" if reason else "")
        )
        self.property_name = property_name
