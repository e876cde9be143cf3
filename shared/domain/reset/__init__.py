"""The policy of lost devices: methods and sessions gone, app passwords shut, registered again."""
