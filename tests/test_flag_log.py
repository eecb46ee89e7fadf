"""The log of flags as they were printed: appended once each, whole after a kill or a full disk."""

from __future__ import annotations

import csv
import json
import os
import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from made import archive, runs
from made_pages import SAMPLE, read_sample
from steps import ERRORS, counted, failing, in_child, killing, short, watched

import loadmon
from loadmon.cli import check as check_command
from loadmon.cli.main import main
from loadmon.diary import (
    FLAG_LOG_COLUMNS,
    FLAG_LOG_NAME,
    add_flags,
    load_flag_log,
    load_flag_logs,
)
from loadmon.errors import SettingError
from loadmon.rules.lookback import flag_outcomes

LAST = ["--as-of", "2026-10-11"]
HEAD = "as_of,printed_on,loadmon,check,date,level,value,limit,unit,message,grade\n"
FLAG = {
    **{"as_of": "2026-10-11", "printed_on": "2026-10-12", "loadmon": "0.1.0"},
    **{"check": "session_spike", "date": "2026-10-11", "level": "moderate", "value": "1.41"},
    **{"limit": "1.1", "unit": "ratio", "message": "Sun 11 Oct: 14.2 km, longer.", "grade": "B"},
}
LINE = (
    "2026-10-11,2026-10-12,0.1.0,session_spike,2026-10-11,moderate,1.41,1.1,ratio,"
    '"Sun 11 Oct: 14.2 km, longer.",B\n'
)
OTHER = FLAG | {"check": "acwr", "grade": "D", "level": "above"}
LATER = FLAG | {"date": "2026-10-18"}


def keys(path: Path) -> list[tuple[str, str]]:
    frame = load_flag_log(path)
    return list(zip(frame["check"], frame["date"].dt.strftime("%m-%d"), strict=True))


def test_a_first_flag_makes_the_log(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    assert add_flags(path, [FLAG]) == (1, "")
    assert path.read_text() == HEAD + LINE
    (row,) = load_flag_log(path).to_dict("records")
    assert row == FLAG | {
        **{n: pd.Timestamp(FLAG[n]) for n in ("as_of", "printed_on", "date")},
        **{"value": 1.41, "limit": 1.1},
    }


def test_the_same_flag_is_not_added_twice_and_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    add_flags(path, [FLAG])
    before = path.read_bytes()
    again = FLAG | {"printed_on": "2026-10-13", "as_of": "2026-10-13", "message": "other words"}
    assert add_flags(path, [again]) == (0, "")
    assert path.read_bytes() == before
    news = [FLAG, OTHER, LATER, FLAG | {"level": "large"}]
    assert add_flags(path, news) == (3, "")
    assert path.read_bytes().startswith(before)
    assert len(load_flag_log(path)) == 4


def test_no_flag_is_no_line(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    path.write_text(HEAD)
    assert add_flags(path, []) == (0, "")
    assert path.read_text() == HEAD
    assert load_flag_log(path).empty


@pytest.mark.parametrize("message", ["=1+1", "@SUM(A1)", "+x", "-x", "a;=1+1"])
def test_what_a_spreadsheet_takes_for_a_formula_stands_behind_an_apostrophe(
    tmp_path: Path, message: str
) -> None:
    path = tmp_path / FLAG_LOG_NAME
    add_flags(path, [FLAG | {"message": message, "value": "-0.5"}])
    with path.open(newline="") as file:
        (row,) = csv.DictReader(file)
    cells = row["message"].split(";")
    assert all(cell[0] not in "=+-@" for cell in cells)
    assert load_flag_log(path)["value"].tolist() == [-0.5]  # numbers stay numbers


def test_line_ends_and_control_characters_stay_one_line(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    add_flags(path, [FLAG | {"message": 'a\nb\r\n"c"\x1b[2J\udcff'}])
    assert path.read_text().count("\n") == 2
    assert load_flag_log(path)["message"].tolist() == ['a b "c"\\x1b[2J\\udcff']


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"date": ""}, "date"),
        ({"printed_on": "12.10.2026"}, "printed_on"),
        ({"value": "much"}, "value"),
        ({"check": ""}, "check"),
        ({"grade": ""}, "grade"),
        ({"grade": "Bx"}, "grade"),
    ],
)
def test_a_flag_that_is_not_whole_is_refused_in_writing_and_in_reading(
    tmp_path: Path, wrong: dict[str, str], told: str
) -> None:
    path = tmp_path / FLAG_LOG_NAME
    with pytest.raises(SettingError, match=told):
        add_flags(path, [FLAG | wrong])
    assert not path.exists()
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, FLAG_LOG_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerow(FLAG | wrong)
    before = path.read_bytes()
    for use in (load_flag_log, lambda p: add_flags(p, [LATER])):
        with pytest.raises(SettingError, match=rf"flags\.csv, line 2: .*{told}"):
            use(path)
    assert path.read_bytes() == before


