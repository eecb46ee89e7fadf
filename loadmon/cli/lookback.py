"""What was flagged before your lay-offs and pains, and what followed your flags."""

from __future__ import annotations

import argparse

from loadmon.cli import DONE
from loadmon.cli.options import add_archive_options, folder_of
from loadmon.cli.screen import line_width
from loadmon.diary import FLAG_LOG_NAME, load_flag_logs

#: What `--of` lists, and the columns of it that a table shows.
_LISTS = {
    "lay-offs": ("start", "end", "days", "kind", "name", "flags"),
    "flags": ("check", "date", "level", "followed_by"),
    "recorded": ("check", "date", "level", "followed_by"),
}


def add_options(parser: argparse.ArgumentParser) -> None:
    """Options of looking back."""
    add_archive_options(parser)
    of = f"what is listed: lay-offs, every flag, or those that {FLAG_LOG_NAME} recorded (lay-offs)"
    parser.add_argument("--of", choices=tuple(_LISTS), default="lay-offs", help=of)


def run(args: argparse.Namespace) -> int:
    """Print the rates before lay-offs and after flags, then the rows that were asked for."""
    from loadmon.cli.opening import open_and_ask, print_dayless, print_frame, print_text
    from loadmon.report.captions import lookback_text, outcomes_text, recorded_text
    from loadmon.report.output import fitted
    from loadmon.rules.engine import build_context, flags_of
    from loadmon.rules.lookback import as_raised, lookback_of, outcomes_of

    archive, as_of = open_and_ask(args)
    print_dayless(args, archive)
    context = build_context(archive, as_of)
    flags = flags_of(context)
    recorded = as_raised(load_flag_logs(folder_of(path) for path in args.paths))
    found = {
        "lay-offs": lookback_of(context, flags),
        "flags": outcomes_of(context, flags),
        "recorded": outcomes_of(context, recorded),
    }
    rows = found[args.of]
    if args.format == "table":
        parts = [lookback_text(found["lay-offs"]), outcomes_text(found["flags"])]
        parts.append(recorded_text(found["recorded"]))
        text = "\n\n".join(fitted(part, line_width()) for part in parts)
        print_text(args, text, end="\n\n" if len(rows) else "\n")
    if args.format != "table" or len(rows):
        print_frame(args, rows, _LISTS[args.of])
    return DONE
