"""The terminal: a stop at the keyboard, the only exit for texts, progress of a reading."""

from __future__ import annotations

import errno
import os
import re
import signal
import sys
import time
import unicodedata

from loadmon.errors import SettingError
from loadmon.text import shown, shown_lines

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import TextIO

    #: One text that was written: whether to standard output, its end, and whether it is painted.
    Told = tuple[bool, str, str, bool]


#: A key that is pressed again within this time is still the same stop. [s]
_SAME_S = 1.0


class _Keyboard:
    """What the keyboard has asked for since the program began."""

    stopped_at_s = -_SAME_S
    has_stopped = False


def catch_stops() -> None:
    """Remember Ctrl-C from now on, unless somebody else handles the signal: for a whole program."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    signal.signal(signal.SIGINT, _stop)
    report_ignored = sys.unraisablehook
    sys.unraisablehook = lambda lost: (
        None if lost.exc_type is KeyboardInterrupt else report_ignored(lost)
    )


def ignore_stops() -> None:
    """Ignore Ctrl-C from now on: all is printed, and only the end of the program is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop(*_: object) -> None:
    """Handle Ctrl-C; a further one while the program ends is the same stop."""
    now = time.monotonic()
    if now - _Keyboard.stopped_at_s < _SAME_S:
        return
    _Keyboard.stopped_at_s, _Keyboard.has_stopped = now, True
    raise KeyboardInterrupt


def raise_if_stopped() -> None:
    """Raise a stop that was pressed, even if something has swallowed it."""
    if _Keyboard.has_stopped:
        raise KeyboardInterrupt


# Standard output and error: every text leaves here, in what its encoding can hold.

