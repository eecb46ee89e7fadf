"""How far the reading is: a bar on a terminal, nothing anywhere else."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable

from loadmon.commands.screen import draw_line, is_terminal
from loadmon.commands.stop import heed_stop

_BAR = 24
#: A bar is drawn at most so often. [s]
_EVERY_S = 0.1
#: No time left is told before so much has passed. [s]
_FIRST_S = 0.5


def reading_bar(clock: Callable[[], float] = time.monotonic) -> Callable[[int, str, float], None]:
    """Make a callback for `loadmon.read` that draws a bar on stderr, if that is a terminal.

    Parameters
    ----------
    clock : callable
        Gives the time. [s]
    """
    if not is_terminal(sys.stderr):
        return lambda _done, _name, _share: heed_stop()
    start = clock()
    last = -_EVERY_S

    def draw(done: int, _name: str, share: float) -> None:
        nonlocal last
        heed_stop()
        passed = clock() - start
        if passed - last >= _EVERY_S:
            last = passed
            draw_line(bar_text(done, share, passed))

    return draw


def clear_bar() -> None:
    """Take the bar away."""
    draw_line("")


def bar_text(done: int, share: float, passed_s: float) -> str:
    """One line: how much is read, how fast, and how long it will take.

    Parameters
    ----------
    done : int
        Files read.
    share : float
        Part of all bytes. [0 to 1]
    passed_s : float
        Time since the begin. [s]
    """
    share = min(1.0, max(0.0, share))
    full = round(_BAR * share)
    text = f"reading {'█' * full}{'░' * (_BAR - full)} {done} files"
    if passed_s < _FIRST_S or not share:
        return text
    return f"{text}, {done / passed_s:.0f} a second, {_clock(passed_s * (1 / share - 1))} left"


def _clock(seconds: float) -> str:
    """Minutes and seconds."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02d}"
