#!/usr/bin/env bash
# endurance-metrics 0.1.0: the most monotonous week has monotony 0 and strain 0.
#
# Guess: 28 days of the same load have no spread: monotony is infinite, None or an error. With one day that
#        differs by 1 it is 159.
# Saw:   0.0, and a strain of 0.0, with an ordinary ratio of 1.0 beside them. acwr 0.1.1 gives inf.
# Ours:  a limit of 2 passes the week it is meant for. loadmon leaves monotony empty there.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    endurance-metrics==0.1.0 acwr==0.1.1 pandas==3.1.1 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version

import acwr
import pandas as pd
from endurance_metrics import compute_training_load

today = dt.date.today()  # it looks at the 28 days up to now


def month(loads):
    days = [today - dt.timedelta(days=27 - i) for i in range(28)]
    return [{"date": str(day), "load": load} for day, load in zip(days, loads)]


same = compute_training_load(month([60] * 28))
nearly = compute_training_load(month([60] * 26 + [61, 60]))
print("endurance-metrics", version("endurance-metrics"))
print("the same each day:", same)
print("one day differs by 1:", nearly)
peer = acwr.monotony(pd.Series(60.0, index=pd.date_range("2026-01-05", periods=28))).iloc[-1]
print("acwr", version("acwr"), "the same each day:", peer)
sys.exit(
    not (
        (same["monotony"], same["strain"], same["acwr"]) == (0, 0, 1)
        and nearly["monotony"] > 150
        and peer == float("inf")
    )
)
PY
