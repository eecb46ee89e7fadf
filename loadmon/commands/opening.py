"""What every command does first and last: read the paths, ask about silence, print a frame."""

from __future__ import annotations

import argparse
import shlex
import sys
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from loadmon.commands.screen import table_width
from loadmon.errors import ReadError

if TYPE_CHECKING:
    from loadmon.athlete.profile import Athlete
    from loadmon.athlete.units import Units
    from loadmon.reading.archive import Archive


#: Exit codes; 1 is left to Python, so that a bug never reads as a finding.
DONE, UNUSABLE, FLAGGED, UNKNOWN = 0, 2, 3, 4


def day_option(text: str) -> date:
    """Day of a command-line option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2026-10-11") from None


def athlete_of(args: argparse.Namespace) -> Athlete:
    """Settings and diary, with the units asked for on the command line."""
    from loadmon.athlete.profile import Athlete
    from loadmon.athlete.settings import load_athlete

    place = _settings_place(args)
    told = load_athlete(place) if place else Athlete()
    return replace(told, units=args.units) if args.units else told


def _settings_place(args: argparse.Namespace) -> Path | None:
    """Where settings or a diary are: as asked for, beside the archive, in the config folder."""
    from platformdirs import user_config_path

    from loadmon.athlete.settings import DIARY_NAME, SETTINGS_NAME

    if args.athlete:
        return Path(args.athlete)
    places = [Path(p) if Path(p).is_dir() else Path(p).parent for p in args.paths]
    places.append(user_config_path("loadmon"))
    names = (SETTINGS_NAME, DIARY_NAME)
    return next((p for p in places if any((p / name).is_file() for name in names)), None)


def read_paths(args: argparse.Namespace) -> Archive:
    """Read the paths, showing progress on a terminal."""
    import warnings

    from loadmon.commands.progress import clear_bar, reading_bar
    from loadmon.errors import CacheWarning
    from loadmon.reading.read import read

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
        print(f"loadmon: {warning.message}", file=sys.stderr)
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
    from loadmon.load.silence import silent_days
    from loadmon.report.silence import silence_answer, silence_question

    archive, as_of = usable(args)
    silent = silent_days(archive.activities, as_of)
    told = silence_question(silent, as_of) or silence_answer(archive.activities, silent, as_of)
    if told:
        print(told, file=sys.stderr)
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
    from loadmon.report.output import formatted, in_units

    told = units if args.format == "table" else args.units or "km"
    shown = [c.replace("_km", "_mi") if told == "mi" else c for c in columns]
    print(formatted(in_units(frame, told), args.format, shown, width=table_width()))
