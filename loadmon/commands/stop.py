"""A stop at the keyboard, so that none is lost.

Python tells of one by an exception, wherever the program is at that moment. In the middle of an
import or of compiled code it may be thrown away with a note on standard error, and the command
would go on to its end. So it is remembered, and raised again wherever `heed_stop` is called.
"""

from __future__ import annotations

import signal
import sys
from contextlib import contextmanager

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Iterator


class _Keyboard:
    """What the keyboard has asked for since the command began."""

    has_stopped = False


@contextmanager
def stops_kept() -> Iterator[None]:
    """Remember a stop while a command runs, unless somebody else minds the signal.

    Raises
    ------
    KeyboardInterrupt
        At the end too, whatever else was raised: half of an import may be the cause of that.
    """
    _Keyboard.has_stopped = False
    if signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    try:
        signal.signal(signal.SIGINT, _stop)
    except ValueError:  # not in the main thread, which alone hears signals
        yield
        return
    tell_ignored = sys.unraisablehook
    sys.unraisablehook = lambda lost: (
        None if lost.exc_type is KeyboardInterrupt else tell_ignored(lost)
    )
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = tell_ignored
        heed_stop()


def _stop(*_: object) -> None:
    _Keyboard.has_stopped = True
    raise KeyboardInterrupt


def heed_stop() -> None:
    """Raise a stop that was asked for."""
    if _Keyboard.has_stopped:
        raise KeyboardInterrupt
