"""A made file of the published columns (doi:10.34894/UWU9PV), read as its authors mean it.

The names and the order of columns are those of the published files; the direction of the numbers
was checked on their first rows: what ends in .1 on day 0 of the day file stands without a number
on day 1, and what stands without a number on day 0 of the week file ends in .1 on day 7.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from made_lovdal import day_file, km_of, suffixed

import loadmon
from loadmon.cohorts.lovdal import WEEK_COLUMNS, read_lovdal_days, read_lovdal_weeks

FIRST = pd.Timestamp("2012-01-02")
FEELINGS = ("exertion", "training success", "recovery")
WEEK_FILE = [
    "nr. sessions",
    "nr. rest days",
    "total kms",
    "max km one day",
    "total km Z3-Z4-Z5-T1-T2",
    "nr. tough sessions (effort in Z5, T1 or T2)",
    "nr. days with interval session",
    "total km Z3-4",
    "max km Z3-4 one day",
    "total km Z5-T1-T2",
    "max km Z5-T1-T2 one day",
    "total hours alternative training",
    "nr. strength trainings",
    *(f"{how} {what}" for what in FEELINGS for how in ("avg", "min", "max")),
]


def week_cells(athlete: int, last: int) -> list[float]:
    """Seven days that end on `last`."""
    km = [km_of(athlete, d) for d in range(last - 6, last + 1)]
    days = [float(np.count_nonzero(km)), float(km.count(0.0)), sum(km), max(km)]
    return [*days, *[0.0] * 7, 1.0, 2.0, *[0.1] * 9]


def week_file(path: Path, *, oldest_first: bool = False) -> Path:
    rows = []
    for athlete in (0, 12):
        for event in [*range(21, 41), 60]:
            weeks = [week_cells(athlete, event - 1 - 7 * k) for k in range(3)]
            ratio = [weeks[0][2] / (weeks[1][2] + 1e-6), 0.0, 0.0]
            told = weeks[::-1] if oldest_first else weeks
            rows.append([*np.concatenate(told), athlete, int(event == 60), *ratio, event])
    columns = [*suffixed(WEEK_FILE, 3), "Athlete ID", "injury"]
    columns += [f"rel total kms week {pair}" for pair in ("0_1", "0_2", "1_2")]
    pd.DataFrame(rows, columns=[*columns, "Date"]).to_csv(path, index=False)
    return path


def test_days_are_put_back_where_they_were(tmp_path: Path) -> None:
    days = read_lovdal_days(day_file(tmp_path / "day.csv")).sessions
    assert set(days["athlete"]) == {"0", "12"}
    for athlete in (0, 12):
        mine = days[days["athlete"] == str(athlete)].set_index("date")["distance_km"]
        assert mine.index[0] == FIRST
        for day in (0, 1, 6, 7, 20, 39, 53, 59):
            assert mine[FIRST + pd.Timedelta(days=day)] == km_of(athlete, day), day
        assert mine.iloc[40:53].isna().all()
        assert len(mine) == 60


def test_injuries_fall_on_the_day_of_their_event(tmp_path: Path) -> None:
    hurt = read_lovdal_days(day_file(tmp_path / "day.csv")).injuries
    assert hurt["athlete"].tolist() == ["0", "12"]
    assert (hurt["date"] == FIRST + pd.Timedelta(days=60)).all()


def test_a_feeling_on_a_day_without_training_is_none(tmp_path: Path) -> None:
    days = read_lovdal_days(day_file(tmp_path / "day.csv")).sessions
    told = days.dropna(subset="distance_km")
    assert told.loc[told["distance_km"] == 0, "perceived_exertion"].isna().all()
    assert (told.loc[told["distance_km"] > 0, "perceived_exertion"] == 0.12).all()


def test_the_day_file_goes_through_the_panel_to_an_evaluation(tmp_path: Path) -> None:
    read = read_lovdal_days(day_file(tmp_path / "day.csv"))
    panel = loadmon.daily_panel(read.sessions, as_of=read.injuries["date"].max())
    table = loadmon.evaluate(panel, read.injuries, horizon_days=1, replicates=5)
    rest = table.set_index("check").loc["rest"]
    # The week before the injury is known, nothing before it: yesterday's flag settles it.
    assert rest["injuries_flagged"] + rest["injuries_unflagged"] == 2
    assert rest["injuries_unknown"] == 0
    acwr = table.set_index("check").loc["acwr"]
    assert acwr["injuries_unknown"] == 2


def test_weeks_are_the_last_one_and_the_two_before_it(tmp_path: Path) -> None:
    weeks = read_lovdal_weeks(week_file(tmp_path / "week.csv"))
    row = weeks[(weeks["athlete"] == "12") & (weeks["date"] == FIRST + pd.Timedelta(days=30))]
    last = sum(km_of(12, d) for d in range(23, 30))
    before = sum(km_of(12, d) for d in range(16, 23))
    assert row["distance_km"].item() == pytest.approx(last)
    assert row["distance_km_1"].item() == pytest.approx(before)
    assert row["change"].item() == pytest.approx(last / before)
    assert weeks["injury"].sum() == 2
    assert {f"{name}_2" for name in WEEK_COLUMNS.values()} <= set(weeks.columns)


def test_a_week_after_none_has_no_change_and_no_flag(tmp_path: Path) -> None:
    path = week_file(tmp_path / "week.csv")
    table = pd.read_csv(path)
    table.loc[0, "total kms.1"] = 0.0
    table.loc[1, "total kms"] = 1.5 * table.loc[1, "total kms.1"]
    table.loc[1, "rel total kms week 0_1"] = 1.5
    table.to_csv(path, index=False)
    weeks = read_lovdal_weeks(path)
    assert np.isnan(weeks["change"].iloc[0])
    assert weeks["flag_weekly_change"].iloc[0] is pd.NA
    assert weeks["flag_weekly_change"].iloc[1]


def test_columns_in_the_other_order_are_refused(tmp_path: Path) -> None:
    with pytest.raises(loadmon.FrameError, match="oldest day"):
        read_lovdal_days(day_file(tmp_path / "day.csv", newest_first=True))
    with pytest.raises(loadmon.FrameError, match="must be the last week"):
        read_lovdal_weeks(week_file(tmp_path / "week.csv", oldest_first=True))


@pytest.mark.parametrize("column", ["Date", "Athlete ID", "injury"])
@pytest.mark.parametrize("cell", ["", "inf", "1e300", "9e12", "1e7", "soon", "-1", "30.5"])
def test_a_key_that_is_no_whole_number_in_its_range_is_named_with_its_line(
    column: str, cell: str, tmp_path: Path
) -> None:
    for make, read in ((day_file, read_lovdal_days), (week_file, read_lovdal_weeks)):
        path = make(tmp_path / "made.csv")
        table = pd.read_csv(path, dtype="str", keep_default_na=False)
        table.loc[2, column] = cell
        table.to_csv(path, index=False)
        says = rf"made\.csv, line 4, column '{column}': .* is no (whole|finite) number"
        with pytest.raises(loadmon.FrameError, match=says):
            read(path)


@pytest.mark.parametrize("cell", ["inf", "long"])
def test_a_training_cell_that_is_no_number_is_named_with_its_line(
    cell: str, tmp_path: Path
) -> None:
    for make, read, column in (
        (day_file, read_lovdal_days, "total km.3"),
        (week_file, read_lovdal_weeks, "rel total kms week 0_1"),
    ):
        path = make(tmp_path / "made.csv")
        table = pd.read_csv(path, dtype="str")
        table.loc[2, column] = cell
        table.to_csv(path, index=False)
        says = f"line 4, column '{column}': '?{cell}'? is no"
        with pytest.raises(loadmon.FrameError, match=says):
            read(path)


def test_a_row_with_more_cells_than_names_is_refused(tmp_path: Path) -> None:
    path = day_file(tmp_path / "day.csv")
    names, *rows = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([names, *(f"0,{row}" for row in rows)]), encoding="utf-8")
    with pytest.raises(loadmon.FrameError, match="74 cells, but the line of names has 73"):
        read_lovdal_days(path)


def test_a_file_without_an_event_gives_empty_frames(tmp_path: Path) -> None:
    for make in (day_file, week_file):
        path = make(tmp_path / f"{make.__name__}.csv")
        path.write_text(path.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    days = read_lovdal_days(tmp_path / "day_file.csv")
    assert (len(days.sessions), len(days.injuries)) == (0, 0)
    assert read_lovdal_weeks(tmp_path / "week_file.csv").empty


def test_one_file_for_the_other_is_refused(tmp_path: Path) -> None:
    with pytest.raises(loadmon.FrameError, match="another one of the two"):
        read_lovdal_weeks(day_file(tmp_path / "day.csv"))
    with pytest.raises(loadmon.FrameError, match="another one of the two"):
        read_lovdal_days(week_file(tmp_path / "week.csv"))
    with pytest.raises(loadmon.ReadError, match=r"none\.csv"):
        read_lovdal_days(tmp_path / "none.csv")
