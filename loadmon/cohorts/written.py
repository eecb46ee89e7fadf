"""Panels of more athletes than memory holds, written block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import Literal, get_args

import pandas as pd

from loadmon.athlete.files import path_of
from loadmon.cohorts.blocks import DISTANCE
from loadmon.cohorts.panel import panels
from loadmon.errors import SettingError
from loadmon.load.calendar import Day
from loadmon.text import csv_text

Every = Literal["day", "week"]
Write = Callable[[pd.DataFrame], None]


def write_panel(
    sessions: pd.DataFrame | Iterable[pd.DataFrame],
    target: str | PathLike[str],
    *,
    every: Every = "day",
    load: str = DISTANCE,
    as_of: Day | None = None,
    athletes: int = 256,
) -> int:
    """Write a daily or weekly panel as it is worked out, one block of athletes after another.

    Parameters
    ----------
    sessions : DataFrame or iterable of DataFrame
        A long table, or tables of whole athletes one after another such as
        `loadmon.sessions_in_blocks` gives.
    target : path
        File to write: ``.csv``, or ``.parquet`` where pyarrow is installed. In CSV a name that a
        spreadsheet would take for a formula stands behind an apostrophe.
    every : {"day", "week"}
        Which panel: `loadmon.daily_panel` or `loadmon.weekly_panel`.
    load, as_of
        As in `loadmon.daily_panel`.
    athletes : int
        Athletes in a block; memory grows with it, not with the cohort.

    Returns
    -------
    int
        Rows that were written.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.daily_panel`; SettingError too if the ending is neither, `every` is unknown,
        or the file cannot be written.

    Notes
    -----
    The file appears under its name when it is whole; until then it is ``NAME.part``.
    """
    if every not in get_args(Every):
        raise SettingError(f"unknown panel {every!r}: {', '.join(get_args(Every))}")
    if athletes < 1:
        raise SettingError("athletes must be at least 1")
    tables = [sessions] if isinstance(sessions, pd.DataFrame) else sessions
    path, written = path_of(target), 0
    part = path.with_name(f"{path.name}.part")
    try:
        with _writer(path, part) as write:
            for table in tables:
                for panel in panels(table, every, load, as_of, athletes):
                    write(panel)
                    written += len(panel)
        part.replace(path)
    except OSError as error:
        raise SettingError(f"{path}: cannot be written ({error.strerror})") from None
    return written


@contextmanager
def _writer(path: Path, part: Path) -> Iterator[Write]:
    """Open the file that grows, in the format that the name asks for."""
    if path.suffix == ".csv":
        with part.open("w", encoding="utf-8", newline="") as file:
            yield lambda panel: print(csv_text(panel, header=file.tell() == 0), end="", file=file)
    elif path.suffix == ".parquet":
        with _parquet(part) as write:
            yield write
    else:
        raise SettingError(f"{path}: write .csv or .parquet")


@contextmanager
def _parquet(part: Path) -> Iterator[Write]:
    """Write Parquet, one row group a block, columns as in the first block."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise SettingError("Parquet needs pyarrow: pip install pyarrow, or write .csv") from None
    writers: list[pq.ParquetWriter] = []

    def write(panel: pd.DataFrame) -> None:
        schema = writers[0].schema if writers else None
        table = pa.Table.from_pandas(panel, schema=schema, preserve_index=False)
        if not writers:
            writers.append(pq.ParquetWriter(part, table.schema))
        writers[0].write_table(table)

    try:
        yield write
    finally:
        for writer in writers:
            writer.close()
