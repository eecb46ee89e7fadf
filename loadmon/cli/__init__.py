"""The command line: one file for each command, named after it.

Exit codes: 0 done; 2 wrong usage, or nothing usable to read; 3 and 4 (``check --exit-code``)
flagged and unknown; 130 stopped at the keyboard. 1 is left to Python, so that a bug never reads as
a finding.
"""

DONE, UNUSABLE, FLAGGED, UNKNOWN, STOPPED = 0, 2, 3, 4, 130
