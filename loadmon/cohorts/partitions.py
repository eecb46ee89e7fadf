"""Tables of more athletes than memory holds: Parquet files, or frames one after another.

A partition is a file of a folder, or a frame of an iterator. It holds whole athletes: all rows of
each of them, and nobody who is in another one. What is wrong with one partition is said of that
one, and the rest is done.
"""

from __future__ import annotations

import contextlib
import hashlib
import itertools
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from loadmon.arguments import (
    check_called,
    check_executor,
    check_frame,
    check_items,
    check_several,
    count_of,
    frames_of,
)
from loadmon.cohorts.spread import spread
from loadmon.diary import path_of, remove
from loadmon.errors import FrameError, LoadmonError, ReadError, SettingError
from loadmon.units import count_text

if TYPE_CHECKING:
    import pyarrow

#: Athletes that are worked on together; memory grows with them, not with the cohort.
TOGETHER = 256
#: Rows of a file that are read at a time; a smaller file at once.
_ROWS = 1_000_000


def some_at_a_time(frame: pd.DataFrame, size: int = TOGETHER) -> Iterator[pd.DataFrame]:
    """Rows of some whole athletes after another, in order of appearance; a small frame as it is."""
    check_frame(frame, "frame")
    if "athlete" not in frame.columns:
        raise FrameError("no column 'athlete'; every row is somebody's")
    code, names = pd.factorize(frame["athlete"])
    if len(names) <= size:
        yield frame
        return
    order = np.argsort(code, kind="stable")
    ends = np.searchsorted(code[order], np.arange(0, len(names) + size, size))
    for start, end in itertools.pairwise(ends):
        yield frame.iloc[order[start:end]]


def whole_athletes(
    frames: Iterable[pd.DataFrame], *, athletes: int = TOGETHER
) -> Iterator[pd.DataFrame]:
    """Cut a stream of rows, sorted by athlete, into frames of whole athletes.

    Parameters
    ----------
    frames : iterable of DataFrame
        Rows as a database or a file gives them, some at a time, with a column ``athlete``. The
        rows of an athlete must stand together.
    athletes : int
        Athletes that are given at a time.

    Yields
    ------
    DataFrame
        All rows of some athletes.

    Raises
    ------
    FrameError
        If the rows of an athlete do not stand together, or there is no column ``athlete``.
    SettingError
        If `athletes` is below 1.
    """
    count_of(athletes, "athletes")
    done = _Seen()
    for number, part in enumerate(_cut(frames_of(frames, "frames"), athletes)):
        for name in done.before(part["athlete"].unique(), number):
            raise _scattered(name)
        yield part


def _scattered(name: object) -> FrameError:
    return FrameError(f"the rows of athlete {name!r} do not stand together; sort them by athlete")


def _cut(frames: Iterable[pd.DataFrame], size: int) -> Iterator[pd.DataFrame]:
    held: list[pd.DataFrame] = []
    for frame in frames:
        if "athlete" not in frame.columns:
            raise FrameError("no column 'athlete'; every row is somebody's")
        rows = pd.concat([*held, frame], ignore_index=True) if held else frame
        code, names = pd.factorize(rows["athlete"])
        begins = np.flatnonzero(np.diff(code, prepend=-2))  # of each run of one athlete's rows
        if len(begins) > len(names):
            again = pd.Series(code[begins]).duplicated().to_numpy().argmax()
            raise _scattered(rows["athlete"].iloc[begins[again]])
        full = max(0, len(begins) - 1) // size * size  # the last may go on in the next frame
        edges = [*begins[:full:size], begins[full] if full else 0]
        for start, end in itertools.pairwise(edges):
            yield rows.iloc[start:end]
        held = [rows.iloc[edges[-1] :]]
    for rows in held:
        if len(rows):
            yield rows


