"""The stages of the sweep and what they rest on, over fakes."""
