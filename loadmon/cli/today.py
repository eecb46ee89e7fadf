"""The longest run within every limit on this day, which limit comes first, and what if."""

from __future__ import annotations

import argparse
from datetime import date

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options
from loadmon.cli.screen import line_width, print_err
from loadmon.cli.typed import add_number_options, typed_history


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the day's limits."""
    add_archive_options(parser, needs_paths=False)
    numbers = "--usual KM --longest KM --last-run DATE"
    parser.usage = f"loadmon today (PATH [PATH ...] | {numbers}) [options]"
    add_number_options(parser)
    option = parser.add_argument
    what_if = "which limits a run of each of these distances would be above, in your units"
    option("--distances", type=_distances, default=[], metavar="5,8,10", help=what_if)
    ahead = "also the N days after it, as if there were no run before them (6)"
    option("--days", type=int, default=6, metavar="N", help=ahead)


def _distances(text: str) -> list[float]:
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write distances like 5,8,10") from None


def run(args: argparse.Namespace) -> int:
    """Print the distance with its reason, then the rows that were asked for."""
    from loadmon.cli.opening import (
        open_and_ask,
        print_dayless,
        print_frame,
        print_missing,
        print_text,
    )
    from loadmon.report.output import fitted
    from loadmon.report.terminal import today_text
    from loadmon.rules.engine import today
    from loadmon.units import MILES_PER_KM

    stated = typed_history(args, "today")
    if stated is None:
        archive, as_of = open_and_ask(args)
        print_dayless(args, archive)
    else:
        archive, as_of = stated, args.as_of or date.today()  # noqa: DTZ011 - of the machine
        if args.format == "table":
            print_text(args, fitted(stated.statement(), line_width()), end="\n\n")
        else:
            print_err(stated.statement())
    units = archive.athlete.units
    km = [x / MILES_PER_KM if units == "mi" else x for x in args.distances]
    longest = today(archive, as_of=as_of, distances_km=km, days_ahead=args.days)
    if args.format == "table":
        print_missing(args, archive)
        print_text(args, fitted(today_text(longest, units=units), line_width()), end="\n\n")
    frame = longest.what_if if km else longest.to_frame()
    print_frame(args, frame, units=units)
    return DONE
