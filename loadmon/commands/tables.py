"""Commands that print a frame: weekly, activities, files."""

from __future__ import annotations

import argparse

from loadmon.commands.opening import DONE, answered, nothing_usable, print_frame, read_paths, usable
from loadmon.errors import ReadError

_WEEK_COLUMNS = (
    *("week_start", "runs", "distance_km", "longest_km", "duration_min", "change", "flags"),
    *("run_days", "max_session_ratio", "monotony", "acwr_coupled", "acwr_status", "partial"),
)
_ACTIVITY_COLUMNS = (
    *("date", "sport", "sub_sport", "distance_km", "duration_min", "avg_hr_bpm", "rpe"),
    *("tz_source", "flags", "file"),
)


def weekly(args: argparse.Namespace) -> int:
    """One row a week: distance, longest run, ratios with their status, flags."""
    from loadmon.load.weekly import weekly_load

    archive, as_of = answered(args)
    print_frame(
        args,
        weekly_load(archive.activities, as_of=as_of),
        _WEEK_COLUMNS,
        units=archive.athlete.units,
    )
    return DONE


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
    archive = read_paths(args)
    print_frame(args, archive.files, ("outcome", "reason", "file", "detail"))
    if archive.activities.empty:
        raise ReadError(nothing_usable(args, archive))
    return DONE