class _Seen:
    """Which athletes have been seen, and where first, in twelve bytes each."""

    def __init__(self) -> None:
        self._numbers = np.empty(0, dtype=np.uint64)  # of athletes, in order
        self._where = np.empty(0, dtype=np.int32)

    def before(self, names: Iterable[Any], where: int) -> dict[Any, int]:
        """Those seen elsewhere before, with the place; the others are seen from now on."""
        names = list(names)
        numbers = np.array([number_of(name) for name in names], dtype=np.uint64)
        at = np.searchsorted(self._numbers, numbers)
        known = np.append(self._numbers, np.uint64(0))[at] == numbers
        known &= at < len(self._numbers)
        twice = {names[i]: int(self._where[at[i]]) for i in np.flatnonzero(known)}
        whole = np.concatenate([self._numbers, numbers[~known]])
        places = np.concatenate([self._where, np.full((~known).sum(), where, dtype=np.int32)])
        order = np.argsort(whole, kind="stable")
        self._numbers, self._where = whole[order], places[order]
        return twice


def number_of(name: object) -> int:
    """Number that stands for an athlete, the same on every machine."""
    text = str(name).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big")


# Parquet: what is read and written of it, and the columns that everyone can rely on.


def parquet() -> tuple[ModuleType, ModuleType]:
    """Modules pyarrow and pyarrow.parquet, or how to get them."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError:
        raise SettingError("Parquet needs pyarrow: pip install pyarrow, or write .csv") from None
    return pa, pq


def schema_of(frame: pd.DataFrame) -> pyarrow.Schema:
    """Arrow schema of a frame, text as plain strings."""
    pa, _ = parquet()
    schema = pa.Schema.from_pandas(frame, preserve_index=False)
    for place, field in enumerate(schema):
        if pa.types.is_large_string(field.type) or pa.types.is_null(field.type):
            schema = schema.set(place, pa.field(field.name, pa.string()))
    return schema


@contextlib.contextmanager
def parquet_writer(path: Path) -> Iterator[Callable[[pd.DataFrame], None]]:
    """Write frames to one file, a row group each, columns as in the first one."""
    pa, pq = parquet()
    writers: list[Any] = []

    def write(frame: pd.DataFrame) -> None:
        schema = writers[0].schema if writers else schema_of(frame)
        try:
            table = pa.Table.from_pandas(frame, schema=schema, preserve_index=False)
        except (pa.ArrowInvalid, pa.ArrowTypeError, KeyError) as error:
            raise FrameError(f"rows that do not fit the columns before them ({error})") from None
        if not writers:
            writers.append(pq.ParquetWriter(path, schema))
        writers[0].write_table(table)

    try:
        yield write
    finally:
        for writer in writers:
            writer.close()


# Partitions, what is wrong with them, and work on each of them.


@dataclass(frozen=True, slots=True)
class Partition:
    """A file or a frame, and the athletes in it that an earlier one holds."""

    name: str
    content: Path | pd.DataFrame
    twice: Mapping[Any, str]  # athlete: name of the partition before

    def frames(self, columns: Sequence[str] | None = None) -> Iterator[pd.DataFrame]:
        """Frames of whole athletes, without those who are in an earlier partition."""
        if isinstance(self.content, Path):
            found = _frames_of_file(self.content, columns)
        else:
            found = some_at_a_time(self.content)
        for frame in found:
            yield frame[~frame["athlete"].isin(list(self.twice))] if self.twice else frame

    def athletes(self, most: int) -> list[Any]:
        """Names of the first athletes, for a message."""
        for frame in self.frames():
            return list(frame["athlete"].unique()[:most])
        return []

    @property
    def failures(self) -> list[Failure]:
        """Athletes who are left out of it, some of them by name."""
        told = []
        for before in dict.fromkeys(self.twice.values()):
            names = [who for who, other in self.twice.items() if other == before]
            some = ", ".join(map(repr, names[:3])) + (" ..." if len(names) > 3 else "")
            detail = f"{count_text(len(names), 'athlete')} ({some}) in {before} too: left out here"
            told.append(Failure(self.name, "athlete-twice", detail))
        return told


@dataclass(frozen=True, slots=True)
class Failure:
    """What is wrong with a partition: ``cannot-be-used``, ``athlete-twice``, ``lost``, ``bug``."""

    partition: str
    reason: str
    detail: str


def lost(partition: Partition) -> Failure:
    """Say that each process that worked on a partition ended."""
    ended = "each process that worked on it ended (killed, or out of memory)"
    return Failure(partition.name, "lost", ended)


def _frames_of_file(path: Path, columns: Sequence[str] | None) -> Iterator[pd.DataFrame]:
    """Frames of whole athletes of a file: of a large one a part of its rows after another."""
    pa, pq = parquet()

    def frame(table: pyarrow.Table) -> pd.DataFrame:
        types = {} if table.schema.pandas_metadata else {pa.bool_(): pd.BooleanDtype()}
        out: pd.DataFrame = table.to_pandas(types_mapper=types.get, date_as_object=False)
        return out

    with _readable(path), pq.ParquetFile(path) as file:
        if file.metadata.num_rows <= _ROWS:  # they may stand in any order
            yield from some_at_a_time(frame(file.read(columns=columns)))
            return
        batches = file.iter_batches(batch_size=_ROWS, columns=columns)
        yield from whole_athletes(frame(pa.Table.from_batches([batch])) for batch in batches)


@contextlib.contextmanager
def _readable(path: Path) -> Iterator[None]:
    pa, _ = parquet()
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise ReadError(f"cannot be read as Parquet ({error})") from None


def in_turn(frames: Iterable[pd.DataFrame], argument: str) -> Iterator[Partition]:
    """Frames of an iterator as partitions, each with the athletes that one before it holds."""
    seen = _Seen()
    for number, frame in enumerate(frames, start=1):
        name = f"frame {number}"
        if not isinstance(frame, pd.DataFrame):
            raise FrameError(f"{argument}: {name}: a {type(frame).__name__}, not a DataFrame")
        here: Iterable[Any] = frame["athlete"].unique() if "athlete" in frame.columns else []
        twice = {who: f"frame {n}" for who, n in seen.before(here, number).items()}
        yield Partition(name, frame, twice)


def parquet_files(folder: str | PathLike[str]) -> list[Path]:
    """Parquet files of a folder and its folders, or the one file that is named."""
    place = path_of(folder, "folder")
    if place.is_file():
        return [place.resolve()]
    if not place.is_dir():
        raise ReadError(f"{place}: there is no such folder of Parquet files; check the path")
    found = [
        path
        for path in sorted(place.rglob("*.parquet"))
        if not any(part.startswith((".", "_")) for part in path.relative_to(place).parts)
    ]
    if not found:
        raise ReadError(f"{place}: holds no Parquet file (*.parquet)")
    return [path.resolve() for path in found]


Columns = tuple[tuple[str, str], ...]


def survey(
    folder: str | PathLike[str], wanted: Callable[[str], bool]
) -> tuple[list[Partition], list[Failure], list[str]]:
    """Partitions of a folder that can be used, why others cannot, and the columns to be read.

    The files say their columns and athletes without all being read. Columns of which `wanted` is
    true must be the same, of the same kinds, in each; what most files hold is taken for right.
    """
    files = parquet_files(folder)
    base = path_of(folder).resolve()
    names = {f: f.name if f == base else f.relative_to(base).as_posix() for f in files}
    columns: dict[Path, Columns] = {}
    failures: list[Failure] = []
    for file in files:
        try:
            columns[file] = _columns(file, wanted)
        except LoadmonError as error:
            failures.append(Failure(names[file], "cannot-be-used", str(error)))
    kinds = Counter(frozenset(found) for found in columns.values()).most_common(1)
    usual = next((found for found in columns.values() if set(found) == kinds[0][0]), ())
    partitions: list[Partition] = []
    seen = _Seen()
    for place, (file, found) in enumerate(columns.items()):
        try:
            if sorted(found) != sorted(usual):
                raise FrameError(_difference(found, usual))
            here = _athletes(file)
        except LoadmonError as error:
            failures.append(Failure(names[file], "cannot-be-used", str(error)))
            continue
        first = seen.before(here, place)
        twice = {who: names[[*columns][n]] for who, n in first.items()}
        partitions.append(Partition(names[file], file, twice))
    return partitions, failures, [name for name, _ in usual]


def _columns(file: Path, wanted: Callable[[str], bool]) -> Columns:
    """Wanted columns of a file, in their order, and the kind of each."""
    _, pq = parquet()
    with _readable(file):
        schema = pq.read_schema(file)
    return tuple((f.name, _kind(f.type)) for f in schema if wanted(f.name))


def _kind(arrow: Any) -> str:
    """What a column holds, in a word: files may keep the same in types of other sizes."""
    pa, _ = parquet()
    types = pa.types
    if types.is_dictionary(arrow):
        return _kind(arrow.value_type)
    kinds = {
        "text": (types.is_string, types.is_large_string, types.is_string_view),
        "numbers": (types.is_floating, types.is_integer),
        "True and False": (types.is_boolean,),
        "days": (types.is_timestamp, types.is_date),
        "nothing": (types.is_null,),
    }
    return next((kind for kind, are in kinds.items() if any(a(arrow) for a in are)), str(arrow))


def _difference(found: Columns, usual: Columns) -> str:
    here, there = dict(found), dict(usual)
    for name in there:
        if name not in here:
            return f"no column {name!r}, which the other files have"
    for name, kind in here.items():
        if name not in there:
            return f"has a column {name!r}, which the other files have not"
        if kind != there[name]:
            return f"column {name!r} holds {kind}, in the other files {there[name]}"
    raise ValueError("no difference")


def _athletes(file: Path) -> list[Any]:
    """Athletes of a file, in order of appearance, without its other columns."""
    _, pq = parquet()
    found: dict[Any, None] = {}
    with _readable(file), pq.ParquetFile(file, read_dictionary=["athlete"]) as opened:
        if "athlete" not in opened.schema_arrow.names:
            raise FrameError("no column 'athlete'; every row is somebody's")
        for group in range(opened.num_row_groups):
            cells = opened.read_row_group(group, columns=["athlete"]).column(0)
            found |= dict.fromkeys(cells.unique().to_pylist())
    return list(found)


Done = TypeVar("Done")


def attempted(partition: Partition, work: Callable[[], Done]) -> Done | Failure:
    """What some work on a partition gives, or why it gives nothing."""
    try:
        return work()
    except LoadmonError as error:
        return Failure(partition.name, "cannot-be-used", str(error))
    except Exception as error:  # the one boundary: a bug must not hide the other partitions
        where = traceback.extract_tb(error.__traceback__)[-1]
        return Failure(
            partition.name,
            "bug",
            f"{type(error).__name__} in {where.name}, line {where.lineno}: {error}",
        )


def read_partitions(
    folder: str | PathLike[str], *, columns: Sequence[str] | None = None
) -> Iterator[pd.DataFrame]:
    """Read a folder of Parquet files, some whole athletes at a time.

    Parameters
    ----------
    folder : path
        Folder whose files, in folders of it too, hold whole athletes each; or one such file.
    columns : sequence of str, optional
        Columns to be read; None is all.

    Yields
    ------
    DataFrame
        All rows of some athletes: what `loadmon.daily_panel`, `loadmon.weekly_panel` or
        `loadmon.person_periods` takes, one after another.

    Raises
    ------
    ReadError
        If there is no such folder, no Parquet file in it, or one cannot be read.
    FrameError
        If a file has other columns than most, or an athlete is in two files. To do the rest and be
        told what failed, take `loadmon.write_partitions` or `loadmon.evaluate`.
    SettingError
        If pyarrow is missing.
    """
    if columns is not None:
        check_items(columns, str, "columns", "a text")
    partitions, failures, _ = survey(folder, lambda name: columns is None or name in columns)
    failures += [failure for part in partitions for failure in part.failures]
    for failure in failures:
        raise FrameError(f"{failure.partition}: {failure.detail}")
    if columns is not None:
        columns = list(dict.fromkeys(["athlete", *columns]))
    for part in partitions:
        try:
            yield from part.frames(columns)
        except (FrameError, ReadError) as error:
            raise type(error)(f"{part.name}: {error}") from None


Work = Callable[..., pd.DataFrame]


def write_partitions(
    source: str | PathLike[str] | Iterable[pd.DataFrame],
    target: str | PathLike[str],
    work: Work,
    *,
    injuries: pd.DataFrame | None = None,
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Work out a table of many athletes, partition by partition, and write it as Parquet.

    Parameters
    ----------
    source : path, or iterable of DataFrame
        Folder of Parquet files, such as sessions; or frames. Each holds whole athletes.
    target : path
        Folder to write to; one without Parquet files. It is made if it is not there.
    work : callable
        What is done with the rows of some athletes, such as `loadmon.daily_panel`,
        `loadmon.weekly_panel`, or ``functools.partial(loadmon.daily_panel, load="srpe")``. For an
        executor it must be found by its name where the workers are.
    injuries : DataFrame, optional
        Handed to `work` after the rows, those of their athletes: for `loadmon.person_periods`.
    executor : Executor, optional
        Where partitions are worked on: any `concurrent.futures.Executor`, such as what
        ``Client.get_executor()`` of dask.distributed gives. The workers read and write the files
        themselves, so all must see the paths, and only rows of the result come back. Frames are
        sent to them, and held here until all is done. None: in this process, one after another.

    Returns
    -------
    DataFrame
        One row per partition: ``partition``, the ``file`` written, its ``athletes`` and ``rows``;
        ``reason`` and ``detail`` where it, or an athlete in it, was left out: ``cannot-be-used``,
        ``athlete-twice``, ``lost`` (each process that worked on it ended), ``bug``, else empty.

    Raises
    ------
    ReadError
        If there is no such folder, or no Parquet file in it.
    SettingError
        If the target cannot be written or holds Parquet files, or pyarrow is missing.

    Notes
    -----
    A file appears under its name when it is whole. What a killed worker leaves undone is done again
    on this machine. The order of rows and files does not depend on the executor.
    """
    place = path_of(target, "target")
    check_called(work, "work")
    check_executor(executor)
    if injuries is not None:
        check_frame(injuries, "injuries", ("athlete",), "; see loadmon.read_injuries")
    partitions: Iterable[Partition]
    failures: list[Failure] = []
    if isinstance(source, str | PathLike):
        partitions, failures, _ = survey(source, lambda name: True)
    else:
        check_several(source, "source")
        partitions = in_turn(source, "source")
    folder = _made_empty(place)
    tasks = ((p, _file(folder, n), work, injuries) for n, p in enumerate(partitions))
    rows = [_row(failure) for failure in failures]
    if executor is None:
        rows += [row for task in tasks for row in _written(task)]
    else:
        sent = list(tasks)
        for task, written in zip(sent, spread(_written, sent, executor=executor), strict=True):
            rows += [_row(lost(task[0]))] if written is None else written
    return pd.DataFrame(rows, columns=list(_LEDGER)).astype(_LEDGER)


