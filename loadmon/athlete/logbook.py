"""Writing the diary: one line at a time, on disk before it is acknowledged.

A line that was acknowledged is never lost: it is appended under a lock, by one write, and synced
before `add_entry` returns. Where the disk is full the file is put back as it was. The file is only
ever appended to; a column that it lacks is added by way of a new file that takes its place whole.
"""

from __future__ import annotations

import contextlib
import csv
import errno
import io
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from loadmon.athlete.diary import DIARY_COLUMNS, entries_of, entry_of
from loadmon.errors import SettingError

_PATIENCE_S = 10.0
_BOM = "\ufeff"


def add_entry(path: str | os.PathLike[str], cells: Mapping[str, str]) -> str:
    """Add one line to a ``diary.csv``, which is made where it is not there.

    Parameters
    ----------
    path : path
        The diary; its folder is made too.
    cells : mapping of str to str
        Columns of `loadmon.athlete.diary.DIARY_COLUMNS`, as they are to stand in the file;
        ``date`` is required, what is absent stays empty.

    Returns
    -------
    str
        What was mended in the file on the way, one sentence; usually empty.

    Raises
    ------
    SettingError
        If a cell is not understood, the diary that is there is not, or it cannot be written.
        Nothing was added then.
    """
    row = {name: " ".join(cells.get(name, "").split()) for name in DIARY_COLUMNS}
    entry_of(row)
    try:
        _line(row.values()).encode()
    except UnicodeEncodeError as error:
        raise SettingError(f"{error.object[error.start]!r} is no text: write UTF-8") from None
    place = Path(path)
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        with _locked(place) as file:
            return _add(place, file, row)
    except OSError as error:
        raise SettingError(
            f"{place}: cannot be written ({error.strerror or error}), nothing was logged; make "
            "room, or let this folder be written to"
        ) from None


def _add(place: Path, file: int, row: dict[str, str]) -> str:
    """Mend the end of the file, see that it is a diary, and append the row."""
    torn = _mend(file)
    text = _read(file)
    if not text:
        _append(file, _line(DIARY_COLUMNS) + _line(row.values()))
        _sync_folder(place)
        return torn
    header, entries = entries_of(text, place)
    needed = [name for name, cell in row.items() if cell and name not in header]
    if needed:
        columns = [*header, *needed]
        lines = [_line(columns), *(_line(e.get(c, "") for c in columns) for e in entries)]
        lines.append(_line(row[name] for name in columns))
        _replace(place, _BOM * text.startswith(_BOM) + "".join(lines))
        return " ".join(filter(None, [torn, f"The diary has a new column: {', '.join(needed)}."]))
    end = "" if text.endswith("\n") else "\n"
    _append(file, end + _line(row[name] for name in header))
    return torn


def _mend(file: int) -> str:
    """Take off a last line that was cut off while it was written, and say so."""
    text = _read(file)
    whole, last = text[: text.rfind("\n") + 1], text[text.rfind("\n") + 1 :]
    if not last:
        return ""
    head = _line(DIARY_COLUMNS)
    if not whole and head.startswith(last.removeprefix(_BOM)):
        os.ftruncate(file, 0)  # not even the first line was finished
        return ""
    try:
        entries_of(text, Path("diary.csv"))
    except SettingError:
        os.ftruncate(file, len(whole.encode()))
        return f"The last line was cut off and never acknowledged; it was taken out: {last!r}."
    return ""


def _line(cells: Iterable[str]) -> str:
    """One line of CSV, with its end."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(list(cells))
    return out.getvalue()


def _read(file: int) -> str:
    os.lseek(file, 0, os.SEEK_SET)
    pieces = []
    while piece := os.read(file, 1 << 20):
        pieces.append(piece)
    try:
        return b"".join(pieces).decode()
    except UnicodeDecodeError as error:
        raise SettingError(
            f"the diary is not in UTF-8 ({error.reason}): save it as UTF-8"
        ) from None


def _append(file: int, text: str) -> None:
    """Append and sync; where that fails, leave the file as it was."""
    before = os.fstat(file).st_size
    data = text.encode()
    with contextlib.ExitStack() as undo:
        undo.callback(_attempt, os.ftruncate, file, before)
        while data:
            data = data[os.write(file, data) :]
        os.fsync(file)
        undo.pop_all()


def _replace(place: Path, text: str) -> None:
    """Put a new file in the place of the diary, whole or not at all."""
    target = place.resolve()
    number, name = tempfile.mkstemp(prefix=".diary-", dir=target.parent)
    with contextlib.ExitStack() as undo:
        undo.callback(_attempt, os.unlink, name)
        try:
            os.fchmod(number, target.stat().st_mode & 0o777) if hasattr(os, "fchmod") else None
            _append(number, text)
        finally:
            os.close(number)
        os.replace(name, target)
        undo.pop_all()
    _sync_folder(target)


def _attempt(undo: Callable[..., object], *of: object) -> None:
    """Undo something as far as the system lets it."""
    with contextlib.suppress(OSError):
        undo(*of)


def _sync_folder(place: Path) -> None:
    """Make a new name last; systems that cannot sync a folder do without."""
    if sys.platform == "win32":
        return
    folder = os.open(place.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextlib.contextmanager
def _locked(place: Path) -> Iterator[int]:
    """Open the diary for this process alone; another that is writing is waited for."""
    until = time.monotonic() + _PATIENCE_S
    while True:
        file = os.open(
            place, os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o644
        )
        try:
            if _try_lock(file) and os.path.samestat(os.fstat(file), os.stat(place)):
                yield file
                return
        finally:
            os.close(file)  # and with it the lock
        if time.monotonic() > until:
            raise OSError(errno.EBUSY, "another loadmon is writing to it")
        time.sleep(0.01)


def _try_lock(file: int) -> bool:
    """Take the lock of an open file if nobody has it."""
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
