"""From paths to the files on disk under them, each met once, none opened.

Originals are only ever opened for reading, and links are not followed out of the folder that was
given. What lies in a file, itself or its members, is found by `loadmon.io.sources`.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from loadmon.arguments import check_kind
from loadmon.errors import FileProblem, ReadError

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Iterator


class Entry:
    """One file on disk: its name, and its stamp or what is wrong with it."""

    __slots__ = ("name", "problem", "stamp")

    def __init__(
        self,
        name: str,  # its path as text: an archive has thousands, and few of them are ever opened
        #: Size, times of change of contents and of inode [ns], and inode: a file that was changed
        #: has another stamp, unless it was changed twice within the clock's resolution.
        stamp: tuple[int, int, int, int] = (-1, -1, -1, -1),
        problem: FileProblem | None = None,
    ):
        self.name = name
        self.stamp = stamp
        self.problem = problem

    @property
    def path(self) -> Path:
        """Where it lies."""
        return Path(self.name)


def walk(paths: tuple[str | os.PathLike[str], ...]) -> Iterator[Entry]:
    """Every file under the given paths, in a fixed order; links and the like have a problem."""
    for given in paths:
        check_kind(given, (str, os.PathLike), "each path", "a path")
        if not str(given).strip():
            raise ReadError("an empty path names no file; name the folder or zip of your export")
        path = Path(given)
        try:
            is_folder = stat.S_ISDIR(path.stat().st_mode)
        except (FileNotFoundError, NotADirectoryError, ValueError):
            raise ReadError(f"{path}: there is no such file or folder; check the path") from None
        except OSError as error:
            yield Entry(str(path), problem=unreadable(error))
            continue
        if is_folder:
            yield from _folder(path)
        else:
            yield _file(str(path))


def stamp_of(status: os.stat_result) -> tuple[int, int, int, int]:
    """What changes where a file changes."""
    return status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino


def _folder(root: Path) -> Iterator[Entry]:
    """Everything in a folder, by name; what belongs to the system is one row as a whole."""
    target = root.resolve()
    waiting: list[str | Entry] = [str(root)]  # of our own: folders may nest a thousand deep
    while waiting:
        folder = waiting.pop()
        if isinstance(folder, Entry):
            yield folder
            continue
        try:
            with os.scandir(folder) as names:
                found = sorted(names, key=lambda e: e.name, reverse=True)
        except OSError as error:
            yield Entry(folder, problem=unreadable(error))
            continue
        before = "" if folder == os.curdir else os.path.join(folder, "")
        waiting += [_found(entry, before + entry.name, target) for entry in found]


def _found(entry: os.DirEntry[str], path: str, root: Path) -> str | Entry:
    """What one name in a folder stands for: a folder to go into, or an entry."""
    try:
        if is_system(entry.name):
            return Entry(path, problem=system_file())
        if entry.is_file(follow_symlinks=False):
            return _file(path)
        if entry.is_symlink():
            return Entry(path, problem=_link(Path(path), root))
        return path if entry.is_dir(follow_symlinks=False) else _file(path)
    except OSError as error:
        return Entry(path, problem=unreadable(error))


def is_system(name: str) -> bool:
    """Tell files that the operating system leaves everywhere, by their name without folders."""
    if name[:1] == "." or name == "__MACOSX":
        return True
    return name.lower() in ("thumbs.db", "desktop.ini", "icon\r")


def system_file() -> FileProblem:
    """Why such a file is no input of ours."""
    return FileProblem("skipped", "system-file", "a file of the operating system, not a recording")


def _link(path: Path, root: Path) -> FileProblem:
    try:
        target = path.resolve(strict=True)
    except (OSError, RuntimeError):
        detail = "a link that leads nowhere or to itself"
    else:
        detail = "a link out of this folder: name its target to read it"
        if target == root or root in target.parents:
            detail = "a link to something read under its own name"
    return FileProblem("skipped", "symlink", detail)


def unreadable(error: OSError) -> FileProblem:
    """Why a file or folder cannot be opened."""
    detail = f"cannot be opened ({error.strerror}): check its permissions"
    return FileProblem("quarantined", "not-readable", detail)


def _file(path: str) -> Entry:
    try:
        status = os.stat(path)
    except OSError as error:
        return Entry(path, problem=unreadable(error))
    if not stat.S_ISREG(status.st_mode):
        problem = FileProblem("skipped", "not-a-file", "a device or pipe, not a file")
        return Entry(path, problem=problem)
    return Entry(path, stamp_of(status))
