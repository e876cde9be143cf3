"""Triggers: each parses its input, calls one use case and maps the outcome."""
