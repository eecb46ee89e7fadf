"""`loadmon ramp` and `today` without files: numbers as options, or asked for on a terminal."""

from __future__ import annotations

import datetime as dt
import io
import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path

import icalendar
import pytest

import loadmon
from loadmon.cli.main import main
from loadmon.ramp.screening import EMERGENCY_TEXT, questions_for
from loadmon.stated import usual

NUMBERS = ["--usual", "25", "--longest", "10", "--runs", "3", "--last-run", "2026-09-20"]
RAMP = ["ramp", *NUMBERS, "--resume", "2026-10-01", "--as-of", "2026-09-30"]
SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    try:
        code = main([*words])
    except SystemExit as stop:
        code = int(str(stop.code))
    out, err = capsys.readouterr()
    return code, out, err


@pytest.fixture(autouse=True)
def _own_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))


def planned() -> loadmon.Ramp:
    history = usual(25, 10, runs=3, last_run="2026-09-20")
    return loadmon.plan_ramp(history, resume="2026-10-01")


def test_the_plan_is_that_of_python_and_says_what_it_rests_on(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = told(capsys, *RAMP)
    words = " ".join(out.split())
    assert (code, err) == (0, "")
    assert words.startswith("From the numbers you typed: 25.0 km a week in 3 runs, longest 10.0 km")
    assert "cannot see pain, races, or days you did not mention" in words
    for line in planned().message.splitlines():
        assert line.startswith("Between the runs") or line in words
    assert words.count("From the numbers you typed") == 1


def test_rows_calendar_and_workouts_are_those_of_python(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    files = ["--ics", str(tmp_path / "plan.ics"), "--fit", str(tmp_path / "fit")]
    code, out, err = told(capsys, *RAMP, "--format", "json", *files)
    assert code == 0
    assert "From the numbers you typed" in err
    assert "STOP" in err
    rows = json.loads(out)
    plan = planned().plan
    assert [row["distance_km"] for row in rows] == plan["distance_km"].tolist()
    assert [row["date"] for row in rows] == plan["date"].dt.strftime("%Y-%m-%d").tolist()
    events = icalendar.Calendar.from_ical((tmp_path / "plan.ics").read_bytes()).walk("VEVENT")
    assert len(events) == len(plan)
    assert any((tmp_path / "fit").iterdir())


def test_three_runs_are_the_default_and_numbers_may_carry_their_unit(
    capsys: pytest.CaptureFixture[str],
) -> None:
    as_it_is = told(capsys, *RAMP)
    words = [w for w in RAMP if w not in ("--runs", "3")]
    assert told(capsys, *words) == as_it_is
    for week, longest in (("25km", "10 km"), ("25,0", "10.0"), ("15.5342798mi", "6.21371192 mi")):
        typed = [{"25": week, "10": longest}.get(word, word) for word in RAMP]
        assert told(capsys, *typed)[1].split()[:40] == as_it_is[1].split()[:40]


def test_own_units_and_settings_count(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    settings = tmp_path / "athlete.toml"
    settings.write_text('units = "mi"\n')
    assert "15.5 mi a week" in told(capsys, *RAMP, "--athlete", str(settings))[1]
    assert "15.5 mi a week" in told(capsys, *RAMP, "--units", "mi")[1]


def test_the_questions_come_first_here_too(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, *RAMP, "--reason", "back-pain")
    assert (code, out) == (2, "")
    assert all(text in err for text in questions_for("back-pain").values())
    code, out, _ = told(capsys, *RAMP, "--reason", "injury", "--screened", "saddle_numbness")
    assert code == 0
    assert out.split() == EMERGENCY_TEXT.split()


def test_today_is_that_of_python(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "today", *NUMBERS, "--as-of", "2026-09-23")
    assert (code, err) == (0, "")
    assert out.startswith("From the numbers you typed")
    limit = loadmon.today(usual(25, 10, last_run="2026-09-20"), as_of="2026-09-23")
    assert f"{limit.distance_km:.1f} km" in out
    code, out, err = told(capsys, "today", *NUMBERS, "--as-of", "2026-09-23", "--format", "json")
    assert json.loads(out)[0]["date"] == "2026-09-23"
    assert err.startswith("From the numbers you typed")


def without(*names: str) -> list[str]:
    """The command without some of its options."""
    words = [*RAMP]
    for name in names:
        at = words.index(name)
        del words[at : at + 2]
    return words


def instead(**values: str) -> list[str]:
    """The command with other values of some options."""
    words = [*RAMP]
    for name, value in values.items():
        words[words.index(f"--{name.replace('_', '-')}") + 1] = value
    return words


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["ramp"], "loadmon ramp --usual 25 --longest 10 --runs 3 --last-run DATE --resume DATE"),
        (["ramp", "--reason", "rest"], "loadmon ramp PATH --resume DATE"),
        (["today"], "loadmon today --usual 25 --longest 10 --runs 3 --last-run DATE"),
        (without("--longest"), "--longest KM is missing beside --usual"),
        (without("--usual"), "--usual KM is missing beside --longest"),
        (without("--resume"), "--resume DATE is missing beside --usual"),
        (
            without("--longest", "--last-run", "--resume"),
            "--longest KM, --last-run DATE, --resume DATE are missing beside --usual",
        ),
        ([*RAMP, SAMPLE], "name files, or type numbers, not both"),
        (["ramp", SAMPLE, "--runs", "3", "--resume", "2026-11-16"], "not both"),
        (["today", SAMPLE, "--usual", "25"], "not both"),
        (["ramp", SAMPLE], "--resume DATE is missing"),
        ([*RAMP, "--rested"], "--rested is about files"),
        ([*RAMP, "--old-export"], "--old-export is about files"),
        ([*RAMP, "--salvage"], "--salvage is about files"),
        (instead(resume="2026-09-20"), "--resume 2026-09-20 is not after the last run"),
        ([*RAMP, "--as-of", "2026-09-19"], "--as-of 2026-09-19 is before the last run"),
        (instead(usual="far"), "'far' is not a distance; write 25, 25km or 15mi"),
        (instead(usual="nan"), "must be a number of kilometres"),
        (instead(usual="-25"), "must be a number of kilometres"),
        (instead(usual="inf"), "'inf' is not a distance"),
        (instead(usual="500"), "from 0.5 to 400 km"),
        (instead(longest="0.3"), "at least 0.5 km"),
        (instead(longest="26"), "raise the week"),
        (instead(runs="2"), "less than the week"),
        (instead(runs="8"), "from 1 to 7"),
        (instead(runs="2.5"), "'2.5' is not a whole number; write 3"),
        (instead(last_run="2026-09-31"), "'2026-09-31' is no such day; 2026-09 has 30 days"),
        (instead(last_run="2026-13-01"), "'2026-13-01' is no such day; write 2026-10-11"),
        (instead(last_run="2026-9-20"), "did you mean 2026-09-20?"),
        (instead(last_run="20.9.2026"), "did you mean 2026-09-20?"),
        (instead(last_run="9/20/2026"), "did you mean 2026-09-20?"),
        (instead(last_run="4/9/2026"), "did you mean 2026-09-04 or 2026-04-09?"),
        (instead(last_run="31/2/2026"), "is no such day; 2026-02 has 28 days"),
        (instead(last_run="20 Sep"), "'20 Sep' is not a date; write 2026-10-11"),
        (instead(last_run="0020-09-20"), "write the day that you mean"),
    ],
)
def test_what_is_missing_or_wrong_is_named_in_a_line(
    words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = told(capsys, *words)
    assert (code, out) == (2, "")
    assert said in err
    assert len(err.splitlines()) <= (3 if "PATH" in err else 1)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def answered(monkeypatch: pytest.MonkeyPatch, *answers: str) -> Terminal:
    """A person at the keyboard; returns what the screen shows on stderr."""
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{a}\n" for a in answers)))
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    return shown


TODAY = dt.date.today()  # noqa: DTZ011 - as the command line takes it
LAST, BACK = TODAY - dt.timedelta(days=20), TODAY + dt.timedelta(days=3)
ASKED = (
    "How far did you run in a usual week",
    "How long was the longest run",
    "How many runs a week",
    "On which day did you last run",
    "From which day do you want to run again",
    "Why did you stop",
)


def test_a_terminal_asks_five_questions_and_the_reason(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, "25", "10", "3", f"{LAST}", f"{BACK}", "rest")
    assert main(["ramp"]) == 0
    places = [shown.getvalue().index(text) for text in ASKED]
    assert places == sorted(places)
    out = capsys.readouterr().out
    command = shlex.split(shown.getvalue().partition("The same in one line: loadmon ")[2])
    assert main(command) == 0  # what it shows can be typed
    assert capsys.readouterr().out == out


def test_only_what_is_missing_is_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["ramp", "--usual", "25", "--runs", "3", "--last-run", f"{LAST}", "--reason", "rest"]
    shown = answered(monkeypatch, "10", "tomorrow")
    assert main(words) == 0
    assert [text in shown.getvalue() for text in ASKED] == [False, True, False, False, True, False]
    assert f"{TODAY + dt.timedelta(days=1):%a}" in capsys.readouterr().out


def test_a_terminal_asks_nothing_where_all_is_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch)
    assert main([w for w in RAMP if w not in ("--runs", "3")]) == 0
    assert shown.getvalue() == ""
    assert capsys.readouterr().out


