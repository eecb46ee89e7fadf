"""A history in numbers: the frame by hand, the same plans as from files, and every refusal."""

from __future__ import annotations

import datetime as dt
import functools
import math
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st

import loadmon
from data.writers import run_fit, run_gpx
from loadmon import stated
from loadmon.errors import LoadmonError, SettingError
from loadmon.io.archive import ACTIVITY_COLUMNS
from loadmon.ramp.screening import REASONS
from loadmon.stated import days_before_the_last, introduced, usual

SUNDAY = "2026-09-20"


def a_week() -> stated.StatedHistory:
    return usual(25, 10, runs=3, last_run=SUNDAY)


def test_the_weeks_by_hand() -> None:
    """25 km in 3 runs, longest 10: 7.5 + 7.5 + 10, of which the long one is the last."""
    rows = a_week().activities
    assert list(rows["date"].dt.strftime("%a %d %b").tail(6)) == [
        *("Tue 08 Sep", "Fri 11 Sep", "Sun 13 Sep"),
        *("Tue 15 Sep", "Fri 18 Sep", "Sun 20 Sep"),
    ]
    assert rows["distance_km"].tail(6).tolist() == [7.5, 7.5, 10.0, 7.5, 7.5, 10.0]
    assert len(rows) == 30 * 3
    assert rows["date"].iloc[0] == pd.Timestamp("2026-02-24")  # the Tuesday 29 weeks before
    assert rows["start_utc"].is_monotonic_increasing
    assert set(rows["sport"]) == {"running"}
    assert set(rows["distance_source"]) == set(rows["tz_source"]) == {"stated"}
    assert rows["duration_min"].isna().all()
    assert {name: str(dtype) for name, dtype in rows.dtypes.items()}.items() >= {
        name: str(dtype) for name, dtype in loadmon_dtypes().items()
    }.items()


def loadmon_dtypes() -> dict[str, Any]:
    return {c: t for c, t in ACTIVITY_COLUMNS.items() if t != "object"}


def test_every_week_is_the_same_and_every_day_is_known() -> None:
    weeks = loadmon.weekly_load(a_week().activities)
    assert weeks["distance_km"].iloc[1:-1].tolist() == [25.0] * (len(weeks) - 2)
    assert weeks["n_known"].tolist() == weeks["n_days"].tolist()
    calendar = a_week().calendar("2026-12-24")
    assert not calendar.is_unknown.any()
    assert not calendar.is_silent.any()  # nothing was run after the last run
    assert not calendar.assumed.any()


@pytest.mark.parametrize(
    ("runs", "before"),
    [
        (1, [0]),
        (2, [0, 4]),
        (3, [0, 2, 5]),
        (4, [0, 2, 4, 5]),
        (5, [0, 1, 3, 4, 6]),
        (6, [0, 1, 2, 4, 5, 6]),
        (7, [0, 1, 2, 3, 4, 5, 6]),
    ],
)
def test_the_runs_of_a_week_lie_apart_as_far_as_whole_days_let(
    runs: int, before: list[int]
) -> None:
    assert days_before_the_last(runs) == before
    if runs <= 3:  # a day between any two
        assert all(b - a > 1 for a, b in zip(before, [*before[1:], 7], strict=True))


