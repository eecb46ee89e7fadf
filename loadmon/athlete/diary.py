"""The diary: pain, effort, strength and breaks that no watch records, one entry a row."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Iterable, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from loadmon.athlete.files import text_of
from loadmon.errors import SettingError

if TYPE_CHECKING:
    import pandas as pd

DIARY_NAME = "diary.csv"
#: Columns of ``diary.csv`` in the order in which they are written.
DIARY_COLUMNS = ("date", "when", "pain", "site", "rpe", "strength", "break", "note")
#: When, relative to the run of that day, a pain was felt.
WHEN = ("", "before", "during", "after", "next-morning")
#: Word in ``break`` by which the runner says that a silence was no break worth looking back on.
DISMISS = "dismiss"
_SCALES = ("pain", "rpe")


def load_diary(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a ``diary.csv``.

    Parameters
    ----------
    path : path
        A CSV with a header; ``date`` is required, the other columns of `DIARY_COLUMNS` are not.

    Returns
    -------
    DataFrame
        One row per entry, in order of day, entries of a day as written: ``date`` (midnight of a
        local day); ``when``, one of `WHEN`; ``pain`` and ``rpe``, 0 to 10, NaN not told; ``site``,
        ``strength`` (exercises joined by commas), ``break``, ``note``: text, empty not told.

    Raises
    ------
    SettingError
        If the file cannot be read, or a line is not understood; it names the line.
    """
    _, rows = entries_of(text_of(path), path)
    return _frame([entry_of(row) for row in rows])


def entries_of(
    text: str, path: str | PathLike[str]
) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Columns and rows of a diary, every cell checked but still as it was written.

    Parameters
    ----------
    text : str
        Contents of the file.
    path : path
        To name in errors.

    Raises
    ------
    SettingError
        If a line is not understood; it names the line.
    """
    if not text.strip("\ufeff \t\r\n"):
        return (), []  # made, and not yet written to
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows = []
    try:
        columns = tuple(str(name).strip() for name in reader.fieldnames or ())
        _check_header(columns)
        for cells in reader:
            rows.append(_cells(cells))
            entry_of(rows[-1])
    except (SettingError, csv.Error) as error:
        raise SettingError(f"{path}, line {max(1, reader.line_num)}: {error}") from None
    return columns, rows


def no_diary() -> pd.DataFrame:
    """Diary without an entry."""
    return _frame([])


def load_diaries(folders: Iterable[Path]) -> pd.DataFrame:
    """Read the diaries of some folders, each once, as one diary in order of day.

    Parameters
    ----------
    folders : iterable of Path
        Those that hold no diary add nothing.

    Raises
    ------
    SettingError
        As `load_diary`.
    """
    places = {folder.resolve(): folder / DIARY_NAME for folder in folders}
    found = [load_diary(place) for place in places.values() if place.exists()]
    if len(found) < 2:
        return found[0] if found else no_diary()
    import pandas as pd

    return pd.concat(found).sort_values("date", kind="stable", ignore_index=True)


def _check_header(columns: tuple[str, ...]) -> None:
    for name in columns:
        if name not in DIARY_COLUMNS:
            near = difflib.get_close_matches(name, DIARY_COLUMNS, 1)
            hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(DIARY_COLUMNS)}"
            raise SettingError(f"unknown column {name!r}; {hint}")
    if "date" not in columns:
        raise SettingError("the first line must name the columns, with date among them")


def _cells(row: dict[str, str | list[str] | None]) -> dict[str, str]:
    """Cells of one line by their columns."""
    if None in row or any(v is None for v in row.values()):
        raise SettingError("more or fewer cells than columns; put texts with commas in quotes")
    return {k.strip(): str(v).strip() for k, v in row.items()}


def entry_of(cells: Mapping[str, str]) -> dict[str, object]:
    """One entry from the cells of its line; `SettingError` names the cell that cannot be."""
    entry: dict[str, object] = {name: cells.get(name, "") for name in DIARY_COLUMNS}
    entry["date"] = _day(cells["date"])
    if entry["when"] not in WHEN:
        raise SettingError(f"when {entry['when']!r}: one of {', '.join(filter(None, WHEN))}")
    for name in _SCALES:
        entry[name] = _scale(name, str(entry[name]))
    return entry


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise SettingError(f"date {text!r} is no day; write 2026-10-11") from None


def _scale(name: str, text: str) -> float:
    """Answer from 0 to 10; NaN where there is none."""
    if not text:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 10:
        raise SettingError(f"{name} {text!r}: a number from 0 to 10")
    return value


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Entries as a frame, of the same dtypes when there is none."""
    import pandas as pd

    types = {c: "float64" if c in _SCALES else "str" for c in DIARY_COLUMNS}
    frame = pd.DataFrame(rows, columns=list(DIARY_COLUMNS)).astype(
        types | {"date": "datetime64[us]"}
    )
    return frame.sort_values("date", kind="stable", ignore_index=True)
