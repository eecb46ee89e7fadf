"""Every check of the last seven days, with its numbers, limit and source."""

from __future__ import annotations

import argparse

from loadmon.cli import DONE, FLAGGED, UNKNOWN
from loadmon.cli.options import add_archive_options
from loadmon.cli.screen import line_width, print_out


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the checks."""
    add_archive_options(parser)
    option, code = parser.add_argument, "exit 3 if flagged, 4 if unknown, 0 otherwise"
    option("--exit-code", action="store_true", help=code)
    option("--history", action="store_true", help="every flag of the past")
    load = "what is checked, such as duration_min or trimp (distance_km)"
    option("--load", default="distance_km", metavar="COLUMN", help=load)


def run(args: argparse.Namespace) -> int:
    """Print the findings, or every flag of the past; either way the exit code is of the day."""
    from loadmon.cli.opening import open_and_ask, print_frame, print_json, print_missing, print_text
    from loadmon.report.terminal import findings_text
    from loadmon.rules.engine import check, flag_history
    from loadmon.units import count_text

    archive, as_of = open_and_ask(args)
    findings, units = check(archive, as_of=as_of, load=args.load), archive.athlete.units
    if args.history:
        flags = flag_history(archive, as_of=as_of, load=args.load)
        if args.format == "table":
            print_out(f"{count_text(len(flags), 'flag')} up to {as_of}.", end="\n\n")
        if args.format != "table" or len(flags):
            columns = ("date", "until", "check", "level", "grade", "message")
            print_frame(args, flags, columns, units=units)
    elif args.format == "json":
        print_json(findings.to_dict())
    elif args.format == "csv":
        print_frame(args, findings.to_frame())
    else:
        print_missing(args, archive)
        print_text(args, findings_text(findings, width=line_width(), units=units))
    if args.exit_code:
        return {"ok": DONE, "flagged": FLAGGED, "unknown": UNKNOWN}[findings.verdict]
    return DONE
