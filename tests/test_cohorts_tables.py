"""Tables that people have, read under their own column names; and panels written as they come."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import loadmon
from loadmon.cohorts import tables
from loadmon.cohorts.panel import write_panel
from loadmon.cohorts.simulate import simulate_cohort
from loadmon.cohorts.tables import read_injuries, read_sessions, sessions_in_blocks


def written(path: Path, text: str) -> Path:
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def sessions() -> pd.DataFrame:
    return simulate_cohort(23, days=90, unknown_days_per_year=9, seed=8).sessions


def test_a_plain_table_is_read_as_it_stands(tmp_path: Path) -> None:
    text = "athlete,date,distance_km\n007,2024-03-01,5.5\n007,2024-03-02,\nana,2024-03-01,0\n"
    frame = read_sessions(written(tmp_path / "s.csv", text))
    assert frame["athlete"].tolist() == ["007", "007", "ana"]
    assert frame["date"].tolist() == [pd.Timestamp(f"2024-03-0{d}") for d in (1, 2, 1)]
    np.testing.assert_array_equal(frame["distance_km"], [5.5, np.nan, 0.0])
    assert str(frame["date"].dtype) == "datetime64[us]"


def test_a_table_of_another_country_is_read_with_its_names(tmp_path: Path) -> None:
    text = "\ufeffID;Tag;km;AU\nmax;01.03.2024;5,5;320\nmax;02.03.2024;1.000,5;\n"
    path = written(tmp_path / "s.csv", text.replace("1.000,5", "10,25"))
    options = {"athlete": "ID", "date": "Tag", "date_format": "%d.%m.%Y", "sep": ";"}
    frame = read_sessions(path, decimal=",", distance_km="km", srpe="AU", **options)
    assert frame["distance_km"].tolist() == [5.5, 10.25]
    assert frame["date"].iloc[1] == pd.Timestamp("2024-03-02")
    assert frame.columns.tolist() == ["athlete", "date", "distance_km", "srpe"]


def test_a_time_of_day_is_dropped(tmp_path: Path) -> None:
    text = "athlete,date,distance_km\na,2024-03-01T23:30:00,5\n"
    frame = read_sessions(written(tmp_path / "s.csv", text))
    assert frame["date"].tolist() == [pd.Timestamp("2024-03-01")]


WRONG = {
    "line 3, column 'date': '31/12/2024' is not a day": "a,2024-03-01,5\na,31/12/2024,5\n",
    "line 2, column 'date': nan is not a day": "a,,5\n",
    "line 2, column 'distance_km': '5 km' is no number": "a,2024-03-01,5 km\n",
    "line 3, column 'athlete': nan is no athlete": "a,2024-03-01,5\n,2024-03-01,5\n",
    "time zone": "a,2024-03-01T10:00:00+02:00,5\n",
}


@pytest.mark.parametrize("says", WRONG)
def test_a_cell_that_is_wrong_is_named_with_its_line(says: str, tmp_path: Path) -> None:
    path = written(tmp_path / "s.csv", "athlete,date,distance_km\n" + WRONG[says])
    with pytest.raises(loadmon.FrameError) as error:
        read_sessions(path)
    assert says in str(error.value)
    assert "s.csv" in str(error.value)


#: Rows with one cell more than names: pandas would take the first for the index.
SHIFTED = {
    "a cell at the end": "a,2024-03-01,5,0.5\nb,2024-03-02,6,0.5\n",
    "a separator at the end": "a,2024-03-01,5,\nb,2024-03-02,6,\n",
    "a number of the row at the beginning": "1,a,2024-03-01,5\n2,a,2024-03-02,6\n",
    "two cells at the end": "a,2024-03-01,5,1,2\nb,2024-03-02,6,1,2\n",
}


@pytest.mark.parametrize("how", SHIFTED)
def test_rows_with_more_cells_than_names_are_refused_and_never_shifted(
    how: str, tmp_path: Path
) -> None:
    path = written(tmp_path / "s.csv", "athlete,date,distance_km\n" + SHIFTED[how])
    says = r"s\.csv, line 2: [45] cells, but the line of names has 3"
    for read in (read_sessions, read_injuries, lambda path: list(sessions_in_blocks(path))):
        with pytest.raises(loadmon.FrameError, match=says):
            read(path)


def test_a_longer_row_further_down_is_named_in_blocks_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tables, "_ROWS", 2)
    text = "athlete,date,distance_km\n" + "a,2024-03-01,5\n" * 4 + "b,2024-03-01,5,9\n"
    path = written(tmp_path / "s.csv", text)
    for read in (read_sessions, lambda path: list(sessions_in_blocks(path))):
        with pytest.raises(loadmon.ReadError, match=r"s\.csv.*line 6, saw 4"):
            read(path)


@pytest.mark.parametrize("cell", ["today", "now", "2024", "2024-03", "2024-3-1", "2024/03/01"])
def test_a_cell_that_is_no_whole_iso_day_is_refused(cell: str, tmp_path: Path) -> None:
    text = f"athlete,date,distance_km\na,2024-03-01,5\na,{cell},5\na,{cell},5\n"
    path = written(tmp_path / "s.csv", text)
    for read in (read_sessions, read_injuries, lambda path: list(sessions_in_blocks(path))):
        message = f"line 3, column 'date': '{cell}' is not a day"
        with pytest.raises(loadmon.FrameError, match=message):
            read(path)


@pytest.mark.parametrize("date_format", ["%d.%m.%Y", "mixed"])
@pytest.mark.parametrize("cell", ["today", "now"])
def test_a_word_is_no_day_in_any_format(cell: str, date_format: str, tmp_path: Path) -> None:
    path = written(tmp_path / "i.csv", f"athlete,date,end\na,01.03.2024,{cell}\n")
    with pytest.raises(loadmon.FrameError, match=f"column 'end': '{cell}' is not a day"):
        read_injuries(path, end="end", date_format=date_format)


@pytest.mark.parametrize("cell", ["2024-03-01", "20240301", "2024-03-01 23:30", "20240301T2330"])
def test_a_day_with_or_without_signs_and_time_is_read(cell: str, tmp_path: Path) -> None:
    path = written(tmp_path / "s.csv", f"athlete,date,distance_km\na,{cell},5\n")
    assert read_sessions(path)["date"].tolist() == [pd.Timestamp("2024-03-01")]


def test_a_missing_column_names_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path / "s.csv", "athlete,dates,km\n")
    with pytest.raises(loadmon.FrameError, match="did you mean 'dates'"):
        read_sessions(path)
    with pytest.raises(loadmon.FrameError, match="there are: athlete, dates, km"):
        read_sessions(path, date="dates", distance_km="metres run")


def test_a_file_that_is_no_table_is_refused(tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_bytes(b"\xff\xfe\x00\x01")
    for path in (tmp_path / "s.csv", tmp_path / "none.csv", written(tmp_path / "e.csv", "")):
        with pytest.raises(loadmon.ReadError, match="cannot be read"):
            read_sessions(path)


def test_injuries_are_read_with_the_day_back_where_it_is_known(tmp_path: Path) -> None:
    text = "who,onset,back\na,2024-03-01,2024-03-20\nb,2024-04-01,\n"
    options = {"athlete": "who", "date": "onset", "end": "back"}
    frame = read_injuries(written(tmp_path / "i.csv", text), **options)
    assert frame["end"].tolist()[0] == pd.Timestamp("2024-03-20")
    assert frame["end"].isna().tolist() == [False, True]
    path = written(tmp_path / "i.csv", text.replace("2024-03-20", "soon"))
    with pytest.raises(loadmon.FrameError, match="'soon' is not a day"):
        read_injuries(path, **options)


@pytest.mark.parametrize("rows", [7, 100, 10**6])
@pytest.mark.parametrize("athletes", [1, 5, 23, 99])
def test_blocks_hold_whole_athletes_and_together_the_whole_table(
    rows: int,
    athletes: int,
    sessions: pd.DataFrame,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sessions.to_csv(tmp_path / "s.csv", index=False)
    monkeypatch.setattr(tables, "_ROWS", rows)
    found = list(sessions_in_blocks(tmp_path / "s.csv", athletes=athletes))
    sizes = [part["athlete"].nunique() for part in found]
    assert sizes[:-1] == [athletes] * (len(sizes) - 1)
    assert 0 < sizes[-1] <= athletes
    whole = pd.concat(found, ignore_index=True)
    pd.testing.assert_frame_equal(whole, sessions[["athlete", "date", "distance_km"]])


def test_an_athlete_whose_rows_are_scattered_is_named(
    sessions: pd.DataFrame, tmp_path: Path
) -> None:
    pd.concat([sessions, sessions.iloc[:1]]).to_csv(tmp_path / "s.csv", index=False)
    with pytest.raises(loadmon.FrameError, match=r"r00000.*sort the file by athlete"):
        list(sessions_in_blocks(tmp_path / "s.csv", athletes=5))


@pytest.mark.parametrize("every", ["day", "week"])
def test_a_written_panel_is_the_panel(every: str, sessions: pd.DataFrame, tmp_path: Path) -> None:
    target = tmp_path / "panel.csv"
    n = write_panel(sessions, target, every=every, athletes=4)  # type: ignore[arg-type]
    whole = {"day": loadmon.daily_panel, "week": loadmon.weekly_panel}[every](sessions)
    assert n == len(whole)
    types = {c: "boolean" for c in whole if c.startswith("flag_")}
    back = pd.read_csv(
        target, dtype=types, parse_dates=["date" if every == "day" else "week_start"],
        keep_default_na=False, na_values={c: [""] for c in whole if c != "flags"},
    )  # fmt: skip
    pd.testing.assert_frame_equal(back, whole, check_dtype=False, rtol=1e-12)
    assert [path.name for path in tmp_path.iterdir()] == ["panel.csv"]


def test_a_panel_is_written_from_blocks_of_a_file(sessions: pd.DataFrame, tmp_path: Path) -> None:
    sessions.to_csv(tmp_path / "s.csv", index=False)
    blocks = sessions_in_blocks(tmp_path / "s.csv", athletes=3)
    write_panel(blocks, tmp_path / "blocks.csv", every="week")
    write_panel(sessions, tmp_path / "whole.csv", every="week")
    assert (tmp_path / "blocks.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_a_panel_that_fails_halfway_leaves_no_file_under_its_name(
    sessions: pd.DataFrame, tmp_path: Path
) -> None:
    bad = sessions.assign(distance_km=-1.0)
    with pytest.raises(loadmon.FrameError, match="negative"):
        write_panel([sessions, bad], tmp_path / "panel.csv")
    assert not (tmp_path / "panel.csv").exists()


def test_parquet_holds_the_same_panel(sessions: pd.DataFrame, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="Parquet is written where pyarrow is installed")
    write_panel(sessions, tmp_path / "panel.parquet", athletes=5)
    back = pd.read_parquet(tmp_path / "panel.parquet")
    pd.testing.assert_frame_equal(back, loadmon.daily_panel(sessions), check_dtype=False)


def test_parquet_without_pyarrow_says_what_to_install(
    sessions: pd.DataFrame, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(loadmon.SettingError, match="pip install pyarrow"):
        write_panel(sessions, tmp_path / "panel.parquet")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"target": "panel.xlsx"}, "csv or .parquet"),
        ({"target": "no/such/folder/panel.csv"}, "cannot be written"),
        ({"target": "p.csv", "every": "month"}, "month"),
        ({"target": "p.csv", "athletes": 0}, "at least 1"),
        ({"target": "p.csv", "load": "trimp"}, "trimp"),
    ],
)
def test_what_cannot_be_written_is_refused(
    options: dict[str, object], says: str, sessions: pd.DataFrame, tmp_path: Path
) -> None:
    target = tmp_path / str(options.pop("target"))
    with pytest.raises(loadmon.SettingError, match=says):
        write_panel(sessions, target, **options)  # type: ignore[arg-type]


WRONG_TABLES = {
    "lack athlete": lambda s: s.drop(columns="athlete"),
    "no load 'distance_km'": lambda s: s.drop(columns="distance_km"),
    "must hold naive days": lambda s: s.assign(date=s["date"].astype("str")),
    "1 rows of sessions have a date that is no day": lambda s: s.assign(
        date=s["date"].where(s.index > 0)
    ),
    "no athlete": lambda s: s.assign(athlete=s["athlete"].where(s.index > 0)),
    "negative or infinite": lambda s: s.assign(distance_km=s["distance_km"].mask(s.index == 4, -2)),
    "must be numeric": lambda s: s.assign(distance_km="5"),
}


@pytest.mark.parametrize("says", WRONG_TABLES)
def test_a_table_that_makes_no_sense_is_refused(says: str, sessions: pd.DataFrame) -> None:
    with pytest.raises(loadmon.LoadmonError, match=says):
        loadmon.daily_panel(WRONG_TABLES[says](sessions))


PANELS = {"day": loadmon.daily_panel, "week": loadmon.weekly_panel}


@pytest.mark.parametrize("panel", ["day", "week"])
@pytest.mark.parametrize("as_of", [None, "2030-01-01"])
@pytest.mark.parametrize("wrong", ["0024-03-01", "9024-03-01"])
def test_a_date_a_century_from_the_athletes_others_is_named(
    panel: str, as_of: str | None, wrong: str, sessions: pd.DataFrame
) -> None:
    bad = sessions.copy()
    bad.loc[200, "date"] = pd.Timestamp(wrong)
    if as_of is not None and wrong > as_of:  # what lies after as_of does not count
        assert not PANELS[panel](bad, as_of=as_of).empty
        return
    says = f"athlete '{bad['athlete'][200]}', date {wrong} is more than 100 years from the other"
    with pytest.raises(loadmon.FrameError, match=says):
        PANELS[panel](bad, as_of=as_of)


def test_an_athlete_of_wrong_dates_alone_is_named_where_the_calendar_goes_on_to_as_of(
    sessions: pd.DataFrame,
) -> None:
    alone = pd.DataFrame({"athlete": ["old"], "date": ["0024-03-01"], "distance_km": [5.0]})
    bad = pd.concat([sessions, alone.astype({"date": "datetime64[us]"})], ignore_index=True)
    assert (loadmon.daily_panel(bad)["athlete"] == "old").sum() == 1  # a day of its own calendar
    says = "athlete 'old', date 0024-03-01 is more than 100 years from as_of 2030-01-01"
    with pytest.raises(loadmon.FrameError, match=says):
        loadmon.daily_panel(bad, as_of="2030-01-01")


def test_an_as_of_a_century_after_the_last_row_is_refused(sessions: pd.DataFrame) -> None:
    with pytest.raises(loadmon.SettingError, match="as_of 9999-12-31 is more than 100 years after"):
        loadmon.weekly_panel(sessions, as_of="9999-12-31")


def test_nobody_has_a_panel_of_the_same_columns(sessions: pd.DataFrame) -> None:
    for panel in (loadmon.daily_panel, loadmon.weekly_panel):
        nobody, some = panel(sessions.iloc[:0]), panel(sessions)
        assert nobody.empty
        assert nobody.columns.tolist() == some.columns.tolist()
        kinds = [t.kind for t in some.dtypes]
        assert [t.kind for t in nobody.dtypes][1:] == kinds[1:]
    assert loadmon.daily_panel(sessions, as_of="2020-01-01").empty
