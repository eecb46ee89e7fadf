"""What is read from athlete.toml, and how a mistake in it is told."""

from __future__ import annotations

import math
from dataclasses import fields
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

import loadmon
from loadmon.athlete import RANGES, Athlete, Shoe
from loadmon.errors import SettingError
from loadmon.settings import KEYS, load_athlete

EVERYTHING = """
units = "km"
home_zone = "Europe/Berlin"
unknown_days = [2026-10-11, 2026-10-12]
birth_year = 1984
sex = "f"
mass_kg = 61.5
height_m = 1.70
resting_hr_bpm = 48
max_hr_bpm = 188
threshold_hr_bpm = 170
vt1_hr_bpm = 145
vt2_hr_bpm = 168
hr_zones_bpm = [125, 145, 160, 172]
threshold_pace = "4:40"
pace_zones = ["6:00", "5:20", "4:45"]
threshold_power_w = 280
strength_per_week = 3
unknown_sport = {"old.gpx" = "running", "bike" = "cycling"}
dates = {"lost.fit" = 2026-05-03, "old" = true}
same = [["a.fit", "b.gpx"]]
different = [["c.fit", "d.fit"]]

[limits.session-spike]
small = 1.2

[[shoes]]
name = "Blue pair"
from = 2026-01-01
until = 2026-08-01
sports = ["running", "walking"]
default = true
start_km = 120
retire_km = 600
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "athlete.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_key_is_read_into_its_field(tmp_path: Path) -> None:
    athlete = load_athlete(written(tmp_path, EVERYTHING))
    assert athlete == Athlete(
        home_zone="Europe/Berlin",
        unknown_days=(date(2026, 10, 11), date(2026, 10, 12)),
        birth_year=1984,
        sex="f",
        mass_kg=61.5,
        height_m=1.70,
        resting_hr_bpm=48,
        max_hr_bpm=188,
        threshold_hr_bpm=170,
        vt1_hr_bpm=145,
        vt2_hr_bpm=168,
        hr_zones_bpm=(125, 145, 160, 172),
        threshold_pace_s_per_km=280,
        pace_zones_s_per_km=(360, 320, 285),
        threshold_power_w=280,
        strength_per_week=3,
        limits={"session-spike.small": 1.2},
        shoes=(
            Shoe(
                name="Blue pair",
                from_day=date(2026, 1, 1),
                until_day=date(2026, 8, 1),
                sports=("running", "walking"),
                is_default=True,
                start_km=120,
                retire_km=600,
            ),
        ),
        unknown_sport={"old.gpx": "running", "bike": "cycling"},
        dates={"lost.fit": date(2026, 5, 3), "old": True},
        same=(("a.fit", "b.gpx"),),
        different=(("c.fit", "d.fit"),),
    )
    assert athlete.limit("session-spike", "small") == 1.2
    assert math.isnan(athlete.limit("session-spike", "large"))


def test_every_field_but_the_diary_has_a_key_and_the_example_holds_them_all() -> None:
    assert {field for field, _ in KEYS.values()} == {f.name for f in fields(Athlete)} - {
        "diary",
        "units_stated",
    }
    assert [
        key for key in KEYS if f"{key} =" not in EVERYTHING and f"{key}." not in EVERYTHING
    ] == ["shoes"]


def test_an_answer_for_unknown_sports_is_a_sport(tmp_path: Path) -> None:
    assert load_athlete(written(tmp_path, 'unknown_sport = "hiking"')).unknown_sport == "hiking"
    for wrong in ('"runing"', '{"a.gpx" = "jog"}', "3", '{"a.gpx" = 3}'):
        with pytest.raises(SettingError, match="unknown_sport"):
            load_athlete(written(tmp_path, f"unknown_sport = {wrong}"))


def test_everything_is_optional(tmp_path: Path) -> None:
    nothing = load_athlete(str(written(tmp_path, "")))
    assert (nothing.home_zone, nothing.unknown_days, nothing.units) == ("", (), "km")
    assert all(math.isnan(getattr(nothing, name)) for name in RANGES)
    assert nothing.diary.empty


def test_a_runner_who_counts_in_miles_writes_paces_per_mile(tmp_path: Path) -> None:
    text = 'units = "mi"\nthreshold_pace = "8:00"\npace_zones = ["10:00", "8:30"]\n'
    athlete = load_athlete(written(tmp_path, text))
    assert athlete.threshold_pace_s_per_km == pytest.approx(480 / 1.609344)
    assert athlete.pace_zones_s_per_km == pytest.approx((600 / 1.609344, 510 / 1.609344))


def test_a_folder_may_hold_settings_diary_both_or_neither(tmp_path: Path) -> None:
    assert load_athlete(tmp_path).home_zone == ""
    (tmp_path / "diary.csv").write_text("date,pain\n2026-10-11,2\n", encoding="utf-8")
    assert load_athlete(tmp_path).diary["pain"].tolist() == [2.0]
    written(tmp_path, 'home_zone = "Europe/Berlin"')
    both = load_athlete(tmp_path)
    assert (both.home_zone, len(both.diary)) == ("Europe/Berlin", 1)
    assert len(load_athlete(tmp_path / "athlete.toml").diary) == 1


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('home_zon = "UTC"', "did you mean home_zone"),
        ("colour = 70", "known are units, home_zone, unknown_days"),
        ('home_zone = "Berlin"', "'Berlin' is not a time zone"),
        ('home_zone = "America"', "'America' is not a time zone"),
        ('home_zone = "../../etc/passwd"', "not a time zone"),
        ("home_zone = 2", "home_zone must be text"),
        ('unknown_days = "2026-10-11"', "list of days"),
        ('unknown_days = ["2026-10-11"]', "list of days"),
        ("unknown_days = [2026-10-11T08:00:00]", "list of days"),
        ("unknown_days = 2026-10-11", "list of days"),
        ("home_zone = ", "athlete.toml"),
        ('units = "miles"', "km or mi"),
        ('sex = "x"', "write f or m"),
        ("max_hr_bpm = 400", "max_hr_bpm 400 is not possible: it must be between 100 and 240"),
        ("max_hr_bpm = true", "must be a number"),
        ('max_hr_bpm = "188"', "must be a number"),
        ("resting_hr_bpm = 110\nmax_hr_bpm = 105", "resting_hr_bpm 110 must be below max_hr_bpm"),
        ("threshold_hr_bpm = 190\nmax_hr_bpm = 190", "must be below max_hr_bpm 190"),
        ("hr_zones_bpm = [150, 140]", "from the lowest effort to the highest"),
        ("hr_zones_bpm = [15, 140]", "must be heart rates"),
        ("hr_zones_bpm = 150", "must be a list of numbers"),
        ('pace_zones = ["4:00", "5:00"]', "from the lowest effort to the highest"),
        ('threshold_pace = "4.40"', "pace in quotes"),
        ('threshold_pace = "4:99"', "pace in quotes"),
        ("threshold_pace = 280", "pace in quotes"),
        ('same = ["a.fit"]', "list of pairs"),
        ('same = [["a.fit"]]', "list of pairs"),
        ("[limits.session-spike]\nsmal = 1.2", "no limit 'session-spike.smal'"),
        ("[limits.session-spike]\nsmall = -1", "must be 0 or more"),
        ("limits = 3", "holds tables"),
        ('[[shoes]]\nname = "a"\nretire = 500', "did you mean retire_km"),
        ("[[shoes]]\nstart_km = 1", "every pair needs a name"),
        ('[[shoes]]\nname = "a"\ndefault = 1', "shoes.default must be true or false"),
        ('[shoes]\nname = "a"', r"under a line \[\[shoes\]\]"),
        (
            'pace_zones = ["6:00","0:00"]',
            "pace_zones 0 s/km is not possible: a pace is",
        ),
        ('pace_zones = ["16:00","6:00"]', "pace_zones 960 s/km is not possible"),
        ('threshold_pace = "' + "4" * 400 + ':00"', "threshold_pace must be a pace in quotes"),
        ('threshold_pace = "' + "4" * 5000 + ':00"', "threshold_pace must be a pace in quotes"),
        ('threshold_pace = "4:' + "0" * 5000 + '"', "threshold_pace must be a pace in quotes"),
        ("threshold_pace = 0x" + "f" * 5000, "pace in quotes like .*not so large a number"),
        ('home_zone = "' + "A" * 5000 + '"', "is not a time zone; write one like Europe/Berlin"),
        ("max_hr_bpm = 1" + "0" * 400, "max_hr_bpm must be a finite number, not so large"),
        ("max_hr_bpm = 1" + "0" * 5000, "is not TOML"),
        ("max_hr_bpm = 0x" + "f" * 5000, "max_hr_bpm must be a finite number, not so large"),
        ("mass_kg = nan", "mass_kg must be a finite number, not nan"),
        ("max_hr_bpm = " + "[" * 5000, "is not TOML"),
        ("max_hr_bpm." + "a." * 5000 + "a = 1", "max_hr_bpm must be a number, not a table"),
        ("[limits.session-spike]\nsmall = inf", "session-spike.small must be a finite number"),
        ("[limits.session-spike]\nsmall = nan", "session-spike.small must be a finite number"),
        ('[[shoes]]\nname = "a"\nstart_km = nan', "shoes.start_km must be a finite number"),
        ('[[shoes]]\nname = "a"\nretire_km = inf', "shoes.retire_km must be a finite number"),
        ('[[shoes]]\nname = "a"\nstart_km = -1e308', "start_km of 'a' must lie between 0 and"),
        ('[[shoes]]\nname = "a"\nretire_km = 1e308', "retire_km of 'a' must lie between 0 and"),
    ],
)
def test_a_mistake_is_named_with_what_to_write(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told) as caught:
        load_athlete(written(tmp_path, text))
    assert "athlete.toml" in str(caught.value)


def test_a_file_that_is_not_there_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"none\.toml"):
        load_athlete(tmp_path / "none.toml")
    (tmp_path / "athlete.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SettingError, match=r"athlete\.toml"):
        load_athlete(tmp_path / "athlete.toml")


def test_values_are_checked_without_a_file_too() -> None:
    with pytest.raises(SettingError, match="write one like Europe/Berlin"):
        Athlete(home_zone="Mars/Olympus")
    with pytest.raises(SettingError, match="birth_year 26 is not possible"):
        Athlete(birth_year=26)
    with pytest.raises(SettingError, match=r"session-spike\.small must be 0 or more and finite"):
        Athlete(limits={"session-spike.small": math.inf})
    for wrong in ({"start_km": math.nan}, {"start_km": math.inf}, {"retire_km": -1.0}):
        with pytest.raises(SettingError, match=f"{next(iter(wrong))} of 'a' must lie between"):
            Shoe(name="a", **wrong)  # type: ignore[arg-type]
    with pytest.raises(SettingError, match="pace_zones must be a finite number, not nan"):
        Athlete(pace_zones_s_per_km=(math.nan,))


def test_an_athlete_without_a_setting_says_nothing() -> None:
    # NaN is not NaN, and from Python 3.13 on == of records says so too.
    assert Athlete().says_nothing
    assert Athlete(mass_kg=float("nan")).says_nothing
    assert not Athlete(mass_kg=70).says_nothing
    assert not Athlete(home_zone="Europe/Berlin").says_nothing


def test_zones_in_a_list_are_the_same_zones() -> None:
    asked = Athlete(hr_zones_bpm=[120.0, 140.0], pace_zones_s_per_km=[400.0, 300.0])  # type: ignore[arg-type]
    assert asked.hr_zones_bpm == (120.0, 140.0)
    assert asked.pace_zones_s_per_km == (400.0, 300.0)
    run = pd.DataFrame({"date": ["2026-01-05"], "distance_km": [5.0]})
    assert loadmon.check(run, athlete=asked).verdict in ("ok", "unknown")
