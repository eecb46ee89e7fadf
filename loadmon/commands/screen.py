"""What standard output is: how wide a line may be, and whether it shows colours."""

from __future__ import annotations

import os
import shutil
import sys

#: Width of text that goes into a file or another program.
PAGE = 88


def line_width() -> int:
    """Columns for sentences: those of the terminal, or of a page."""
    return shutil.get_terminal_size((PAGE, 24)).columns - 1 if sys.stdout.isatty() else PAGE


def table_width() -> int | None:
    """Columns for tables: those of the terminal; None where programs read whole lines."""
    return line_width() if sys.stdout.isatty() else None


def shows_colours() -> bool:
    """Whether colours are wanted: on a terminal that has them, unless ``NO_COLOR`` is set."""
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return sys.stdout.isatty() and not is_plain
