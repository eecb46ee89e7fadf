"""The first screen: the answer first, unknown never fine, nothing wider than the terminal."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pandas as pd
import pytest
from made import archive, ledger, runs
from made_pages import page_of

from loadmon.athlete import Athlete
from loadmon.diary import no_diary
from loadmon.io.archive import Archive
from loadmon.ramp.plan import plan_ramp
from loadmon.report.first_screen import days_ahead, days_text, event
from loadmon.report.overview import GET_HELP, Overview, overview
from loadmon.report.page import page_data, render_page
from loadmon.report.plan import ramp_text
from loadmon.report.terminal import findings_text, report_text, today_text
from loadmon.report.wording import CANNOT_TELL, CHECK_WORDS, NOT_MEDICAL, sparkline
from loadmon.rules.engine import check, today

WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 5.0]
STEADY = WEEK * 8  # to Wednesday 25 February 2026


def told(
    loads: list[float],
    as_of: str | None = None,
    *,
    width: int = 80,
    colour: bool = False,
    athlete: Athlete | None = None,
    **attrs: object,
) -> str:
    made = shown(loads, as_of, athlete=athlete, **attrs)
    return report_text(made, width=width, colour=colour)


def shown(
    loads: list[float],
    as_of: str | None = None,
    *,
    athlete: Athlete | None = None,
    **attrs: object,
) -> Overview:
    files = ledger(*["imported"] * 3, "quarantined")
    archive = Archive(runs(loads, **attrs), files, athlete=athlete or Athlete())  # type: ignore[arg-type]
    return overview(archive, title="export.zip", as_of=as_of)


def test_the_first_line_accounts_for_every_file() -> None:
    first = " ".join(told(STEADY).splitlines()[0].split())
    assert first == "loadmon export.zip: 4 files = 3 read, 1 unreadable"


def test_a_flag_is_told_with_what_it_cannot_tell_and_its_grade() -> None:
    text = " ".join(told([*STEADY, 15.0]).split())
    assert "FLAGGED Thu 26 Feb: 15.0 km, 3.0 times the length of the longest run" in text
    assert CANNOT_TELL["session_spike"] in text
    assert "[grade B]" in text
    assert "NOTHING FLAGGED" not in text


def test_nothing_flagged_never_hides_that_something_is_not_known() -> None:
    known = told(STEADY)
    assert "NOTHING FLAGGED.\n" in known
    unknown = told(STEADY[:20])
    assert "NOTHING FLAGGED, but not everything is known." in unknown
    assert "NOT KNOWN   Acute:chronic ratio" in unknown


def test_unreadable_files_and_the_end_of_the_report_are_always_said() -> None:
    text = told(STEADY)
    assert "1 file could not be used: loadmon files export.zip" in " ".join(text.split())
    assert text.splitlines()[-1] == NOT_MEDICAL
    assert "NOT KNOWN Pain: not logged" in " ".join(text.split())


def test_silence_beyond_the_usual_gap_asks_and_reports_the_last_recorded_week() -> None:
    text = told(STEADY, "2026-03-20")
    assert "To Fri 20 Mar 2026: 23 days without a recording" in text
    assert "--rested | --old-export" in text
    assert "7 DAYS TO WED 25 FEB  20.0 km in 4 runs" in text
    assert "Checks of the 7 days to Wed 25 Feb 2026:" in text
    assert "Nothing is flagged up to" not in text


def test_silence_within_the_usual_gap_is_said_to_be_rest() -> None:
    text = told(STEADY, "2026-02-27")
    assert "to Fri 27 Feb 2026 are rest: within your usual gap" in " ".join(text.split())
    assert "--rested" not in text


def test_a_week_with_an_unknown_day_is_at_least_so_much() -> None:
    text = told(STEADY, unknown_days=["2026-02-24"])
    assert "LAST 7 DAYS  at least 20.0 km in 4 runs" in text


def test_a_recording_without_a_sport_is_said_not_to_be_counted() -> None:
    frame = runs(STEADY)
    frame.loc[frame.index[-1], "sport"] = ""
    made = overview(Archive(frame, ledger("imported")), title="export.zip")
    told = " ".join(report_text(made, width=88).split())
    said = f"1 recording without a sport ({frame['file'].iloc[-1]}): its day is unknown."
    assert f"NOT COUNTED {said}" in told
    assert 'write unknown_sport = "running" into athlete.toml' in told
    assert said in page_of(made)


def test_no_option_of_a_command_is_broken_at_its_hyphens() -> None:
    made = overview(Archive(runs(STEADY), ledger("imported")), title="export.zip")
    for width in range(44, 88, 3):
        lines = report_text(made, width=width).splitlines()
        assert not [line for line in lines if line.endswith("-")]


def test_an_empty_archive_says_so() -> None:
    assert "No activity was recorded" in told([])


def test_a_logged_pain_brings_every_warning_sign_before_the_flags() -> None:
    entry = no_diary().reindex([0]).assign(date=pd.Timestamp("2026-02-20"), pain=3.0, site="back")
    athlete = Athlete(diary=entry.fillna({"when": "next-morning"}))
    text = told([*STEADY, 15.0], athlete=athlete)
    words = " ".join(text.split())
    assert "PAIN last logged 3 of 10 (back, next morning) on Fri 20 Feb 2026" in words
    for heading, questions in GET_HELP:
        assert heading in words
        assert all(question in words for question in questions)
    assert text.index(GET_HELP[0][0]) < text.index("FLAGGED")


def test_colour_is_only_added_to_words_and_only_where_it_is_asked_for() -> None:
    plain, painted = told([*STEADY, 15.0]), told([*STEADY, 15.0], colour=True)
    assert "\033" not in plain
    assert "\033[1;33mFLAGGED\033[0m" in painted
    assert re.sub(r"\033\[[0-9;]*m", "", painted) == plain


def test_distances_are_told_in_miles_where_the_runner_counts_in_them() -> None:
    text = told(STEADY, "2026-02-26", athlete=Athlete(units="mi"))
    assert f"LAST 7 DAYS  {15 / 1.609344:.1f} mi in 3 runs" in text
    assert "up to 3.4 mi" in " ".join(text.split())
    assert " km" not in text


@pytest.mark.parametrize("loads", [STEADY, [*STEADY, 15.0], STEADY[:20], []])
def test_no_line_is_wider_than_the_terminal(loads: list[float]) -> None:
    made = shown(loads)
    for width in (40, 60, 72, 88):
        assert max(len(line) for line in report_text(made, width=width).splitlines()) <= width


def test_a_bar_is_as_high_as_its_week_and_an_unknown_one_is_a_dot() -> None:
    assert sparkline(np.array([0.0, 5.0, 10.0, np.nan])) == "▁▅█·"
    assert sparkline(np.array([0.0, 0.0])) == "▁▁"
    assert sparkline(np.array([np.nan])) == "·"


def test_every_check_is_told_with_limit_and_source() -> None:
    archive = Archive(runs(STEADY), ledger())
    findings = check(archive)
    text = findings_text(findings)
    for name in CHECK_WORDS.values():
        assert f"{name}: " in text
    told = [one for one in findings.to_dict()["findings"] if one["source"]]
    assert len(told) >= 7
    assert text.count("source: ") == len(told)
    assert "nan" not in text.split()


def test_today_names_the_day_the_distance_and_the_limit() -> None:
    archive = Archive(runs([*STEADY, 0.0]), ledger())
    text = today_text(today(archive, as_of="2026-02-26"))
    assert text.startswith("Thu 26 Feb 2026: the longest run within every limit is 5.5 km.")
    assert "Longest single run" in text
    assert "is 3.4 mi." in today_text(today(archive, as_of="2026-02-26"), units="mi")
    forming = Archive(runs([]), ledger())
    assert "is not known" in today_text(today(forming, as_of="2026-02-26"))


def test_a_plan_is_shown_week_by_week_and_a_refusal_alone() -> None:
    archive = Archive(runs(STEADY), ledger())
    resume = pd.Timestamp("2026-04-06")
    plan = plan_ramp(archive, resume=resume, target_km=15.0, reason="rest")
    lines = ramp_text(plan, whole=True).splitlines()
    heading = next(line for line in lines if line.startswith("week "))
    assert heading.split()[:3] == ["week", "from", "Mon"]
    late = plan_ramp(archive, resume="2026-04-10", target_km=15.0, run_days="mon,wed,fri")
    assert "week  from        Fri  " in ramp_text(late)  # the days in the order they are run
    weeks = [line for line in lines if line[:4].strip().isdigit()]
    assert len(weeks) == plan.plan["week"].max()
    first = plan.plan.loc[plan.plan["week"] == 1, "distance_km"].sum()
    assert f"{first:.1f}" in weeks[0].split()
    in_miles = [line.split() for line in ramp_text(plan, units="mi").splitlines()]
    heading = next(words for words in in_miles if words[:2] == ["week", "from"])
    week = next(words for words in in_miles if words[:1] == ["1"])
    assert heading[-5:-3] == ["week", "mi"]
    assert f"{first / 1.609344:.1f}" in week
    flagged = plan_ramp(
        archive, resume=resume, reason="back-pain", screening={"bladder_bowel": True}
    )
    assert ramp_text(flagged).split() == flagged.message.split()


def test_the_first_sentences_are_those_of_the_page() -> None:
    for loads in ([*STEADY, 15.0], STEADY[:20], [0.0, 0.0]):
        made = overview(Archive(runs(loads), ledger("imported")), title="x")
        lines = " ".join(report_text(made).split())
        assert event(made).text in lines
        assert days_text(days_ahead(made), "km") in lines
        page = re.sub(r"<[^>]*>", "", render_page(page_data(made)))
        assert event(made).text in " ".join(unescape(page).split())


@pytest.mark.parametrize(("last", "first"), [(5.0, "Friday"), (0.0, "Thursday")])
def test_the_next_days_begin_with_the_day_unless_a_run_was_on_it(last: float, first: str) -> None:
    made = runs([5.0, 0, 5.0, 0, 5.0, 0, 0] * 6 + [last])
    text = " ".join(report_text(overview(archive(made), title="x", as_of="2026-02-12")).split())
    assert re.search(rf"Nothing is flagged up to [\d.]+ km (on|from) {first}", text)


def test_monday_morning_tells_the_last_seven_days_and_no_zero_so_far() -> None:
    text = told(STEADY[:54], "2026-02-23")  # a Monday
    assert "LAST 7 DAYS  20.0 km in 4 runs" in text
    assert "so far" not in text
    assert "0.0 km" not in text.replace("20.0 km", "")


def test_rides_alone_one_run_and_one_week_have_their_own_words() -> None:
    rides = runs([20.0, 0, 20.0, 0]).assign(sport="cycling")
    text = report_text(overview(Archive(rides, ledger("imported")), title="x"))
    assert "No run is recorded to Sat 3 Jan 2026, only 2 activities of other sports." in text
    assert "LAST 7 DAYS  no run" in text
    assert "One run is recorded: 8.0 km on Thu 1 Jan 2026." in told([8.0])
    week = " ".join(told(WEEK).split())
    assert "LAST 7 DAYS 20.0 km in 4 runs, usual: not known 2 weeks" in week
    assert "as far as is known" in week


def test_commands_go_on_with_the_options_that_were_given() -> None:
    made = overview(archive(runs(STEADY), "quarantined"), title="my.zip")
    text = " ".join(report_text(made, width=88, options=" --athlete 'a b.toml' --units mi").split())
    for command in ("check", "today", "ramp", "init", "files"):
        assert f"loadmon {command} my.zip --athlete 'a b.toml' --units mi" in text
    assert "loadmon log my.zip --pain 2" in text  # the diary lies beside the archive alone


def test_the_weeks_of_a_plan_that_goes_on_are_shown_from_the_one_it_is_in() -> None:
    back = [3.0, 0.0, 3.0, 0.0, 0.0, 3.0, 0.0, 3.0, 0.0, 3.0]
    made = archive(runs([*[6.0, 0.0, 6.0, 0.0, 8.0, 0.0, 0.0] * 10, *[0.0] * 20, *back]))
    after = made.activities["date"].max() + pd.Timedelta(days=2)
    plan = plan_ramp(made, resume=after, target_km=20.0)
    assert plan.plan["week"].iloc[0] == 2
    lines = ramp_text(plan).splitlines()
    head = next(n for n, line in enumerate(lines) if line.startswith("week "))
    assert [int(line.split()[0]) for line in lines[head + 1 : head + 7]] == [2, 3, 4, 5, 6, 7]
    assert "as in week 3:" in ramp_text(plan)


def test_a_command_with_a_long_path_stays_in_one_piece() -> None:
    long = "a_very_long_name_of_a_folder_without_any_space_in_it/export.zip"
    made = archive(runs(STEADY), "imported")
    text = report_text(overview(made, title=long), width=40)
    assert all(long in line for line in text.splitlines() if "a_very_long" in line)


def test_a_limit_of_nothing_says_that_any_run_would_be_flagged() -> None:
    text = told([*STEADY, *[9.0] * 7])
    assert "Any run is flagged on Thursday and Friday, nothing is" in " ".join(text.split())
