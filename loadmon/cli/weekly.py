"""One row per week: distance, longest run, ratios with their status, flags."""

from __future__ import annotations

import argparse

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options
from loadmon.cli.screen import print_err

_COLUMNS = (
    *("week_start", "runs", "distance_km", "days_known", "load", "longest_km", "duration_min"),
    *("change", "flags", "run_days", "max_session_ratio", "monotony", "acwr_coupled"),
    *("acwr_status", "partial"),
)


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the weekly table."""
    add_archive_options(parser)
    load = "which load (distance_km); docs/loads.md lists them"
    parser.add_argument("--load", default="distance_km", metavar="NAME", help=load)


def run(args: argparse.Namespace) -> int:
    """Print the weeks; on stderr, what the load rests on, and what it falls back to."""
    from loadmon.athlete import in_force_text
    from loadmon.cli.opening import open_and_ask, print_dayless, print_frame
    from loadmon.units import METRICS
    from loadmon.weekly import weekly_load
    from loadmon.window import fallback_text, window_load

    archive, as_of = open_and_ask(args)
    print_dayless(args, archive)
    runs, calendar = archive.activities, archive.calendar(as_of)
    weeks = weekly_load(runs, load=args.load, own=archive.athlete.limits, calendar=calendar)
    columns = [c for c in _COLUMNS if c != "load" or args.load != "distance_km"]
    if args.format == "table":
        known, days = weeks["n_known"].astype("str"), weeks["n_days"].astype("str")
        weeks["days_known"] = (known + " of " + days).where(known != days, "")
    print_frame(args, weeks, columns, units=archive.athlete.units)
    window = window_load(runs, load=args.load, calendar=calendar)
    if window and (text := fallback_text(window, archive.athlete.units)):
        print_err(text)
    if args.load in METRICS and METRICS[args.load].settings:
        needed = archive.settings["setting"].isin(METRICS[args.load].settings)
        print_err(in_force_text(archive.settings[needed]))
    return DONE
