"""One rule, one file: its value, limit, flag, bound, message and evidence."""
