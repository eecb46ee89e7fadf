"""What somebody meets who types: an archive or a log for every function, pictures, short shows."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import matplotlib as mpl
import pandas as pd
import pytest
from made_pages import read_sample
from matplotlib import pyplot
from matplotlib.axes import Axes

import loadmon
from loadmon.errors import FrameError, SettingError
from loadmon.ramp.screening import STOP_TEXT

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(scope="module")
def archive() -> loadmon.Archive:
    limits = {"session-spike.small": 1.02}
    read = read_sample()
    return read.with_athlete(loadmon.Athlete(limits=limits, unknown_days=(read_day(read),)))


def read_day(read: loadmon.Archive) -> pd.Timestamp:
    """A day inside the data, for the runner to mark."""
    day: pd.Timestamp = read.activities["date"].iloc[40]
    return day.date()  # type: ignore[return-value]


def log_of(archive: loadmon.Archive) -> pd.DataFrame:
    """What a runner types: days and distances."""
    runs = archive.activities[archive.activities["sport"] == "running"]
    return runs[["date", "distance_km"]].reset_index(drop=True)


def test_an_archive_is_as_good_as_its_frame_with_what_the_runner_said(
    archive: loadmon.Archive,
) -> None:
    frame, calendar = archive.activities, archive.calendar()
    own = archive.athlete.limits
    same = pd.testing.assert_frame_equal
    same(loadmon.daily_load(archive), loadmon.daily_load(frame, calendar=calendar))
    same(loadmon.weekly_load(archive), loadmon.weekly_load(frame, own=own, calendar=calendar))
    same(loadmon.session_spikes(archive), loadmon.session_spikes(frame, own=own, calendar=calendar))
    found = loadmon.window_load(archive, load="duration_min")
    assert found == loadmon.window_load(frame, load="duration_min", calendar=calendar)
    weeks = loadmon.weekly_load(archive, own={})
    assert not weeks["flags"].equals(loadmon.weekly_load(archive)["flags"])


def test_days_and_distances_are_enough_for_load_ratio_spikes_and_a_plan(
    archive: loadmon.Archive,
) -> None:
    log = log_of(archive)
    before = log.copy()
    daily = loadmon.daily_load(log)
    known = loadmon.daily_load(archive.activities)
    both = known.index.intersection(daily.index)
    is_known = known.loc[both, "load"].notna()
    left, right = (frame.loc[both, "load"][is_known] for frame in (daily, known))
    pd.testing.assert_series_equal(left, right)
    assert not is_known.all()
    assert daily["assumed"].all()  # nothing says that no file of a day is missing
    weekly = loadmon.weekly_load(log)
    ran = weekly["runs"] > 0
    assert weekly.loc[ran, ["duration_min", "elevation_gain_m"]].isna().all(axis=None)
    assert loadmon.acwr(daily["load"])["acwr"].notna().any()
    spikes = loadmon.session_spikes(log)
    assert spikes["activity_id"].tolist() == [f"row {n}" for n in range(1, len(log) + 1)]
    findings = loadmon.check(log).to_frame().set_index("check")
    assert findings.loc["session_spike", "value"] == pytest.approx(1.41, abs=0.005)
    assert findings.loc[["form", "descent", "symptoms"], "verdict"].eq("not_set_up").all()
    assert loadmon.today(log).distance_km > 0
    ramp = loadmon.plan_ramp(log, resume="2026-11-16", target_km=20)
    assert ramp.reached
    assert "assumed" in ramp.message  # its pace
    pd.testing.assert_frame_equal(log, before)


def test_a_log_with_days_as_text_and_the_sport_said_counts_runs_alone() -> None:
    days = pd.date_range("2026-03-01", periods=40).strftime("%Y-%m-%d")
    log = pd.DataFrame({"date": days, "distance_km": 5.0})
    assert loadmon.daily_load(log)["load"].sum() == 200.0
    rides = log.assign(sport=["running", "cycling"] * 20)
    assert loadmon.daily_load(rides)["load"].sum() == 100.0


@pytest.mark.parametrize("left_out", ["date", "distance_km"])
def test_less_than_a_log_is_refused_with_what_is_enough(left_out: str) -> None:
    log = pd.DataFrame({"date": ["2026-03-01"], "distance_km": [5.0]}).drop(columns=left_out)
    for function in (loadmon.daily_load, loadmon.weekly_load, loadmon.check):
        with pytest.raises(FrameError, match=f"lack .*{left_out}.*log of runs with date and dist"):
            function(log)


def test_a_frame_of_an_archive_without_its_sports_is_no_log_of_runs(
    archive: loadmon.Archive,
) -> None:
    with pytest.raises(FrameError, match="lack sport"):
        loadmon.daily_load(archive.activities.drop(columns="sport"))


@pytest.mark.parametrize("column", ["duration_min", "elapsed_min", "distance_km"])
@pytest.mark.parametrize("text", ["50", "fifty"])
def test_texts_for_numbers_are_refused_by_name_and_not_by_numpy(
    archive: loadmon.Archive, column: str, text: str
) -> None:
    wrong = replace(archive, activities=archive.activities.assign(**{column: text}))
    functions = (loadmon.check, loadmon.today, loadmon.weekly_load, loadmon.session_spikes)
    for function in functions:
        with pytest.raises(FrameError, match=rf"'{column}'\] must hold numbers, not .*'{text}'"):
            function(wrong)  # type: ignore[operator]


def test_a_diary_frame_may_hold_days_as_text_and_few_columns(archive: loadmon.Archive) -> None:
    diary = pd.DataFrame({"date": ["2026-10-10", "2026-10-11"], "pain": [2, 6], "site": "back"})
    found = loadmon.check(archive, athlete=loadmon.Athlete(diary=diary)).to_frame()
    assert found.set_index("check").loc["symptoms", "verdict"] == "flagged"
    with pytest.raises(SettingError, match=r"'10\.10\.2026' is not a day; write 2026-10-11"):
        loadmon.Athlete(diary=diary.assign(date="10.10.2026"))
    with pytest.raises(SettingError, match="diary lacks date"):
        loadmon.Athlete(diary=diary.drop(columns="date"))


def test_what_is_shown_of_itself_is_short_and_escaped(archive: loadmon.Archive) -> None:
    ramp = loadmon.plan_ramp(archive, resume="2026-11-16", target_km=20)
    files = pd.concat([archive.files, archive.files.iloc[:1].assign(outcome="<b>x")])
    for thing in (
        replace(archive, files=files),
        *(loadmon.check(archive), loadmon.today(archive), ramp),
        *(loadmon.check(archive, as_of="2020-01-01"), loadmon.today(archive, as_of="2020-01-01")),
        replace(archive, activities=archive.activities.iloc[:0], files=archive.files.iloc[:0]),
    ):
        assert len(repr(thing)) < 400
        assert "\n" not in repr(thing)
        html = thing._repr_html_()
        assert len(html) < 3000
        assert "<b>x" not in html
    assert "session_spike: flagged" in repr(loadmon.check(archive))
    assert "14.2 km" in loadmon.check(archive)._repr_html_()
    assert STOP_TEXT.split("\n")[0] in ramp._repr_html_()


def test_a_plan_that_is_none_shows_why() -> None:
    text = "Go to a doctor <now>."
    none = loadmon.Ramp(pd.DataFrame(), None, reached=False, message=text)  # type: ignore[arg-type]
    assert "no plan" in repr(none)
    assert "Go to a doctor &lt;now&gt;." in none._repr_html_()


def test_pictures_make_their_own_axes(archive: loadmon.Archive) -> None:
    mpl.use("agg")
    daily, ramp = loadmon.daily_load(archive), loadmon.plan_ramp(archive, resume="2026-11-16")
    diary = loadmon.Athlete(diary=pd.DataFrame({"date": ["2026-10-10"], "pain": [2]})).diary
    made = [
        loadmon.plot_weeks(loadmon.weekly_load(archive)),
        loadmon.plot_sessions(loadmon.session_spikes(archive)),
        loadmon.plot_ratio(daily["load"]),
        loadmon.plot_monotony(daily),
        loadmon.plot_rest(daily),
        loadmon.plot_pain(diary),
        loadmon.plot_ramp(ramp.plan),
    ]
    assert all(isinstance(ax, Axes) for ax in made)
    assert len({id(ax.figure) for ax in made}) == len(made)
    pyplot.close("all")


SCRIPT = """
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
import loadmon
pool = ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn"))
team = loadmon.cohort({team!r}, as_of="2026-10-11", cache=False, executor=pool)
print(len(team.athletes), "athletes")
"""


def test_a_script_without_a_guard_says_what_is_missing_and_has_its_answer(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(SCRIPT.format(team=str(DATA / "sample_team")), encoding="utf-8")
    house = str(Path(loadmon.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": house, "PATH": "", "HOME": str(tmp_path)},
        check=True,
    )
    assert done.stdout == "6 athletes\n"  # once, and not once more in each process
    assert 'if __name__ == "__main__"' in done.stderr
    assert "killed" not in done.stdout + done.stderr