def test_an_answer_that_cannot_be_meant_is_asked_again_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    later, far = TODAY + dt.timedelta(days=1), TODAY + dt.timedelta(days=400)
    shown = answered(
        monkeypatch,
        *("far", "500", "25"),
        *("30", "0.2", "", "10"),
        *("2", "eight", "3"),
        *(f"{later}", "2026-02-30", f"{LAST}"),
        *(f"{LAST}", f"{far}", f"{BACK}"),
        *("knee", "rest"),
    )
    assert main(["ramp"]) == 0
    counts = [shown.getvalue().count(text) for text in ASKED]
    assert counts == [3, 4, 3, 3, 3, 2]
    for said in (
        *("'far' is not a distance", "from 0.5 to 400 km", "raise the week", "at least 0.5 km"),
        *("less than the week", "'eight' is not a whole number", "still to come"),
        *("is no such day", "is past", "more than a year ahead", "'knee' is no reason"),
    ):
        assert said in shown.getvalue()
    assert "25.0 km a week in 3 runs" in " ".join(capsys.readouterr().out.split())


def test_pain_asks_its_questions_after_the_numbers(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = questions_for("back-pain")
    answers = ["0" if key.startswith("pain") else "n" for key in asked]
    numbers = ["25", "10", "3", f"{LAST}", f"{BACK}", "back-pain"]
    shown = answered(monkeypatch, *numbers, *answers)
    assert main(["ramp"]) == 0
    assert all(text in shown.getvalue() for text in asked.values())
    assert "STOP" in capsys.readouterr().out
    shown = answered(monkeypatch, *numbers, "y", *answers[1:])
    assert main(["ramp"]) == 0
    assert capsys.readouterr().out.split() == EMERGENCY_TEXT.split()


def test_who_goes_away_gets_no_plan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, "25", "10")
    assert main(["ramp"]) == 2
    assert "were not answered: no plan" in shown.getvalue()
    assert capsys.readouterr().out == ""


