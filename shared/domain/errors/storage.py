"""Trouble with what is stored, and with who may write it."""

from shared.domain.errors import Disposition, LifecycleError


class StoreUnavailable(LifecycleError):
    """Table Storage did not answer in time."""

    code = "store-unavailable"
    disposition = Disposition.DEFER
    remedy = "See whether the storage account is reachable; the work goes on by itself."


class StoreDenied(StoreUnavailable):
    """Table Storage refused the app's identity."""

    code = "store-denied"
    remedy = "Grant the identity its role on that table; it takes some minutes to hold."


class StoreRefused(LifecycleError):
    """What was to be stored breaks a limit of Table Storage."""

    code = "store-refused"
    disposition = Disposition.PARK
    remedy = "Report it with the detail; replay when mended."


class UnreadableRow(LifecycleError):
    """A stored row is not what this version of the app writes."""

    code = "unreadable-row"
    disposition = Disposition.PARK
    remedy = "Restore the row that the detail names, or deploy the version that wrote it."


class Conflict(LifecycleError):
    """Somebody else changed the record between our read and our write."""

    code = "conflict"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "None: the work starts again from the new state."


class LeaseHeld(LifecycleError):
    """Another worker is busy with the same person."""

    code = "lease-held"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "None: the work goes on when the other worker is done."


class LeaseLost(LifecycleError):
    """This worker was too slow: its lease on the person has passed to another."""

    code = "lease-lost"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "None: the worker that holds the lease goes on."
