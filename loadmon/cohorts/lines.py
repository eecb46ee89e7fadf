"""Lines of a table as text: what is no table is refused, and a cell that is wrong by its line."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from os import PathLike

import pandas as pd

from loadmon.athlete.numbers import quoted
from loadmon.errors import FrameError, ReadError


def text_of_table(path: str | PathLike[str], sep: str) -> pd.DataFrame:
    """Table of a file with every cell as text; missing cells are NaN."""
    with _told_of(path):
        table = pd.read_csv(path, sep=sep, dtype="str", encoding="utf-8-sig")
    return check_cells(table, path)


def chunks_of_table(path: str | PathLike[str], sep: str, rows: int) -> Iterator[pd.DataFrame]:
    """Table of a file as `text_of_table` gives it, some rows at a time."""
    with ExitStack() as opened:
        with _told_of(path):
            whole = pd.read_csv(path, sep=sep, dtype="str", encoding="utf-8-sig", chunksize=rows)
            chunks = iter(opened.enter_context(whole))
        while True:
            with _told_of(path):
                chunk = next(chunks, None)
            if chunk is None:
                return
            yield check_cells(chunk, path)


@contextmanager
def _told_of(path: str | PathLike[str]) -> Iterator[None]:
    """Turn what pandas cannot read into our own error."""
    try:
        yield
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ReadError(f"{path}: cannot be read as a table of text in UTF-8 ({error})") from None


def check_cells(table: pd.DataFrame, path: str | PathLike[str]) -> pd.DataFrame:
    """Refuse a table whose rows hold more cells than the line of names.

    Parameters
    ----------
    table : DataFrame
        What pandas has read; it takes cells without a name for the index and moves all others.
    path : path
        To name in errors.

    Raises
    ------
    FrameError
        If there are such cells.
    """
    if isinstance(table.index, pd.RangeIndex):
        return table
    raise FrameError(
        f"{path}, line 2: {table.index.nlevels + table.shape[1]} cells, but the line of names has "
        f"{table.shape[1]}; give every column a name, or take out what stands after the last one"
    )


def refuse(bad: pd.Series, cells: pd.Series, path: str | PathLike[str], what: str) -> None:
    """Raise, naming the line of the first bad cell; the line of names is the first."""
    if bad.any():
        first = int(bad.to_numpy().argmax())
        line, cell = int(bad.index.to_numpy()[first]) + 2, cells.iloc[first]
        told = quoted(cell) if isinstance(cell, str) else cell
        raise FrameError(f"{path}, line {line}, column {cells.name!r}: {told} is {what}")
