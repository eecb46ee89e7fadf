"""Commands that print a frame: weekly, activities, files."""

from __future__ import annotations

import argparse
import shlex
from datetime import date
from typing import TYPE_CHECKING

from loadmon.cli.opening import DONE, answered, nothing_usable, print_frame, read_paths, usable
from loadmon.cli.screen import line_width, say, tell
from loadmon.errors import ReadError

if TYPE_CHECKING:
    from loadmon.io.archive import Archive


_WEEK_COLUMNS = (
    *("week_start", "runs", "distance_km", "days_known", "load", "longest_km", "duration_min"),
    *(
        "change",
        "flags",
        "run_days",
        "max_session_ratio",
        "monotony",
        "acwr_coupled",
        "acwr_status",
        "partial",
    ),
)
_ACTIVITY_COLUMNS = (
    *("date", "sport", "sub_sport", "distance_km", "duration_min", "avg_hr_bpm", "rpe"),
    *("tz_source", "flags", "file"),
)


def add_weekly_options(weekly: argparse.ArgumentParser) -> None:
    """Options of the weekly table."""
    weekly.add_argument(
        "--load",
        default="distance_km",
        metavar="NAME",
        help="which load (distance_km); docs/loads.md lists them",
    )


def weekly(args: argparse.Namespace) -> int:
    """One row a week: distance, longest run, ratios with their status, flags."""
    from loadmon.weekly import weekly_load

    archive, as_of = answered(args)
    weeks = weekly_load(
        archive.activities,
        load=args.load,
        own=archive.athlete.limits,
        calendar=archive.calendar(as_of),
    )
    columns = [c for c in _WEEK_COLUMNS if c != "load" or args.load != "distance_km"]
    if args.format == "table":
        known, days = weeks["n_known"].astype("str"), weeks["n_days"].astype("str")
        weeks["days_known"] = (known + " of " + days).where(known != days, "")
    print_frame(args, weeks, columns, units=archive.athlete.units)
    _tell_load(archive, args.load, as_of)
    return DONE


def _tell_load(archive: Archive, load: str, as_of: date) -> None:
    """Say on stderr what a load rests on, and what it falls back to where runs do not have it."""
    from loadmon.athlete import in_force_text
    from loadmon.units import METRICS
    from loadmon.window import fallback_text, window_load

    found = window_load(archive.activities, load=load, calendar=archive.calendar(as_of))
    told = [fallback_text(found, archive.athlete.units)] if found else []
    if load in METRICS and METRICS[load].settings:
        of = archive.settings["setting"].isin(METRICS[load].settings)
        told.append(in_force_text(archive.settings[of]))
    for line in filter(None, told):
        tell(line)


def activities(args: argparse.Namespace) -> int:
    """One row an activity, as it was read."""
    archive, as_of = usable(args)
    activities = archive.activities
    print_frame(
        args,
        activities[activities["date"].dt.date <= as_of],
        _ACTIVITY_COLUMNS,
        units=archive.athlete.units,
    )
    return DONE


def files(args: argparse.Namespace) -> int:
    """What became of every file, and what to do where it could not be used."""
    from loadmon.report.ledger import ledger_text

    archive = read_paths(args)
    if args.format == "table":
        named = shlex.join(args.paths)
        title = ", ".join(args.paths)
        say(ledger_text(archive, title=title, command=named, width=line_width()))
    else:
        print_frame(args, archive.files)
    if archive.activities.empty:
        raise ReadError(nothing_usable(args, archive))
    return DONE
