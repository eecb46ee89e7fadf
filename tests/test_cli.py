"""Each command as a newcomer runs it, with right and wrong input."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
import re
import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from writers import run_fit

import loadmon
from loadmon.__main__ import _has_helped as has_helped
from loadmon.cli.commands import COMMANDS, help_of
from loadmon.cli.main import main

pytestmark = pytest.mark.usefixtures("quick_commands")

SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")
LAST_DAY = ["--as-of", "2026-10-11"]
FRAMES = ["weekly", "activities", "files", "check", "today"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No athlete.toml of the machine, and nothing written into the project."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    monkeypatch.chdir(tmp_path)


def run(capsys: pytest.CaptureFixture[str], *argv: str) -> tuple[int, str, str]:
    code = main(argv)
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize("command", FRAMES)
def test_every_command_gives_the_same_rows_as_csv_and_as_json(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _, as_csv, _ = run(capsys, command, SAMPLE, *LAST_DAY, "--format", "csv")
    code, as_json, _ = run(capsys, command, SAMPLE, *LAST_DAY, "--format", "json")
    told = json.loads(as_json)
    rows = told["findings"] if command == "check" else told
    assert code == 0
    assert len(rows) == len(list(csv.DictReader(io.StringIO(as_csv)))) > 0


@pytest.mark.parametrize("command", FRAMES)
def test_every_command_shows_a_table(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, command, SAMPLE, *LAST_DAY)
    assert code == 0
    assert len(out.splitlines()) >= 6
    assert "nan" not in re.findall(r"\b\w+\b", out.lower())


def test_report_answers_first_and_writes_one_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "report", SAMPLE, *LAST_DAY)
    assert code == 0
    assert "34.1 km" in out
    assert "14.2 km" in out
    assert out.index("FLAGGED") < out.index("NOT KNOWN") if "NOT KNOWN" in out else True
    assert "report.html written" in err
    assert (tmp_path / "report.html").read_text(encoding="utf-8").startswith("<!")


def test_report_as_json_holds_weeks_findings_and_files(capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = run(capsys, "report", SAMPLE, *LAST_DAY, "--format", "json")
    told = json.loads(out)
    assert told["schema"] == 1
    assert told["verdict"] == "flagged"
    assert told["weekly"][-1]["week_start"] == "2026-10-05"
    week = sum(day["load"] for day in told["daily"][-7:])
    assert week == pytest.approx(told["weekly"][-1]["load"], rel=1e-12)
    assert told["sessions"][-1]["distance_km"] == told["weekly"][-1]["longest_km"]
    assert {"today", "changes", "gaps", "diary", "silence", "unreadable"} <= set(told)
    assert len(told["unreadable"]) == 1
    assert sum(told["files"].values()) > 200


def test_report_never_writes_over_a_file_that_is_not_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "report.html").write_text("my thesis")
    code, out, err = run(capsys, "report", SAMPLE, *LAST_DAY)
    assert code == 2
    assert "34.1 km" in out  # the answer stands all the same
    assert "report.html" in err
    assert (tmp_path / "report.html").read_text() == "my thesis"


def test_report_writes_over_its_own_page_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(capsys, "report", SAMPLE, *LAST_DAY)[0] == 0
    assert run(capsys, "report", SAMPLE, *LAST_DAY)[0] == 0


def test_silent_days_are_asked_about_and_answered(capsys: pytest.CaptureFixture[str]) -> None:
    late = ["--as-of", "2026-11-15"]
    _, asked, _ = run(capsys, "report", SAMPLE, *late)
    _, rested, _ = run(capsys, "report", SAMPLE, *late, "--rested")
    _, old, _ = run(capsys, "report", SAMPLE, *late, "--old-export")
    assert "--rested | --old-export" in asked
    assert "35 days" in asked
    assert "--rested | --old-export" not in rested
    assert "--rested | --old-export" not in old
    assert "as of Sun 11 Oct 2026, its last day" in " ".join(old.split())


@pytest.mark.parametrize("command", ["weekly", "check", "today"])
def test_every_answer_that_silence_withholds_comes_with_the_question(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    late = [command, SAMPLE, "--as-of", "2026-11-15"]
    assert "35 days without a recording" in run(capsys, *late)[2]
    for answer in ("--rested", "--old-export"):
        told = run(capsys, *late, answer)[2]
        assert "as you said" in told
        assert "?" not in told


def test_silence_is_not_rest_until_the_runner_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    late = [SAMPLE, "--as-of", "2026-11-15", "--format", "json", "--exit-code"]
    assert run(capsys, "check", *late)[0] == 4
    assert run(capsys, "check", *late, "--rested")[0] != 3


def test_exit_codes_of_check_tell_flagged_unknown_and_clean(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import UTC, datetime, timedelta

    first = datetime(2026, 1, 5, 8, tzinfo=UTC)
    folder = tmp_path / "even"
    folder.mkdir()
    for day in (7 * week + weekday for week in range(10) for weekday in (0, 2, 5)):
        start = first + timedelta(days=day)
        km = 8 if day % 7 == 5 else 6
        data = run_fit(start, offset_min=60, distance_km=km, duration_min=45, seed=day)
        (folder / f"{day:02d}.fit").write_bytes(data)
    even = ["check", str(folder), "--exit-code", "--as-of"]
    assert run(capsys, *even, "2026-03-15")[0] == 0
    assert run(capsys, *even, "2026-01-20")[0] == 4
    assert run(capsys, "check", SAMPLE, *LAST_DAY, "--exit-code")[0] == 3
    assert run(capsys, "check", SAMPLE, *LAST_DAY)[0] == 0


@pytest.mark.parametrize("command", ["report", "weekly", "check", "today", "activities", "files"])
def test_nothing_usable_is_one_sentence_that_names_the_path(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    pictures = tmp_path / "holiday"
    pictures.mkdir()
    for i in range(3):
        (pictures / f"beach{i}.jpg").write_bytes(b"\xff\xd8\xff\xe0 no run")
    page = tmp_path / "run.fit"
    page.write_bytes(b"<html>please log in</html>")
    for path in (empty, pictures, tmp_path / "missing", page):
        code, _, err = run(capsys, command, str(path))
        assert code == 2
        assert str(path) in err
        assert "Traceback" not in err
        assert len(err.strip().splitlines()) == 1


@pytest.mark.parametrize("command", ["weekly", "activities", "today", "lookback", "ramp"])
@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ([], ""),
        ([-100], ""),  # its day is known, and unknown in every table
        ([30, -100], "1 file could not be used, and nothing tells its day: a run in it looks"),
        ([30, 31], "2 files could not be used, and nothing tells their days: runs in them look"),
    ],
)
def test_files_that_cannot_be_used_are_told_beside_every_answer(
    command: str, kept: list[int], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    shutil.copy(SAMPLE, folder)
    start = dt.datetime(2026, 10, 6, 7, tzinfo=dt.UTC)
    run_ = run_fit(start, offset_min=120, distance_km=5, duration_min=30, step_s=10)
    for n, size in enumerate(kept):
        (folder / f"broken{n}.fit").write_bytes(run_[:size])
    resume = ["--resume", "2026-10-13"] if command == "ramp" else []
    code, _, err = run(capsys, command, str(folder), *LAST_DAY, *resume)
    assert code == 0
    assert told in " ".join(err.split())
    assert ("could not be used" in err) == bool(told)


def test_one_broken_file_among_good_ones_is_a_line_in_the_summary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import UTC, datetime

    folder = tmp_path / "export"
    folder.mkdir()
    for day in (1, 3, 5):
        start = datetime(2026, 3, day, 8, tzinfo=UTC)
        data = run_fit(start, offset_min=60, distance_km=5, duration_min=30)
        (folder / f"{day}.fit").write_bytes(data if day != 3 else data[:-40])
    code, out, _ = run(capsys, "report", str(folder), "--as-of", "2026-03-05")
    assert code == 0
    assert "3 files = 2 read, 1 unreadable" in " ".join(out.split())
    assert "1 file could not be used: loadmon files" in " ".join(out.split())
    _, ledger, _ = run(capsys, "files", str(folder), "--format", "csv")
    assert "fit-truncated" in ledger


def test_a_day_before_the_first_activity_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, _, err = run(capsys, "weekly", SAMPLE, "--as-of", "2020-01-01")
    assert code == 2
    assert "2025-10" in err


def test_miles_are_given_everywhere_at_one_switch(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, kilometres, _ = run(capsys, "weekly", SAMPLE, *LAST_DAY, "--format", "json")
    _, miles, _ = run(capsys, "weekly", SAMPLE, *LAST_DAY, "--format", "json", "--units", "mi")
    km, mi = json.loads(kilometres)[-1], json.loads(miles)[-1]
    assert mi["distance_mi"] == pytest.approx(km["distance_km"] / 1.609344)
    assert "distance_km" not in mi
    told = tmp_path / "athlete.toml"
    told.write_text('units = "mi"\n')
    by_file = [SAMPLE, *LAST_DAY, "--athlete", str(told)]
    assert "distance_mi" in run(capsys, "weekly", *by_file)[1]
    assert "distance_km" in run(capsys, "weekly", *by_file, "--units", "km")[1]
    rows = json.loads(run(capsys, "weekly", *by_file, "--format", "json")[1])
    assert rows[-1]["distance_km"] == km["distance_km"]
    assert "21.2 mi" in run(capsys, "report", *by_file)[1]
    assert "21.2 mi in 4 runs" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_athlete_toml_beside_the_archive_is_used_and_a_wrong_key_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from datetime import UTC, datetime

    start = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    data = run_fit(start, offset_min=None, distance_km=5, duration_min=20)
    (tmp_path / "late.fit").write_bytes(data)
    told = tmp_path / "athlete.toml"
    told.write_text('home_zone = "Asia/Tokyo"\n')
    _, out, _ = run(capsys, "activities", str(tmp_path / "late.fit"), "--format", "json")
    assert json.loads(out)[0]["date"] == "2026-03-02"
    assert json.loads(out)[0]["tz_source"] == "home"
    told.write_text('home_zon = "Asia/Tokyo"\n')
    code, _, err = run(capsys, "activities", str(tmp_path / "late.fit"))
    assert code == 2
    assert "home_zone" in err


@pytest.mark.parametrize("argv", [[], ["weekly"], ["weekly", "x", "--as-of", "tomorrow"], ["run"]])
def test_wrong_usage_exits_2(argv: list[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        main(argv)
    assert stop.value.code == 2


def test_the_help_is_the_same_however_the_program_starts(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for columns in ("", "40", "72", "200", "x", "0"):
        monkeypatch.setenv("COLUMNS", columns)
        with pytest.raises(SystemExit):
            main(["--help"])
        told = capsys.readouterr().out
        assert has_helped()
        assert capsys.readouterr().out == told
        width = int(columns) if columns.isdecimal() and int(columns) else 80
        assert max(map(len, told.splitlines())) <= max(width, 43)  # its first line
        assert all(f"  {name} " in told for name in COMMANDS)
        assert told.isascii()  # it leaves past the exit that minds encodings


def test_help_that_cannot_be_written_is_left_to_the_exit_of_all_texts(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fails() -> None:
        raise BrokenPipeError

    monkeypatch.setattr("loadmon.cli.commands.show_help", fails)
    assert not has_helped()
    assert capsys.readouterr().out == ""


def test_help_loads_nothing_that_it_does_not_need() -> None:
    code = (
        "import sys\nsys.argv[1:] = ['--help']\nfrom loadmon.__main__ import start\nstart()\n"
        "sys.stderr.write(' '.join({'re', 'argparse', 'numpy', 'pathlib'} & sys.modules.keys()))"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(Path(loadmon.__file__).parents[1])},
    )
    assert done.stderr == ""
    assert "usage: loadmon" in done.stdout


@pytest.mark.parametrize("words", [["--help"], ["--version"], *([c, "--help"] for c in COMMANDS)])
def test_help_and_version_need_nothing_heavy(words: list[str]) -> None:
    script = (
        "import sys\n"
        "from loadmon.cli.main import main\n"
        f"try:\n    main({words})\nexcept SystemExit:\n    pass\n"
        "heavy = {'numpy', 'pandas', 'matplotlib', 'fitdecode', 'jinja2'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    for name in COMMANDS:
        command = import_module(f"loadmon.cli.{name}")
        assert (command.__doc__ or "").splitlines()[0] == help_of(name)
        assert help_of(name).endswith(".")


def test_a_command_that_does_not_exist_is_told_with_those_that_do(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["reprot", "check"])
    assert stopped.value.code == 2
    assert "report" in capsys.readouterr().err


INTO_A_CLOSED_PIPE = {
    "activities --format csv": 0,
    "check --exit-code": 4,
    "report --format json -o page.html": 0,
}


@pytest.mark.parametrize(("command", "code"), INTO_A_CLOSED_PIPE.items())
def test_output_into_a_closed_pipe_is_no_error_and_files_are_written(
    command: str, code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    monkeypatch.setattr("loadmon.report.page.page_data", lambda told: told)
    monkeypatch.setattr("loadmon.report.page.render_page", lambda told: f"loadmon {told.title}")
    name, *options = command.split()
    argv = [name, SAMPLE, *LAST_DAY, *options]
    with os.fdopen(writer, "w") as closed, monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", closed)
        assert main(argv) == code
    assert (tmp_path / "page.html").exists() == ("page.html" in command)


LATE = ["--resume", "2026-10-12"]
WRONG = {
    "no settings there": (
        ["report", SAMPLE, "--athlete", "none.toml"],
        "none.toml",
        "check the path",
    ),
    "settings that are none": (["today", SAMPLE, "--athlete", "a.pdf"], "a.pdf", "is not TOML"),
    "no limits there": (["ramp", SAMPLE, *LATE, "--limits", "x.toml"], "x.toml", "check the path"),
    "no team there": (["cohort", "none.zip"], "none.zip", "check the path"),
    "a letter": (["weekly", "a.pdf"], "a.pdf", "name the folder or zip"),
    "a folder of letters": (["init", "."], ".", "name the folder or zip"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_wrong_file_is_named_with_what_is_wrong_and_what_to_do(
    what: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.4 hello")
    (tmp_path / "b.pdf").write_bytes(b"%PDF-1.4 hello again")
    argv, name, to_do = WRONG[what]
    code, out, err = run(capsys, *argv)
    assert (code, out) == (2, "")
    assert err.startswith(f"loadmon: {name}")
    assert to_do in err


def test_a_plan_stands_though_its_calendar_cannot_be_written(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, err = run(capsys, *RAMP, "--rested", "--ics", "nowhere/plan.ics")
    assert code == 2
    assert "All easy" in out
    assert "nowhere/plan.ics: cannot be written" in err


def test_help_and_errors_into_a_closed_pipe_are_no_error() -> None:
    for words, code in (("--help", 0), ("check nowhere.zip", 2)):
        command = f"{sys.executable} -u -m loadmon {words} 2>&1 | true; exit ${{PIPESTATUS[0]}}"
        done = subprocess.run(["bash", "-c", command], capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (code, b"")


RAMP = ["ramp", SAMPLE, "--resume", "2026-11-16", "--as-of", "2026-11-15", "--target-km", "20"]


def test_ramp_gives_a_plan_as_weeks_and_as_rows(capsys: pytest.CaptureFixture[str]) -> None:
    code, text, _ = run(capsys, *RAMP, "--rested")
    assert code == 0
    assert "STOP: pain over 5" in text
    assert "All easy" in text
    _, as_json, _ = run(capsys, *RAMP, "--rested", "--format", "json")
    _, as_csv, _ = run(capsys, *RAMP, "--rested", "--format", "csv")
    rows = json.loads(as_json)
    assert rows[0]["date"] == "2026-11-17"  # Monday is none of the run days
    assert len(rows) == len(list(csv.DictReader(io.StringIO(as_csv))))


def test_ramp_after_pain_asks_before_it_plans(capsys: pytest.CaptureFixture[str]) -> None:
    pain = [*RAMP, "--rested", "--reason", "back-pain"]
    code, out, err = run(capsys, *pain)
    assert (code, out) == (2, "")
    assert "saddle_numbness" in err
    assert "--screened none" in err
    code, out, _ = run(capsys, *pain, "--screened", "none", "--pain", "2")
    assert code == 0
    assert "This is not clinical clearance" in " ".join(out.split())


def test_ramp_after_a_red_flag_gives_its_text_and_no_plan(
    capsys: pytest.CaptureFixture[str],
) -> None:
    code, out, _ = run(capsys, *RAMP, "--reason", "back-pain", "--screened", "bladder_bowel")
    assert code == 0
    assert out.startswith("Get help now")
    assert "2026" not in out
    _, rows, err = run(capsys, *RAMP, "--screened", "bladder_bowel", "--format", "json")
    assert json.loads(rows) == []
    assert err.startswith("Get help now")


def test_ramp_after_a_bone_injury_needs_the_word_of_a_clinician(
    capsys: pytest.CaptureFixture[str],
) -> None:
    bone = [*RAMP, "--rested", "--reason", "bone", "--pain", "0", "--screened"]
    assert "clinician_agreed" in run(capsys, *bone, "none")[2]
    assert run(capsys, *bone, "clinician_agreed")[0] == 0


@pytest.mark.parametrize(
    "wrong",
    [["--run-days", "mon,tue"], ["--run-days", "funday"], ["--target-km", "-3"], ["--pain", "11"]],
)
def test_ramp_refuses_what_makes_no_sense(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *RAMP, *wrong)
    assert code == 2
    assert len(err.strip().splitlines()) == 1


def test_a_ramp_from_an_old_export_takes_the_silence_as_rest(
    capsys: pytest.CaptureFixture[str],
) -> None:
    _, rested, _ = run(capsys, *RAMP, "--rested", "--format", "csv")
    _, old, _ = run(capsys, *RAMP, "--old-export", "--format", "csv")
    assert rested == old
