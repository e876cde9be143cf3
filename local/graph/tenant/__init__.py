"""The simulated tenant itself: plain data and rules. Nothing here knows HTTP.

Rules that refuse something raise `tenant.refusals.RefusedError`; `api.service` turns those into
Graph's status codes and bodies.
"""
