"""From the paths that were typed to an archive, and from a frame to standard output."""

from __future__ import annotations

import argparse
import os
import shlex
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
from platformdirs import user_config_path

from loadmon.athlete import Athlete
from loadmon.cli.options import (
    folder_of,
    kept_options,
    warn_of_shared_diary,
    warn_of_unused_diaries,
)
from loadmon.cli.screen import (
    clear_bar,
    line_width,
    print_err,
    print_out,
    reading_bar,
    speaks_unicode,
    table_width,
)
from loadmon.cohorts.several import several_runners
from loadmon.diary import (
    DIARY_NAME,
    FLAG_LOG_NAME,
    SETTINGS_NAME,
    load_diaries,
    refuse_misnamed,
)
from loadmon.errors import CacheWarning, ReadError
from loadmon.io.archive import Archive
from loadmon.io.read import read
from loadmon.io.snapshot import holds_from_s
from loadmon.report.output import fitted, formatted, in_units, json_text, rows
from loadmon.report.wording import dayless_text, missing_workouts, silence_text, with_path
from loadmon.settings import load_settings
from loadmon.units import Units


def settings_file(given: Path) -> Path:
    """Settings that an option names: a file, or the folder that holds it."""
    return given / SETTINGS_NAME if given.is_dir() else given


def athlete_of(args: argparse.Namespace, folders: Sequence[Path]) -> Athlete:
    """Settings as asked for, else of these folders, else of the config folder; their diaries."""
    if args.athlete:
        settings: Path | None = settings_file(args.athlete)
    else:
        known = [folder / SETTINGS_NAME for folder in (*folders, user_config_path("loadmon"))]
        settings = next((path for path in known if os.path.lexists(path)), None)
    for folder in folders:
        refuse_misnamed(folder)
    athlete = load_settings(settings) if settings else Athlete()
    warn_of_unused_diaries(folders, args.athlete)
    return replace(athlete, diary=load_diaries(folders), units=args.units or athlete.units)


def read_paths(args: argparse.Namespace) -> Archive:
    """Read the paths, showing progress on a terminal; settings are those of `athlete_of`."""
    folders = [folder_of(path) for path in args.paths]
    if args.answer:
        args.answer.begin(args, _beside(args, folders))
    athlete = athlete_of(args, folders)
    warn_of_shared_diary(args.paths)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", CacheWarning)
        try:
            options = {"cache": not args.no_cache, "salvage": args.salvage}
            archive = read(*args.paths, athlete=athlete, progress=reading_bar(), **options)
        finally:
            clear_bar()
    for warning in caught:
        print_err(f"loadmon: {warning.message}")
    if args.answer and not caught:
        args.answer.hold_from(holds_from_s(archive))
    return archive


def _beside(args: argparse.Namespace, folders: Sequence[Path]) -> list[str]:
    """Files beside the recordings that may have a say, whether they are there or not."""
    known = [*folders, user_config_path("loadmon")]
    own = [args.athlete, args.athlete.parent] if args.athlete else []
    names = (SETTINGS_NAME, DIARY_NAME, FLAG_LOG_NAME)
    return [*map(str, own), *(str(folder / name) for folder in (*known, *own) for name in names)]


def open_archive(args: argparse.Namespace) -> tuple[Archive, date]:
    """Archive with activities, and the day that the answers are for."""
    archive = read_paths(args)
    if archive.activities.empty:
        raise ReadError(nothing_usable(args, archive))
    if not args.one_runner:
        refuse_several(args, archive)
    as_of = args.as_of or date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    days = archive.activities["date"].dt.date
    if days.min() > as_of:
        raise ReadError(f"nothing is recorded up to {as_of}; the first activity is on {days.min()}")
    if args.old_export:
        archive = archive.as_old_export(as_of)
        as_of = days[days <= as_of].max()
    if args.rested:
        archive = archive.rested_until(as_of)
    return archive, as_of


def refuse_several(args: argparse.Namespace, archive: Archive) -> None:
    """Refuse to add up the files of several runners, with the commands for either answer."""
    if len(args.paths) > 1:  # who names several paths means them together
        return
    why = several_runners(args.paths[0], archive, cache=not args.no_cache)
    if not why:
        return
    names = shlex.join(args.paths)
    raise ReadError(
        f"{args.paths[0]}: these seem to be the files of several runners: {why}. They are "
        f"not added up. For a team:\n  loadmon cohort {names}\nIf they are all one runner's, say "
        f"so:\n  loadmon {args.command} {names} --one-runner"
    )


def open_and_ask(args: argparse.Namespace) -> tuple[Archive, date]:
    """`open_archive`, with the question about silent days, or its answer, on stderr."""
    archive, as_of = open_archive(args)
    if text := silence_text(archive.calendar(as_of).silence, as_of, archive.old_export_on):
        print_err(text)
    return archive, as_of


def print_missing(args: argparse.Namespace, archive: Archive) -> None:
    """Say first which workouts are listed or recorded and not read."""
    lines = [f"Not read: {text}" for text in missing_workouts(archive.reasons)]
    if lines:
        print_text(args, fitted("\n".join(lines), line_width()), end="\n\n")


def print_dayless(args: argparse.Namespace, archive: Archive) -> None:
    """Say on stderr which files may look like rest, beside an answer that does not say it."""
    if text := dayless_text(archive.files):
        told = with_path(text, shlex.join(args.paths), kept_options(args))
        print_err(fitted(told, line_width()))


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
    counts = ", ".join(f"{n} {outcome}" for outcome, n in files["outcome"].value_counts().items())
    return (
        f"{names}: {len(files)} files ({counts}) and no activity in them; {to_do}, "
        f"or see: loadmon files {shlex.join(args.paths)}"
    )


def print_frame(
    args: argparse.Namespace, frame: pd.DataFrame, columns: Sequence[str] = (), units: Units = "km"
) -> None:
    """Frame on stdout: a table in the runner's units; rows for programs in km unless asked."""
    unit = units if args.format == "table" else args.units or "km"
    shown = [c.replace("_km", "_mi") if unit == "mi" else c for c in columns]
    if args.format == "json":
        print_json(rows(in_units(frame, unit)))
    else:
        print_out(formatted(in_units(frame, unit), args.format, shown, width=table_width()))


def print_text(args: argparse.Namespace, text: str, *, end: str = "\n") -> None:
    """Write a text on stdout, its commands with the paths and options that were given."""
    print_out(with_path(text, shlex.join(args.paths) or "PATH", kept_options(args)), end=end)


def print_json(value: Any) -> None:
    """Write a value on stdout as JSON, which is the same value in every encoding."""
    print_out(json_text(value, is_ascii=not speaks_unicode()))
