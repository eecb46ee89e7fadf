"""What every command does first and last: read the paths, ask about silence, print a frame."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loadmon.cli.screen import say, speaks_unicode, table_width, tell
from loadmon.errors import ReadError
from loadmon.text import readable

if TYPE_CHECKING:
    from loadmon.athlete import Athlete
    from loadmon.io.archive import Archive
    from loadmon.units import Units


#: Exit codes; 1 is left to Python, so that a bug never reads as a finding.
DONE, UNUSABLE, FLAGGED, UNKNOWN = 0, 2, 3, 4


def day_option(text: str) -> date:
    """Day of a command-line option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2026-10-11") from None


def input_option(text: str) -> str:
    """Path of recordings, as it was typed; an empty one would mean the folder one stands in."""
    if not text.strip():
        raise argparse.ArgumentTypeError("an empty path; name a file or folder")
    return text


def word_option(text: str) -> str:
    """Words of the runner, also where the locale of the machine knows ASCII alone."""
    words = readable(text)
    try:
        words.encode()
    except UnicodeEncodeError:
        raise argparse.ArgumentTypeError(f"{words!r} is no text; write it in UTF-8") from None
    return words


def path_option(text: str) -> Path:
    """File or folder of a command-line option."""
    return Path(input_option(text))


def head_of(path: Path) -> bytes:
    """First bytes of a file that is to be replaced; none of a device, which has no end."""
    if not path.is_file():
        return b""
    with path.open("rb") as file:
        return file.read(2000)


def settings_file(given: Path) -> Path:
    """Settings that an option names: a file, or the folder that holds it."""
    from loadmon.settings import SETTINGS_NAME

    return given / SETTINGS_NAME if given.is_dir() else given


def athlete_of(args: argparse.Namespace) -> Athlete:
    """Settings, the diary beside the archive, and the units asked for on the command line."""
    from loadmon.athlete import Athlete
    from loadmon.diary import load_diaries
    from loadmon.settings import load_settings

    folders = [folder_of(path) for path in args.paths]
    place = _settings_place(args, folders)
    told = replace(load_settings(place) if place else Athlete(), diary=load_diaries(folders))
    tell_unused_diaries(folders, args.athlete)
    tell_shared_diary(args.paths)
    return replace(told, units=args.units) if args.units else told


def folder_of(path: str) -> Path:
    """Folder in which the settings and the diary of an archive lie: itself, or that around it."""
    return Path(path) if Path(path).is_dir() else Path(path).parent


def _settings_place(args: argparse.Namespace, folders: Sequence[Path]) -> Path | None:
    """Where settings are: as asked for, beside the archive, in the config folder."""
    from platformdirs import user_config_path

    from loadmon.settings import SETTINGS_NAME

    if args.athlete:
        return settings_file(args.athlete)
    places = [folder / SETTINGS_NAME for folder in (*folders, user_config_path("loadmon"))]
    return next((place for place in places if place.is_file()), None)


def tell_unused_diaries(folders: Sequence[Path], athlete: Path | None, *teams: str) -> None:
    """Say on stderr which diaries are not read: those that are not beside the archive.

    A pain belongs to one runner. The first edition kept one diary for all archives in the config
    folder, and read one beside ``--athlete``; one in the folder of a team is nobody's.
    """
    from platformdirs import user_config_path

    from loadmon.diary import DIARY_NAME

    others = [user_config_path("loadmon")]
    if athlete:
        others.append(athlete if athlete.is_dir() else athlete.parent)
    if len(teams) == 1:
        others += [Path(team) for team in teams]
    used = {folder.resolve() for folder in folders}
    for place in dict.fromkeys(other.resolve() for other in others):
        if place not in used and (place / DIARY_NAME).exists():
            tell(
                f"{place / DIARY_NAME}: not used, since a pain belongs to one runner. Move its "
                f"lines into {DIARY_NAME} beside the archive that they are about."
            )


