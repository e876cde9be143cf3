"""Everything that runs beside the deployed code on a developer's machine. Never deployed."""
