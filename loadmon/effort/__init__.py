"""What one session costs: pure formulas over its own stream."""
