"""Somebody live, while somebody waits: the port `OnePerson` on Microsoft Graph."""
