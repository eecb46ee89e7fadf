"""CPU time of one plan of a return to running, after imports: python benchmarks/plan.py."""

from __future__ import annotations

import statistics
import sys
import time
from pathlib import Path

import loadmon

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"
RUNS = 20


def main() -> int:
    archive = loadmon.read(SAMPLE).rested_until("2026-11-15")
    spent = []
    for _ in range(RUNS + 1):  # the first one pays for imports
        start = time.process_time()
        plan = loadmon.plan_ramp(archive, resume="2026-11-16", target_km=24).plan
        spent.append(1000 * (time.process_time() - start))
    weeks = plan["week"].max()
    print(f"{weeks} weeks: median {statistics.median(spent[1:]):.0f} ms of CPU over {RUNS} plans")
    return 0


if __name__ == "__main__":
    sys.exit(main())
