#!/usr/bin/env bash
# polars 2.1.0, pandas 3.1.1, duckdb 2.0.1, pyarrow 26.0.1: seven days and four weeks begin where each likes.
#
# Guess: 56 days from Monday 5 January 2026: windows of 7 days are the weeks from that Monday everywhere, and
#        two windows of 28 days are the two blocks of four weeks. 7 days and 1 week are the same.
# Saw:   7 days begin on Mondays in pandas and duckdb, on Thursdays in polars ("7d") and pyarrow, where
#        1 week begins on Mondays: 20 km on a Sunday and 15 km the day after are in weeks of 25 and 20 km, or
#        in one of 40. For four weeks there are five divisions; the first block has 7 to 28 of the days.
# Ours:  weekly sums and changes of one daily table depend on who adds up. loadmon's weeks begin on
#        Mondays: say "1w" in polars and pyarrow, and date the blocks of four weeks yourself.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
python3 -m venv venv
venv/bin/python -m pip install --quiet --disable-pip-version-check \
    polars==2.1.0 pandas==3.1.1 duckdb==2.0.1 pyarrow==26.0.1 numpy==2.4.6
venv/bin/python -W ignore - <<'PY'
import datetime as dt
import sys
from importlib.metadata import version

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.compute as pc

days = [dt.date(2026, 1, 5) + dt.timedelta(days=i) for i in range(56)]
long_runs = {dt.date(2026, 1, 18): 20.0, dt.date(2026, 1, 19): 15.0}
km = [long_runs.get(day, 5.0 if day.weekday() == 2 else 0.0) for day in days]
series = pd.Series(km, index=pd.DatetimeIndex(days))
frame = pl.DataFrame({"day": days, "km": km})
table = pa.table({"day": days, "km": km})
db = duckdb.connect()
db.register("runs", table)


def by_pandas(every):
    sums, counts = series.resample(every).sum(), series.resample(every).count()
    return sums.tolist(), counts.tolist()


def by_polars(every):
    out = frame.group_by_dynamic("day", every=every).agg(pl.col("km").sum(), pl.len().alias("n"))
    return out["km"].to_list(), out["n"].to_list()


def by_duckdb(count):
    query = f"select sum(km), count(*) from runs group by time_bucket(interval {count} days, day) order by min(day)"
    rows = db.sql(query).fetchall()
    return [row[0] for row in rows], [row[1] for row in rows]


def by_pyarrow(count, unit):
    starts = pc.floor_temporal(table["day"], count, unit)
    out = table.append_column("start", starts).group_by("start").aggregate([("km", "sum"), ("km", "count")])
    out = out.sort_by("start").to_pydict()
    return out["km_sum"], out["km_count"]


print(*(f"{name} {version(name)}" for name in ("polars", "pandas", "duckdb", "pyarrow")))
week = {
    "pandas 7D": by_pandas("7D"),
    "duckdb 7 days": by_duckdb(7),
    "polars 1w": by_polars("1w"),
    "pyarrow 1 week": by_pyarrow(1, "week"),
    "polars 7d": by_polars("7d"),
    "pyarrow 7 day": by_pyarrow(7, "day"),
}
for name, (sums, counts) in week.items():
    print(f"{name:16} first window {counts[0]} days; km {sums[:4]}")
block = {
    "pandas 28D": by_pandas("28D"),
    "pandas 4W": by_pandas("4W"),
    "duckdb 28 days": by_duckdb(28),
    "polars 4w": by_polars("4w"),
    "polars 28d": by_polars("28d"),
    "pyarrow 4 week": by_pyarrow(4, "week"),
}
for name, (sums, counts) in block.items():
    print(f"{name:16} days {counts}; km {sums}")
monday, thursday = ([5, 25, 20, 5], 7), ([5, 5, 40, 5], 3)
firsts = [(sums[:4], counts[0]) for sums, counts in week.values()]
divisions = [counts for _, counts in block.values()]
sys.exit(
    not (
        firsts == [monday] * 4 + [thursday] * 2
        and divisions == [[28, 28], [7, 28, 21], [21, 28, 7], [14, 28, 14], [10, 28, 18], [7, 28, 21]]
    )
)
PY
