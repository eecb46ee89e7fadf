"""Plans that a person wrote or edited: each cell is understood, or refused by row and column."""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable
from datetime import date, datetime
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from loadmon.calendar import written
from loadmon.diary import text_of
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.ramp import RAMP_HORIZON
from loadmon.units import MILES_PER_KM

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_ISO_DAY = re.compile(r"(\d{4}-\d\d-\d\d)([ T]00:00(:00(\.0+)?)?)?", re.ASCII)
#: Columns of minutes and repeats that a plan may lack, also in a single row.
_MINUTES = ("repeats", "run_min", "duration_min")
_LONGEST_D = 7 * (int(RAMP_HORIZON["weeks"]) + 1)


def read_plan(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a plan from a CSV as text, with commas or, as some spreadsheets write, semicolons.

    A row that is cut short has empty cells at its end.
    """
    text = text_of(path)
    if "\0" in text:
        raise SettingError(f"{path}: is not a CSV; save the plan as CSV (UTF-8)")
    head = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=head.count), strict=True)
    columns: list[str] = []
    rows: list[list[str]] = []
    try:
        for cells in reader:
            if not columns:
                columns = [cell.strip() for cell in cells]
            elif len(cells) > len(columns):
                raise SettingError(
                    f"{path}, line {reader.line_num}: {len(cells)} cells, but {len(columns)} "
                    "columns; write decimals with a point, and texts with commas in quotes"
                )
            else:
                rows.append(cells + [""] * (len(columns) - len(cells)))
    except csv.Error as error:
        raise SettingError(f"{path}, line {reader.line_num}: {error}") from None
    return pd.DataFrame(rows, columns=columns, dtype="str")


def checked_plan(plan: pd.DataFrame) -> pd.DataFrame:
    """Return a plan as the verifier takes it: in order of day, every cell of the type it should be.

    Days may be ISO text, and distances miles under ``distance_mi``. Rows without a single cell are
    left out. A number that no distance can be is kept where the column holds numbers: it is no
    limit's, and breaks the plan. ``week`` is left out where it is not given for every row.
    Where only the whole session's minutes are known, they stand for the minutes of running.
    """
    twice = plan.columns[plan.columns.duplicated()]
    if len(twice):
        raise FrameError(f"plan has two columns {twice[0]}; leave one out")
    is_mi = "distance_mi" in plan.columns
    if is_mi and "distance_km" in plan.columns:
        raise FrameError("plan has distance_km and distance_mi; leave one out")
    distance = "distance_mi" if is_mi else "distance_km"
    missing = [c for c in ("date", distance) if c not in plan.columns]
    if missing:
        raise FrameError(
            f"plan lacks {', '.join(missing)}; pass Ramp.plan, or what it wrote as CSV"
        )
    rows = plan.reset_index(drop=True)
    rows = rows[~rows.map(_is_empty).all(axis=1)] if len(rows) else rows
    table = _Table(rows)
    out = rows.assign(date=table.column("date", _day, "datetime64[us]"))
    table.days = out["date"]
    out["distance_km"] = table.column(distance, _number, "float64")
    if is_mi:
        out = out.assign(distance_km=out["distance_km"] / MILES_PER_KM).drop(columns=distance)
    for name in (c for c in ("week", *_MINUTES) if c in rows.columns):
        out[name] = table.column(name, _number_or_nothing, "float64")
    table.check(out)
    out = out.sort_values("date", kind="stable", ignore_index=True)
    if "week" in out.columns and out["week"].isna().any():
        out = out.drop(columns="week")
    return _with_running_minutes(out)


class _Table:
    """Cells of a plan, which errors name by their row, its day, and their column."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self.rows = rows
        self.days = pd.Series(dtype="datetime64[us]")

    def error(self, row: int, column: str, what: str) -> FrameError:
        """Error about one cell; rows are counted from 1, without the line of names."""
        day = f" ({written(self.days[row])})" if row in self.days.index else ""
        return FrameError(f"plan row {row + 1}{day}, {column}: {what}")

    def column(self, name: str, parse: Callable[[Any], Any], dtype: str) -> pd.Series:
        """Return a column with each cell parsed; an error says what is wrong with which."""
        cells: dict[int, Any] = {}
        for row, cell in self.rows[name].items():
            try:
                cells[row] = parse(cell)  # type: ignore[index]
            except ValueError as error:
                raise self.error(row, name, str(error)) from None  # type: ignore[arg-type]
        return pd.Series(cells, index=self.rows.index, dtype=dtype)

    def check(self, plan: pd.DataFrame) -> None:
        """Refuse rows that contradict themselves or each other."""
        days = plan["date"]
        for row in days.index[days.duplicated()]:
            raise self.error(row, "date", f"names {written(days[row])} twice; one row a day")
        last = days.min() + pd.Timedelta(days=_LONGEST_D) if len(days) else days.max()
        for row in days.index[days > last]:
            raise self.error(
                row,
                "date",
                f"is more than {RAMP_HORIZON['weeks']:.0f} weeks after {written(days.min())}, the "
                "first day of the plan: one of the two dates is wrong",
            )
        if "week" in plan.columns:
            weeks = plan.sort_values("date")["week"].dropna()
            for row in weeks.index[weeks.diff() < 0]:
                raise self.error(
                    row, "week", f"{weeks[row]:g} after a later one; correct it, or leave it empty"
                )


def _with_running_minutes(plan: pd.DataFrame) -> pd.DataFrame:
    """Plan whose ``repeats * run_min`` are the minutes of running wherever they can be known."""
    if "duration_min" not in plan.columns:
        return plan
    known = {"repeats", "run_min"} <= set(plan.columns)
    minutes = plan["repeats"] * plan["run_min"] if known else plan["duration_min"] * math.nan
    whole = minutes.isna() & plan["duration_min"].notna() & (plan["distance_km"] != 0)
    nothing = pd.Series(math.nan, plan.index)
    return plan.assign(
        repeats=plan.get("repeats", nothing).mask(whole, 1.0),
        run_min=plan.get("run_min", nothing).mask(whole, plan["duration_min"]),
    )


def _is_empty(cell: Any) -> bool:
    return (isinstance(cell, str) and not cell.strip()) or (
        pd.api.types.is_scalar(cell) and pd.isna(cell)
    )


def _day(cell: Any) -> pd.Timestamp:
    """One local day; `ValueError` says what is wrong with the cell."""
    if _is_empty(cell):
        raise ValueError("empty; write the day, such as 2026-11-16, or leave the row out")
    if isinstance(cell, str):
        found = _ISO_DAY.fullmatch(cell.strip())
        try:
            return pd.Timestamp(date.fromisoformat(found[1] if found else "")).as_unit("us")
        except ValueError:
            raise ValueError(f"{cell!r} is not a day; write it as 2026-11-16") from None
    if not isinstance(cell, date | datetime | np.datetime64):
        raise ValueError(f"{cell!r} is not a day; write it as 2026-11-16")
    day = pd.Timestamp(cell)
    if day.tz is not None or day != day.normalize():
        raise ValueError(f"{cell} must be a whole day without a time zone, such as 2026-11-16")
    return day.as_unit("us")


def _number(cell: Any) -> float:
    """One distance; NaN of a column of numbers stays."""
    if isinstance(cell, str) and not cell.strip():
        raise ValueError("empty; write 0 on a day without a run")
    if isinstance(cell, str):
        if not _NUMBER.fullmatch(cell.strip()):
            comma = "; write decimals with a point" if "," in cell else ""
            raise ValueError(f"{cell!r} is not a number{comma}")
        cell = float(cell)
    if cell is None or cell is pd.NA or cell is pd.NaT:
        raise ValueError("empty; write 0 on a day without a run")
    if isinstance(cell, bool | np.bool_) or not isinstance(cell, int | float | np.number):
        raise ValueError(f"{cell!r} is not a number")
    if math.isinf(cell):
        raise ValueError(f"{cell} is not a number")
    return float(cell)


def _number_or_nothing(cell: Any) -> float:
    """One number of 0 or more that a row may lack."""
    number = math.nan if _is_empty(cell) else _number(cell)
    if number < 0:
        raise ValueError(f"{cell} is less than 0")
    return number
