"""The words below a picture count what is in it."""

from __future__ import annotations

import pandas as pd
from made import runs

from loadmon.diary import no_diary
from loadmon.report.captions import pain_text, sessions_text, weeks_text
from loadmon.report.wording import entry_text
from loadmon.rules.session_spike import session_spikes
from loadmon.weekly import weekly_load

MONDAY = "2026-01-05"
FIRST = pd.Timestamp(MONDAY)
STEADY = [5.0, 0.0, 5.0, 0.0, 5.0, 0.0, 0.0]


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
