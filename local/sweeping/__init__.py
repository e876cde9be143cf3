"""Runs a sweep on a running stack, and shows what it found."""
