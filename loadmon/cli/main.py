"""The parser, and which file runs which command; data go to stdout, messages to stderr.

A command is the module of `loadmon.cli` that bears its name. The first line of that file is its
help sentence; ``add_options`` gives it its options, and ``run`` does it and returns an exit code.
"""

from __future__ import annotations

import argparse
import difflib
import errno
import os
import shlex
import sys
from contextlib import suppress
from importlib import import_module

from loadmon import __version__
from loadmon.cli import DONE, STOPPED, UNKNOWN, UNUSABLE
from loadmon.cli.screen import OutputClosed, print_err, print_out, raise_if_stopped
from loadmon.errors import LoadmonError

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
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
    """Parser whose help and complaints leave where every other text leaves, in one line each."""

    def _print_message(self, message: str, file: Any = None) -> None:
        if file is sys.stdout:
            print_out(message, end="")
        else:
            print_err(message, end="")

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where to read on, without the whole list of options."""
        message = _MISSING.get(message, message)
        message = message.removeprefix("argument ")
        end = "" if message.endswith("?") else ";"
        print_err(f"{self.prog}: {message}{end} see: {self.prog} --help")
        self.exit(UNUSABLE)

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """Parse, and refuse what is left over with the option that was meant."""
        found, left = super().parse_known_args(args, namespace)
        unknown = [word for word in left if word.startswith("-")] or left
        if unknown:
            word = unknown[0].partition("=")[0]
            hint = nearest_text(word, [o for o in self._option_string_actions if o[:2] == "--"])
            self.error(f"there is no option {word}{hint}")
        return found, left

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """Refuse a value that is none of the choices with the one that was meant."""
        choices = action.choices
        if choices is None or value in choices:
            return
        if action.metavar == COMMAND:
            is_path = os.path.exists(value)
            hint = f"; did you mean {self.prog} report {shlex.quote(value)}?" if is_path else ""
            hint = hint or nearest_text(value, list(choices)) or f"; there are: {_list(choices)}"
            raise argparse.ArgumentError(None, f"there is no command {value!r}{hint}")
        hint = nearest_text(value, list(choices))
        raise argparse.ArgumentError(action, f"{value!r}: one of {_list(choices)}{hint}")


#: What argparse says where a word is missing, and what to say instead.
_MISSING = {
    "the following arguments are required: PATH": "name the folder or zip that holds your "
    "watch's export, or single recordings",
    "the following arguments are required: COMMAND": "name a command and your export, such as "
    "loadmon report PATH",
}
#: What stands for a command in help and complaints.
COMMAND = "COMMAND"


def nearest_text(word: str, known: Sequence[str]) -> str:
    """What may have been meant; empty where nothing is like it."""
    near = [k for k in known if k.startswith(word)] or difflib.get_close_matches(word, known, 1)
    return f"; did you mean {near[0]}?" if near and word else ""


def _list(choices: Iterable[Any]) -> str:
    return ", ".join(map(str, choices))


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
    subparsers = parser.add_subparsers(required=True, metavar=COMMAND)
    for name in COMMANDS:
        text = help_of(name)
        sub = subparsers.add_parser(name, help=text, description=text)
        if name in wanted:
            command = import_module(f"loadmon.cli.{name}")
            command.add_options(sub)
            sub.set_defaults(run=command.run, command=name)
    return parser


def help_of(command: str) -> str:
    """First line of a command's file, read and not imported: ``--help`` takes half as long."""
    path = os.path.join(os.path.dirname(__file__), f"{command}.py")
    with open(path, encoding="utf-8") as file:
        return file.readline().strip().strip('"')


if __name__ == "__main__":
    sys.exit(main())
