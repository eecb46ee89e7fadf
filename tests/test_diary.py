"""What the diary tells, and how a line that is not understood is named."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import pytest

from loadmon.diary import DIARY_COLUMNS, load_diary, no_diary
from loadmon.errors import SettingError


def written(folder: Path, text: str) -> Path:
    path = folder / "diary.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_column_is_read_and_days_come_in_order(tmp_path: Path) -> None:
    text = (
        "date,when,pain,site,rpe,strength,break,note\n"
        '2026-10-12,next-morning,3,back,,"plank,bridge",,"stiff, then\nfine"\n'
        "2026-10-11,during,2.5,back,6,,,\n"
        "2026-09-01,,,,,,flu,\n"
    )
    diary = load_diary(written(tmp_path, text))
    assert tuple(diary.columns) == DIARY_COLUMNS
    assert diary["date"].tolist() == list(
        pd.to_datetime(["2026-09-01", "2026-10-11", "2026-10-12"])
    )
    flu, run, morning = diary.to_dict("records")
    assert (flu["break"], math.isnan(flu["pain"]), flu["when"]) == ("flu", True, "")
    assert (run["pain"], run["rpe"], run["site"]) == (2.5, 6.0, "back")
    assert (morning["strength"], morning["note"]) == ("plank,bridge", "stiff, then\nfine")
    assert math.isnan(morning["rpe"])


def test_only_the_date_is_needed_and_entries_of_a_day_keep_their_order(tmp_path: Path) -> None:
    diary = load_diary(written(tmp_path, "\ufeffdate,note\n2026-10-11,b\n2026-10-11,a\n"))
    assert diary["note"].tolist() == ["b", "a"]
    assert diary["pain"].isna().all()


def test_an_empty_diary_has_the_same_columns_and_types(tmp_path: Path) -> None:
    empty = load_diary(written(tmp_path, "date\n"))
    pd.testing.assert_frame_equal(empty, no_diary())
    full = load_diary(written(tmp_path, "date\n2026-10-11\n"))
    assert list(full.dtypes) == list(empty.dtypes)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("2026-10-11,3\n", "line 1: unknown column '2026-10-11'"),
        ("pain\n3\n", "with date among them"),
        ("date,pian\n2026-10-11,3\n", "unknown column 'pian'; did you mean pain"),
        ("date,pain\n2026-10-11,3\n11.10.2026,3\n", "line 3: date '11.10.2026' is not a day"),
        ("date,pain\n2026-10-11,11\n", "line 2: pain '11': a number from 0 to 10"),
        ("date,pain\n2026-10-11,-1\n", "a number from 0 to 10"),
        ("date,pain\n2026-10-11,nan\n", "a number from 0 to 10"),
        ("date,rpe\n2026-10-11,hard\n", "rpe 'hard': a number from 0 to 10"),
        ("date,when\n2026-10-11,later\n", "one of before, during, after, next-morning"),
        ("date,note\n2026-10-11,a,b\n", "texts with commas in quotes"),
        ("date,note\n2026-10-11\n", "more or fewer cells"),
        ('date,note\n2026-10-11,"a\n', "line 1: unexpected end of data"),
    ],
)
def test_a_line_that_is_not_understood_is_named(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(SettingError, match=told) as caught:
        load_diary(written(tmp_path, text))
    assert "diary.csv" in str(caught.value)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=r"none\.csv"):
        load_diary(tmp_path / "none.csv")
