"""Whether `loadmon.evaluate` finds the truth it was given: python benchmarks/evaluate_coverage.py.

Simulates cohorts with a known hazard ratio of session spikes and counts how often the 95 % interval
of the rate ratio holds it, under an effect and under none, and how far the median ratio is from it.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time

import loadmon

#: True hazard ratios: an effect as one study reports it for large spikes, and none.
TRUTHS = (2.28, 1.0)


def found(hazard_ratio: float, seed: int, *, athletes: int, days: int) -> tuple[bool, float]:
    """Whether the interval of a simulated cohort holds the truth; its ratio over the truth."""
    cohort = loadmon.simulate_cohort(
        athletes,
        days=days,
        hazard_ratio=hazard_ratio,
        injuries_per_1000_days=2.5,
        unknown_days_per_year=2,
        seed=seed,
    )
    panel = loadmon.daily_panel(cohort.sessions)
    columns = ["athlete", "date", "load", "runs", "flag_session_spike"]
    (row,) = loadmon.evaluate(panel[columns], cohort.injuries, seed=seed).to_dict("records")
    held = row["rate_ratio_low"] <= hazard_ratio <= row["rate_ratio_high"]
    return bool(held), row["rate_ratio"] / hazard_ratio


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=100)
    parser.add_argument("--athletes", type=int, default=300)
    parser.add_argument("--days", type=int, default=730)
    args = parser.parse_args()
    for truth in TRUTHS:
        start = time.perf_counter()
        runs = [
            found(truth, seed, athletes=args.athletes, days=args.days) for seed in range(args.runs)
        ]
        held, median = sum(h for h, _ in runs), statistics.median(ratio for _, ratio in runs)
        spent = time.perf_counter() - start
        print(
            f"hazard ratio {truth}: inside the interval in {held} of {args.runs}; "
            f"the median ratio is {median:.3f} of it ({spent:.0f} s)"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
