"""The words below a picture count what is in it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from made import runs

from loadmon.daily import daily_load
from loadmon.diary import no_diary
from loadmon.report.captions import monotony_text, pain_text, rest_text, sessions_text, weeks_text
from loadmon.report.wording import entry_text
from loadmon.rules.rest import monotony
from loadmon.rules.session_spike import session_spikes
from loadmon.weekly import weekly_load

MONDAY = "2026-01-05"
FIRST = pd.Timestamp(MONDAY)
STEADY = [5.0, 0.0, 5.0, 0.0, 5.0, 0.0, 0.0]


def test_days_above_the_limit_of_monotony_are_counted_and_no_others() -> None:
    loads = [*STEADY * 2, *[6.0] * 6, 5.0, *STEADY[:5]]
    even = daily_load(runs(loads, first=MONDAY))
    sevens = np.lib.stride_tricks.sliding_window_view(np.array(loads), 7)
    above = int((sevens.mean(axis=1) / sevens.std(axis=1) > 2).sum())
    assert 3 < above < len(sevens) - 3
    assert f"{above} days above 2." in monotony_text(monotony(even["load"]), FIRST)
    rare = daily_load(runs(STEADY * 3, first=MONDAY))
    assert "0 days above 2." in monotony_text(monotony(rare["load"]), FIRST)
    assert "No day of this time has one." in monotony_text(monotony(even["load"].iloc[:3]), FIRST)


def test_weeks_with_fewer_than_two_days_off_are_counted_among_the_complete_ones() -> None:
    six, five = [4.0] * 6 + [0.0], [4.0] * 5 + [0.0, 0.0]
    loads = [*six, *five, *STEADY, 4.0]
    told = rest_text(weekly_load(runs(loads, first=MONDAY), as_of="2026-01-26"))
    assert "1 of 3 complete weeks had fewer than 2." in told


def test_weeks_and_runs_are_told_in_the_unit_of_the_runner() -> None:
    made = runs([*STEADY * 5, 16.09344], first=MONDAY)
    assert "Most: 9.3 mi" in weeks_text(weekly_load(made).iloc[:-1], "mi")
    assert "10.0 mi after 3.1 mi" in sessions_text(session_spikes(made), {}, "mi")


def test_pain_is_told_with_its_most_and_its_last_and_its_place() -> None:
    told = {"when": ["", "next-morning"], "pain": [4.0, 2.0], "site": ["", "back"]}
    days = pd.DatetimeIndex(["2026-02-01", "2026-02-03"])
    diary = no_diary().reindex(range(2)).assign(date=days, **told)
    assert pain_text(diary) == (
        "2 entries with pain from 0 to 10. Worst: 4 on Sun 1 Feb 2026. "
        "Last: 2 of 10 (back, next morning) on Tue 3 Feb 2026."
    )
    assert entry_text(diary.iloc[0]) == "4 of 10 on Sun 1 Feb 2026"
    assert "not the same as no pain" in pain_text(no_diary())
