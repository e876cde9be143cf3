"""The only place that knows Azure Table Storage."""
