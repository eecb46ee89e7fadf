"""What loadmon raises: every error is one of these, names what it is about, and says what to do.

::

    LoadmonError
    ├── ReadError            a path, a file or a member that cannot be read as asked
    │   └── FileProblem      one input's contents, with its outcome and reason code for the ledger
    ├── FrameError           a frame handed in that is not what its docstring asks for
    ├── SettingError         an option, a limit or a line of athlete.toml that makes no sense
    └── ScreeningNeeded      a plan was asked for before the screening questions were answered

    LittleMemory             Python's MemoryError, where no file is to blame
    CacheWarning             the cache cannot be used, and everything is read without it
"""

from __future__ import annotations

TYPE_CHECKING = False  # typing alone takes longer to import than everything else here
if TYPE_CHECKING:
    from typing import Any


class LoadmonError(Exception):
    """Base class of all errors that loadmon raises, with a message for a person."""


class ReadError(LoadmonError):
    """A path that cannot be read as asked."""


class FrameError(LoadmonError):
    """A frame that lacks a column, skips a day, or holds something else than it should."""


class SettingError(LoadmonError):
    """An option that does not exist or a value outside its range."""


class FileProblem(ReadError):
    """The contents of one input are not usable; the archive walker turns this into a ledger row.

    Parameters
    ----------
    outcome : str
        ``skipped``, ``quarantined`` or ``refused``.
    reason : str
        Reason code of the ledger, such as ``fit-crc``.
    detail : str
        One sentence, with the byte or line where known, that says what to do.
    when : float, optional
        Start of the activity as far as it could be read, Unix time. [s]
        NaN means that the day is unknown.
    days : tuple of str, optional
        Local days, as ISO writes them, of several activities that are in it.
    """

    def __init__(
        self,
        outcome: str,
        reason: str,
        detail: str,
        when: float = float("nan"),
        days: tuple[str, ...] = (),
    ):
        super().__init__(detail)
        self.outcome = outcome
        self.reason = reason
        self.detail = detail
        self.when = when
        self.days = days

    def __reduce__(self) -> tuple[type[FileProblem], tuple[Any, ...]]:
        """Travel from a worker process in one piece."""
        return FileProblem, (self.outcome, self.reason, self.detail, self.when, self.days)


def without_frames(problem: FileProblem) -> FileProblem:
    """Give a problem without the frames that raised it, which hold the bytes of their file."""
    problem.__traceback__ = problem.__cause__ = problem.__context__ = None
    return problem


class ScreeningNeeded(LoadmonError):
    """A plan after injury or pain needs the screening questions answered first.

    Parameters
    ----------
    questions : dict of str to str
        The question behind each key that ``screening`` must answer.
    """

    def __init__(self, questions: dict[str, str]):
        asked = "; ".join(f"{k}: {q}" for k, q in questions.items())
        super().__init__(f"answer these first (screening=): {asked}")
        self.questions = questions


class LittleMemory(MemoryError):
    """The machine lacks the memory that every file needs: no fault of the one being read."""


class CacheWarning(UserWarning):
    """The cache cannot be used; nothing depends on it but time."""
