"""Which commands there are, and the help that lists them: made without `argparse`, as it is quick.

``loadmon --help`` is what a person types first; `argparse` and all that it imports would take
longer than Python itself.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Iterator

#: In the order of the help. To add a command, write its file and name it here.
COMMANDS = (
    *("report", "weekly", "activities", "files", "today", "check", "lookback", "ramp", "cohort"),
    *("calculator", "init", "log"),
)
DESCRIPTION = (
    "Weekly running load, overuse flags and a plan for returning to running, from exported watch "
    "files."
)
EPILOG = "Nothing leaves this machine; your recordings are never changed. Not a medical device."
_OPTIONS = {
    "-h, --help": "show this help; after a command, that of the command",
    "--version": "show the version",
}
_INDENT, _NARROWEST, _FALLBACK = 14, 40, 80


def show_help() -> None:
    """Write the help to standard output."""
    sys.stdout.write(help_text())
    sys.stdout.flush()


def help_text() -> str:
    """Every command in a sentence, as wide as the terminal is."""
    width = max(_columns() - 2, _NARROWEST)
    commands = {name: help_of(name) for name in COMMANDS}
    lines = ["usage: loadmon [-h] [--version] COMMAND ...", "", *_wrapped(DESCRIPTION, width), ""]
    for heading, rows in (("commands:", commands), ("options:", _OPTIONS)):
        lines.append(heading)
        for name, text in rows.items():
            first, *more = _wrapped(text, width - _INDENT)
            lines.append(f"  {name:{_INDENT - 2}}{first}")
            lines += [" " * _INDENT + line for line in more]
        lines.append("")
    return "\n".join([*lines, *_wrapped(EPILOG, width), ""])


def help_of(command: str) -> str:
    """First line of a command's file, read and not imported: ``--help`` takes half as long."""
    path = os.path.join(os.path.dirname(__file__), f"{command}.py")
    with open(path, encoding="utf-8") as file:
        return file.readline().strip().strip('"')


def _wrapped(text: str, width: int) -> Iterator[str]:
    """Lines of a text, broken at spaces."""
    line = ""
    for word in text.split():
        if line and len(line) + 1 + len(word) > width:
            yield line
            line = ""
        line = f"{line} {word}" if line else word
    yield line


def _columns() -> int:
    """Columns of the terminal, or those of ``$COLUMNS``."""
    asked = os.environ.get("COLUMNS", "")
    if asked.isdecimal() and int(asked):
        return int(asked)
    try:
        return os.get_terminal_size(sys.__stdout__.fileno()).columns or _FALLBACK  # type: ignore[union-attr]
    except (AttributeError, ValueError, OSError):  # it is no terminal
        return _FALLBACK