def test_half_a_year_is_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a plan and a day rest on does not change with more weeks of the same."""

    def seen() -> list[str]:
        out = []
        for resume in ("2026-09-22", "2026-10-02", "2026-11-20", "2027-08-01"):
            ramp = loadmon.plan_ramp(a_week(), resume=resume)
            out += [ramp.plan.to_csv(), ramp.message]
        for day in (SUNDAY, "2026-09-23", "2026-10-20"):
            out.append(loadmon.today(a_week(), as_of=day).to_frame().to_csv())
            out.append(loadmon.check(a_week(), as_of=day).to_frame().to_csv())
        return out

    as_it_is = seen()
    monkeypatch.setattr(stated, "WEEKS", 60)
    assert seen() == as_it_is


def test_who_runs_every_week_the_same_is_flagged_nowhere() -> None:
    found = loadmon.check(a_week())
    assert found.verdict == "ok"
    assert loadmon.today(a_week(), as_of="2026-09-23").distance_km >= 10


@st.composite
def weeks(draw: st.DrawFn) -> dict[str, Any]:
    """Weeks of runs that are whole tenths of a kilometre."""
    runs = draw(st.integers(1, 7))
    longest = draw(st.integers(20, 300))
    other = draw(st.integers(5, longest)) if runs > 1 else 0
    return {
        "weekly_km": (longest + (runs - 1) * other) / 10,
        "longest_km": longest / 10,
        "runs": runs,
        "last_run": dt.date(2026, 9, 20) - dt.timedelta(days=draw(st.integers(0, 6))),
    }


def runs_of(week: dict[str, Any]) -> Iterator[tuple[dt.datetime, float]]:
    """Start and distance of the same weeks, counted apart from `usual`: from the last run on."""
    runs, longest = week["runs"], week["longest_km"]
    other = (week["weekly_km"] - longest) / (runs - 1) if runs > 1 else 0.0
    noon = dt.datetime.combine(week["last_run"], dt.time(12), dt.UTC)
    for number in range(30):
        for n in range(runs):
            ago = 7 * number + round(7 * n / runs + 1e-9)
            yield noon - dt.timedelta(days=ago), longest if n == 0 else other


def listed(week: dict[str, Any]) -> dict[str, bytes]:
    """The weeks as a platform's list."""
    rows = [
        "Activity Id,Date,Type,Route Name,Distance (km),Duration,Average Pace,Calories Burned,"
        "Climb (m),Average Heart Rate (bpm),Notes,GPX File"
    ]
    for start, km in runs_of(week):
        minutes, seconds = divmod(round(390 * km), 60)
        when = f"{start:%Y-%m-%d %H:%M:%S}"
        rows.append(f"{when},{when},Running,,{km:.3f},{minutes}:{seconds:02},6:30,,,,,")
    return {"cardioActivities.csv": "\n".join(rows).encode()}


def recorded(week: dict[str, Any], write: Any, **options: Any) -> dict[str, bytes]:
    """The weeks as recordings."""
    return {
        f"{start:%Y%m%d}.{'gpx' if write is run_gpx else 'fit'}": write(
            start, distance_km=round(km, 3), duration_min=round(6.5 * km), **options
        )
        for start, km in runs_of(week)
    }


def read_files(files: dict[str, bytes], folder: Path) -> loadmon.Archive:
    path = folder / "export.zip"
    with zipfile.ZipFile(path, "w") as into:
        for name, data in files.items():
            into.writestr(name, data)
    return loadmon.read(path, athlete=loadmon.Athlete(home_zone="UTC"), cache=False)


def planned(archive: loadmon.Archive, told: str = "", **asked: Any) -> Any:
    """What a plan is, but for the sentence that its numbers were typed."""
    try:
        ramp = loadmon.plan_ramp(archive, easy_pace=6.5, **asked)
    except LoadmonError as error:
        return str(error)
    assert ramp.message.startswith(told)
    message = ramp.message.removeprefix(told).lstrip()
    return ramp.plan.to_csv(), message, ramp.reached_on, ramp.limits


ANSWERS = {"site": "knee", "clinician_agreed": True}


def the_same(read: loadmon.Archive, week: dict[str, Any], off: int) -> None:
    """Assert that files and numbers lead to the same plans, for every reason and the same day."""
    typed = usual(**week)
    assert read.activities["date"].tolist() == typed.activities["date"].tolist()
    assert read.activities["distance_km"].tolist() == pytest.approx(
        typed.activities["distance_km"].tolist(), abs=1e-6
    )
    day = week["last_run"] + dt.timedelta(days=off + 1)
    read = read.rested_until(day)  # as the last run says it was
    for n, reason in enumerate(REASONS):
        answers = {q: ANSWERS.get(q, False) for q in questions(reason)}
        pace = ("steady", "earliest")[n % 2]
        asked = {"resume": day, "pace": pace, "reason": reason, "screening": answers}
        assert planned(read, **asked) == planned(typed, told=typed.statement(), **asked)
    one, other = (loadmon.today(one, as_of=day) for one in (read, typed))
    assert (one.distance_km, one.limited_by) == (
        pytest.approx(other.distance_km, nan_ok=True),
        other.limited_by,
    )


