"""Return to running: a plan of runs after a lay-off, within the limits that the checks use."""
