"""Files that grow line by line beside an archive: the runner's `diary.csv`, and the log of flags.

Reading the diary as a person wrote it, adding lines that survive a kill and a full disk, and
writing files that are whole or not there.
"""

from __future__ import annotations

import contextlib
import csv
import difflib
import errno
import io
import os
import sys
import time
import tomllib
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loadmon.arguments import check_kind, quoted
from loadmon.errors import SettingError
from loadmon.text import shown, spreadsheet_cell

if TYPE_CHECKING:
    import pandas as pd


def path_of(path: str | PathLike[str], argument: str = "path") -> Path:
    """Path of a file or folder that somebody named; an error names the argument."""
    check_kind(path, (str, PathLike), argument, "a path")
    if not str(path).strip():
        raise SettingError(f"{argument}: an empty path names no file; name the file or folder")
    if "\0" in str(path):
        raise SettingError(
            f"{argument} {quoted(str(path))}: holds a character that no name of a file has"
        )
    return Path(path)


def text_of(path: str | PathLike[str]) -> str:
    """Text of a file."""
    try:
        if path_of(path).exists() and not path_of(path).is_file():
            raise SettingError(f"{path}: cannot be read (it is not a file)")
        return path_of(path).read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if os.path.islink(path):
            text = f"{path}: is a link to a file that is not there; mend or remove it"
            raise SettingError(text) from None
        raise SettingError(f"{path}: there is no such file; check the path") from None
    except OSError as error:
        raise SettingError(f"{path}: cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingError(f"{path}: is not text; save it again as UTF-8") from None


def toml_of(path: str | PathLike[str]) -> dict[str, Any]:
    """Keys and values of a TOML file."""
    try:
        return tomllib.loads(text_of(path))
    except (ValueError, RecursionError) as error:  # not TOML, or tables without end
        raise SettingError(f"{path}: is not TOML ({error}); write key = value lines") from None


# The diary: pain, effort, strength and breaks that no watch records, one entry a row.

DIARY_NAME = "diary.csv"
SETTINGS_NAME = "athlete.toml"
#: Columns of ``diary.csv`` in the order in which they are written.
DIARY_COLUMNS = ("date", "when", "pain", "site", "rpe", "strength", "break", "note")
#: When, relative to the run of that day, a pain was felt.
WHEN = ("", "before", "during", "after", "next-morning")
#: Word in ``break`` by which the runner says that a silence was not a lay-off to look back on.
DISMISS = "dismiss"
_SCALES = ("pain", "rpe")


def refuse_misnamed(folder: Path) -> None:
    """Refuse settings or a diary that nobody would read, by the case or the end of its name."""
    try:
        names = os.listdir(folder)
    except OSError:
        return  # what cannot be looked into is told where it is read
    for right in (SETTINGS_NAME, DIARY_NAME):
        near = [name for name in names if name.lower() in (right, f"{right}.txt")]
        if near and right not in names:
            text = f"{folder / near[0]}: is not read, because its name is not {right}; rename it"
            raise SettingError(text)


def load_diary(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a ``diary.csv``.

    Returns one row per entry, in order of day, entries of a day as written: ``date`` (midnight of
    a local day); ``when``, one of `WHEN`; ``pain`` and ``rpe``, 0 to 10, NaN: not given; ``site``,
    ``strength`` (exercises joined by commas), ``break``, ``note``: text, empty: not given.
    """
    _, rows = entries_of(text_of(path), path)
    return _frame([entry_of(row) for row in rows])


def entries_of(
    text: str, path: str | PathLike[str]
) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Columns and rows of a diary, every cell checked but still as it was written."""
    if not text.strip("\ufeff \t\r\n"):
        return (), []  # made, and not yet written to
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows = []
    try:
        columns = tuple(str(name).strip() for name in reader.fieldnames or ())
        for name in columns:
            if name not in DIARY_COLUMNS:
                near = difflib.get_close_matches(name, DIARY_COLUMNS, 1)
                hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(DIARY_COLUMNS)}"
                raise SettingError(f"unknown column {quoted(name)}; {hint}")
        if twice := [name for name in columns if columns.count(name) > 1]:
            raise SettingError(f"the column {twice[0]} stands twice; one of them would be lost")
        if "date" not in columns:
            raise SettingError("the first line must name the columns, with date among them")
        for row in reader:
            if None in row or None in row.values():
                raise SettingError(
                    "more or fewer cells than columns; put texts with commas in quotes"
                )
            rows.append({name.strip(): str(cell).strip() for name, cell in row.items()})
            entry_of(rows[-1])
    except (SettingError, csv.Error) as error:
        raise SettingError(f"{path}, line {max(1, reader.line_num)}: {error}") from None
    return columns, rows


def no_diary() -> pd.DataFrame:
    """Diary without an entry."""
    return _frame([])


def checked_diary(diary: pd.DataFrame) -> pd.DataFrame:
    """Diary of a caller with every column, days as days; what cannot be one is refused."""
    is_whole = all(name in diary.columns for name in DIARY_COLUMNS)
    if (
        is_whole
        and str(diary["date"].dtype).startswith("datetime64")
        and diary["date"].dt.tz is None
    ):
        return diary
    if "date" not in diary.columns:
        raise SettingError("diary lacks date; give it a day like 2026-10-11 in each row")
    rows = [
        entry_of({name: _cell_of(value) for name, value in row.items() if name in DIARY_COLUMNS})
        for row in diary.to_dict("records")
    ]
    return _frame(rows)


def _cell_of(value: Any) -> str:
    """Cell of a frame as it would stand in the file; a day without its midnight."""
    return "" if value is None or value != value else str(value).removesuffix(" 00:00:00")


def load_diaries(folders: Iterable[Path]) -> pd.DataFrame:
    """Read the diaries of some folders, each once, as one diary in order of day."""
    paths = {folder.resolve(): folder / DIARY_NAME for folder in folders}
    diaries = [load_diary(path) for path in paths.values() if os.path.lexists(path)]
    if len(diaries) < 2:
        return diaries[0] if diaries else no_diary()
    import pandas as pd

    return pd.concat(diaries).sort_values("date", kind="stable", ignore_index=True)


def entry_of(cells: Mapping[str, str]) -> dict[str, object]:
    """One entry from the cells of its line; `SettingError` names the cell that is wrong."""
    entry: dict[str, object] = {name: cells.get(name, "") for name in DIARY_COLUMNS}
    try:
        entry["date"] = date.fromisoformat(cells["date"])
    except ValueError:
        raise SettingError(f"date {quoted(cells['date'])} is not a day; write 2026-10-11") from None
    if entry["when"] not in WHEN:
        raise SettingError(f"when {quoted(entry['when'])}: one of {', '.join(filter(None, WHEN))}")
    for name in _SCALES:
        entry[name] = _scale(name, str(entry[name]))
    return entry


def _scale(name: str, text: str) -> float:
    """Answer from 0 to 10; NaN where there is none."""
    if not text:
        return float("nan")
    try:
        value = float(text)
    except ValueError:
        value = -1.0
    if not 0 <= value <= 10:
        raise SettingError(f"{name} {quoted(text)}: a number from 0 to 10")
    return value


def _frame(rows: list[dict[str, object]]) -> pd.DataFrame:
    """Entries as a frame, of the same dtypes when there is none."""
    import pandas as pd

    types = {c: "float64" if c in _SCALES else "str" for c in DIARY_COLUMNS}
    frame = pd.DataFrame(rows, columns=list(DIARY_COLUMNS)).astype(
        types | {"date": "datetime64[us]"}
    )
    return frame.sort_values("date", kind="stable", ignore_index=True)


# The log of flags as they were printed, one flag a row.

FLAG_LOG_NAME = "flags.csv"
#: Columns of ``flags.csv``; the last is one letter, so that a line is whole or lacks it.
FLAG_LOG_COLUMNS = (
    *("as_of", "printed_on", "loadmon", "check", "date", "level"),
    *("value", "limit", "unit", "message", "grade"),
)
_FLAG_DAYS, _FLAG_NUMBERS = ("as_of", "printed_on", "date"), ("value", "limit")
_GRADES = ("A", "B", "C", "D", "X")


def load_flag_log(path: str | PathLike[str]) -> pd.DataFrame:
    """Read a ``flags.csv``, the flags that ``loadmon check --record`` printed.

    Parameters
    ----------
    path : path
        The file.

    Returns
    -------
    DataFrame
        One row per flag, as written: ``as_of``, the day that was judged; ``printed_on``, the day of
        the machine; ``loadmon``, the version; ``check``, ``date``, ``level``, ``value`` and
        ``limit`` in ``unit``, ``message`` and ``grade`` as given by `loadmon.check`. Texts that a
        spreadsheet would take for a formula stand behind an apostrophe. A last line that was cut
        off while it was written is left out: nobody was told that it is there.

    Raises
    ------
    SettingError
        If there is no such file, or it is no log of flags.
    """
    text = text_of(path)
    try:
        _, rows = _flag_rows(text, path)
    except SettingError:
        if text.endswith("\n"):
            raise
        _, rows = _flag_rows(text[: text.rfind("\n") + 1], path)
    return _flag_frame(rows)


def _flag_frame(rows: list[dict[str, str]]) -> pd.DataFrame:
    """Rows of a log of flags as a frame, of the same dtypes when there is none."""
    import pandas as pd

    types = dict.fromkeys(FLAG_LOG_COLUMNS, "str") | dict.fromkeys(_FLAG_NUMBERS, "float64")
    types |= dict.fromkeys(_FLAG_DAYS, "datetime64[us]")
    values: list[dict[str, object]] = []
    for row in rows:  # read as they were checked: pandas takes fewer ways to write a day
        days = {name: date.fromisoformat(row[name]) for name in _FLAG_DAYS}
        values.append(row | days | {name: float(row[name] or "nan") for name in _FLAG_NUMBERS})
    return pd.DataFrame(values, columns=list(FLAG_LOG_COLUMNS)).astype(types)


def load_flag_logs(folders: Iterable[Path]) -> pd.DataFrame:
    """Read the logs of flags in some folders, each once, as one; no row where there is none."""
    import pandas as pd

    paths = {folder.resolve(): folder / FLAG_LOG_NAME for folder in folders}
    logs = [load_flag_log(path) for path in paths.values() if os.path.lexists(path)]
    return pd.concat([_flag_frame([]), *logs], ignore_index=True)


def _flag_rows(
    text: str, path: str | PathLike[str]
) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """Columns and rows of a log of flags, every cell checked but still as it was written."""
    if not text.strip("\ufeff \t\r\n"):
        return (), []
    reader = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[dict[str, str]] = []
    try:
        columns = tuple(reader.fieldnames or ())
        if lacking := [name for name in FLAG_LOG_COLUMNS if name not in columns]:
            raise SettingError(f"not a log of flags: it lacks the column {lacking[0]!r}")
        for row in reader:
            if None in row or None in row.values():
                raise SettingError("more or fewer cells than columns")
            _check_flag(row)
            rows.append(row)
    except (SettingError, csv.Error) as error:
        raise SettingError(f"{path}, line {max(1, reader.line_num)}: {error}") from None
    return columns, rows


def _check_flag(row: Mapping[str, str]) -> None:
    """Refuse a row of the log that is not whole."""
    try:
        for name in _FLAG_DAYS:
            date.fromisoformat(row[name])
        for name in _FLAG_NUMBERS:
            float(row[name] or "nan")
    except ValueError:
        raise SettingError(f"{name} {quoted(row[name])} is not one") from None
    if not row["check"]:
        raise SettingError("no check is named")
    if row["grade"] not in _GRADES:
        raise SettingError(f"grade {quoted(row['grade'])}: one of {', '.join(_GRADES)}")


def _flag_key(row: Mapping[str, str]) -> tuple[str, str, str]:
    """What makes two flags the same one."""
    return row["check"], row["date"], row["level"]


def add_flags(log: str | os.PathLike[str], flags: Iterable[Mapping[str, str]]) -> tuple[int, str]:
    """Add flags to a ``flags.csv``, those alone that are not in it yet.

    Returns how many were added, and what was repaired. All are on disk when it returns.
    """
    rows = []
    for flag in flags:
        cells = {name: shown(" ".join(flag[name].split())) for name in FLAG_LOG_COLUMNS}
        rows.append({name: spreadsheet_cell(cell) for name, cell in cells.items()})
        _check_flag(rows[-1])
    path = Path(log)
    with _writing(path) as file:
        repaired = _repair_end(file, FLAG_LOG_COLUMNS, _flag_rows)
        text = _read(file)
        columns, known = _flag_rows(text, path)
        there = {_flag_key(row) for row in known}
        new = {_flag_key(row): row for row in rows if _flag_key(row) not in there}
        head = "" if columns else _line(FLAG_LOG_COLUMNS)
        end = "" if text.endswith("\n") or not text else "\n"
        names = columns or FLAG_LOG_COLUMNS
        lines = [_line(row.get(name, "") for name in names) for row in new.values()]
        if lines:
            _append(file, (end + head + "".join(lines)).encode())
        if not text:
            _sync_folder(path)
    return len(new), repaired


# Writing: one line at a time, on disk before it is acknowledged.

_LOCK_TIMEOUT_S = 10.0
_BOM = "\ufeff"


def add_entry(diary: str | os.PathLike[str], cells: Mapping[str, str]) -> str:
    """Add one line to a ``diary.csv``, made where it is not there; return what was repaired."""
    row = {name: " ".join(cells.get(name, "").split()) for name in DIARY_COLUMNS}
    entry_of(row)
    try:
        _line(row.values()).encode()
    except UnicodeEncodeError as error:
        raise SettingError(f"{error.object[error.start]!r} is not text: write UTF-8") from None
    path = Path(diary)
    with _writing(path) as file:
        return _add(path, file, row)


@contextlib.contextmanager
def _writing(path: Path) -> Iterator[int]:
    """Open a file to add lines, its folder made where it is not there; tell why it cannot be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path) as file:
            yield file
    except OSError as error:
        raise SettingError(
            f"{path}: cannot be written ({error.strerror or error}), nothing was logged; free "
            "some space, or make the folder writable"
        ) from None


def _add(path: Path, file: int, row: dict[str, str]) -> str:
    """Repair the end of the file, check that it is a diary, and append the row."""
    repaired = _repair_end(file, DIARY_COLUMNS, entries_of)
    text = _read(file)
    if not text:
        _append(file, (_line(DIARY_COLUMNS) + _line(row.values())).encode())
        _sync_folder(path)
        return repaired
    header, entries = entries_of(text, path)
    needed = [name for name, cell in row.items() if cell and name not in header]
    if needed:
        columns = [*header, *needed]
        lines = [_line(columns), *(_line(e.get(c, "") for c in columns) for e in entries)]
        lines.append(_line(row[name] for name in columns))
        _replace(path, (_BOM * text.startswith(_BOM) + "".join(lines)).encode())
        added = f"The diary has a new column: {', '.join(needed)}."
        return " ".join(filter(None, [repaired, added]))
    end = "" if text.endswith("\n") else "\n"
    _append(file, (end + _line(row[name] for name in header)).encode())
    return repaired


def _repair_end(file: int, columns: Iterable[str], read: Callable[[str, str], object]) -> str:
    """Remove a last line that was cut off while it was written, and say so."""
    text = _read(file)
    whole, last = text[: text.rfind("\n") + 1], text[text.rfind("\n") + 1 :]
    if not last:
        return ""
    head = _line(columns)
    if not whole and head.startswith(last.removeprefix(_BOM)):
        os.ftruncate(file, 0)  # not even the first line was finished
        return ""
    if _is_read(read, text) or not _is_read(read, whole):
        return ""  # it is whole, or more than the end of the file is wrong: nothing is touched
    os.ftruncate(file, len(whole.encode()))
    return f"The last line was cut off and never acknowledged; it was removed: {last!r}."


def _is_read(read: Callable[[str, str], object], text: str) -> bool:
    try:
        read(text, "")
    except SettingError:
        return False
    return True


def _line(cells: Iterable[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(list(cells))
    return out.getvalue()


def _read(file: int) -> str:
    with open(file, "rb", closefd=False) as stream:
        stream.seek(0)
        data = stream.read()
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise SettingError(f"the file is not in UTF-8 ({error.reason}): save it as UTF-8") from None


def _append(file: int, data: bytes) -> None:
    """Append and sync; where that fails, leave the file as it was."""
    before = os.fstat(file).st_size
    with contextlib.ExitStack() as undo:
        undo.callback(_attempt, os.ftruncate, file, before)
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
        undo.pop_all()


def write_whole(path: Path, data: bytes, hint: str = "") -> None:
    """Write a file, whole or not at all: an error names it, and leaves what was there before."""
    try:
        _replace(path, data)
    except OSError as error:
        reason = error.strerror or error
        raise SettingError(f"{path}: cannot be written ({reason}){hint}") from None


def remove(unfinished: Path) -> None:
    """Remove what was not finished, if it is there."""
    _attempt(unfinished.unlink)


def _replace(path: Path, data: bytes) -> None:
    """Write a file beside its place, sync it, and rename it."""
    target = path.resolve()
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    beside = target.with_name(f".{target.name[:200]}-{os.getpid()}-{time.monotonic_ns()}")
    how = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    number = os.open(beside, how, 0o666)
    with contextlib.ExitStack() as undo:
        undo.callback(_attempt, os.unlink, beside)
        try:
            if target.exists() and hasattr(os, "fchmod"):
                os.fchmod(number, target.stat().st_mode & 0o777)
            _append(number, data)
        finally:
            os.close(number)
        os.replace(beside, target)
        undo.pop_all()
    _sync_folder(target)


def _attempt(undo: Callable[..., object], *of: object) -> None:
    with contextlib.suppress(OSError):
        undo(*of)


def _sync_folder(path: Path) -> None:
    """Sync a folder so that a new name survives; some systems cannot."""
    if sys.platform == "win32":
        return
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[int]:
    """Open the file with a lock; wait for another process that is writing."""
    until = time.monotonic() + _LOCK_TIMEOUT_S
    while True:
        file = os.open(
            path, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644
        )
        try:
            if _try_lock(file) and os.path.samestat(os.fstat(file), os.stat(path)):
                yield file
                return
        finally:
            os.close(file)  # and with it the lock
        if time.monotonic() > until:
            raise OSError(errno.EBUSY, "another loadmon is writing to it")
        time.sleep(0.01)


def _try_lock(file: int) -> bool:
    try:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
            return False
        raise
    return True
