"""Which settings count: the runner's word, then the last file that says something that can be."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from loadmon.athlete import (
    USES,
    Athlete,
    Setting,
    in_force_text,
    setting_text,
    settings_frame,
    settings_in_force,
)

NAN = float("nan")
FOUND = {
    "resting_hr_bpm": NAN,
    "max_hr_bpm": NAN,
    "threshold_hr_bpm": NAN,
    "threshold_power_w": NAN,
    "mass_kg": NAN,
    "height_m": NAN,
    "sex": "",
    "hr_zones_bpm": None,
}


def found(*rows: dict[str, Any]) -> pd.DataFrame:
    """Rows of ``Archive.found``, a day apart."""
    days = pd.date_range("2026-01-01", periods=len(rows), unit="us")
    full = [
        {"date": day, "file": f"{n}.fit", **FOUND, **row}
        for n, (day, row) in enumerate(zip(days, rows, strict=True))
    ]
    return pd.DataFrame(full, columns=["date", "file", *FOUND])


def source(settings: list[Setting], name: str) -> tuple[Any, str, str]:
    (one,) = [s for s in settings if s.name == name]
    return one.value, one.source, one.file


def test_the_runner_s_word_counts_before_any_file() -> None:
    athlete, settings = settings_in_force(
        Athlete(max_hr_bpm=190, sex="f"), found({"max_hr_bpm": 181.0, "sex": "m"})
    )
    assert (athlete.max_hr_bpm, athlete.sex) == (190, "f")
    assert source(settings, "max_hr_bpm") == (190, "athlete.toml", "")


def test_the_last_file_that_says_it_fills_in() -> None:
    athlete, settings = settings_in_force(
        Athlete(), found({"resting_hr_bpm": 55.0, "sex": "f"}, {"resting_hr_bpm": 50.0}, {})
    )
    assert (athlete.resting_hr_bpm, athlete.sex) == (50, "f")
    assert source(settings, "resting_hr_bpm") == (50, "file", "1.fit")
    assert [s.day for s in settings if s.name == "sex"] == [dt.date(2026, 1, 1)]


def test_what_nobody_says_is_not_known() -> None:
    athlete, settings = settings_in_force(Athlete(), found())
    assert athlete.says_nothing
    assert {s.source for s in settings} == {""}
    assert [s.name for s in settings] == list(USES)


def test_a_value_that_cannot_be_or_contradicts_the_runner_is_left_out() -> None:
    files = found({"max_hr_bpm": 185.0}, {"max_hr_bpm": 300.0}, {"max_hr_bpm": 30.0})
    assert settings_in_force(Athlete(), files)[0].max_hr_bpm == 185
    below = settings_in_force(Athlete(threshold_hr_bpm=186), files)
    assert pd.isna(below[0].max_hr_bpm)
    assert source(below[1], "max_hr_bpm")[1] == ""


def test_the_zones_of_a_watch_become_bounds_between_zones() -> None:
    six = [93.0, 111.0, 130.0, 148.0, 167.0, 185.0]  # 93: where zone 1 begins; 185: the largest
    assert settings_in_force(Athlete(), found({"hr_zones_bpm": six}))[0].hr_zones_bpm == (
        111, 130, 148, 167,
    )  # fmt: skip
    five = [108.0, 126.0, 144.0, 162.0, 180.0]
    assert settings_in_force(Athlete(), found({"hr_zones_bpm": five}))[0].hr_zones_bpm == (
        108, 126, 144, 162,
    )  # fmt: skip


def test_the_threshold_power_of_a_watch_is_that_of_a_bicycle_and_never_taken() -> None:
    athlete, settings = settings_in_force(Athlete(), found({"threshold_power_w": 200.0}))
    assert pd.isna(athlete.threshold_power_w)
    assert source(settings, "threshold_power_w")[1] == ""


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("threshold_pace_s_per_km", 270.0, "4:30"),
        ("pace_zones_s_per_km", (400.0, 299.6), "6:40, 5:00"),
        ("hr_zones_bpm", (111.0, 130.0), "111, 130"),
        ("mass_kg", 71.5, "71.5"),
        ("sex", "f", "f"),
        ("sex", "", ""),
        ("mass_kg", NAN, ""),
        ("hr_zones_bpm", (), ""),
    ],
)
def test_values_are_written_as_a_person_writes_them(name: str, value: Any, text: str) -> None:
    assert setting_text(Setting(name, value, "")) == text


def test_the_frame_names_each_setting_its_source_and_its_use() -> None:
    _, settings = settings_in_force(Athlete(sex="f"), found({"max_hr_bpm": 185.0}))
    frame = settings_frame(settings).set_index("setting")
    assert list(frame.index) == list(USES)
    assert frame.loc["max_hr_bpm", ["value", "source", "file"]].tolist() == ["185", "file", "0.fit"]
    assert frame.loc["max_hr_bpm", "date"] == pd.Timestamp("2026-01-01")
    assert frame.loc["vt1_hr_bpm", ["value", "source"]].tolist() == ["", ""]
    assert settings_frame([]).dtypes.equals(settings_frame(settings).dtypes)


def test_two_sentences_name_what_counts_and_what_is_missing() -> None:
    _, settings = settings_in_force(
        Athlete(threshold_pace_s_per_km=280), found({"max_hr_bpm": 185.0, "mass_kg": 60.0})
    )
    frame = settings_frame(settings)
    assert in_force_text(frame[frame["setting"].isin(["max_hr_bpm", "mass_kg", "vt1_hr_bpm"])]) == (
        "Settings in force: max_hr_bpm 185; mass_kg 60 (from your recordings, last 2026-01-01). "
        "Not known: vt1_hr_bpm."
    )
    assert in_force_text(frame[frame["setting"] == "threshold_pace_s_per_km"]) == (
        "Settings in force: threshold_pace 4:40 (from your athlete.toml)."
    )
    assert in_force_text(frame[frame["source"] == ""]).startswith("Settings in force: none.")
