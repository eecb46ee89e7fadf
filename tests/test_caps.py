"""Caps of somebody who knows the runner: read from a file, obeyed by planner and verifier."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from made import archive, runs

from loadmon.errors import SettingError
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.verify import verify_ramp
from loadmon.rules.limits import Cap, Limits, limits_for, load_limits

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]
FIRST = pd.Timestamp("2026-01-05")
OFF = 35
HISTORY = archive(runs(WEEK * 10, first="2026-01-05"), rested_until="2027-01-01")
RESUME = FIRST + pd.Timedelta(days=70 + OFF)  # a Monday
ASKED = {"resume": RESUME, "target_km": 24.0, "run_days": "mon,wed,sat"}
FILE = """
author = "A. Example, physiotherapist"
written = 2026-04-10

[limits]
session_growth = 0.05

[[cap]]
until = 2026-04-26
run_km = 0
why = "wait for the scan"

[[cap]]
until = 2026-06-30
run_km = 5
run_min = 30
week_km = 12.5
days = ["mon", "wed", "sat"]
"""


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "limits.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_of_limits_is_read_with_its_author(tmp_path: Path) -> None:
    limits = load_limits(written(tmp_path, FILE))
    assert limits.session_growth == 0.05
    assert limits.weekly_growth == limits_for("steady").weekly_growth
    assert limits.author == "A. Example, physiotherapist, 2026-04-10"
    first, second = limits.caps
    assert first == Cap(until=date(2026, 4, 26), run_km=0, why="wait for the scan")
    assert second.days == (0, 2, 5)
    assert (second.run_km, second.run_min, second.week_km) == (5, 30, 12.5)
    earliest = load_limits(tmp_path / "limits.toml", pace="earliest")
    assert earliest.weekly_growth == 0.20


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[limits]\nsession_growth = 0.05", "author"),
        ('author = " "', "author"),
        ('author = "A"\nwritten = "today"', "written must be a day"),
        ('author = "A"\nlimit = 3', "did you mean limits"),
        ('author = "A"\n[limits]\nsesion_growth = 0.1', "did you mean session_growth"),
        ('author = "A"\n[limits]\nsession_growth = "much"', "must be a number"),
        ('author = "A"\n[limits]\nmax_run_days_in_7 = 2.5', "a whole number"),
        ('author = "A"\n[limits]\ncoupled = 0.5', "at least 1"),
        ('author = "A"\nlimits = 3', r"\[limits\]"),
        ('author = "A"\ncap = 3', r"\[\[cap\]\]"),
        ('author = "A"\n[[cap]]\nuntil = 2026-04-26', "says what it caps"),
        ('author = "A"\n[[cap]]\nrun_km = -1', "0 or more"),
        ('author = "A"\n[[cap]]\nrun_km = nan', "finite number, not nan"),
        ('author = "A"\n[[cap]]\nrun_km = inf', "cap run_km must be a finite number, not inf"),
        ('author = "A"\n[[cap]]\nweek_km = 1' + "0" * 400, "finite number, not so large a number"),
        ('author = "A"\n[[cap]]\ndays = []\nwhy = 0x' + "f" * 5000, "why must be a text, not so"),
        ('author = "A"\n[limits]\ncoupled = 1' + "0" * 400, "limit coupled must be a finite"),
        ('author = "A"\n[limits]\nratio_from_day = inf', "limit ratio_from_day must be a finite"),
        ('author = "A"\n[limits]\ncoupled = 1' + "0" * 5000, "is not TOML"),
        ('author = "A"\na = ' + "[" * 5000, "is not TOML"),
        (
            'author = "A"\n[limits]\ncoupled.' + "a." * 5000 + "a = 1",
            "coupled must be a number, not a",
        ),
        ('author = "A"\n[[cap]]\nrun_km = true', "must be a number"),
        ('author = "A"\n[[cap]]\nrun_km = 1\nuntil = "x"', "must be a day"),
        ('author = "A"\n[[cap]]\nrun_km = 1\nwhy = 3', "must be a text"),
        ('author = "A"\n[[cap]]\ndays = ["funday"]', "mon, tue"),
        ('author = "A"\n[[cap]]\nkm = 3', "unknown key 'km'"),
        ('author = "A"\n[[cap]]\nrun_km=1\nsince=2026-05-02\nuntil=2026-05-01', "before its since"),
        ("author = ", "limits.toml"),
    ],
)
def test_what_is_not_understood_in_the_file_is_named(text: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=words) as told:
        load_limits(written(tmp_path, text))
    assert "limits.toml" in str(told.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"nothing\.toml"):
        load_limits(tmp_path / "nothing.toml")


def test_one_limit_is_changed_by_a_mapping_and_the_rest_of_the_pace_is_kept() -> None:
    changed = limits_for("earliest", {"session_growth": 0.05})
    assert changed.session_growth == 0.05
    assert changed.weekly_growth == 0.20
    by_evidence = limits_for("steady", {"ramp-week.steady": 0.08})
    assert by_evidence.weekly_growth == 0.08
    own = {"ramp-session.growth": 0.07, "session-spike.small": 1.2}
    assert limits_for("steady", None, own).session_growth == 0.07
    assert limits_for("steady", {"session_growth": 0.06}, own).session_growth == 0.06
    whole = Limits(start_km=2.0)
    assert limits_for("earliest", whole, own) is whole


@pytest.mark.parametrize("wrong", [{"growth": 1}, {"coupled": True}, {"ewma": 1.5}])
def test_a_mapping_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SettingError, match=next(iter(wrong))):
        limits_for("steady", wrong)


def test_caps_are_obeyed_from_day_to_day_and_printed_with_their_author(tmp_path: Path) -> None:
    limits = load_limits(written(tmp_path, FILE))
    ramp = plan_ramp(HISTORY, easy_pace="7:00", limits=limits, **ASKED)
    plan = ramp.plan[ramp.plan["distance_km"] > 0]
    assert plan["date"].iloc[0] == pd.Timestamp("2026-04-27")
    early = plan[plan["date"] <= "2026-06-30"]
    assert early["distance_km"].max() == 4.2  # 30 minutes at 7:00 are less than 5 km
    assert (early["repeats"] * early["run_min"]).max() <= 30
    assert early["distance_km"].rolling(3).sum().max() <= 12.5
    assert "cap" in set(early["limited_by"])
    assert plan["distance_km"].max() > 5
    assert verify_ramp(HISTORY, ramp.plan, ramp.limits).empty
    assert "Limits set by A. Example, physiotherapist, 2026-04-10" in ramp.message
    assert "growth of a run 5 % (usually 10 %)" in ramp.message
    assert "Cap (wait for the scan) until Sun 26 Apr 2026: no run." in ramp.message
    assert "at most 30 minutes of running in a session" in ramp.message
    assert "runs on mon, wed, sat only" in ramp.message


@pytest.mark.parametrize(
    "cap",
    [
        Cap(run_km=4.9),
        Cap(week_km=14.0),
        Cap(run_min=35.0),
        Cap(days=(0, 2, 5)),
        Cap(since=date(2026, 5, 20), until=date(2026, 5, 20), run_km=0),
    ],
)
def test_the_verifier_rejects_each_cap_that_is_broken(cap: Cap) -> None:
    ramp = plan_ramp(HISTORY, easy_pace="7:00", limits={"caps": (cap,)}, **ASKED)
    assert verify_ramp(HISTORY, ramp.plan, ramp.limits).empty
    free = plan_ramp(
        HISTORY, easy_pace="7:00", resume=RESUME, target_km=24.0, run_days="tue,thu,sun"
    )
    capped = plan_ramp(HISTORY, easy_pace="7:00", **ASKED)
    plan = free.plan if cap.days else capped.plan
    found = verify_ramp(HISTORY, plan, Limits(caps=(cap,)))
    assert set(found["limit"]) == {"cap"}
    days = pd.DatetimeIndex(found["date"]).date
    assert all(cap.holds(day) for day in days)


def test_minutes_that_a_plan_does_not_tell_break_a_cap_on_minutes() -> None:
    plan = plan_ramp(HISTORY, **ASKED).plan[["date", "distance_km"]]
    found = verify_ramp(HISTORY, plan, Limits(caps=(Cap(run_min=600),)))
    assert set(found["limit"]) == {"cap"}
    assert found["value"].isna().all()


def test_run_days_follow_the_cap_that_names_them() -> None:
    ramp = plan_ramp(
        HISTORY, resume=RESUME, target_km=15.0, limits={"caps": (Cap(days=(1, 3, 6)),)}
    )
    runs_on = ramp.plan.loc[ramp.plan["distance_km"] > 0, "date"].dt.day_of_week
    assert set(runs_on) == {1, 3, 6}
    with pytest.raises(SettingError, match="choose other run days"):
        plan_ramp(HISTORY, limits={"caps": (Cap(days=(1, 3)),)}, **ASKED)


def test_a_day_that_a_cap_bars_for_a_while_has_no_run_until_then() -> None:
    early = Cap(until=date(2026, 5, 31), days=(0, 2))
    ramp = plan_ramp(HISTORY, limits={"caps": (early,)}, **ASKED)
    saturdays = ramp.plan[ramp.plan["date"].dt.day_of_week == 5]
    barred = saturdays[saturdays["date"] <= "2026-05-31"]
    assert (barred["distance_km"] == 0).all()
    assert set(barred["limited_by"]) == {"cap"}
    assert (saturdays.loc[saturdays["date"] > "2026-06-06", "distance_km"] > 0).all()


def test_looser_limits_are_taken_and_said() -> None:
    loose = plan_ramp(HISTORY, limits={"weekly_growth": 0.25, "no_consecutive_days": 14}, **ASKED)
    line = next(line for line in loose.message.splitlines() if line.startswith("LOOSER"))
    assert "growth of a week 25 % (usually 15 %)" in line
    assert "days without two runs in a row 14 (usually 28)" in line
    assert "LOOSER" not in plan_ramp(HISTORY, **ASKED).message
    strict = plan_ramp(HISTORY, limits={"no_consecutive_days": 60}, **ASKED)
    assert "LOOSER" not in strict.message
    assert "Limits set: days without two runs in a row 60" in strict.message


def test_a_plan_ends_before_a_lay_off_that_a_cap_makes() -> None:
    away = Cap(since=date(2026, 5, 20), until=date(2026, 6, 3), run_km=0, why="holiday")
    ramp = plan_ramp(HISTORY, limits={"caps": (away,)}, **ASKED)
    last = ramp.plan["date"].iloc[-1]
    assert last == pd.Timestamp("2026-05-18")
    assert not ramp.reached
    assert "not reached before the days without a run from Tue 19 May 2026 on" in ramp.message
    short = Cap(since=date(2026, 5, 20), until=date(2026, 5, 22), run_km=0)
    assert plan_ramp(HISTORY, limits={"caps": (short,)}, **ASKED).reached


def test_a_cap_that_cannot_be_meant_is_refused() -> None:
    with pytest.raises(SettingError, match="days are numbers"):
        Cap(days=(7,))
    assert Cap(run_min=0).no_run
    assert not Cap(run_km=1).no_run
