#!/usr/bin/env bash
# duckdb 2.0.1: date_diff('week') counts whole seven days, date_trunc('week') weeks from Monday.
#
# Guess: from Sunday 1 March to Monday 2 March 2026 is one week boundary, as from February to March is one
#        month: date_diff counts boundaries, date_sub whole parts.
# Saw:   date_diff gives 1 month but 0 weeks, the same as date_sub, while date_trunc puts the two days in weeks
#        that begin on 23 February and 2 March. pyarrow 26.0.1 has 1 week between them, pandas' periods too.
# Ours:  numbered by date_diff from the first run, a week has days of two calendar weeks: divide the
#        distance of the date_trunc values by seven.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    duckdb==2.0.1 pyarrow==26.0.1 pandas==3.1.1 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

sunday, monday = dt.date(2026, 3, 1), dt.date(2026, 3, 2)
row = duckdb.sql(
    "select date_diff('week', a, b), date_sub('week', a, b), date_diff('month', a - 1, b),"
    " (date_trunc('week', b)::date - date_trunc('week', a)::date) / 7"
    " from (values (date '2026-03-01', date '2026-03-02')) t(a, b)"
).fetchall()[0]
print("duckdb", version("duckdb"), "date_diff week, date_sub week, date_diff month, weeks by date_trunc:", row)
between = pc.weeks_between(pa.array([sunday]), pa.array([monday]))[0].as_py()
periods = (pd.Period(monday, "W") - pd.Period(sunday, "W")).n
print("pyarrow", version("pyarrow"), "weeks_between:", between, "pandas", version("pandas"), "periods:", periods)
sys.exit(not (tuple(map(int, row)) == (0, 0, 1, 1) and between == periods == 1))
PY
