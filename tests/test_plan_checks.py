"""Plans run to the letter and the checks: the benchmark counts, and docs/ramp.md shows it."""

from __future__ import annotations

import functools
import importlib.util
import os
import re
from pathlib import Path
from types import ModuleType

import pandas as pd
import pytest
from examples import examples
from made import activities, archive

import loadmon
from loadmon.rules.limits import PACES

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "ramp.md").read_text(encoding="utf-8")


@functools.cache
def benchmark() -> ModuleType:
    path = ROOT / "benchmarks" / "plan_checks.py"
    spec = importlib.util.spec_from_file_location("plans_run_to_the_letter", path)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


#: As many as ``$LOADMON_EXAMPLES`` says; else 24.
TRIED = examples(1 if "LOADMON_EXAMPLES" in os.environ else 2.4)


@pytest.mark.slow
def test_no_plan_is_flagged_that_is_run_to_the_letter() -> None:
    made, flags = benchmark().plans_run(range(TRIED))
    assert made["planned"].all(), made.loc[~made["planned"], "why"].unique()
    assert flags.empty, flags[["history", "pace", "message"]].head().to_dict("records")


@pytest.mark.slow
def test_no_plan_after_a_break_with_jogs_is_flagged() -> None:
    bench = benchmark()
    made, flags = bench.plans_run(range(TRIED // 2), bench.jogged)
    assert made["planned"].all(), made.loc[~made["planned"], "why"].unique()
    assert flags.empty, flags[["history", "pace", "message"]].head().to_dict("records")


def test_the_tables_of_the_docs_hold_every_history_once_at_each_pace() -> None:
    told = re.search(r"<!-- plans run -->\n(.*?)\n<!-- end -->", TEXT, re.DOTALL)
    assert told is not None
    checks, days_off, jogs = told[1].split("\n\n")
    (every,) = re.findall(r"\| any check \| (\d+) of (\d+) \| (\d+) of (\d+) \|", checks)
    cells = re.findall(r"\| (\d+) of (\d+) \| (\d+) of (\d+) \|", days_off)
    sums = [sum(map(int, column)) for column in zip(*cells, strict=True)]
    assert sums == list(map(int, every))
    assert sums[1] == sums[3] == benchmark().HISTORIES
    (broken,) = re.findall(r"\| 0 to 129 days \| \d+ of (\d+) \| \d+ of (\d+) \|", jogs)
    assert list(map(int, broken)) == [benchmark().JOGGED] * 2


def test_a_plan_is_not_flagged_and_the_same_runs_half_as_long_again_are() -> None:
    bench = benchmark()
    runs, days_off = bench.history(0)
    assert days_off > 7
    before = archive(activities(runs), rested_until=f"{bench.FIRST - bench.ONE:%Y-%m-%d}")
    plan = loadmon.plan_ramp(before, resume=bench.FIRST).plan
    flagged = {}
    for times in (1.0, 1.5):
        longer = plan.assign(distance_km=times * plan["distance_km"])
        flags = loadmon.flag_history(bench.run_to_the_letter(runs, longer))
        flagged[times] = set(flags.loc[flags["date"] >= bench.FIRST, "check"])
    assert flagged[1.0] == set()
    assert "return" in flagged[1.5]


def test_flags_are_counted_by_plan_check_and_days_off() -> None:
    bench = benchmark()
    plans = [
        {"history": n, "days_off": off, "pace": pace, "planned": n < 3, "days": 21, "why": ""}
        for n, off in enumerate((0, 7, 30, 60))
        for pace in PACES
    ]
    flags = [
        {"history": 0, "days_off": 0, "pace": "earliest", "check": check, "level": "x"}
        | {"day": 3, "value": 1.0, "limit": 0.5, "message": ""}
        for check in ("acwr", "acwr", "rest")
    ]
    table = bench.tables(
        pd.DataFrame(plans).astype(bench.PLANS), pd.DataFrame(flags).astype(bench.FLAGS)
    )
    assert "| any check | 0 of 3 | 1 of 3 |" in table
    assert "| `acwr` | 0 of 3 | 1 of 3 |" in table
    assert "| `rest` | 0 of 3 | 1 of 3 |" in table
    assert "`return`" not in table
    assert "| 0 to 5 | 0 of 1 | 1 of 1 |" in table
    assert "| 31 to 60 | 0 of 0 | 0 of 0 |" in table


def test_a_history_is_the_same_each_time_and_unlike_the_next() -> None:
    bench = benchmark()
    assert bench.history(3) == bench.history(3)
    assert bench.history(3) != bench.history(4)
    offs = {bench.history(n)[1] for n in range(bench.HISTORIES)}
    assert min(offs) >= 0
    assert max(offs) <= bench.MOST_DAYS_OFF
    for n in range(20):
        runs, off = bench.history(n)
        assert pd.Timestamp(runs[-1][0]) == bench.FIRST - (off + 1) * bench.ONE
