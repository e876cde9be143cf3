"""The ways through the app, each with the requests to Graph that nobody could do without."""

from typing import Final

from local.bench.paths.approving import APPROVING
from local.bench.paths.collecting import COLLECTING
from local.bench.paths.enrolling import ENROLLING
from local.bench.paths.exempting import EXEMPTING
from local.bench.paths.joining import JOINING
from local.bench.paths.leaving import LEAVING
from local.bench.paths.losing import LOSING
from local.bench.paths.preparing import PREPARING
from local.bench.paths.refusing import REFUSING
from local.bench.paths.returning import RETURNING

PATHS: Final = (
    *JOINING,
    *COLLECTING,
    *LEAVING,
    *LOSING,
    *REFUSING,
    *EXEMPTING,
    *ENROLLING,
    *APPROVING,
    *PREPARING,
    *RETURNING,
)
"""All of them; those with the same settings stand side by side."""
