"""Histories given by how many days before a plan each run was, for tests of the ramp."""

from __future__ import annotations

from collections.abc import Sequence
from types import SimpleNamespace

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from loadmon.calendar import with_unknown_days

#: First day of the plan, a Monday.
FIRST = pd.Timestamp("2026-11-16")
ONE = pd.Timedelta(days=1)


def archive_of(
    days_before: Sequence[int], km: Sequence[float], unknown: Sequence[int] = ()
) -> SimpleNamespace:
    """Runs so many days before FIRST; days whose file cannot be read."""
    dates = pd.DatetimeIndex([FIRST - int(d) * ONE for d in days_before]).as_unit("us")
    frame = pd.DataFrame(
        {
            "date": dates,
            "start_utc": dates.tz_localize("UTC"),
            "sport": pd.Series("running", index=range(len(dates)), dtype="str"),
            "sub_sport": pd.Series("", index=range(len(dates)), dtype="str"),
            "distance_km": np.asarray(km, dtype=float),
            "duration_min": 50.0,
            "flags": pd.Series("", index=range(len(dates)), dtype="str"),
        }
    ).sort_values("date", ignore_index=True)
    lost = [FIRST - int(d) * ONE for d in unknown]
    return SimpleNamespace(activities=with_unknown_days(frame, lost, are_all=True))


@st.composite
def histories(draw: st.DrawFn) -> SimpleNamespace:
    """Runs on random days of random lengths, a lay-off, and now and then an unknown day."""
    off = draw(st.integers(0, 45))
    span = draw(st.integers(1, 120))
    some = st.sets(st.integers(off + 1, off + span), min_size=1, max_size=60)
    days = sorted(draw(some))
    km = draw(st.lists(st.floats(2.5, 42.2), min_size=len(days), max_size=len(days)))
    unknown = draw(st.lists(st.integers(1, off + span), max_size=3))
    return archive_of(days, km, unknown)
