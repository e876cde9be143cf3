"""What each port promises, proved over its fake and over the real thing."""
