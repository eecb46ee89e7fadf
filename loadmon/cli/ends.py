"""How a command ends: its exit code, and every error as a line on standard error."""

from __future__ import annotations

import errno
from contextlib import suppress

from loadmon.cli import DONE, STOPPED, UNKNOWN, UNUSABLE
from loadmon.cli.screen import OutputClosed, print_err, raise_if_stopped
from loadmon.errors import LoadmonError
from loadmon.text import shown

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NO_MEMORY = "loadmon: not enough memory; close other programs, or name fewer files at once"

#: Errors of a disk that is full, failing or locked.
_OF_DISKS = (errno.EIO, errno.ENOSPC, errno.EACCES, errno.EPERM, errno.EROFS)


def ended(work: Callable[[], int], words: Sequence[str]) -> int:
    """Do what was typed in some words, and return its exit code however it ends."""
    try:
        try:
            return work()
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


def _of_the_machine(error: Exception) -> str:
    """What to say where the machine gives too little; empty where it is no such error."""
    text = str(error)
    if getattr(error, "errno", 0) in (errno.EMFILE, errno.ENFILE) or "Too many open files" in text:
        return "loadmon: too many files are open; close other programs, or raise ulimit -n"
    # What the loader of shared libraries, and a thread that cannot begin, say of little memory.
    signs = ("failed to map segment", "cannot allocate memory", "can't start new thread")
    if getattr(error, "errno", 0) == errno.ENOMEM or any(s in text.lower() for s in signs):
        return _NO_MEMORY
    if isinstance(error, OSError) and error.errno in _OF_DISKS:  # a file of the program among them
        return f"loadmon: {shown(str(error.filename or 'a file'))}: {error.strerror}"
    return ""