#: Width of text that goes into a file or another program.
PAGE = 88
#: No line is made for a narrower terminal.
_LEAST = 20
#: Bars stand side by side and are compared: where an encoding lacks one, all are replaced.
_BARS = dict(zip("▁▂▃▄▅▆▇█░", "_.:-=+*#.", strict=True))
#: Marks for other signs that an encoding does not have.
_MARKS = {
    **{"–": "-", "—": "-", "−": "-", "×": "x", "·": "?", "…": "...", "→": "->", "←": "<-"},
    **{"≥": ">=", "≤": "<=", "±": "+/-", "≈": "~", "°": " deg", "µ": "u", "½": "1/2", "²": "2"},
    **{"‘": "'", "’": "'", "“": '"', "”": '"', "\xa0": " ", "\u202f": " ", "\u2009": " "},
    **{"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "Æ": "AE", "Ø": "O", "Ł": "L"},
}
_PAINT = re.compile(r"(\x1b\[[0-9;]*m)")


class _Listener:
    """Whoever keeps what is written."""

    told: list[Told] | None = None


def listen() -> list[Told]:
    """Begin a list of all that is written from now on, which `tell` writes again."""
    _Listener.told = []
    return _Listener.told


def tell(told: Sequence[Told]) -> None:
    """Write again what was written."""
    for is_output, text, end, is_painted in told:
        if is_output:
            print_out(text, end=end, is_painted=is_painted)
        else:
            print_err(text, end=end)


class OutputClosed(Exception):
    """Whoever read our standard output has seen enough, such as ``head``."""


def print_out(text: str, *, end: str = "\n", is_painted: bool = False) -> None:
    """Write to standard output."""
    raise_if_stopped()
    if _Listener.told is not None:
        _Listener.told.append((True, text, end, is_painted))
    if sys.stdout is None:
        raise OutputClosed
    parts = _PAINT.split(text) if is_painted else [text]
    safe = "".join(p if i % 2 else shown_lines(p) for i, p in enumerate(parts))
    try:
        sys.stdout.write(f"{encodable(safe, sys.stdout)}{end}")
        sys.stdout.flush()  # so that a failure is known here
    except OSError as error:
        _let_go(sys.stdout)
        # Windows calls a closed pipe an invalid argument.
        if isinstance(error, BrokenPipeError) or error.errno == errno.EINVAL:
            raise OutputClosed from None
        raise SettingError(
            f"standard output cannot be written ({error.strerror}); make room, or write elsewhere"
        ) from None


def print_err(text: str, *, end: str = "\n") -> None:
    """Write to standard error, as far as somebody takes it."""
    if _Listener.told is not None:
        _Listener.told.append((False, text, end, False))
    if sys.stderr is not None:
        _write_error(f"{encodable(shown_lines(text), sys.stderr)}{end}")


def draw_line(text: str) -> None:
    """Put one line in the place of the last one on standard error, if that is a terminal."""
    if is_terminal(sys.stderr):
        width = _columns() - 1
        _write_error(f"\r\033[K{encodable(shown(text)[:width], sys.stderr)}")


def _write_error(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except OSError:
        _let_go(sys.stderr)


def _let_go(stream: TextIO) -> None:
    """Leave nothing that the end of Python would try to write into what takes nothing."""
    try:
        number = stream.fileno()
    except (OSError, ValueError):  # it has none: it was replaced by a program
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def encodable(text: str, stream: TextIO) -> str:
    """Text that a stream can take: plain marks and letters for what its encoding does not have."""
    encoding = getattr(stream, "encoding", None) or "utf-8"
    if _has(text, encoding):
        return text
    if not _has("".join(_BARS), encoding):
        text = text.translate({ord(sign): mark for sign, mark in _BARS.items()})
    return "".join(c if _has(c, encoding) else _plain(c, encoding) for c in text)


def _plain(sign: str, encoding: str) -> str:
    if sign in _MARKS:
        return _MARKS[sign]
    parts = unicodedata.normalize("NFKD", sign)
    letters = "".join(part for part in parts if not unicodedata.combining(part))
    is_letter = letters and _has(letters, encoding)
    return letters if is_letter else sign.encode("ascii", "backslashreplace").decode()


def _has(text: str, encoding: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def speaks_unicode() -> bool:
    """Whether standard output takes every character."""
    encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
    return encoding.lower().replace("-", "").replace("_", "").startswith("utf")


def is_terminal(stream: TextIO | None) -> bool:
    """Whether somebody sits before a stream."""
    return stream is not None and stream.isatty()


def line_width() -> int:
    """Columns for sentences: those of the terminal, or of a page."""
    if not is_terminal(sys.stdout):
        return PAGE
    return max(_columns(PAGE) - 1, _LEAST)


def _columns(fallback: int = 80) -> int:
    """Columns of the terminal, or those of ``$COLUMNS``."""
    import shutil

    return shutil.get_terminal_size((fallback, 24)).columns


def table_width() -> int | None:
    """Columns for tables: those of the terminal; None where programs read whole lines."""
    return line_width() if is_terminal(sys.stdout) else None


def shows_colours() -> bool:
    """Whether colours are wanted: on a terminal that has them, unless ``NO_COLOR`` is set."""
    is_plain = bool(os.environ.get("NO_COLOR")) or os.environ.get("TERM") == "dumb"
    return is_terminal(sys.stdout) and not is_plain


# How far the reading is: a bar on a terminal, nothing anywhere else.

_BAR = 24
#: A bar is drawn at most so often. [s]
_EVERY_S = 0.1
#: No time left is shown before so much has passed. [s]
_FIRST_S = 0.5


def reading_bar(clock: Callable[[], float] = time.monotonic) -> Callable[[int, str, float], None]:
    """Make a callback for `loadmon.read` that draws a bar on stderr, if that is a terminal."""
    if not is_terminal(sys.stderr):
        return lambda _done, _name, _share: raise_if_stopped()
    start = clock()
    last = -_EVERY_S

    def draw(done: int, _name: str, share: float) -> None:
        nonlocal last
        raise_if_stopped()
        passed = clock() - start
        if passed - last >= _EVERY_S:
            last = passed
            draw_line(bar_text(done, share, passed))

    return draw


def clear_bar() -> None:
    """Take the bar away."""
    draw_line("")


def bar_text(done: int, share: float, passed_s: float) -> str:
    """One line: how much is read, how fast, and how long it will take."""
    share = min(1.0, max(0.0, share))
    full = round(_BAR * share)
    text = f"reading {'█' * full}{'░' * (_BAR - full)} {done} files"
    if passed_s < _FIRST_S or not share:
        return text
    minutes, seconds = divmod(round(passed_s * (1 / share - 1)), 60)
    return f"{text}, {done / passed_s:.0f} a second, {minutes}:{seconds:02d} left"
