"""Frames as the command line gives them out: tables to read, CSV and JSON to work with."""

from __future__ import annotations

import json
import textwrap
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from loadmon.diary import write_whole
from loadmon.errors import SettingError
from loadmon.text import UNSHOWN_IN_LINES, csv_text, shown
from loadmon.units import MILES_PER_KM, Units, check_units

#: A last column of words is not squeezed below this many characters.
_LEAST_ROOM = 24
_DECIMALS = {"_km": 1, "_mi": 1, "_min": 0, "_bpm": 0, "_m": 0, "_utc": 0}


def in_units(frame: pd.DataFrame, units: Units) -> pd.DataFrame:
    """Frame with its distances in the asked unit; columns are renamed with it."""
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
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float) and not np.isfinite(value):
        return None
    if isinstance(value, pd.Timestamp):
        is_day = value.tz is None and value == value.normalize()
        return f"{value:%Y-%m-%d}" if is_day else value.isoformat()
    return value


def formatted(
    frame: pd.DataFrame, how: str, columns: Sequence[str] = (), *, width: int | None = None
) -> str:
    """Text of a frame."""
    named = frame.reset_index() if frame.index.name else frame
    if how == "csv":
        return csv_text(named).rstrip("\n")
    if how == "table":
        shown = [c for c in columns if c in named.columns] or list(named.columns)
        return table(named[shown], width=width)
    raise SettingError(f"unknown format {how!r}: table or csv")


def json_text(value: Any, *, is_ascii: bool = False) -> str:
    """JSON in which every character that a terminal might obey is an escape."""
    text = json.dumps(value, ensure_ascii=is_ascii, indent=1)
    return UNSHOWN_IN_LINES.sub(lambda found: json.dumps(found[0])[1:-1], text)


def fitted(text: str, width: int) -> str:
    """Text whose lines are no longer than `width`, broken at spaces."""
    lines = (textwrap.wrap(line, width, break_on_hyphens=False) for line in text.splitlines())
    return "\n".join(part for parts in lines for part in parts or [""])


def table(frame: pd.DataFrame, *, width: int | None = None) -> str:
    """Aligned columns: numbers right, words left, `-` for what is not known.

    Where they do not fit into `width`, a last column of words is broken into lines, or the
    columns are shown in blocks one below the other, each with the first column.
    """
    if frame.empty:
        return "(nothing to show)"
    cells = {str(c): [str(c), *(_cell(str(c), v) for v in frame[c].tolist())] for c in frame}
    right = {str(c): pd.api.types.is_numeric_dtype(frame[c]) for c in frame}
    widths = {c: max(map(len, texts)) for c, texts in cells.items()}
    *before, last = cells
    room = 0 if width is None else width - sum(widths[c] + 2 for c in before)
    if width is None or widths[last] <= room:
        blocks = [list(cells)]
    elif not right[last] and room >= _LEAST_ROOM:
        widths[last] = room
        blocks = [list(cells)]
    else:
        first, *others = cells
        widest = max(width - widths[first] - 2, 1)
        widths = {c: n if right[c] else min(n, widest) for c, n in widths.items()}
        blocks = [[first]]
        for column in others:  # in groups that fit, the first column in each
            used = sum(widths[c] + 2 for c in blocks[-1]) + widths[column]
            if used > width and len(blocks[-1]) > 1:
                blocks.append([first])
            blocks[-1].append(column)
    return "\n\n".join(_aligned({c: cells[c] for c in b}, widths, right) for b in blocks)


def _aligned(cells: dict[str, list[str]], widths: dict[str, int], right: dict[str, bool]) -> str:
    """Cells under each other; those of the last column broken where they are too long."""
    *before, last = cells
    lines = []
    for row in zip(*cells.values(), strict=True):
        parts = [
            text.rjust(widths[c]) if right[c] else text.ljust(widths[c])
            for c, text in zip(before, row[:-1], strict=True)
        ]
        head = "".join(f"{part}  " for part in parts)
        tail = textwrap.wrap(row[-1], widths[last]) or [""]
        tail[0] = tail[0].rjust(widths[last]) if right[last] else tail[0]
        lines += [f"{head}{tail[0]}", *(" " * len(head) + more for more in tail[1:])]
    return "\n".join(line.rstrip() for line in lines)


def _cell(column: str, value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    value = plain(value)
    if value is None:
        return "-"
    if isinstance(value, float):
        ending = next((e for e in _DECIMALS if column.endswith(e)), "")
        return f"{value:.{_DECIMALS.get(ending, 2)}f}"
    return str(value)[:19] if column.endswith("_utc") else shown(str(value))


def write_page(path: Path, page: str) -> None:
    """Write a page, but never over a file that is not one of ours."""
    try:
        if path.exists() and b"loadmon" not in head_of(path):
            raise SettingError(f"{path} is not a loadmon report; name another file with -o")
    except OSError as error:
        raise SettingError(
            f"{path}: cannot be written ({error.strerror}); name another with -o"
        ) from None
    write_whole(path, page.encode(), "; name another with -o")


def head_of(path: Path) -> bytes:
    """First bytes of a file that is to be replaced; none of a device, which has no end."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(2000)