Row = tuple[str, str, int, int, str, str]
_LEDGER = {"partition": "str", "file": "str", "athletes": "int64", "rows": "int64"} | dict.fromkeys(
    ("reason", "detail"), "str"
)


def _row(failure: Failure) -> Row:
    return failure.partition, "", 0, 0, failure.reason, failure.detail


def _file(folder: Path, number: int) -> Path:
    return folder / f"part-{number:05d}.parquet"


def _made_empty(folder: Path) -> Path:
    """Folder for Parquet files, of which it holds none, with its whole path."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingError(f"{folder}: cannot be made a folder ({error.strerror})") from None
    if any(folder.rglob("*.parquet")):
        raise SettingError(f"{folder}: holds Parquet files already; name an empty folder")
    return folder.resolve()


def _written(task: tuple[Partition, Path, Work, pd.DataFrame | None]) -> list[Row]:
    """Do the work on a partition and write it, in whatever process that happens."""
    part, file, work, injuries = task
    done = attempted(part, lambda: _write(part, file, work, injuries))
    rows = [_row(failure) for failure in part.failures]
    return [_row(done) if isinstance(done, Failure) else done, *rows]


def _write(part: Partition, file: Path, work: Work, injuries: pd.DataFrame | None) -> Row:
    athletes = rows = 0
    unfinished = file.with_name(f"{file.name}.part")
    try:
        with parquet_writer(unfinished) as write:
            for frame in part.frames():
                names = frame["athlete"].unique()
                own = () if injuries is None else (injuries[injuries["athlete"].isin(names)],)
                made = work(frame, *own)
                write(made)
                athletes, rows = athletes + len(names), rows + len(made)
        unfinished.replace(file)
    except OSError as error:
        raise SettingError(f"{file}: cannot be written ({error.strerror})") from None
    finally:
        remove(unfinished)
    return part.name, file.name, athletes, rows, "", ""
