"""Frames as the command line gives them out: a table to look at, CSV and JSON to work with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from loadmon.athlete.units import MILES_PER_KM, check_units
from loadmon.errors import SettingError

_DECIMALS = {"_km": 1, "_mi": 1, "_min": 0, "_bpm": 0, "_m": 0, "_utc": 0}


def in_units(frame: pd.DataFrame, units: str) -> pd.DataFrame:
    """Frame with its distances in the asked unit; columns are renamed with it.

    Raises
    ------
    SettingError
        If `units` is neither ``km`` nor ``mi``.
    """
    if check_units(units) == "km":
        return frame
    distances = [c for c in frame.columns if str(c).endswith("_km")]
    scaled = frame.assign(**{c: frame[c] * MILES_PER_KM for c in distances})
    return scaled.rename(columns={c: f"{c[:-3]}_mi" for c in distances})


def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows as JSON takes them: days and times as ISO text, None for what is not known."""
    named = frame.reset_index() if frame.index.name else frame
    columns = {str(c): [plain(v) for v in named[c].tolist()] for c in named.columns}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def plain(value: Any) -> Any:
    """One value as JSON knows it; a time at midnight without a zone is a day."""
    if value is None or value is pd.NaT or (isinstance(value, float) and not np.isfinite(value)):
        return None
    if isinstance(value, pd.Timestamp):
        is_day = value.tz is None and value == value.normalize()
        return f"{value:%Y-%m-%d}" if is_day else value.isoformat()
    return value


def formatted(frame: pd.DataFrame, how: str, columns: Sequence[str] = ()) -> str:
    """Text of a frame.

    Parameters
    ----------
    frame : DataFrame
        Any of loadmon's frames.
    how : {"table", "csv", "json"}
        ``csv`` and ``json`` hold every row and column; ``table`` is for the eye.
    columns : sequence of str, optional
        Columns of the table; all if empty.

    Raises
    ------
    SettingError
        If `how` is none of the three.
    """
    if how == "json":
        return json.dumps(rows(frame), ensure_ascii=False, indent=1)
    if how == "csv":
        named = frame.reset_index() if frame.index.name else frame
        return named.to_csv(index=False, lineterminator="\n").rstrip("\n")
    if how == "table":
        named = frame.reset_index() if frame.index.name else frame
        shown = [c for c in columns if c in named.columns] or list(named.columns)
        return table(named[shown])
    raise SettingError(f"unknown format {how!r}: table, csv or json")


def table(frame: pd.DataFrame) -> str:
    """Aligned columns: numbers right, words left, `-` for what is not known."""
    if frame.empty:
        return "(nothing to show)"
    lines = [[str(c) for c in frame.columns]]
    cells = [[_cell(str(c), v) for v in frame[c].tolist()] for c in frame.columns]
    lines += [list(line) for line in zip(*cells, strict=True)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(frame.columns))]
    right = [pd.api.types.is_numeric_dtype(frame[c]) for c in frame.columns]
    return "\n".join(
        "  ".join(
            text.rjust(width) if to_right else text.ljust(width)
            for text, width, to_right in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(column: str, value: Any) -> str:
    """One cell for the eye."""
    if isinstance(value, bool):
        return "yes" if value else ""
    value = plain(value)
    if value is None:
        return "-"
    if isinstance(value, float):
        ending = next((e for e in _DECIMALS if column.endswith(e)), "")
        return f"{value:.{_DECIMALS.get(ending, 2)}f}"
    return str(value)[:19] if column.endswith("_utc") else str(value)
