"""Count the file operations of some code, and stop or spoil it at any one of them.

``with watched(act) as steps:`` calls ``act(number, name)`` before every operation on files: to
kill the process there, to raise an error of the system, or only to count. An `act` that returns
a number gives that share of the bytes asked for: a short read or write.
"""

from __future__ import annotations

import builtins
import contextlib
import errno
import fcntl
import io
import os
import signal
from collections.abc import Callable, Iterator
from typing import Any
from unittest import mock

Act = Callable[[int, str], float | None]
ERRORS = {"ENOSPC": errno.ENOSPC, "EIO": errno.EIO, "EACCES": errno.EACCES}
_CALLS = (
    *("open", "read", "write", "fsync", "ftruncate", "replace", "unlink", "stat", "fstat"),
    *("scandir", "mkdir", "lseek"),
)


class Steps:
    """Number of operations so far, and what is done before each."""

    def __init__(self, act: Act) -> None:
        self.count = 0
        self.act = act

    def take(self, name: str) -> float | None:
        self.count += 1
        return self.act(self.count, name)


@contextlib.contextmanager
def watched(act: Act) -> Iterator[Steps]:
    """Call `act` before every operation on files within the block."""
    steps = Steps(act)
    with contextlib.ExitStack() as stack:
        for name in _CALLS:
            stack.enter_context(mock.patch.object(os, name, _stepping(steps, name)))
        stack.enter_context(mock.patch.object(fcntl, "flock", _stepping_flock(steps)))
        opened = _stepping_open(steps)
        stack.enter_context(mock.patch.object(io, "open", opened))
        stack.enter_context(mock.patch.object(builtins, "open", opened))
        yield steps


def _stepping(steps: Steps, name: str) -> Callable[..., Any]:
    real = getattr(os, name)

    def call(*args: Any, **named: Any) -> Any:
        share = steps.take(name)
        if share is not None and name == "write":
            args = (args[0], args[1][: max(1, int(len(args[1]) * share))])
        if share is not None and name == "read":
            args = (args[0], max(1, int(args[1] * share)))
        return real(*args, **named)

    return call


def _stepping_flock(steps: Steps) -> Callable[..., Any]:
    real = fcntl.flock

    def call(*args: Any) -> Any:
        steps.take("flock")
        return real(*args)

    return call


class _Raw(io.FileIO):
    """File whose every read and write is a step."""

    steps: Steps

    def readinto(self, buffer: Any) -> int | None:
        share = self.steps.take("read")
        view = memoryview(buffer)
        return super().readinto(view if share is None else view[: _part(len(view), share)])

    def read(self, size: int | None = -1) -> bytes | None:
        if size is None or size < 0:
            return b"".join(iter(lambda: self.read(1 << 16) or b"", b""))
        buffer = bytearray(size)
        count = self.readinto(buffer)
        return None if count is None else bytes(buffer[:count])

    def readall(self) -> bytes:
        return self.read() or b""

    def write(self, data: Any) -> int | None:
        share = self.steps.take("write")
        return super().write(data if share is None else bytes(data)[: _part(len(data), share)])


def _part(size: int, share: float) -> int:
    return max(1, int(size * share))


def _stepping_open(steps: Steps) -> Callable[..., Any]:
    """Open that gives files whose every read and write is a step."""

    def opened(
        file: Any, mode: str = "r", buffering: int = -1, encoding: Any = None,
        errors: Any = None, newline: Any = None, closefd: bool = True, opener: Any = None,
    ) -> Any:  # fmt: skip
        steps.take("open")
        raw = _Raw(file, mode.replace("b", "").replace("t", ""), closefd, opener)
        raw.steps = steps
        if buffering == 0:
            return raw
        kinds = {"r": io.BufferedReader, "+": io.BufferedRandom}
        kind: Any = kinds.get("+" if "+" in mode else mode[0], io.BufferedWriter)
        return kind(raw) if "b" in mode else io.TextIOWrapper(kind(raw), encoding, errors, newline)

    return opened


def failing(at: int, code: int, last: int | None = None) -> Act:
    """Raise an error of the system at one operation, or at all from it to `last`."""

    def act(number: int, _name: str) -> None:
        if at <= number <= (last or at):
            raise OSError(code, os.strerror(code))

    return act


def short(at: int, share: float) -> Act:
    """Give only a share of the bytes at one operation."""
    return lambda number, _name: share if number == at else None


def killing(at: int) -> Act:
    """Kill this process, as nothing can be done about, before one operation."""

    def act(number: int, _name: str) -> None:
        if number == at:
            os.kill(os.getpid(), signal.SIGKILL)

    return act


def counted(work: Callable[[], object]) -> int:
    """Count the operations of some work that is let run."""
    with watched(lambda _number, _name: None) as steps:
        work()
    return steps.count


def in_child(work: Callable[[], object]) -> bytes:
    """Run work in a child process that may be killed; return what it acknowledged.

    `work` gets a function by which it acknowledges bytes: they reach us whatever happens next.
    """
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(lambda data: os.write(writer, data))  # type: ignore[call-arg]
        finally:
            os._exit(0)
    os.close(writer)
    told = b""
    while piece := os.read(reader, 1 << 16):
        told += piece
    os.close(reader)
    os.waitpid(child, 0)
    return told
