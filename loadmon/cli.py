"""The command line: its words and options; what a command does is in `loadmon.commands`.

Exit codes: 0 done; 2 usage, or nothing usable to read; 3 and 4 (``check --exit-code``) flagged and
unknown. 1 is Python's own: a bug. Data go to stdout, progress and messages to stderr.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from loadmon import __version__
from loadmon.commands import diary, judging, setup, story, tables, teams, way_back
from loadmon.commands.opening import DONE, UNUSABLE, day_option
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
    report.add_argument(
        "--private", action="store_true", help="leave out names of files, shoes, breaks and notes"
    )
    weekly = command("weekly", tables.weekly)
    weekly.add_argument(
        "--load",
        default="distance_km",
        metavar="NAME",
        help="which load (distance_km); docs/loads.md lists them",
    )
    command("activities", tables.activities)
    command("files", tables.files)
    judging.add_today_options(command("today", judging.today))
    judging.add_check_options(command("check", judging.check))
    command("lookback", judging.lookback)
    way_back.add_options(command("ramp", way_back.ramp))
    teams.add_options(command("cohort", teams.cohort))
    setup.add_options(command("init", setup.init))
    text = diary.log.__doc__ or ""
    log = subparsers.add_parser("log", help=text, description=text)
    log.set_defaults(run=diary.log)
    diary.add_options(log)
    return parser


def _common() -> argparse.ArgumentParser:
    """Options that every command has."""
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "paths", nargs="+", metavar="PATH", help="folders, zips and files of recordings, in any mix"
    )
    common.add_argument(
        "--as-of", type=day_option, metavar="DATE", help="last day that counts (today)"
    )
    silent = common.add_mutually_exclusive_group()
    silent.add_argument(
        "--rested", action="store_true", help="the silent days at the end were rest"
    )
    silent.add_argument(
        "--old-export", action="store_true", help="the export is old: report on its last day"
    )
    common.add_argument(
        "--salvage", action="store_true", help="count what can still be read of broken recordings"
    )
    common.add_argument(
        "--units", choices=("km", "mi"), help="unit of distances (that of athlete.toml, else km)"
    )
    common.add_argument("--format", choices=("table", "csv", "json"), default="table")
    common.add_argument(
        "--no-cache", action="store_true", help="read every file anew and keep nothing"
    )
    common.add_argument("--athlete", type=Path, metavar="FILE", help="athlete.toml")
    return common


if __name__ == "__main__":
    sys.exit(main())
