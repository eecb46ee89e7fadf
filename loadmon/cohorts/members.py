"""Who is in a team: one folder or zip for each athlete."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from loadmon.errors import ReadError
from loadmon.text import readable

#: Endings of recordings, which belong to an athlete's folder and not beside it.
_RECORDINGS = (".fit", ".gpx", ".tcx", ".gz")


@dataclass(frozen=True, slots=True)
class Member:
    """One athlete of a team.

    Parameters
    ----------
    name : str
        Name of the folder, or of the zip without its ending.
    path : str
        Where the files are.
    """

    name: str
    path: str


def members(
    given: str | PathLike[str] | Iterable[str | PathLike[str]],
) -> tuple[list[Member], list[Path]]:
    """Find the athletes of a team.

    Parameters
    ----------
    given : path or iterable of path
        A folder that holds a folder or zip for each athlete; or these themselves.

    Returns
    -------
    list of Member
        In order of their names. Where a folder and a zip, or two paths, have one name, the name
        is followed by the ending, or is the whole path.
    list of Path
        Recordings that lie in the folder itself, so that nobody knows whose they are.

    Raises
    ------
    ReadError
        If a path does not exist or is empty, or the folder holds no athlete.
    """
    named = [given] if isinstance(given, str | PathLike) else list(given)
    if not all(str(path).strip() for path in named):
        raise ReadError("an empty path names no folder; name one that holds a folder per athlete")
    if isinstance(given, str | PathLike):
        folder = Path(given)
        if not folder.is_dir():
            raise ReadError(f"{folder}: no folder; name one that holds a folder or zip per athlete")
        paths, loose = _inside(folder)
        if not paths:
            raise ReadError(
                f"{folder}: holds no folder and no zip; put each athlete's export in one"
            )
        return _named(paths), loose
    paths = [Path(p) for p in named]
    for path in paths:
        if not path.exists():
            raise ReadError(f"{path}: there is no such file or folder; check the path")
    return _named(paths), []


def _inside(folder: Path) -> tuple[list[Path], list[Path]]:
    """Athletes of a folder, and recordings beside them; what is hidden is left out."""
    shown = [p for p in sorted(folder.iterdir()) if not p.name.startswith((".", "__"))]
    paths = [p for p in shown if p.is_dir() or p.suffix.lower() == ".zip"]
    loose = [p for p in shown if p not in paths and p.suffix.lower() in _RECORDINGS]
    return paths, loose


def _named(paths: list[Path]) -> list[Member]:
    """Athletes under names of their own."""
    short = [p.stem if p.suffix.lower() == ".zip" else p.name for p in paths]
    for longer in ([p.name for p in paths], [str(p) for p in paths]):
        short = [
            name if short.count(name) == 1 else other
            for name, other in zip(short, longer, strict=True)
        ]
    found = [Member(readable(name), str(path)) for name, path in zip(short, paths, strict=True)]
    return sorted(found, key=lambda member: (member.name.casefold(), member.name, member.path))