def test_miles_are_asked_for_in_miles(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, "15", "6", "3", f"{LAST}", f"{BACK}", "rest")
    assert main(["ramp", "--units", "mi"]) == 0
    assert "[mi]" in shown.getvalue()
    assert "15.0 mi a week in 3 runs, longest 6.0 mi" in " ".join(capsys.readouterr().out.split())


def test_today_asks_for_no_day_of_return(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, "25", "10", "3", "yesterday")
    assert main(["today"]) == 0
    assert [text in shown.getvalue() for text in ASKED] == [True] * 4 + [False] * 2
    assert "the longest run within every limit" in " ".join(capsys.readouterr().out.split())


def test_a_real_terminal_asks() -> None:
    pty = pytest.importorskip("pty", reason="no pseudo-terminals here")
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "loadmon", "ramp"]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        seen = ""
        for question, answer in zip(
            ASKED, ("25", "10", "3", str(LAST), str(BACK), "rest"), strict=True
        ):
            while f"{question}" not in seen or not seen.rstrip(" ").endswith("]"):
                seen += os.read(ours, 4096).decode()
            os.write(ours, f"{answer}\n".encode())
            seen = ""
        until = time.monotonic() + 60
        while "make a new plan (loadmon ramp)." not in seen and time.monotonic() < until:
            try:
                seen += os.read(ours, 4096).decode()
            except OSError:  # the other end has gone
                break
        assert "From the numbers you typed" in seen
        assert "STOP" in seen
    os.close(ours)
    assert process.returncode == 0
