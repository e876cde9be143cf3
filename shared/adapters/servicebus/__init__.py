"""The only place that knows Azure Service Bus."""