def test_a_file_that_is_no_log_of_flags_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    for text in ("date,pain\n2026-10-11,2\n", "date,pain\n2026-10-11,2", "what\n"):
        path.write_text(text)
        with pytest.raises(SettingError, match="lacks the column 'as_of'"):
            add_flags(path, [FLAG])
        assert path.read_text() == text


def test_a_column_of_a_later_version_stays(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    path.write_text(HEAD.replace("\n", ",later\n") + LINE.replace(",B\n", ",B,x\n"))
    assert add_flags(path, [LATER]) == (1, "")
    with path.open(newline="") as file:
        assert [row["later"] for row in csv.DictReader(file)] == ["x", ""]


def test_every_torn_last_line_is_removed_or_whole(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    second = LINE.replace(",2026-10-11,moderate", ",2026-10-18,moderate")
    for cut in range(len(second)):
        path.write_text(HEAD + LINE + second[:cut])
        whole = cut == len(second) - 1  # only the line end is missing
        assert keys(path) == [("session_spike", "10-11"), ("session_spike", "10-18")][: 1 + whole]
        added, repaired = add_flags(path, [LATER])
        assert added == (not whole)
        assert bool(repaired) == (0 < cut < len(second) - 1)
        assert len(load_flag_log(path)) == 2
    for cut in range(len(HEAD)):
        path.write_text(HEAD[:cut])
        assert add_flags(path, [FLAG])[0] == 1
        assert keys(path) == [("session_spike", "10-11")]


# --- killed, and out of room --------------------------------------------------------------------

STARTS = {
    "no log": None,
    "a log": HEAD + LINE.replace("session_spike", "rest"),
    "a torn log": HEAD + LINE.replace("session_spike", "rest") + LINE[:40],
}


def put(path: Path, start: str) -> int:
    """Write a start; return how many flags it holds."""
    path.unlink(missing_ok=True)
    text = STARTS[start]
    if text is None:
        return 0
    path.write_text(text)
    return 1


def operations(path: Path, start: str) -> int:
    put(path, start)
    return counted(lambda: add_flags(path, [FLAG, OTHER]))


@pytest.mark.parametrize("start", STARTS)
def test_killed_at_any_operation_no_acknowledged_flag_is_lost(tmp_path: Path, start: str) -> None:
    path = tmp_path / FLAG_LOG_NAME
    total = operations(path, start)
    assert total > 8
    for at in range(1, total + 2):
        before = put(path, start)

        def work(acknowledge, at: int = at) -> None:  # type: ignore[no-untyped-def]
            with watched(killing(at)):
                add_flags(path, [FLAG, OTHER])
            acknowledge(b"!")

        told = in_child(work)
        assert (told == b"!") == (at > total)
        if told:
            assert len(keys(path)) == before + 2
        add_flags(path, [FLAG, OTHER])  # printed again the next day
        assert len(keys(path)) == before + 2


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_at_any_operation_is_told_and_leaves_the_log_sound(
    tmp_path: Path, start: str, name: str
) -> None:
    path = tmp_path / FLAG_LOG_NAME
    for at in range(1, operations(path, start) + 1):
        before = put(path, start)
        told = False
        try:
            with watched(failing(at, ERRORS[name])):
                add_flags(path, [FLAG, OTHER])
        except SettingError as error:
            told = "flags.csv" in str(error)
            assert told
        found = keys(path) if path.exists() else []
        assert len(found) >= before
        assert told or len(found) == before + 2


@pytest.mark.parametrize("start", STARTS)
def test_short_reads_and_writes_are_gone_on_with(tmp_path: Path, start: str) -> None:
    path = tmp_path / FLAG_LOG_NAME
    for at in range(1, operations(path, start) + 1):
        before = put(path, start)
        with watched(short(at, 0.3)):
            add_flags(path, [FLAG, OTHER])
        assert len(keys(path)) == before + 2


def test_many_writers_at_once_lose_nothing_and_add_nothing_twice(tmp_path: Path) -> None:
    path = tmp_path / FLAG_LOG_NAME
    days = [f"2026-10-{n:02d}" for n in range(1, 11)]
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:
            try:
                for day in days:
                    add_flags(path, [FLAG | {"date": day}])
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert sorted(day for _, day in keys(path)) == [day[5:] for day in days]


# --- the commands -------------------------------------------------------------------------------


@pytest.fixture
def here(quick_commands: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folder with an export, no settings of the machine, and a clock that stands."""
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / ".config"))
    folder = tmp_path / "here"
    folder.mkdir()
    shutil.copy(SAMPLE, folder)

    class Clock(date):
        @classmethod
        def today(cls) -> date:  # type: ignore[override]
            return date(2026, 10, 12)

    monkeypatch.setattr(check_command, "date", Clock)
    monkeypatch.chdir(folder)
    return folder


Capture = pytest.CaptureFixture[str]


def test_check_records_each_flag_that_it_printed_once(here: Path, capsys: Capture) -> None:
    assert main(["check", SAMPLE.name, *LAST]) == 0
    plain = capsys.readouterr().out
    assert not (here / FLAG_LOG_NAME).exists()
    assert main(["check", SAMPLE.name, *LAST, "--record"]) == 0
    out, err = capsys.readouterr()
    assert out == plain
    assert err.splitlines()[-1] == "1 flag recorded in flags.csv."
    (row,) = load_flag_log(here / FLAG_LOG_NAME).to_dict("records")
    told = loadmon.check(read_sample(), as_of="2026-10-11").to_frame()
    (flag,) = told[told["verdict"] == "flagged"].to_dict("records")
    for name in ("check", "date", "level", "value", "limit", "unit", "grade"):
        assert row[name] == flag[name], name
    assert row["message"] in " ".join(plain.split())
    assert (row["as_of"], row["printed_on"]) == (
        pd.Timestamp("2026-10-11"),
        pd.Timestamp("2026-10-12"),
    )
    assert row["loadmon"] == loadmon.__version__
    before = (here / FLAG_LOG_NAME).read_bytes()
    assert main(["check", ".", *LAST, "--record", "--format", "json", "--exit-code"]) == 3
    out, err = capsys.readouterr()
    assert json.loads(out)["verdict"] == "flagged"
    assert err.splitlines()[-1] == "0 flags recorded in flags.csv, 1 already there."
    assert (here / FLAG_LOG_NAME).read_bytes() == before


def test_a_day_without_a_flag_makes_no_log(here: Path, capsys: Capture) -> None:
    assert main(["check", ".", "--as-of", "2026-09-20", "--record", "--exit-code"]) in (0, 4)
    assert "No flag to record in flags.csv." in capsys.readouterr().err
    assert not (here / FLAG_LOG_NAME).exists()


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([".", "--history"], "--history"),
        ([".", "--load", "duration_min"], "--load"),
        ([".", "other"], "flags.csv is about one archive"),
    ],
)
def test_what_is_no_flag_of_one_archive_now_is_not_recorded(
    here: Path, capsys: Capture, words: list[str], told: str
) -> None:
    (here / "other").mkdir()
    assert main(["check", *words, *LAST, "--record"]) == 2
    assert told in capsys.readouterr().err
    assert not list(here.rglob(FLAG_LOG_NAME))


def test_a_log_that_cannot_be_written_is_told_after_the_findings(
    here: Path, capsys: Capture
) -> None:
    (here / FLAG_LOG_NAME).mkdir()
    assert main(["check", SAMPLE.name, *LAST, "--record"]) == 2
    out, err = capsys.readouterr()
    assert "Longest single run: flagged" in out or "14.2 km" in out
    assert "flags.csv: cannot be written" in err


def test_the_log_is_no_recording_and_no_list(here: Path, capsys: Capture) -> None:
    plain = loadmon.read(here, now=None)
    add_flags(here / FLAG_LOG_NAME, [FLAG, OTHER])
    again = loadmon.read(here, now=None)
    assert len(again.activities) == len(plain.activities)
    row = again.files.set_index("file").loc[str(here / FLAG_LOG_NAME)]
    assert (row["outcome"], row["reason"]) == ("skipped", "user-file")


def test_a_log_beside_the_zips_of_several_runners_is_said_to_speak_for_each(
    here: Path, capsys: Capture
) -> None:
    shutil.copy(SAMPLE, here / "ben.zip")
    assert main(["check", SAMPLE.name, *LAST, "--record"]) == 0
    assert "flags.csv counts for ben.zip as well" in capsys.readouterr().err
    assert main(["check", SAMPLE.name, *LAST, "--record"]) == 0
    assert capsys.readouterr().err.count("flags.csv counts for ben.zip as well") == 1


def test_lookback_scores_the_log_and_says_when_there_is_none(here: Path, capsys: Capture) -> None:
    assert main(["lookback", ".", *LAST]) == 0
    text = " ".join(capsys.readouterr().out.split())
    command = f"loadmon check . {' '.join(LAST)} --record"
    assert f"No flag as it was printed is recorded: {command} adds each" in text
    assert "Weekly load change: 2 flags, 1 followed by no gap over 7 days" in text
    assert "It shows no cause, and no gap does not show that such running does no harm" in text
    march = {"as_of": "2026-03-08", "date": "2026-03-08"}
    july = {"as_of": "2026-07-12", "date": "2026-07-12", "check": "acwr"}
    add_flags(here / FLAG_LOG_NAME, [FLAG | march, FLAG | july, FLAG])
    (here / "diary.csv").write_text("date,pain,site\n2026-07-20,4,knee\n")
    assert main(["lookback", ".", *LAST]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert "recorded in flags.csv since Sun 8 Mar 2026: Longest single run: 2 flags, 0 of 1" in text
    assert (
        "Acute:chronic ratio: 1 flag, 1 followed by no gap over 7 days (95 % interval 21 " in text
    )
    assert "to 100 %), 1 by a pain of 3 or more." in text
    assert main(["lookback", ".", *LAST, "--of", "recorded", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["date"], row["followed_by"]) for row in rows] == [
        ("2026-03-08", "gap"),
        ("2026-07-12", "pain"),
        ("2026-10-11", "not_over"),
    ]


def test_lookback_lists_every_flag_of_the_past(here: Path, capsys: Capture) -> None:
    assert main(["lookback", ".", *LAST, "--of", "flags", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    past = loadmon.flag_history(read_sample(), as_of="2026-10-11")
    assert [row["check"] for row in rows] == past["check"].tolist()


def test_logs_of_several_folders_are_one_and_a_folder_counts_once(tmp_path: Path) -> None:
    for name, flag in (("a", FLAG), ("b", LATER)):
        (tmp_path / name).mkdir()
        add_flags(tmp_path / name / FLAG_LOG_NAME, [flag])
    folders = [tmp_path / "a", tmp_path / "b", tmp_path / "b" / ".." / "a", tmp_path]
    both = load_flag_logs(folders)
    assert both["date"].dt.day.tolist() == [11, 18]
    assert load_flag_logs([tmp_path]).dtypes.equals(both.dtypes)


def test_the_frame_of_the_log_is_scored_as_it_is(tmp_path: Path) -> None:
    made = archive(runs([5.0, 0, 5.0, 0, 5.0, 0, 0] * 11, first="2026-09-01"))
    add_flags(tmp_path / FLAG_LOG_NAME, [FLAG, LATER])
    told = flag_outcomes(made, flags=load_flag_log(tmp_path / FLAG_LOG_NAME))
    assert told["followed_by"].tolist() == ["none", "not_over"]


def test_a_flag_without_a_day_of_its_own_is_of_the_day_that_was_judged(
    here: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = loadmon.Findings.to_dict

    def without_days(self: loadmon.Findings) -> dict[str, Any]:
        told = real(self)
        return told | {"findings": [one | {"date": None} for one in told["findings"]]}

    monkeypatch.setattr(loadmon.Findings, "to_dict", without_days)
    assert main(["check", SAMPLE.name, *LAST, "--record"]) == 0
    assert keys(here / FLAG_LOG_NAME) == [("session_spike", "10-11")]
    assert "1 flag recorded" in capsys.readouterr().err
