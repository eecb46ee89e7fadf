"""The command line: its words and options; what a command does is in `loadmon.commands`.

Exit codes: 0 done; 2 usage, or nothing usable to read; 3 and 4 (``check --exit-code``) flagged and
unknown. 1 is Python's own: a bug. Data go to stdout, progress and messages to stderr.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from loadmon import __version__
from loadmon.commands import judging, story, tables, way_back
from loadmon.commands.opening import DONE, UNUSABLE
from loadmon.errors import LoadmonError


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    args = _parser().parse_args(argv)
    try:
        code: int = args.run(args)
        sys.stdout.flush()
        return code
    except LoadmonError as error:
        print(f"loadmon: {error}", file=sys.stderr)
        return UNUSABLE
    except KeyboardInterrupt:
        print("loadmon: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output, such as head, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE


def _parser() -> argparse.ArgumentParser:
    """All commands with their options."""
    parser = argparse.ArgumentParser(
        prog="loadmon",
        description="Weekly running load, overuse flags and a way back, from exported watch files.",
        epilog="Nothing leaves this machine; nothing of yours is changed. No medical device.",
    )
    parser.add_argument("--version", action="version", version=f"loadmon {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    common = _common()

    def command(name: str, run: Callable[[argparse.Namespace], int]) -> argparse.ArgumentParser:
        text = run.__doc__ or ""
        sub = subparsers.add_parser(name, parents=[common], help=text, description=text)
        sub.set_defaults(run=run)
        return sub

    report = command("report", story.report)
    report.add_argument("-o", "--output", type=Path, metavar="FILE", help="HTML file to write")
    command("weekly", tables.weekly)
    command("activities", tables.activities)
    command("files", tables.files)
    command("today", judging.today)
    check = command("check", judging.check)
    check.add_argument(
        "--exit-code", action="store_true", help="exit 3 if flagged, 4 if unknown, 0 otherwise"
    )
    _add_ramp_options(command("ramp", way_back.ramp))
    return parser


def _common() -> argparse.ArgumentParser:
    """Options that every command has."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "paths", nargs="+", metavar="PATH", help="folders, zips and files of recordings, in any mix"
    )
    common.add_argument("--as-of", type=_day, metavar="DATE", help="last day that counts (today)")
    silent = common.add_mutually_exclusive_group()
    silent.add_argument(
        "--rested", action="store_true", help="the silent days at the end were rest"
    )
    silent.add_argument(
        "--old-export", action="store_true", help="the export is old: report on its last day"
    )
    common.add_argument(
        "--units", choices=("km", "mi"), help="unit of distances (that of athlete.toml, else km)"
    )
    common.add_argument("--format", choices=("table", "csv", "json"), default="table")
    common.add_argument("--athlete", type=Path, metavar="FILE", help="athlete.toml")
    return common


def _add_ramp_options(ramp: argparse.ArgumentParser) -> None:
    """Options of the way back."""
    ramp.add_argument("--resume", type=_day, required=True, metavar="DATE", help="day of return")
    ramp.add_argument("--target-km", type=float, metavar="KM", help="weekly distance to reach")
    ramp.add_argument("--target-long-km", type=float, metavar="KM", help="longest run to reach")
    ramp.add_argument("--by", type=_day, metavar="DATE", help="day by which to reach it")
    ramp.add_argument("--run-days", metavar="mon,wed,sat", help="days of the week to run on")
    ramp.add_argument("--pace", choices=("steady", "earliest"), default="steady")
    ramp.add_argument(
        "--reason",
        choices=("rest", "illness", "injury", "back-pain", "bone"),
        default="rest",
        help="why you stopped; pain and injury ask questions first",
    )
    ramp.add_argument("--pain", type=float, metavar="0-10", help="pain when running or walking")
    ramp.add_argument(
        "--screened",
        metavar="none|KEY,KEY",
        help="answer to the questions: none of them applies, or the keys of those that do",
    )


def _day(text: str) -> date:
    """Day of a command-line option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2026-10-11") from None


if __name__ == "__main__":
    sys.exit(main())
