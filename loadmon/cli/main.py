"""The parser, and which file runs which command; data go to stdout, messages to stderr.

A command is the module of `loadmon.cli` that bears its name. The first line of that file is its
help sentence; ``add_options`` gives it its options, and ``run`` does it and returns an exit code.
"""

from __future__ import annotations

import argparse
import errno
import os
import sys
from contextlib import suppress
from importlib import import_module

from loadmon import __version__
from loadmon.cli import DONE, STOPPED, UNKNOWN, UNUSABLE
from loadmon.cli.screen import OutputClosed, print_err, print_out, raise_if_stopped
from loadmon.errors import LoadmonError

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, NoReturn

#: In the order of the help. To add a command, write its file and name it here.
COMMANDS = (
    *("report", "weekly", "activities", "files", "today", "check", "lookback", "ramp", "cohort"),
    *("calculator", "init", "log"),
)


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command and return its exit code."""
    words = sys.argv[1:] if argv is None else argv
    try:
        try:
            wanted = next((word for word in words if word in COMMANDS), "")
            args = build_parser([wanted]).parse_args(words)
            code: int = args.run(args)
            return code
        finally:
            raise_if_stopped()  # whatever else was raised: half of an import may be its cause
    except OutputClosed:  # the reader of our output, such as head, has seen enough
        return UNKNOWN if "--exit-code" in words else DONE  # nobody has seen the whole verdict
    except LoadmonError as error:
        print_err(f"loadmon: {error}")
        return UNUSABLE
    except MemoryError:
        print_err(_NO_MEMORY)
        return UNUSABLE
    except (ImportError, OSError, RuntimeError) as error:
        told = _of_the_machine(error)
        if not told:
            raise
        print_err(told)
        return UNUSABLE
    except KeyboardInterrupt:
        with suppress(KeyboardInterrupt):  # pressed twice
            print_err("loadmon: stopped")
        return STOPPED


_NO_MEMORY = "loadmon: not enough memory; close other programs, or name fewer files at once"


def _of_the_machine(error: Exception) -> str:
    """What to say where the machine gives too little; empty where it is no such error."""
    text = str(error)
    if getattr(error, "errno", 0) in (errno.EMFILE, errno.ENFILE) or "Too many open files" in text:
        return "loadmon: too many files are open; close other programs, or raise ulimit -n"
    # What the loader of shared libraries, and a thread that cannot begin, say of little memory.
    signs = ("failed to map segment", "cannot allocate memory", "can't start new thread")
    is_small = getattr(error, "errno", 0) == errno.ENOMEM or any(s in text.lower() for s in signs)
    return _NO_MEMORY if is_small else ""


class _Parser(argparse.ArgumentParser):
    """Parser whose help and complaints leave where every other text leaves, in few lines."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            print_out(message, end="")
        else:
            print_err(message, end="")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong; who mistyped one value needs no list of all options."""
        if message.startswith("argument "):
            self.exit(UNUSABLE, f"{self.prog}: {message.removeprefix('argument ')}\n")
        super().error(message)


def build_parser(wanted: Sequence[str] = COMMANDS) -> argparse.ArgumentParser:
    """All commands, with the options of those that are wanted: only their files are imported."""
    parser = _Parser(
        prog="loadmon",
        description="Weekly running load, overuse flags and a plan for returning to running, from "
        "exported watch files.",
        epilog="Nothing leaves this machine; your recordings are never changed. Not a medical "
        "device.",
    )
    parser.add_argument("--version", action="version", version=f"loadmon {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar="COMMAND")
    for name in COMMANDS:
        text = help_of(name)
        sub = subparsers.add_parser(name, help=text, description=text)
        if name in wanted:
            command = import_module(f"loadmon.cli.{name}")
            command.add_options(sub)
            sub.set_defaults(run=command.run)
    return parser


def help_of(command: str) -> str:
    """First line of a command's file, read and not imported: ``--help`` takes half as long."""
    path = os.path.join(os.path.dirname(__file__), f"{command}.py")
    with open(path, encoding="utf-8") as file:
        return file.readline().strip().strip('"')


if __name__ == "__main__":
    sys.exit(main())
