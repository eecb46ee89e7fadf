"""Unusual files beside an archive: what the runner wrote counts, or an error says why not."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from unittest import mock

import pytest

import loadmon
from loadmon.cli import kept
from loadmon.cli.main import main
from loadmon.diary import load_diaries, load_diary

SAMPLE = Path(__file__).parent.parent / "data" / "sample_export.zip"


pytestmark = pytest.mark.usefixtures("quick_commands")


def test_a_column_that_stands_twice_is_refused_as_one_of_them_would_be_lost(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("date,pain,pain\n2026-10-09,9,0\n")
    with pytest.raises(loadmon.SettingError, match=r"line 1: the column pain stands twice"):
        load_diary(path)


@pytest.mark.parametrize("name", ["diary.csv", "athlete.toml"])
def test_a_link_to_nowhere_is_not_as_if_nothing_had_been_written(name: str, tmp_path: Path) -> None:
    (tmp_path / name).symlink_to(tmp_path / "unmounted" / name)
    with pytest.raises(loadmon.SettingError, match=rf"{name}: is a link to a file that is not"):
        loadmon.load_athlete(tmp_path)
    if name == "diary.csv":
        with pytest.raises(loadmon.SettingError, match="is a link"):
            load_diaries([tmp_path])


@pytest.mark.parametrize("name", ["Diary.csv", "DIARY.CSV", "diary.csv.txt", "Athlete.toml.txt"])
def test_a_name_that_nobody_would_read_is_told(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = Path(shutil.copy(SAMPLE, tmp_path))
    asked = ["today", str(export), "--as-of", "2026-10-11"]
    os.utime(export, (0, 0))
    assert main(asked) == 0
    (tmp_path / name).write_text("date,pain\n2026-10-10,9\n")
    for words in (asked, ["log", str(export), "--pain", "1"]):
        assert main(words) == 2
        told = capsys.readouterr().err.splitlines()[-1]
        right = name.lower().removesuffix(".txt")
        assert told.endswith(f"{name}: is not read, because its name is not {right}; rename it")
    with pytest.raises(loadmon.SettingError, match="is not read"):
        loadmon.load_athlete(tmp_path)
    (tmp_path / name.lower().removesuffix(".txt")).write_text("")  # it is a copy then
    assert main(asked) == 0


def test_a_kept_answer_is_not_told_where_a_misnamed_diary_came_since(tmp_path: Path) -> None:
    export = Path(shutil.copy(SAMPLE, tmp_path))
    old_ns = time.time_ns() + 10 * kept.STABLE_NS
    with mock.patch.object(kept.time, "time_ns", return_value=old_ns):
        before = kept._state_of([str(export)], [])
        (tmp_path / "Diary.csv").touch()
        assert before != kept._state_of([str(export)], [])
    assert before


@pytest.mark.parametrize("name", ["athlete.toml", "diary.csv"])
def test_a_folder_or_a_link_to_nowhere_in_their_place_is_told_by_a_command(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    export = shutil.copy(SAMPLE, tmp_path)
    (tmp_path / name).mkdir()
    assert main(["today", str(export), "--as-of", "2026-10-11"]) == 2
    assert f"{name}: cannot be read (it is not a file)" in capsys.readouterr().err
    (tmp_path / name).rmdir()
    (tmp_path / name).symlink_to("nowhere")
    assert main(["today", str(export), "--as-of", "2026-10-11"]) == 2
    assert f"{name}: is a link to a file that is not there" in capsys.readouterr().err
