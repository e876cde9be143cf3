"""The deployed code below the triggers."""
