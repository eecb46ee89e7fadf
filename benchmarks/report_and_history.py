"""CPU of the report and of the flags of the past: python benchmarks/report_and_history.py.

Fresh processes, in pairs with `import pandas`, with bytecode as where it is installed; the history
of ten years is made up. Every report writes another page, so that it is made each time; then the
last one is asked for again.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parent.parent
SAMPLE = ROOT / "data" / "sample_export.zip"
AS_OF, YEARS = "2026-10-11", 10
GOALS = {
    "report / import pandas": 2.0,
    "report again / import pandas": 0.2,
    "check --history, s a year": 0.1,
    "lookback of ten years, s": 1.0,
}


def cpu_s(*command: str) -> float:
    """User and system seconds of one process and those that it waits for."""
    before = os.times()
    env = {**os.environ, "PYTHONDONTWRITEBYTECODE": ""}
    nowhere = subprocess.DEVNULL
    subprocess.run(command, check=True, stdout=nowhere, stderr=nowhere, env=env)
    after = os.times()
    spent = after.children_user - before.children_user
    return spent + after.children_system - before.children_system


def made_log(path: Path) -> None:
    """Write ten years of running, four days a week, with lay-offs, as a log of day and distance."""
    rng = np.random.default_rng(1)
    days = pd.date_range("2016-10-12", AS_OF, freq="D")
    ran = (days.day_of_week.isin([1, 3, 5, 6])) & (rng.random(len(days)) < 0.85)
    for start in rng.integers(0, len(days), 2 * YEARS):
        ran[start : start + int(rng.integers(5, 40))] = False
    km = np.exp(rng.normal(2.0, 0.4, len(days))).round(2)
    pd.DataFrame({"date": days[ran], "distance_km": km[ran]}).to_csv(path, index=False)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pairs", type=int, default=5)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        log, page = Path(folder) / "log.csv", str(Path(folder) / "report")
        made_log(log)
        python = (sys.executable, "-P")
        read = f"import pandas, loadmon; runs = pandas.read_csv({str(log)!r}); "
        report = (*python, "-m", "loadmon", "report", str(SAMPLE), "--as-of", AS_OF, "-o")
        commands = {
            "import pandas": (*python, "-c", "import pandas"),
            "report": report,
            "report again": report,
            "log read": (*python, "-c", f"{read}loadmon.check(runs)"),
            "flag_history": (
                *python,
                "-c",
                f"{read}loadmon.check(runs); loadmon.flag_history(runs)",
            ),
            "lookback": (*python, "-c", f"{read}loadmon.check(runs); loadmon.lookback(runs)"),
        }
        spent: dict[str, list[float]] = {name: [] for name in commands}
        for n in range(args.pairs):
            for name, command in commands.items():
                output = (f"{page}{n}.html",) if command is report else ()
                spent[name].append(cpu_s(*command, *output))
    middle = {name: statistics.median(x) for name, x in spent.items()}
    seen = {
        "report / import pandas": middle["report"] / middle["import pandas"],
        "report again / import pandas": middle["report again"] / middle["import pandas"],
        "check --history, s a year": (middle["flag_history"] - middle["log read"]) / YEARS,
        "lookback of ten years, s": middle["lookback"] - middle["log read"],
    }
    for name, x in middle.items():
        print(f"{name:28} {x:7.2f} s of CPU, {min(spent[name]):.2f} to {max(spent[name]):.2f}")
    for name, goal in GOALS.items():
        print(
            f"{name:28} {seen[name]:7.2f}, goal {goal:g}{'' if seen[name] <= goal else ': not met'}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
