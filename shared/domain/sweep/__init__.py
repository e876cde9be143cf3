"""The nightly sweep: everybody's verdict, and what changed since the last one."""
