"""Commands that judge: check, today, lookback."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from loadmon.cli.opening import DONE, FLAGGED, UNKNOWN, answered, print_frame, print_json, say_text
from loadmon.cli.screen import line_width, say

if TYPE_CHECKING:
    from loadmon.io.archive import Archive


def add_check_options(parser: argparse.ArgumentParser) -> None:
    """Options of ``check``."""
    parser.add_argument(
        "--exit-code", action="store_true", help="exit 3 if flagged, 4 if unknown, 0 otherwise"
    )
    parser.add_argument("--history", action="store_true", help="every flag of the past")
    parser.add_argument(
        "--load",
        default="distance_km",
        metavar="COLUMN",
        help="what is judged, such as duration_min or trimp (distance_km)",
    )


def add_today_options(parser: argparse.ArgumentParser) -> None:
    """Options of ``today``."""
    parser.add_argument(
        "--distances",
        type=_distances,
        default=[],
        metavar="5,8,10",
        help="what each of these runs would be above, in your units",
    )
    parser.add_argument(
        "--days",
        type=int,
        default=0,
        metavar="N",
        help="also the N days after it, as if there were no run before them",
    )


def _distances(text: str) -> list[float]:
    """Distances of a command-line option."""
    try:
        return [float(part) for part in text.split(",")]
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: write distances like 5,8,10") from None


def check(args: argparse.Namespace) -> int:
    """Every check of the last seven days, with its numbers, limit and source."""
    from loadmon.report.terminal import findings_text
    from loadmon.rules.engine import check as judge

    archive, as_of = answered(args)
    findings = judge(archive, as_of=as_of, load=args.load)
    if args.history:
        _print_history(args, archive, as_of)
    elif args.format == "json":
        print_json(findings.to_dict())
    elif args.format == "csv":
        print_frame(args, findings.to_frame())
    else:
        text = findings_text(findings, width=line_width(), units=archive.athlete.units)
        say_text(args, text)
    if args.exit_code:
        return {"ok": DONE, "flagged": FLAGGED, "unknown": UNKNOWN}[findings.verdict]
    return DONE


def _print_history(args: argparse.Namespace, archive: Archive, as_of: date) -> None:
    """Every flag of the past with its date."""
    from loadmon.rules.engine import flag_history
    from loadmon.units import count_text

    flags = flag_history(archive, as_of=as_of, load=args.load)
    if args.format == "table":
        say(f"{count_text(len(flags), 'flag')} up to {as_of}.", end="\n\n")
    if args.format != "table" or len(flags):
        columns = ("date", "until", "check", "level", "grade", "message")
        print_frame(args, flags, columns, units=archive.athlete.units)


def today(args: argparse.Namespace) -> int:
    """The longest run within every limit on this day, what limits it, and what if."""
    from loadmon.report.output import fitted
    from loadmon.report.terminal import today_text
    from loadmon.rules.engine import today as longest
    from loadmon.units import MILES_PER_KM

    archive, as_of = answered(args)
    units = archive.athlete.units
    km = [x / MILES_PER_KM if units == "mi" else x for x in args.distances]
    told = longest(archive, as_of=as_of, distances_km=km, days_ahead=args.days)
    if args.format == "table":
        say_text(args, fitted(today_text(told, units=units), line_width()), end="\n\n")
    shown = told.what_if if km else told.ahead if args.days else told.to_frame()
    print_frame(args, shown, units=units)
    return DONE


def lookback(args: argparse.Namespace) -> int:
    """What was flagged before your breaks and pains, and before all other weeks."""
    from loadmon.report.output import fitted
    from loadmon.report.terminal import lookback_text
    from loadmon.rules.lookback import lookback as look_back

    archive, as_of = answered(args)
    found = look_back(archive, as_of=as_of)
    if args.format == "table":
        say(fitted(lookback_text(found), line_width()), end="\n\n" if len(found) else "\n")
    if args.format != "table" or len(found):
        print_frame(args, found, ("start", "end", "days", "kind", "name", "flags"))
    return DONE
