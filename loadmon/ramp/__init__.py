"""The way back: a plan of runs after a break, bounded by the limits that the checks judge by."""
