"""Whether a person is really protected, and why."""
