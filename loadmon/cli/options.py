"""Options that commands share, their types, and the diaries beside the paths that are given."""

from __future__ import annotations

import argparse
import os
import re
import shlex
from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from platformdirs import user_config_path

from loadmon.cli.screen import print_err
from loadmon.diary import DIARY_NAME, FLAG_LOG_NAME
from loadmon.errors import SettingError
from loadmon.text import readable

_DAY_PARTS = re.compile(r"(\d{1,4})[-./](\d{1,2})[-./](\d{1,4})", re.ASCII)
_LAST_OF_MONTH, _LAST_MONTH = 31, 12


def day_option(text: str) -> date:
    """Day of a command-line option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} {_no_day_text(text)}") from None


def _no_day_text(text: str) -> str:
    """What is wrong with a text that is no day, and which day may be meant."""
    parts = _DAY_PARTS.fullmatch(text.strip())
    if parts is None:
        return "is not a date; write 2026-10-11"
    a, b, c = (int(part) for part in parts.groups())
    # year first; else day first, or month first as in the United States
    orders = [(a, b, c)] if a > _LAST_OF_MONTH else [(c, b, a), (c, a, b)]
    days = dict.fromkeys(day for order in orders if (day := _day_or_none(*order)))
    if days:
        return f"is not a date; did you mean {' or '.join(map(str, days))}?"
    year, month, _ = orders[0]
    if not 1 <= month <= _LAST_MONTH or not 1 <= year <= date.max.year:
        return "is no such day; write 2026-10-11"
    return f"is no such day; {year}-{month:02d} has {monthrange(year, month)[1]} days"


def _day_or_none(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def input_option(text: str) -> str:
    """Path of recordings, as it was typed; an empty one would mean the current folder."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path; name a file or folder")
    return text


def path_option(text: str) -> Path:
    """File or folder of a command-line option."""
    return Path(input_option(text))


def word_option(text: str) -> str:
    """Words of the runner, even where the locale of the machine only knows ASCII."""
    words = readable(text)
    try:
        words.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{words!r} is not text; write it in UTF-8") from None
    return words


def add_archive_options(
    parser: argparse.ArgumentParser, *, needs_paths: bool = True, is_team: bool = False
) -> None:
    """Options of every command that reads an archive, or many."""
    option, silent = parser.add_argument, parser.add_mutually_exclusive_group()
    paths = "folders, zips and files of recordings, in any mix"
    many = "+" if needs_paths else "*"
    option("paths", nargs=many, type=input_option, metavar="PATH", help=paths)
    option("--as-of", type=day_option, metavar="DATE", help="last day that counts (today)")
    rested = "the days at the end without a recording were rest"
    silent.add_argument("--rested", action="store_true", help=rested)
    old = "the export is old: report on its last day"
    silent.add_argument("--old-export", action="store_true", help=old)
    salvage = "count what can still be read of broken recordings"
    option("--salvage", action="store_true", help=salvage)
    units = "unit of distance (from athlete.toml, else km)"
    option("--units", choices=("km", "mi"), help=units)
    form = "what is printed: a text to read, or frames for programs (table)"
    option("--format", choices=("table", "csv", "json"), default="table", help=form)
    if not is_team:
        one = "all files are one runner's, with two watches or several exports: do not ask"
        option("--one-runner", action="store_true", help=one)
    option("--no-cache", action="store_true", help="read every file again and store nothing")
    option("--athlete", type=path_option, metavar="FILE", help="athlete.toml")


def kept_options(args: argparse.Namespace) -> str:
    """Options of an archive as they were given, for the commands that go on from an answer."""
    words: list[str] = []
    for name, value in (("--athlete", args.athlete), ("--as-of", args.as_of)):
        words += [name, str(value)] if value else []
    words += ["--units", args.units] if args.units else []
    flags = ("rested", "old_export", "salvage", "one_runner", "no_cache")
    words += [f"--{flag.replace('_', '-')}" for flag in flags if getattr(args, flag)]
    return f" {shlex.join(words)}" if words else ""


def folder_of(path: str) -> Path:
    """Folder in which the settings and the diary of an archive lie: itself, or its parent."""
    return Path(path) if os.path.isdir(path) else Path(path).parent


def one_folder_of(paths: Sequence[str], what: str) -> Path:
    """Folder of the one archive that lines are about, as they lie nowhere else."""
    for path in paths:
        if not os.path.exists(path):
            raise SettingError(f"{path}: there is no such file or folder; check the path")
    folders = {folder_of(path).resolve(): folder_of(path) for path in paths}
    if len(folders) > 1:
        raise SettingError(f"{what} is about one archive: name one of these paths")
    (folder,) = folders.values()
    return folder


def warn_of_unused_diaries(folders: Sequence[Path], athlete: Path | None, *teams: str) -> None:
    """Say on stderr which diaries are not read: those that are not beside the archive.

    Pain belongs to one runner. The first edition kept one diary for all archives in the config
    folder, and read one beside ``--athlete``; one in the folder of a team is nobody's.
    """
    others = [user_config_path("loadmon")]
    if athlete:
        others.append(athlete if os.path.isdir(athlete) else athlete.parent)
    if len(teams) == 1:
        others += [Path(team) for team in teams]
    used = {folder.resolve() for folder in folders}
    for folder in dict.fromkeys(other.resolve() for other in others):
        if folder not in used and os.path.exists(folder / DIARY_NAME):
            print_err(
                f"{folder / DIARY_NAME}: not used, because a diary belongs to one runner. Move its "
                f"lines into {DIARY_NAME} beside the archive that they are about."
            )


def warn_of_shared_diary(paths: Sequence[str]) -> None:
    """Say on stderr that what lies beside a zip counts for the other zips of that folder too."""
    given = {Path(path).resolve() for path in paths}
    for folder in dict.fromkeys(Path(path).resolve().parent for path in paths):
        zips = [path for path in given if path.parent == folder and path.suffix.lower() == ".zip"]
        own = [folder / n for n in (DIARY_NAME, FLAG_LOG_NAME) if os.path.exists(folder / n)]
        if not zips or not own:
            continue
        beside = {path for path in folder.iterdir() if path.suffix.lower() == ".zip"} - given
        if beside:
            names = ", ".join(sorted(path.name for path in beside))
            for path in own:
                print_err(
                    f"{path} counts for {names} as well. If that is another runner's, "
                    "give each runner a folder."
                )