def tell_shared_diary(paths: Sequence[str]) -> None:
    """Say on stderr that a diary beside a zip speaks for the other zips of that folder too."""
    from loadmon.diary import DIARY_NAME

    given = {Path(path).resolve() for path in paths}
    for folder in dict.fromkeys(Path(path).resolve().parent for path in paths):
        zips = [path for path in given if path.parent == folder and path.suffix.lower() == ".zip"]
        if not zips or not (folder / DIARY_NAME).exists():
            continue
        beside = {path for path in folder.iterdir() if path.suffix.lower() == ".zip"} - given
        if beside:
            names = ", ".join(sorted(path.name for path in beside))
            tell(
                f"{folder / DIARY_NAME} speaks for {names} as well. If that is another runner's, "
                "give each runner a folder."
            )


def read_paths(args: argparse.Namespace) -> Archive:
    """Read the paths, showing progress on a terminal."""
    import warnings

    from loadmon.cli.screen import clear_bar, reading_bar
    from loadmon.errors import CacheWarning
    from loadmon.io.read import read

    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", CacheWarning)
        try:
            archive = read(
                *args.paths,
                athlete=athlete_of(args),
                cache=not args.no_cache,
                progress=reading_bar(),
                salvage=args.salvage,
            )
        finally:
            clear_bar()
    for warning in told:
        tell(f"loadmon: {warning.message}")
    return archive


def usable(args: argparse.Namespace) -> tuple[Archive, date]:
    """Archive with activities, and the day that the answers are for."""
    archive = read_paths(args)
    if archive.activities.empty:
        raise ReadError(nothing_usable(args, archive))
    as_of = args.as_of or date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    days = archive.activities["date"].dt.date
    if days.min() > as_of:
        raise ReadError(f"nothing is recorded up to {as_of}; the first activity is of {days.min()}")
    if args.old_export:
        archive = archive.as_old_export(as_of)
        as_of = days[days <= as_of].max()
    if args.rested:
        archive = archive.rested_until(as_of)
    return archive, as_of


def answered(args: argparse.Namespace) -> tuple[Archive, date]:
    """`usable`, with the question about silent days, or what was answered, on stderr."""
    from loadmon.report.terminal import silence_answer, silence_question

    archive, as_of = usable(args)
    silent = archive.calendar(as_of).silence
    told = silence_question(silent, as_of) or silence_answer(silent, as_of, archive.old_export_on)
    if told:
        tell(told)
    return archive, as_of


def nothing_usable(args: argparse.Namespace, archive: Archive) -> str:
    """One sentence that names the path and says what to do."""
    names = ", ".join(args.paths)
    files = archive.files
    to_do = "name the folder or zip that holds your watch's export"
    if files.empty:
        return f"{names}: nothing in it; {to_do}"
    if len(files) == 1:
        row = files.iloc[0]
        more = f"; {to_do}" if row["outcome"] == "skipped" else ""
        return f"{row['file']}: {row['detail']}{more}"
    worst = files["outcome"].value_counts()
    counts = ", ".join(f"{n} {outcome}" for outcome, n in worst.items())
    return (
        f"{names}: {len(files)} files ({counts}) and no activity in them; {to_do}, "
        f"or see: loadmon files {shlex.join(args.paths)}"
    )


def print_frame(
    args: argparse.Namespace, frame: Any, columns: Sequence[str] = (), *, units: Units = "km"
) -> None:
    """Frame on stdout: a table in the runner's units; rows for programs in km unless asked."""
    from loadmon.report.output import formatted, in_units, rows

    told = units if args.format == "table" else args.units or "km"
    shown = [c.replace("_km", "_mi") if told == "mi" else c for c in columns]
    if args.format == "json":
        print_json(rows(in_units(frame, told)))
    else:
        say(formatted(in_units(frame, told), args.format, shown, width=table_width()))


def say_text(args: argparse.Namespace, text: str, *, end: str = "\n") -> None:
    """Write a text on stdout, its commands with the paths that were given."""
    from loadmon.report.wording import with_path

    say(with_path(text, shlex.join(args.paths)), end=end)


def print_json(value: Any) -> None:
    """Write a value on stdout as JSON, which is the same value in every encoding."""
    from loadmon.report.output import json_text

    say(json_text(value, is_ascii=not speaks_unicode()))
