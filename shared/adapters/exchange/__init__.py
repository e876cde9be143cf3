"""Exchange Online: the only place that knows its administration interface."""
