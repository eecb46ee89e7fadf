#!/usr/bin/env bash
# acwr 0.1.1: a session whose load is missing becomes a day of rest.
#
# Guess: a run with an empty load (no RPE was given) leaves its day unknown: daily_load fills days without
#        an activity with 0, and its documentation warns of loads that turn into rest days.
# Saw:   0.0. A week of seven such runs gives a ratio of 0.0, and check_load reports no error and no
#        warning. With missing="na" the day is NaN, but one with a second run of 20 is 20.
# Ours:  the week before it looks like a lay-off, the week after it like a spike. loadmon keeps such days
#        unknown.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    acwr==0.1.1 pandas==3.1.1 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import math
import sys
from importlib.metadata import version

import acwr
import pandas as pd

runs = pd.DataFrame({"date": pd.date_range("2026-01-05", periods=56), "load": 60.0})
runs.loc[49:, "load"] = math.nan  # the last seven runs took place; nobody asked how hard they were
load = acwr.daily_load(runs)
ratio = float(acwr.acwr(load).iloc[-1])
print("acwr", version("acwr"), "pandas", version("pandas"))
print("last eight days:", load.tail(8).tolist(), "ratio:", ratio)
report = str(acwr.check_load(load))
print(report.splitlines()[0])
twice = pd.DataFrame({"date": ["2026-01-05", "2026-01-06", "2026-01-06"], "load": [60, math.nan, 20]})
half_known = acwr.daily_load(twice, missing="na").tolist()
alone = acwr.daily_load(runs, missing="na").iloc[-1]
print('missing="na":', alone, "; beside a run of 20:", half_known[-1])
sys.exit(
    not (
        load.tail(7).eq(0).all()
        and ratio == 0
        and "0 error(s), 0 warning(s)" in report
        and math.isnan(alone)
        and half_known == [60, 20]
    )
)
PY
