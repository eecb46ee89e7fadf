"""The parser, and which file runs which command; data go to stdout, messages to stderr.

A command is the module of `loadmon.cli` that bears its name, and is named in `commands`. The first
line of that file is its help sentence; ``add_options`` gives it its options, and ``run`` does it
and returns an exit code.
"""

from __future__ import annotations

import argparse
import difflib
import os
import shlex
import sys
from importlib import import_module

from loadmon import __version__
from loadmon.cli import UNUSABLE
from loadmon.cli.commands import COMMANDS, help_of, help_text
from loadmon.cli.ends import ended
from loadmon.cli.screen import print_err, print_out

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, NoReturn

    from loadmon.cli.kept import Answer


def main(argv: Sequence[str] | None = None, answer: Answer | None = None) -> int:
    """Run a command and return its exit code; `answer` keeps what it tells."""
    words = sys.argv[1:] if argv is None else argv

    def run() -> int:
        wanted = next((word for word in words if word in COMMANDS), "")
        args = build_parser([wanted]).parse_args(words)
        args.answer = answer
        code: int = args.run(args)
        if answer:
            answer.keep(code)
        return code

    return ended(run, words)


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


class _Program(_Parser):
    """The parser of ``loadmon`` itself, whose help is that of `loadmon.cli.commands`."""

    def format_help(self) -> str:
        """Every command in a sentence."""
        return help_text()


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
    parser = _Program(prog="loadmon")
    parser.add_argument("--version", action="version", version=f"loadmon {__version__}")
    subparsers = parser.add_subparsers(required=True, metavar=COMMAND, parser_class=_Parser)
    for name in COMMANDS:
        text = help_of(name)
        sub = subparsers.add_parser(name, help=text, description=text)
        if name in wanted:
            command = import_module(f"loadmon.cli.{name}")
            command.add_options(sub)
            sub.set_defaults(run=command.run, command=name, answer=None)
    return parser


if __name__ == "__main__":
    sys.exit(main())
