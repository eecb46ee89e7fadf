"""Loads as columns of activities: which settings and streams each needs, and what is missing."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made import unknown_days
from writers import ride_fit, run_fit, run_gpx, strength_fit, walk_fit

from loadmon.athlete import Athlete
from loadmon.diary import DIARY_COLUMNS, load_diary
from loadmon.errors import SettingError
from loadmon.io.archive import Archive
from loadmon.io.load_columns import LOAD_COLUMNS, IntensityHistograms, with_loads
from loadmon.io.read import read

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
NOW = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
NAN = float("nan")
SIZE: dict[str, Any] = {"distance_km": 5.0, "duration_min": 30, "step_s": 5}
FULL = Athlete(
    sex="f", resting_hr_bpm=50, max_hr_bpm=190, threshold_hr_bpm=170, vt1_hr_bpm=140,
    vt2_hr_bpm=165, hr_zones_bpm=(120, 140, 155, 170), threshold_pace_s_per_km=330,
    pace_zones_s_per_km=(400, 330), mass_kg=60, height_m=1.7, threshold_power_w=250,
)  # fmt: skip


def run(day: float = 0, **changes: Any) -> bytes:
    return run_fit(START + dt.timedelta(days=day), **{"offset_min": 60, **SIZE, **changes})


def archive(path: Path, *files: bytes, athlete: Athlete = FULL, ending: str = "fit") -> Archive:
    for n, data in enumerate(files):
        (path / f"{n}.{ending}").write_bytes(data)
    return read(path, now=NOW, cache=False, athlete=athlete)


def row(path: Path, data: bytes, athlete: Athlete = FULL) -> dict[str, Any]:
    (one,) = archive(path, data, athlete=athlete).activities.to_dict("records")
    return one


def diary(path: Path, *lines: str) -> pd.DataFrame:
    text = "\n".join([",".join(DIARY_COLUMNS), *lines])
    (path / "diary.csv").write_text(text, encoding="utf-8")
    return load_diary(path / "diary.csv")


def test_power_is_stress_of_a_covered_run_and_never_of_a_bicycle(
    tmp_path: Path,
) -> None:
    found = archive(tmp_path, run())
    for sport, covered, points in (
        ("running", 1.0, 50 * 0.8**2),
        ("running", 0.80, 50 * 0.8**2),
        ("running", 0.79, NAN),
        ("cycling", 1.0, NAN),
    ):
        told = {"sport": sport, "normalized_power_w": 200.0, "power_coverage": covered}
        (got,) = with_loads(found.activities.assign(**told), found.intensity_histograms, FULL)[
            "power_stress"
        ]
        assert got == pytest.approx(points, rel=0.01, nan_ok=True)


def test_a_pause_adds_nothing_to_what_a_session_felt_like(tmp_path: Path) -> None:
    found = archive(tmp_path, run(rpe=4))
    paused = found.activities.assign(elapsed_min=45.0)
    assert with_loads(paused, found.intensity_histograms, FULL)["srpe"].tolist() == [
        pytest.approx(4 * 30)
    ]


def test_a_run_has_every_load_its_streams_and_the_settings_allow(tmp_path: Path) -> None:
    found = archive(tmp_path, run(heart_rate=150, rpe=4))
    one = found.activities.iloc[0]
    rate = found.records(one["activity_id"])["heart_rate_bpm"].to_numpy()
    # Of the 5 s between two records each has its half.
    minutes = np.r_[2.5, np.full(len(rate) - 2, 5.0), 2.5] / 60
    assert minutes.sum() == pytest.approx(30)
    share = (rate - 50) / 140
    assert one["trimp"] == pytest.approx(minutes @ (share * 0.86 * np.exp(1.67 * share)))
    hour = 120 / 140 * 0.86 * math.exp(1.67 * 120 / 140) * 60
    assert one["hr_stress"] == pytest.approx(100 * one["trimp"] / hour)
    assert one["lucia"] == pytest.approx(minutes @ (1.0 + (rate >= 140) + (rate > 165)))
    assert one["srpe"] == pytest.approx(4 * 30)
    assert one["intensity"] == pytest.approx(one["normalized_graded_speed_mps"] * 330 / 1000)
    assert one["run_stress"] == pytest.approx(50 * one["intensity"] ** 2)
    assert 0 < one["govss"] < 100
    middle = float(np.median(rate))
    assert 0 < (rate >= middle).mean() < 1
    above = found.with_athlete(dataclasses.replace(FULL, threshold_hr_bpm=middle)).activities
    assert above["above_threshold_min"].iloc[0] == pytest.approx(minutes @ (rate >= middle))
    zones = [f"hr_zone_{k}_min" for k in range(1, 6)]
    assert one[zones].sum() == pytest.approx(30)
    assert one["hr_zone_3_min"] == pytest.approx(minutes @ ((rate >= 140) & (rate < 155)))
    assert one[[f"pace_zone_{k}_min" for k in (1, 2, 3)]].sum() == pytest.approx(30)
    assert (one["hr_coverage"], one["graded_coverage"]) == (1, 1)
    assert one["power_coverage"] == 0
    assert np.isnan(one["power_stress"])


@pytest.mark.parametrize(
    ("missing", "gone"),
    [
        ({"sex": ""}, {"trimp", "hr_stress"}),
        ({"resting_hr_bpm": math.nan}, {"trimp", "hr_stress"}),
        ({"max_hr_bpm": math.nan}, {"trimp", "hr_stress", "edwards"}),
        ({"threshold_hr_bpm": math.nan}, {"hr_stress", "above_threshold_min"}),
        ({"vt1_hr_bpm": math.nan}, {"lucia"}),
        ({"vt2_hr_bpm": math.nan}, {"lucia"}),
        ({"threshold_pace_s_per_km": math.nan}, {"intensity", "run_stress", "govss"}),
        ({"mass_kg": math.nan}, {"govss"}),
        ({"height_m": math.nan}, {"govss"}),
    ],
)
def test_a_load_is_missing_where_its_setting_is_and_only_there(
    tmp_path: Path, missing: dict[str, Any], gone: set[str]
) -> None:
    from dataclasses import replace

    one = row(tmp_path, run(heart_rate=150), athlete=replace(FULL, **missing))
    loads = {name for name in LOAD_COLUMNS if np.isnan(one[name])}
    assert loads == gone | {"power_intensity", "power_stress"}


def test_both_published_pairs_give_their_own_load(tmp_path: Path) -> None:
    from dataclasses import replace

    found = archive(tmp_path, run(heart_rate=150))
    women = found.activities["trimp"].iloc[0]
    men = found.with_athlete(replace(FULL, sex="m")).activities["trimp"].iloc[0]
    assert women > men > 0


def test_without_a_strap_there_is_no_heart_rate_load_and_never_zero(tmp_path: Path) -> None:
    one = row(tmp_path, run(heart_rate=None))
    assert one["hr_coverage"] == 0
    for name in ("trimp", "edwards", "lucia", "hr_stress", "hr_zone_1_min"):
        assert np.isnan(one[name]), name
    assert one["run_stress"] > 0


def test_below_80_percent_of_the_timer_there_is_no_heart_rate_load(tmp_path: Path) -> None:
    found = archive(tmp_path, run(heart_rate=150))
    for coverage, known in ((0.80, True), (0.79, False), (math.nan, False)):
        frame = found.activities.assign(hr_coverage=coverage, graded_coverage=coverage)
        one = with_loads(frame, found.intensity_histograms, FULL).iloc[0]
        for name in ("trimp", "edwards", "lucia", "hr_stress", "hr_zone_2_min", "run_stress"):
            assert np.isfinite(one[name]) == known, (name, coverage)
    assert IntensityHistograms([]).seconds_at_bpm.shape == (0, 211)


def test_the_loads_of_a_session_do_not_depend_on_how_many_others_there_are(tmp_path: Path) -> None:
    found = archive(tmp_path, run(), run(1, distance_km=9.7), run(2, distance_km=3.3, seed=5))
    alone = with_loads(found.activities, found.intensity_histograms, FULL)
    for times in (127, 128, 600):
        many = pd.concat([found.activities] * times, ignore_index=True)
        rows = IntensityHistograms([*found.intensity_histograms.rows] * times)
        told = with_loads(many, rows, FULL)
        for name in (*LOAD_COLUMNS, "hr_zone_2_min", "pace_zone_2_min"):
            each = told[name].to_numpy().reshape(times, -1)
            wanted = np.broadcast_to(alone[name].to_numpy(), each.shape)
            np.testing.assert_allclose(each, wanted, rtol=1e-12, err_msg=name)
        seconds = rows.seconds_at_speed.reshape(times, 3, -1)
        assert (seconds == found.intensity_histograms.seconds_at_speed).all()


def test_a_ride_and_a_walk_have_heart_rate_loads_and_no_stress_of_running(tmp_path: Path) -> None:
    at = dict(SIZE, offset_min=60)
    found = archive(tmp_path, ride_fit(START, **at), walk_fit(START + dt.timedelta(days=1), **at))
    for _, one in found.activities.iterrows():
        assert one["trimp"] > 0
        for name in ("run_stress", "govss", "intensity", "pace_zone_1_min"):
            assert np.isnan(one[name]), name


def test_a_gpx_has_its_climb_made_from_the_altitude_and_says_so(tmp_path: Path) -> None:
    found = archive(tmp_path, run_gpx(START, **SIZE), ending="gpx")
    one = found.activities.iloc[0]
    altitude = found.records(one["activity_id"])["altitude_m"]
    assert one["climb_source"] == "records"
    assert one["elevation_gain_m"] == pytest.approx(altitude.diff().clip(lower=0).sum(), rel=0.1)
    assert one["trimp"] > 0
    assert one["run_stress"] > 0


def test_changed_settings_change_every_load_and_read_no_file_again(tmp_path: Path) -> None:
    from dataclasses import replace

    first = archive(tmp_path, run(heart_rate=150), run(2, heart_rate=140), athlete=Athlete())
    assert first.activities[list(LOAD_COLUMNS)].isna().all(axis=None)
    for file in tmp_path.glob("*.fit"):
        file.unlink()
    second = first.with_athlete(FULL)
    assert (second.activities["trimp"] > 0).all()
    third = second.with_athlete(replace(FULL, max_hr_bpm=200, hr_zones_bpm=(150,)))
    assert (third.activities["trimp"] < second.activities["trimp"]).all()
    assert [c for c in third.activities if c.startswith("hr_zone")] == [
        "hr_zone_1_min", "hr_zone_2_min",
    ]  # fmt: skip
    pd.testing.assert_frame_equal(third.with_athlete(FULL).activities, second.activities)
    pd.testing.assert_frame_equal(third.with_athlete(Athlete()).activities, first.activities)
    assert third.settings.set_index("setting").loc["max_hr_bpm", "value"] == "200"


def test_settings_that_decide_what_the_activities_are_need_a_new_reading(tmp_path: Path) -> None:
    from dataclasses import replace

    found = archive(tmp_path, run())
    for change in ({"home_zone": "Europe/Berlin"}, {"same": (("a", "b"),)}):
        with pytest.raises(SettingError, match="read the archive again"):
            found.with_athlete(replace(FULL, **change))
    marked = found.with_athlete(replace(FULL, unknown_days=(dt.date(2026, 3, 4),)))
    assert unknown_days(marked) == ["2026-03-04"]
    assert unknown_days(found) == []


def test_the_diary_tells_how_a_run_felt_where_its_file_does_not(tmp_path: Path) -> None:
    from dataclasses import replace

    told = replace(FULL, diary=diary(tmp_path, "2026-03-02,,,,6,,,", "2026-03-04,,,,7,,,"))
    found = archive(tmp_path, run(), run(2, rpe=3), athlete=told)
    assert found.activities["rpe"].tolist() == [6, 3]
    assert found.activities["rpe_source"].tolist() == ["diary", "session"]
    assert found.activities["srpe"].tolist() == [180, 90]
    without = found.with_athlete(FULL).activities
    assert without["rpe_source"].tolist() == ["", "session"]
    assert np.isnan(without["srpe"].iloc[0])


def test_one_diary_entry_for_two_runs_belongs_to_neither(tmp_path: Path) -> None:
    from dataclasses import replace

    one = diary(tmp_path, "2026-03-02,,,,6,,,")
    found = archive(tmp_path, run(), run(0.3), athlete=replace(FULL, diary=one))
    assert found.activities["rpe"].isna().all()
    two = diary(tmp_path, "2026-03-02,,,,6,,,", "2026-03-02,,,,2,,,")
    assert found.with_athlete(replace(FULL, diary=two)).activities["rpe"].tolist() == [6, 2]


def test_an_entry_means_the_run_of_its_day_else_its_only_session(tmp_path: Path) -> None:
    from dataclasses import replace

    lift = strength_fit(START + dt.timedelta(hours=9), offset_min=60, duration_min=40)
    one = replace(FULL, diary=diary(tmp_path, "2026-03-02,,,,6,,,", "2026-03-05,,,,8,,,"))
    later = strength_fit(START + dt.timedelta(days=3), offset_min=60, duration_min=40)
    found = archive(tmp_path, run(), lift, later, athlete=one).activities
    assert found["sport"].tolist() == ["running", "training", "training"]
    assert found["rpe"].tolist()[0] == 6
    assert np.isnan(found["rpe"].iloc[1])
    assert found["srpe"].iloc[2] == pytest.approx(8 * 40, rel=0.02)


def test_nothing_read_has_the_same_columns(tmp_path: Path) -> None:
    full = archive(tmp_path, run()).activities
    (tmp_path / "0.fit").unlink()
    empty = read(tmp_path, now=NOW, cache=False, athlete=FULL).activities
    assert empty.empty
    assert empty.dtypes.equals(full.dtypes)
