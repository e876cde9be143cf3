"""Existing people come in: from a list or a group, planned, confirmed, one case each."""
