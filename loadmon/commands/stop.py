"""A stop at the keyboard, so that none is lost and none speaks twice.

Python tells of one by an exception, wherever the program is at that moment. In the middle of an
import or of compiled code it may be thrown away with a note on standard error, and the command
would go on to its end. So it is remembered, and raised again wherever `heed_stop` is called.
"""

from __future__ import annotations

import signal
import sys
import time

#: A key that is pressed again within this time is still the same stop. [s]
_SAME_S = 1.0


class _Keyboard:
    """What the keyboard has asked for since the program began."""

    stopped_at_s = -_SAME_S
    has_stopped = False


def keep_stops() -> None:
    """Remember stops from now on, unless somebody else minds the signal: for a whole program."""
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        return
    signal.signal(signal.SIGINT, _stop)
    tell_ignored = sys.unraisablehook
    sys.unraisablehook = lambda lost: (
        None if lost.exc_type is KeyboardInterrupt else tell_ignored(lost)
    )


def ignore_stops() -> None:
    """Hear no stop any more: all is said, and only the end of the program is left."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _stop(*_: object) -> None:
    """What a press of the keys does; further ones while the program ends are no news."""
    now = time.monotonic()
    if now - _Keyboard.stopped_at_s < _SAME_S:
        return
    _Keyboard.stopped_at_s, _Keyboard.has_stopped = now, True
    raise KeyboardInterrupt


def heed_stop() -> None:
    """Raise a stop that was asked for."""
    if _Keyboard.has_stopped:
        raise KeyboardInterrupt
