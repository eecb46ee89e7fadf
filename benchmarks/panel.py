"""Ratios of a cohort by three methods against pandas groupby: python benchmarks/panel.py.

Both start from loads in memory, `loadmon.acwr_panel` from a frame of days x athletes, pandas from a
long one. pandas gives the bare ratio; loadmon also withholds it where it means nothing, which is
what takes most of its time. Where loadmon shows a ratio, both must agree to 1e-9.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

import loadmon

METHODS = ("coupled", "uncoupled", "ewma")


def made_loads(athletes: int, days: int) -> pd.DataFrame:
    """Loads of runners with rest days and lay-offs, one column an athlete."""
    rng = np.random.default_rng(0)
    x = np.empty((days, athletes))
    for row in x:  # day by day, so that making them needs no memory beside them
        row[:] = rng.gamma(4.0, 2.0, athletes) * (rng.random(athletes) < 0.55)
    for athlete in range(athletes):
        for start in rng.integers(0, days, 5):
            x[start : start + rng.integers(10, 45), athlete] = 0.0
    index = pd.date_range("2020-01-01", periods=days, freq="D", unit="us", name="date")
    return pd.DataFrame(x, index=index, copy=False)


def by_pandas(long: pd.DataFrame, method: str) -> np.ndarray:
    """Bare ratio of every athlete and day, as one writes it with groupby."""
    load = long.groupby("athlete", sort=False)["load"]
    if method == "ewma":
        short, chronic = (load.ewm(span=n, adjust=False).mean() for n in (7, 28))
    else:
        short = load.rolling(7).mean()
        if method == "coupled":
            chronic = load.rolling(28).mean()
        else:
            before = long.assign(load=load.shift(7)).groupby("athlete", sort=False)["load"]
            chronic = before.rolling(21).mean()
    with np.errstate(divide="ignore", invalid="ignore"):
        return short.to_numpy() / chronic.to_numpy()


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """CPU seconds, and what came out."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


def peak_mb(athletes: int, days: int) -> float:
    """Peak memory of a process that does nothing but the three methods, with loads and result."""
    code = (
        f"import sys; sys.path.insert(0, {sys.path[0]!r})\n"
        "import resource, loadmon, panel\n"
        f"load = panel.made_loads({athletes}, {days})\n"
        "for method in panel.METHODS:\n    loadmon.acwr_panel(load, method=method)\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    scale = 1024**2 if sys.platform == "darwin" else 1024
    return int(done.stdout) / scale


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--athletes", type=int, default=10_000)
    parser.add_argument("--days", type=int, default=1_826)
    args = parser.parse_args()
    peak = peak_mb(args.athletes, args.days)  # first: a child counts the memory it is born from
    load = made_loads(args.athletes, args.days)
    who = np.repeat(np.arange(args.athletes), args.days)
    long = pd.DataFrame({"athlete": who, "load": load.to_numpy().T.ravel()})
    loadmon.acwr_panel(load.iloc[:, :10])  # pays for imports
    ours = theirs = 0.0
    print(f"{args.athletes} athletes x {args.days} days, CPU seconds")
    for method in METHODS:
        a, found = timed(lambda m=method: loadmon.acwr_panel(load, method=m))
        b, bare = timed(lambda m=method: by_pandas(long, m))
        ratio = found.to_numpy().T.ravel()
        shown = ~np.isnan(ratio)
        np.testing.assert_allclose(ratio[shown], bare[shown], rtol=1e-9)
        print(f"{method:10s} loadmon {a:5.2f}   pandas groupby {b:6.2f}   {b / a:4.1f} times")
        ours, theirs = ours + a, theirs + b
        del found, bare, ratio, shown
    times = f"{theirs / ours:4.1f} times"
    print(f"{'together':10s} loadmon {ours:5.2f}   pandas groupby {theirs:6.2f}   {times}")
    print(f"peak memory of loadmon, with the loads and one result: {peak:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
