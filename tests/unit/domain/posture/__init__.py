"""Tests of the verdict on people."""
