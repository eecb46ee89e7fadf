"""What was flagged before your lay-offs and pains, and before all other weeks."""

from __future__ import annotations

import argparse

from loadmon.cli import DONE
from loadmon.cli.opening import open_and_ask, print_frame
from loadmon.cli.options import add_archive_options
from loadmon.cli.screen import line_width, print_out
from loadmon.report.captions import lookback_text
from loadmon.report.output import fitted
from loadmon.rules.lookback import lookback

add_options = add_archive_options


def run(args: argparse.Namespace) -> int:
    """Print the rates before lay-offs beside the base rates, then a row per lay-off."""
    archive, as_of = open_and_ask(args)
    found = lookback(archive, as_of=as_of)
    if args.format == "table":
        print_out(fitted(lookback_text(found), line_width()), end="\n\n" if len(found) else "\n")
    if args.format != "table" or len(found):
        print_frame(args, found, ("start", "end", "days", "kind", "name", "flags"))
    return DONE
