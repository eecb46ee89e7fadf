"""The command line: its words and options; what a command does is in `loadmon.cli`.

Exit codes: 0 done; 2 usage, or nothing usable to read; 3 and 4 (``check --exit-code``) flagged and
unknown; 130 stopped at the keyboard. 1 is Python's own: a bug. Data go to stdout, progress and
messages to stderr.
"""

from __future__ import annotations

import argparse
import sys
from contextlib import suppress
from importlib import import_module

from loadmon import __version__
from loadmon.cli.screen import OutputClosed, heed_stop, say, tell
from loadmon.errors import LoadmonError

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


DONE, UNUSABLE, UNKNOWN, STOPPED = 0, 2, 4, 130
#: What each command does, its function in `loadmon.cli`, and the one that adds its options.
#: A command is imported only where it is the one that is wanted.
_COMMANDS = {
    "report": (
        "Say what this week holds, what is flagged and why: in the terminal and as one HTML file.",
        *("report.report", "report.add_options"),
    ),
    "weekly": (
        "One row a week: distance, longest run, ratios with their status, flags.",
        *("tables.weekly", "tables.add_weekly_options"),
    ),
    "activities": ("One row an activity, as it was read.", "tables.activities", ""),
    "files": (
        "What became of every file, and what to do where it could not be used.",
        *("tables.files", ""),
    ),
    "today": (
        "The longest run within every limit on this day, what limits it, and what if.",
        *("check.today", "check.add_today_options"),
    ),
    "check": (
        "Every check of the last seven days, with its numbers, limit and source.",
        *("check.check", "check.add_check_options"),
    ),
    "lookback": (
        "What was flagged before your breaks and pains, and before all other weeks.",
        *("check.lookback", ""),
    ),
    "ramp": (
        "A plan from the day of return to a target that stays within the limits.",
        *("ramp.ramp", "ramp.add_options"),
    ),
    "cohort": (
        "Many athletes, one folder or zip each: who needs a look first, and why.",
        *("cohort.cohort", "cohort.add_options"),
    ),
    "init": (
        "Write a commented athlete.toml from what the archive reveals; replace none unasked.",
        *("init.init", "init.add_options"),
    ),
    "log": (
        "Add one line to diary.csv: pain, effort, strength, a break or a note.",
        *("log.log", "log.add_options"),
    ),
}
#: Commands that read no archive and share no options.
_ALONE = ("log",)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    words = sys.argv[1:] if argv is None else argv
    try:
        try:
            return _run(words)
        finally:
            heed_stop()  # whatever else was raised: half of an import may be the cause of that
    except OutputClosed:  # the reader of our output, such as head, has seen enough
        return UNKNOWN if "--exit-code" in words else DONE  # nobody has seen the whole verdict
    except LoadmonError as error:
        tell(f"loadmon: {error}")
        return UNUSABLE
    except MemoryError:
        tell("loadmon: not enough memory; close other programs, or name fewer files at once")
        return UNUSABLE
    except KeyboardInterrupt:
        with suppress(KeyboardInterrupt):  # pressed twice
            tell("loadmon: stopped")
        return STOPPED


def _run(words: Sequence[str]) -> int:
    """Run the command that the words name."""
    wanted = next((word for word in words if word in _COMMANDS), "")
    args = _parser([wanted]).parse_args(words)
    code: int = args.run(args)
    return code


class _Parser(argparse.ArgumentParser):
    """Parser whose help and complaints leave where all that is said leaves."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            say(message, end="")
        else:
            tell(message, end="")


def _parser(wanted: Sequence[str] = tuple(_COMMANDS)) -> argparse.ArgumentParser:
    """All commands, with the options of those that are wanted."""
    parser = _Parser(
        prog="loadmon",
        description="Weekly running load, overuse flags and a way back, from exported watch files.",
        epilog="Nothing leaves this machine; nothing of yours is changed. No medical device.",
    )
    parser.add_argument("--version", action="version", version=f"loadmon {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name, (text, run, options) in _COMMANDS.items():
        around = [_common()] if name in wanted and name not in _ALONE else []
        sub = subparsers.add_parser(name, parents=around, help=text, description=text)
        if name in wanted:
            sub.set_defaults(run=_function(run))
            if options:
                _function(options)(sub)
    return parser


def _function(name: str) -> Callable[..., int]:
    """Function of a command by the name of its module and its own."""
    module, _, own = name.partition(".")
    found: Callable[..., int] = getattr(import_module(f"loadmon.cli.{module}"), own)
    return found


def _common() -> _Parser:
    """Options that every command has."""
    from loadmon.cli.opening import day_option, input_option, path_option

    common = _Parser(add_help=False)
    common.add_argument(
        "paths",
        nargs="+",
        type=input_option,
        metavar="PATH",
        help="folders, zips and files of recordings, in any mix",
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
    common.add_argument("--athlete", type=path_option, metavar="FILE", help="athlete.toml")
    return common


if __name__ == "__main__":
    sys.exit(main())
