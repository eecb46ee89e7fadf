"""Logs of runs as people type them: what is not understood in them is never taken for rest."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import loadmon

DAYS = pd.date_range("2026-08-01", periods=30, freq="2D")
LOG = pd.DataFrame({"date": DAYS, "distance_km": np.tile([5.0, 6.0, 8.0], 10)})
LAST = "2026-09-28"
ASKED = {
    "weekly": loadmon.weekly_load,
    "daily": loadmon.daily_load,
    "check": lambda log: loadmon.check(log, as_of=LAST),
    "today": lambda log: loadmon.today(log, as_of=LAST),
    "lookback": loadmon.lookback,
}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("word", ["Run", "run", "Running", "jogging", "trail_running", " "])
def test_a_word_for_running_that_is_not_ours_is_no_rest(name: str, word: str) -> None:
    log = LOG.assign(sport=["running"] * 29 + [word])
    if word.strip():
        with pytest.raises(loadmon.FrameError, match=rf"'sport'\] holds {word!r}"):
            ASKED[name](log)
    else:
        ASKED[name](log)


@pytest.mark.parametrize("missing", [None, np.nan, "", pd.NA])
@pytest.mark.parametrize("flags", [None, "hr-implausible"])
def test_a_run_without_a_sport_leaves_its_day_unknown(missing: Any, flags: str | None) -> None:
    log = LOG.assign(sport=pd.Series(["running"] * 29 + [missing], dtype=object))
    if flags:
        log = log.assign(flags=flags)
    last = loadmon.daily_load(log).loc[LAST]
    assert np.isnan(last["load"])
    week = loadmon.weekly_load(log).iloc[-1]
    assert (week["n_known"], week["n_days"]) == (0, 1)
    assert week["acwr_status"] == "unknown"
    assert "unknown" in repr(loadmon.check(log, as_of=LAST))


def test_other_sports_of_a_log_are_other_sports() -> None:
    log = LOG.assign(sport=["running"] * 28 + ["cycling", "cross_country_skiing"])
    assert (
        loadmon.weekly_load(log)["n_known"].tolist() == loadmon.weekly_load(LOG)["n_known"].tolist()
    )


@pytest.mark.parametrize("name", ASKED)
def test_a_column_that_stands_twice_is_refused(name: str) -> None:
    twice = pd.concat([LOG, LOG[["distance_km"]] * 0], axis=1)
    with pytest.raises(loadmon.FrameError, match="the column 'distance_km' stands twice"):
        ASKED[name](twice)


@pytest.mark.parametrize("name", ["weekly", "daily", "check", "today"])
@pytest.mark.parametrize("values", [[True], [5 + 1j], [None], pd.Categorical([5.0])])
def test_distances_that_are_no_numbers_are_called_that(name: str, values: Any) -> None:
    log = LOG[:1].assign(distance_km=values)
    if values == [None]:
        log = log.astype({"distance_km": object})
    with pytest.raises(loadmon.FrameError, match=r"'distance_km'\] must hold numbers, not"):
        ASKED[name](log)
