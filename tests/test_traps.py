"""Where the usual ratio fails the very people it is for: three traps, measured on other programs.

The first two are in section 3 of the study of other programs; the third is what a package did with
recordings that were doubled, not known, or made late in the evening.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made import activities, archive, days, rule_days, runs
from writers import run_fit, run_gpx

from loadmon.athlete import Athlete
from loadmon.daily import daily_load
from loadmon.evidence.limits import ACWR_LIMIT
from loadmon.io.read import read
from loadmon.ratio import METHODS, Method, acwr
from loadmon.rules.engine import check, flag_history

USUAL = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]  # 20 km in 4 runs
ONE_LONG = [5.0, 0, 0, 0, 0, 0, 15.0]  # the same 20 km


def test_a_run_of_15_km_in_an_unchanged_week_is_flagged_though_every_ratio_reads_one() -> None:
    load = days([*USUAL * 6, *ONE_LONG])
    rolling: tuple[Method, Method] = ("coupled", "uncoupled")
    for method in rolling:
        assert acwr(load, method=method)["acwr"].iloc[-1] == pytest.approx(1.0)
    assert acwr(load, method="ewma")["acwr"].max() < 1.5
    made = archive(runs([*USUAL * 6, *ONE_LONG]))
    told = check(made).to_frame().set_index("check")
    assert told.loc["weekly_change", "value"] == pytest.approx(1.0)
    assert told.loc["monotony", "value"] == pytest.approx(0.54, abs=0.01)
    quiet = ["weekly_change", "acwr", "monotony", "rest", "return"]
    assert told.loc[quiet, "verdict"].eq("ok").all()
    spike = told.loc["session_spike"]
    assert (spike["verdict"], spike["level"], spike["value"]) == ("flagged", "large", 3.0)


def sensible_return(pattern: list[int]) -> list[float]:
    """Eight weeks of 32 km, 28 days off, then 20 % of it a week, 30 %, ... up to 90 %."""
    old = [8.0, 0, 8.0, 0, 8.0, 0, 8.0]
    weeks = [share * 32 / sum(pattern) for share in np.arange(0.2, 0.95, 0.1)]
    return [*old * 8, *[0.0] * 28, *(km * ran for km in weeks for ran in pattern)]


PATTERNS = {"every day": [1] * 7, "four": [1, 0, 1, 0, 1, 0, 1], "three": [1, 0, 1, 0, 1, 0, 0]}


@pytest.mark.parametrize("name", PATTERNS)
def test_a_sensible_return_after_28_days_off_has_no_ratio_for_its_first_four_weeks(
    name: str,
) -> None:
    load = days(sensible_return(PATTERNS[name]))
    back = 56 + 28
    raw = acwr(load)["acute"] / acwr(load)["chronic"]
    # What other programs print at the ends of these weeks.
    printed = [4.00, 2.40, 1.78, 1.43, 1.33, 1.27, 1.23, 1.20]
    assert raw.iloc[back + 6 :: 7].tolist() == pytest.approx(printed, abs=0.005)
    for method in METHODS:
        frame = acwr(load, method=method).iloc[back - 15 : back + 28]
        assert (frame["status"] == "returning").all()
        assert frame["acwr"].isna().all()


def test_a_sensible_return_after_28_days_off_raises_no_ratio_alarm() -> None:
    load = days(sensible_return(PATTERNS["every day"]))
    for method in METHODS:
        frame = acwr(load, method=method).iloc[84:]
        limit = ACWR_LIMIT[method]
        assert frame["acwr"].notna().sum() == 28
        assert (frame["acwr"].dropna() < limit).all()


@pytest.mark.parametrize("name", ["four", "three"])
def test_nor_does_it_with_days_between_the_runs_by_the_rolling_ratios(name: str) -> None:
    loads = sensible_return(PATTERNS[name])
    values, flags = rule_days(runs(loads))
    since = values.index[84:]
    mark = flags.loc[since]
    assert not mark[["acwr", "monotony", "rest"]].any(axis=None)
    # EWMA remembers the lay-off for longer, just above 1.5 in the fifth week; it flags nothing.
    ewma = values.loc[since, "acwr_ewma"]
    assert 1.5 < ewma.max() < 1.54


def test_the_same_return_that_jumps_in_is_flagged_by_its_size() -> None:
    loads = sensible_return(PATTERNS["four"])[: 56 + 28]
    flags = flag_history(archive(runs([*loads, 8.0, 0, 8.0])))
    assert "return" in set(flags["check"])


def evening(day: int, km: float = 5.0) -> dict[str, object]:
    """Size of a run that begins at 23:30 of its local day, one hour ahead of UTC."""
    start = dt.datetime(2026, 1, 1, 22, 30, tzinfo=dt.UTC) + dt.timedelta(days=day)
    return {"start_utc": start, "distance_km": km, "duration_min": 30.0, "step_s": 30}


def test_a_run_late_in_the_evening_belongs_to_the_day_on_which_it_began(tmp_path: Path) -> None:
    ran = [0, 2, 4, 7, 9, 11]
    for day in ran:
        size = evening(day)
        (tmp_path / f"{day}.fit").write_bytes(run_fit(size.pop("start_utc"), offset_min=60, **size))  # type: ignore[arg-type]
    daily = daily_load(read(tmp_path, cache=False).activities)
    first = pd.Timestamp("2026-01-01")
    assert [(d - first).days for d in daily.index[daily["runs"] > 0]] == ran
    assert daily["load"].sum() == pytest.approx(30.0)


def test_a_run_that_was_exported_twice_counts_once(tmp_path: Path) -> None:
    once, twice = tmp_path / "once", tmp_path / "twice"
    for folder in (once, twice):
        folder.mkdir()
        for day in range(0, 40, 2):
            size = evening(day, 5.0 if day < 38 else 5.4)
            start = size.pop("start_utc")
            (folder / f"{day}.fit").write_bytes(run_fit(start, offset_min=60, **size))  # type: ignore[arg-type]
            if folder is twice and day >= 30:
                (folder / f"{day}.gpx").write_bytes(run_gpx(start, **size))  # type: ignore[arg-type]
                (folder / f"{day} copy.fit").write_bytes((folder / f"{day}.fit").read_bytes())
    told = [read(folder, athlete=Athlete(home_zone="Europe/Madrid"), cache=False)
            for folder in (once, twice)]  # fmt: skip
    loads = [daily_load(archive.activities)["load"] for archive in told]
    pd.testing.assert_series_equal(*loads)
    frames = [check(archive).to_frame().drop(columns="missing") for archive in told]
    pd.testing.assert_frame_equal(*frames)
    assert (told[1].files["outcome"] == "duplicate").sum() == 10


def test_a_run_whose_load_is_not_known_is_no_day_of_rest() -> None:
    rows = [{"date": f"2026-01-{d:02d}", "distance_km": 5.0, "srpe": 50.0} for d in (1, 3, 5)]
    rows[1]["srpe"] = np.nan
    assert daily_load(activities(rows), load="srpe")["load"].tolist()[::2] == pytest.approx(
        [50.0, np.nan, 50.0], nan_ok=True
    )
    every_other = pd.date_range("2026-01-01", periods=60, freq="2D")
    long = [{"date": f"{d:%Y-%m-%d}", "distance_km": 5.0, "srpe": 50.0} for d in every_other]
    long[-3]["srpe"] = np.nan
    made = archive(activities(long))
    lost = check(made, load="srpe").to_frame().set_index("check")["verdict"]
    assert lost[["session_spike", "weekly_change", "acwr", "monotony"]].eq("unknown").all()
    assert check(made).to_frame().set_index("check")["verdict"]["acwr"] == "ok"