@settings(max_examples=examples(0.2))
@given(week=weeks(), off=st.sampled_from([0, 3, 6, 13, 20, 45, 120]))
def test_a_plan_is_that_of_a_list_of_the_same_weeks(
    week: dict[str, Any], off: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    the_same(read_files(listed(week), tmp_path_factory.mktemp("files")), week, off)


#: 12 km in three runs, the longest of 5 km.
TWELVE = {"weekly_km": 12.0, "longest_km": 5.0, "runs": 3, "last_run": dt.date(2026, 9, 20)}


@pytest.fixture(scope="module")
def recordings(tmp_path_factory: pytest.TempPathFactory) -> loadmon.Archive:
    """The twelve kilometres a week, recorded."""
    files = recorded(TWELVE, run_fit, offset_min=0)
    return read_files(files, tmp_path_factory.mktemp("files"))


@pytest.mark.parametrize("off", [2, 10, 40])
def test_a_plan_is_that_of_recordings_of_the_same_weeks(
    off: int, recordings: loadmon.Archive
) -> None:
    the_same(recordings, TWELVE, off)


@functools.cache
def questions(reason: Any) -> list[str]:
    try:
        loadmon.plan_ramp(a_week(), resume="2026-10-01", reason=reason)
    except loadmon.ScreeningNeeded as needed:
        return list(needed.questions)
    return []


def test_a_plan_is_that_of_tracks_of_the_same_weeks(tmp_path: Path) -> None:
    """GPX, whose distances come from positions: a metre more or less in each run."""
    read, typed = read_files(recorded(TWELVE, run_gpx), tmp_path), usual(**TWELVE)
    assert len(read.activities) == len(typed.activities) == 90
    both = [
        loadmon.plan_ramp(archive, resume="2026-10-20", easy_pace=6.5).plan
        for archive in (read, typed)
    ]
    assert both[0]["kind"].tolist() == both[1]["kind"].tolist()
    assert both[0]["distance_km"].tolist() == pytest.approx(
        both[1]["distance_km"].tolist(), abs=0.2
    )


def test_what_the_numbers_are_and_what_they_cannot_say() -> None:
    told = a_week().statement()
    assert told.startswith(
        "From the numbers you typed: 25.0 km a week in 3 runs, longest 10.0 km, last run Sun 20 Sep"
    )
    assert "cannot see pain, races, or days you did not mention" in told
    mine = usual(25, 10, last_run=SUNDAY, athlete=loadmon.Athlete(units="mi"))
    assert "15.5 mi a week" in mine.statement()
    assert "15.5 mi a week" in a_week().statement("mi")
    assert "in 1 run," in usual(8, 8, runs=1, last_run=SUNDAY).statement()


def test_a_message_begins_with_it_once_and_that_of_files_does_not(tmp_path: Path) -> None:
    typed = a_week()
    once = introduced("A plan.", typed)
    assert once == f"{typed.statement()}\nA plan."
    assert introduced(once, typed) == once
    week = {"weekly_km": 8.0, "longest_km": 8.0, "runs": 1, "last_run": dt.date(2026, 9, 20)}
    assert introduced("A plan.", read_files(listed(week), tmp_path)) == "A plan."


def test_settings_change_as_of_any_archive() -> None:
    other = a_week().with_athlete(loadmon.Athlete(units="mi"))
    assert isinstance(other, loadmon.StatedHistory)
    assert other.activities["distance_km"].tolist() == a_week().activities["distance_km"].tolist()
    assert a_week().activities.equals(a_week().activities)
    assert a_week().files.empty
    assert a_week().kinds == ()


@pytest.mark.parametrize(
    ("wrong", "named", "to_do"),
    [
        ({"weekly_km": math.nan}, "weekly_km", "number of kilometres"),
        ({"weekly_km": math.inf}, "weekly_km", "number of kilometres"),
        ({"weekly_km": -5}, "weekly_km", "0 or more"),
        ({"weekly_km": "25"}, "weekly_km", "number of kilometres"),
        ({"weekly_km": True}, "weekly_km", "number of kilometres"),
        ({"weekly_km": 0.4, "longest_km": 0.4}, "weekly_km", "from 0.5 to 400 km"),
        ({"weekly_km": 400.1}, "weekly_km", "from 0.5 to 400 km"),
        ({"longest_km": math.nan}, "longest_km", "number of kilometres"),
        ({"longest_km": math.inf}, "longest_km", "number of kilometres"),
        ({"longest_km": -1.0}, "longest_km", "0 or more"),
        ({"longest_km": None}, "longest_km", "number of kilometres"),
        ({"longest_km": 0.49}, "longest_km", "at least 0.5 km"),
        ({"longest_km": 25.1}, "longest_km", "raise the week"),
        ({"runs": 0}, "runs", "from 1 to 7"),
        ({"runs": 8}, "runs", "from 1 to 7"),
        ({"runs": 2.5}, "runs", "from 1 to 7"),
        ({"runs": True}, "runs", "from 1 to 7"),
        ({"runs": "3"}, "runs", "from 1 to 7"),
        ({"runs": 2}, "runs", "less than the week"),  # 2 x 10 < 25
        ({"longest_km": 8.3}, "runs", "less than the week"),  # 3 x 8.3 < 25
        ({"longest_km": 24.5}, "runs", "under 0.5 km a run"),  # 0.5 km for two
        ({"longest_km": 25, "runs": 2}, "runs", "under 0.5 km a run"),
        ({"last_run": "yesterday"}, "last_run", "YYYY-MM-DD"),
        ({"last_run": "2026-02-30"}, "last_run", "YYYY-MM-DD"),
        ({"last_run": 20260920}, "last_run", "YYYY-MM-DD"),
        ({"last_run": pd.NaT}, "last_run", "YYYY-MM-DD"),
        ({"last_run": None}, "last_run", "YYYY-MM-DD"),
        ({"last_run": "0026-09-20"}, "last_run", "write the day that you mean"),
        ({"last_run": "9900-09-20"}, "last_run", "write the day that you mean"),
    ],
)
def test_what_cannot_be_meant_is_refused_by_its_name(
    wrong: dict[str, Any], named: str, to_do: str
) -> None:
    numbers: dict[str, Any] = {"weekly_km": 25, "longest_km": 10, "runs": 3, "last_run": SUNDAY}
    usual(**numbers)
    with pytest.raises(SettingError, match=f"^{named}") as refused:
        usual(**(numbers | wrong))
    assert to_do in str(refused.value)


@pytest.mark.parametrize(
    "numbers",
    [
        {"weekly_km": 30, "longest_km": 10},  # three equal runs
        {"weekly_km": 400, "longest_km": 60, "runs": 7},
        {"weekly_km": 0.5, "longest_km": 0.5, "runs": 1},
        {"weekly_km": 11, "longest_km": 10},
        {"weekly_km": 21.3, "longest_km": 7.1},  # 3 x 7.1 is 21.299999999999997
    ],
)
def test_what_can_only_just_be_meant_is_taken(numbers: dict[str, Any]) -> None:
    made = usual(**{"runs": 3, "last_run": SUNDAY, **numbers})
    week = made.activities.tail(numbers.get("runs", 3))
    assert week["distance_km"].sum() == pytest.approx(numbers["weekly_km"])
    assert week["distance_km"].max() == pytest.approx(numbers["longest_km"])
