"""Tests of what Conditional Access policies require of people."""
