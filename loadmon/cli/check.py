"""Every check of the last seven days, with its numbers, limit and source."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING

from loadmon import __version__
from loadmon.cli import DONE, FLAGGED, UNKNOWN
from loadmon.cli.options import add_archive_options, one_folder_of, warn_of_shared_diary
from loadmon.cli.screen import line_width, print_err, print_out
from loadmon.diary import FLAG_LOG_NAME, add_flags
from loadmon.errors import SettingError

if TYPE_CHECKING:
    from pathlib import Path

    from loadmon.rules.context import Findings


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of the checks."""
    add_archive_options(parser)
    option, code = parser.add_argument, "exit 3 if flagged, 4 if unknown, 0 otherwise"
    option("--exit-code", action="store_true", help=code)
    option("--history", action="store_true", help="every flag of the past")
    record = f"add the flags to {FLAG_LOG_NAME} beside the archive, for lookback months later"
    option("--record", action="store_true", help=record)
    load = "what is checked, such as duration_min or trimp (distance_km)"
    option("--load", default="distance_km", metavar="COLUMN", help=load)


def run(args: argparse.Namespace) -> int:
    """Print the findings, or every flag of the past; either way the exit code is of the day."""
    from loadmon.cli.opening import open_and_ask, print_frame, print_json, print_missing, print_text
    from loadmon.report.terminal import findings_text
    from loadmon.rules.engine import check, flag_history
    from loadmon.units import count_text

    log = _log_of(args) if args.record else None
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
    if log is not None:
        _record(args, log, findings)
    if args.exit_code:
        return {"ok": DONE, "flagged": FLAGGED, "unknown": UNKNOWN}[findings.verdict]
    return DONE


def _log_of(args: argparse.Namespace) -> Path:
    """Log that the flags are added to; what is not printed as of today is no flag of today."""
    if args.history:
        raise SettingError("--record keeps what is flagged now, not --history: leave one out")
    if args.load != "distance_km":
        raise SettingError("--record keeps flags of distance: leave out --load")
    return one_folder_of(args.paths, FLAG_LOG_NAME) / FLAG_LOG_NAME


def _record(args: argparse.Namespace, log: Path, findings: Findings) -> None:
    """Add the flags that were printed, and say on stderr how many are new."""
    from loadmon.units import count_text

    found = [one for one in findings.to_dict()["findings"] if one["verdict"] == "flagged"]
    day = date.today()  # noqa: DTZ011 - the runner's own day is the machine's
    stamp = {"as_of": f"{findings.as_of:%Y-%m-%d}", "printed_on": f"{day}", "loadmon": __version__}
    names = ("check", "date", "level", "value", "limit", "unit", "message", "grade")
    # A flag that is of no day of its own, such as one of shoes, is of the day that was judged.
    dated = [one | {"date": one["date"] or stamp["as_of"]} for one in found]
    cells = [{n: "" if one[n] is None else str(one[n]) for n in names} for one in dated]
    if not found:
        print_err(f"No flag to record in {log}.")
        return
    is_new = not log.exists()
    added, repaired = add_flags(log, [stamp | row for row in cells])
    if repaired:
        print_err(f"{log}: {repaired}")
    there = f", {len(found) - added} already there" if added < len(found) else ""
    print_err(f"{count_text(added, 'flag')} recorded in {log}{there}.")
    if is_new:
        warn_of_shared_diary(args.paths)
