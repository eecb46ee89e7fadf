"""A plan for calendar and watch: entries that update in place, workouts that decode."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import fitdecode
import pandas as pd
import pytest
from icalendar import Calendar
from made import archive, runs

from loadmon.athlete import Athlete
from loadmon.errors import SettingError
from loadmon.io.fit.frames import read_fit
from loadmon.ramp.export import calendar, uid
from loadmon.ramp.plan import plan_ramp
from loadmon.ramp.screening import STOP_TEXT, WALK_TEXT

WEEK = [8.0, 0, 8.0, 0, 0, 14.0, 0]
HISTORY = archive(runs(WEEK * 10, first="2026-01-05"), rested_until="2027-01-01")
RESUME = pd.Timestamp("2026-01-05") + pd.Timedelta(days=105)
PLAN = plan_ramp(HISTORY, resume=RESUME, target_km=20, easy_pace="7:00")


def entries(text: bytes) -> dict[str, object]:
    """Entries by UID, as a calendar keeps them: a second one of a UID replaces the first."""
    return {str(e["uid"]): e for e in Calendar.from_ical(text).walk("VEVENT")}


def test_every_day_has_one_entry_for_the_whole_day() -> None:
    found = list(entries(PLAN.to_ics()).values())
    assert len(found) == len(PLAN.plan)
    for event, day in zip(found, PLAN.plan["date"], strict=True):
        assert event["dtstart"].dt == day.date()
        assert type(event["dtstart"].dt) is date
        assert (event["dtend"].dt - event["dtstart"].dt).days == 1
        assert event["transp"] == "TRANSPARENT"
        assert "dtstamp" in event


def test_the_stop_text_goes_with_every_entry() -> None:
    for event in entries(PLAN.to_ics()).values():
        assert str(event["description"]).endswith(STOP_TEXT)


def test_an_entry_says_what_to_do() -> None:
    first, second = list(entries(PLAN.to_ics()).values())[:2]
    assert str(first["summary"]) == "Walk-run 3.0 km"
    assert "Walk 5 min, 11 x (run 1:50 min, walk 2 min), walk 5 min." in str(first["description"])
    assert "Week 1 of the plan, stage 1 of 5." in str(first["description"])
    assert str(second["summary"]) == "Easy walk 30 min"
    assert "Rest day" in {str(e["summary"]) for e in entries(PLAN.to_ics()).values()}
    miles = plan_ramp(HISTORY, resume=RESUME, target_km=20, athlete=Athlete(units="mi"))
    assert str(next(iter(entries(miles.to_ics()).values()))["summary"]) == "Walk-run 1.9 mi"


def test_a_newer_plan_replaces_every_entry_and_doubles_none() -> None:
    made = datetime(2026, 4, 19, 8, 0, tzinfo=UTC)
    later = datetime(2026, 4, 19, 8, 1, tzinfo=UTC)
    newer = plan_ramp(HISTORY, resume=RESUME, target_km=30)
    old, new = entries(PLAN.to_ics(made_on=made)), entries(newer.to_ics(made_on=later))
    assert set(old) <= set(new)  # the longer plan
    both = old | new
    assert len(both) == len(new)
    days = [event["dtstart"].dt for event in both.values()]
    assert len(days) == len(set(days))
    for key in old:
        assert new[key]["sequence"] > old[key]["sequence"]
        assert new[key]["dtstamp"].dt > old[key]["dtstamp"].dt


def test_a_day_that_lost_its_run_gets_another_entry_in_its_place() -> None:
    moved = plan_ramp(HISTORY, resume=RESUME, target_km=20, run_days="mon,thu,sat")
    wednesday = uid(date(2026, 4, 22))
    assert "Walk-run" in str(entries(PLAN.to_ics())[wednesday]["summary"])
    assert "run" not in str(entries(moved.to_ics())[wednesday]["summary"])


def test_plans_of_two_runners_stand_side_by_side() -> None:
    one, two = entries(PLAN.to_ics(name="Ada")), entries(PLAN.to_ics(name="Bo"))
    assert not set(one) & set(two)
    assert str(next(iter(one.values()))["summary"]) == "Ada: Walk-run 3.0 km"


def test_the_same_plan_gives_the_same_bytes() -> None:
    again = plan_ramp(HISTORY, resume=RESUME, target_km=20, easy_pace="7:00")
    assert PLAN.to_ics() == again.to_ics()
    assert PLAN.to_fit() == again.to_fit()


def test_lines_of_a_calendar_are_folded_and_end_as_they_should() -> None:
    lines = PLAN.to_ics().split(b"\r\n")
    assert max(len(line) for line in lines) <= 75
    assert b"\n" not in b"".join(lines)


def messages(content: bytes) -> list[fitdecode.FitDataMessage]:
    """Messages of a file whose CRC must be right."""
    with fitdecode.FitReader(
        BytesIO(content),
        check_crc=fitdecode.CrcCheck.RAISE,
        error_handling=fitdecode.ErrorHandling.RAISE,
    ) as reader:
        return [m for m in reader if isinstance(m, fitdecode.FitDataMessage)]


def steps(content: bytes) -> list[dict[str, object]]:
    found = [m for m in messages(content) if m.name == "workout_step"]
    return [{f.name: f.value for f in m.fields if f.value is not None} for m in found]


def test_each_run_has_a_workout_that_decodes_and_no_two_are_taken_for_one() -> None:
    files = PLAN.to_fit()
    runs_of = PLAN.plan[PLAN.plan["distance_km"] > 0]
    assert len(files) == len(runs_of)
    serials = set()
    for content in files.values():
        first = messages(content)[0]
        assert first.get_value("type") == "workout"
        serials.add(first.get_value("serial_number"))
    assert len(serials) == len(files)
    assert next(iter(files)) == "2026-04-20_walk_run.fit"


def test_a_walk_run_holds_its_repeats_durations_and_names() -> None:
    content = PLAN.to_fit()["2026-04-20_walk_run.fit"]
    session = next(s for s in PLAN.sessions if s)
    ((repeats, run, walk),) = session.bouts
    told = steps(content)
    assert [s.get("wkt_step_name") for s in told] == ["walk", "run", "walk", None, "walk"]
    assert [s.get("duration_time") for s in told] == [300, run * 60, walk * 60, None, 300]
    assert told[3]["duration_type"] == "repeat_until_steps_cmplt"
    assert told[3]["duration_step"] == 1
    assert told[3]["repeat_steps"] == repeats
    assert [s["message_index"] for s in told] == [0, 1, 2, 3, 4]
    assert {s["target_type"] for s in told} == {"open"}
    workout = next(m for m in messages(content) if m.name == "workout")
    assert workout.get_value("wkt_name") == "20 Apr walk-run 3.0 km"
    assert workout.get_value("sport") == "running"
    assert workout.get_value("num_valid_steps") == len(told)


def test_a_run_without_walks_goes_by_its_distance() -> None:
    name, content = next(
        (n, c) for n, c in PLAN.to_fit().items() if n.endswith("_run.fit") and "walk" not in n
    )
    km = PLAN.plan.set_index("date")["distance_km"][pd.Timestamp(name[:10])]
    run = steps(content)[1]
    assert run["duration_type"] == "distance"
    assert run["duration_distance"] == pytest.approx(1000 * km)


def test_every_workout_of_a_programme_runs_its_published_minutes() -> None:
    ramp = plan_ramp(HISTORY, resume=RESUME, programme="couch-to-5k")
    by_day = dict(zip(ramp.plan["date"], ramp.sessions, strict=True))
    for name, content in ramp.to_fit().items():
        session = by_day[pd.Timestamp(name[:10])]
        assert session is not None
        running, last = 0.0, 0.0
        for step in steps(content):
            if step.get("wkt_step_name") == "run":
                last = float(step["duration_time"]) / 60  # type: ignore[arg-type]
                running += last
            running += last * (float(step.get("repeat_steps", 1)) - 1)  # type: ignore[arg-type]
        assert running == pytest.approx(session.running_min, abs=1e-3), name


def test_our_own_reader_reads_the_workouts_too() -> None:
    frames = read_fit(PLAN.to_fit()["2026-04-20_walk_run.fit"])
    assert frames["workout_step"]["duration_time"].dropna().sum() == 300 + 110 + 120 + 300


def test_a_refusal_has_no_calendar_and_no_workouts() -> None:
    refused = plan_ramp(HISTORY, resume=RESUME, screening={"both_legs": True})
    for give in (refused.to_ics, refused.to_fit):
        with pytest.raises(SettingError, match="no plan to export: Get help now"):
            give()


def test_without_the_library_workouts_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "fit_tool", None)
    with pytest.raises(SettingError, match=r"loadmon\[fit\]"):
        PLAN.to_fit()


SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")


def test_the_command_writes_both_and_never_over_another_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from loadmon.cli.main import main

    told = ["ramp", SAMPLE, "--resume", "2026-11-16", "--target-km", "15", "--rested"]
    ics, folder = tmp_path / "plan.ics", tmp_path / "watch" / "new"
    files = ["--ics", str(ics), "--fit", str(folder), "--name", "Ada"]
    for _ in range(2):
        assert main([*told, *files]) == 0
    err = capsys.readouterr().err
    assert "GARMIN/NewFiles" in err
    assert "have not been tried" in err
    assert len(list(folder.glob("*.fit"))) > 10
    assert len(entries(ics.read_bytes())) > 30
    ics.write_text("my letters")
    assert main([*told, "--ics", str(ics)]) == 2
    assert ics.read_text() == "my letters"
    assert main([*told, "--ics", str(tmp_path / "no" / "plan.ics")]) == 2


def plain_run() -> pd.DataFrame:
    """A day of a plan that is one plain run, without walks around it."""
    return PLAN.plan[PLAN.plan["kind"] == "run"].head(1).assign(session="run 28 min")


def test_every_number_of_an_entry_has_its_unit() -> None:
    (run,) = entries(calendar(plain_run(), datetime(2026, 4, 19, tzinfo=UTC))).values()
    km = f"{plain_run()['distance_km'].iloc[0]:.1f} km"
    assert str(run["description"]).startswith(f"Run {km}.\n")
    assert str(run["summary"]) == f"Easy run {km}"
    named = r"(\d+:)?\d+(\.\d+)?"
    fine = rf"{named} (km|mi|min|minutes)|{named} x \(|[Ww]eek {named}"
    fine += rf"|stage {named} of {named}|over {named} of 10"
    for event in [*entries(PLAN.to_ics()).values(), run]:
        text = str(event["description"])
        left = re.sub(fine, "", f"{event['summary']}\n{text}")
        assert not re.search(r"\d", left), left


def test_no_word_of_a_plan_can_be_read_as_while_running() -> None:
    for text in (STOP_TEXT, WALK_TEXT, PLAN.message):
        assert not re.search(r"twice running|run ramp|running:", text)
    assert "two mornings in a row: see a professional" in STOP_TEXT
    assert "make a new plan (loadmon ramp)" in STOP_TEXT


def test_a_name_in_a_calendar_is_escaped() -> None:
    hostile = "Ann\r\nBEGIN:VEVENT\x1b[2J\u202e"
    text = PLAN.to_ics(name=hostile)
    assert text.count(b"BEGIN:VEVENT\r\n") == len(PLAN.plan)
    assert b"\x1b" not in text
    assert "\u202e" not in text.decode()
    # As it stands in the file: readers before icalendar 7 take an escaped backslash for a line end.
    assert b"SUMMARY:Ann\\\\r\\\\nBEGIN:VEVENT\\\\x1b[2J\\\\u202e: Walk-run" in text


def test_a_week_of_a_programme_is_told_from_one_of_the_plan() -> None:
    made = plan_ramp(HISTORY, resume=RESUME, programme="couch-to-5k")
    told = [str(event["description"]) for event in entries(made.to_ics()).values()]
    assert "Week 1 of the plan, week 1 of its programme." in told[0]
    assert not [text for text in told if re.search(r"of the plan, week [^.]*\d\.", text)]


def test_a_run_keeps_the_walks_that_warm_up_and_cool_down() -> None:
    row = plain_run().assign(session="walk 5 min, run 12 min, walk 5 min")
    (run,) = entries(calendar(row, datetime(2026, 4, 19, tzinfo=UTC))).values()
    km = f"{row['distance_km'].iloc[0]:.1f} km"
    assert str(run["description"]).startswith(
        f"{km} of running.\nWalk 5 min, run 12 min, walk 5 min.\n"
    )
