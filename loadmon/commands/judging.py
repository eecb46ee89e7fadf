"""Commands that judge: check, today."""

from __future__ import annotations

import argparse
import json

from loadmon.commands.opening import DONE, FLAGGED, UNKNOWN, answered, print_frame
from loadmon.commands.screen import line_width


def check(args: argparse.Namespace) -> int:
    """Every check of the last seven days, with its numbers, limit and source."""
    from loadmon.checks.check import check as judge
    from loadmon.report.terminal import findings_text

    archive, as_of = answered(args)
    findings = judge(archive, as_of=as_of)
    if args.format == "json":
        print(json.dumps(findings.to_dict(), ensure_ascii=False, indent=1))
    elif args.format == "csv":
        print_frame(args, findings.to_frame())
    else:
        print(findings_text(findings, width=line_width(), units=archive.athlete.units))
    if args.exit_code:
        return {"ok": DONE, "flagged": FLAGGED, "unknown": UNKNOWN}[findings.verdict]
    return DONE


def today(args: argparse.Namespace) -> int:
    """The longest run within every limit on this day, and what limits it."""
    from loadmon.checks.today import today as longest
    from loadmon.report.terminal import today_text

    archive, as_of = answered(args)
    told = longest(archive, as_of=as_of)
    if args.format == "table":
        print(today_text(told, units=archive.athlete.units), end="\n\n")
    print_frame(args, told.to_frame(), units=archive.athlete.units)
    return DONE
