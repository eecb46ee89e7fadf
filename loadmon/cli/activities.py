"""One row per activity, as it was read."""

from __future__ import annotations

import argparse

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options

add_options = add_archive_options
_COLUMNS = (
    *("date", "sport", "sub_sport", "distance_km", "duration_min", "avg_hr_bpm", "rpe"),
    *("tz_source", "flags", "file"),
)


def run(args: argparse.Namespace) -> int:
    """Print the activities up to the day that is asked about."""
    from loadmon.cli.opening import open_archive, print_dayless, print_frame

    archive, as_of = open_archive(args)
    print_dayless(args, archive)
    past = archive.activities[archive.activities["date"].dt.date <= as_of]
    print_frame(args, past, _COLUMNS, units=archive.athlete.units)
    return DONE
