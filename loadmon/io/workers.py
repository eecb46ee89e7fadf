"""Processes that read: an executor of our own, which knows nothing of the caller's program.

Python's own pool imports the program that uses it into every worker, which a notebook or a script
without a guard does not survive, and starts with the current folder on its path. Ours starts
a bare interpreter in an empty folder, with a path that holds neither, imports this module alone,
takes tasks from its standard input and gives results on what was its standard output: whatever
else is printed there is passed over. One thread here stands for each worker. A worker that ends in
the middle of a task fails that task and is replaced; one that gets not so far raises `NoWorker`.
"""

from __future__ import annotations

import os
import pickle
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import IO, Any

#: Bytes to be read from which workers pay for their start.
ENOUGH = 32 << 20

#: What a worker runs: this program, and nothing else of its folder before what Python brings.
_START = (
    "import sys; sys.path.insert(0, sys.argv[1]); import loadmon; "
    "sys.path.append(sys.path.pop(0)); "
    f"from {__name__} import serve; serve(sys.argv[2], sys.argv[3])"
)
_SIZE = 8  # bytes that say how many bytes follow
_GREETS_WITHIN_S = 60.0


class NoWorker(BrokenExecutor):
    """No worker could be started, or it ended before its task began: the task is not to blame."""


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers(Executor):
    """At most so many worker processes, each started with its first task, as an executor."""

    def __init__(self, count: int):
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="loadmon")
        self._own = threading.local()
        self._starting = threading.Lock()
        self._children: list[subprocess.Popen[bytes]] = []
        self._folder = ""
        self._is_stopped = False

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function in a worker; it and its arguments must be picklable."""
        try:
            return self._threads.submit(self._run, fn, args, kwargs)
        except RuntimeError as error:  # the system has no thread left
            raise NoWorker(str(error)) from error

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, at once where futures are cancelled, and wait until none is left."""
        with self._starting:
            self._is_stopped = cancel_futures
            children = list(self._children)
        try:
            if cancel_futures:
                for child in children:
                    child.kill()
            self._threads.shutdown(cancel_futures=cancel_futures)
            for child in self._children:  # one ends when it is sent no more
                for pipe in (child.stdin, child.stdout):
                    with suppress(OSError):
                        if pipe:
                            pipe.close()
                child.wait()
        finally:
            if self._folder:
                shutil.rmtree(self._folder, ignore_errors=True)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers; at once if something was raised, as by a stop at the keyboard."""
        self.shutdown(cancel_futures=kind is not None)

    def _run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        task = pickle.dumps((fn, args, kwargs), pickle.HIGHEST_PROTOCOL)
        child = self._child()
        try:
            if child.stdin:
                _send(child.stdin, task)
            has_begun = _received(child.stdout) is not None
            result = _received(child.stdout) if has_begun else None
        except OSError:
            has_begun, result = False, None
        if result is None:
            self._own.child = None
            child.kill()
            code = child.wait()
            if has_begun:
                raise BrokenExecutor(f"a worker has ended over its task ({code})")
            raise NoWorker(f"a worker has ended before its task began ({code})")
        is_done, value = pickle.loads(result)
        if is_done:
            return value
        raise value

    def _child(self) -> subprocess.Popen[bytes]:
        """Worker of this thread, started where there is none."""
        child: subprocess.Popen[bytes] | None = getattr(self._own, "child", None)
        if child is None:
            greeting = secrets.token_hex()
            with self._starting:
                child = self._started(greeting)
                self._children.append(child)
            if not _has_greeted(child, greeting.encode()):
                child.kill()
                raise NoWorker(f"a worker did not start ({child.wait()})")
            self._own.child = child
        return child

    def _started(self, greeting: str) -> subprocess.Popen[bytes]:
        """Start a process that can import nothing from the current folder."""
        if self._is_stopped or not sys.executable:
            raise NoWorker("no worker is started any more" if self._is_stopped else "no Python")
        house = str(Path(__file__).parents[2])
        try:
            self._folder = self._folder or tempfile.mkdtemp(prefix="loadmon-")
            return subprocess.Popen(
                [sys.executable, "-P", "-c", _START, house, self._folder, greeting],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,  # what is wrong is said by this process
                cwd=self._folder,
                env=_environment(),
                start_new_session=True,  # a stop at the keyboard is for us to pass on
                creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
            )
        except OSError as error:
            raise NoWorker(f"a worker cannot be started ({error.strerror})") from error


def _has_greeted(child: subprocess.Popen[bytes], greeting: bytes) -> bool:
    """Wait until a worker is there, past all that its machine prints at every start of Python."""
    late = threading.Timer(_GREETS_WITHIN_S, child.kill)
    late.start()
    read, more = b"", b" "
    try:
        while more and not read.endswith(greeting) and len(read) < 1 << 20:
            more = os.read(child.stdout.fileno(), 1 << 16) if child.stdout else b""
            read += more
    except OSError:
        return False
    finally:
        late.cancel()
    return read.endswith(greeting)


def _environment() -> dict[str, str]:
    """Environment of a worker: its paths do not depend on where it stands."""
    here = os.path.realpath(os.curdir)
    known = dict(os.environ)
    path = [os.path.abspath(p) for p in known.pop("PYTHONPATH", "").split(os.pathsep) if p]
    if kept := [p for p in path if os.path.realpath(p) != here]:
        known["PYTHONPATH"] = os.pathsep.join(kept)
    if known.get("LOADMON_CACHE", "").strip():
        known["LOADMON_CACHE"] = os.path.abspath(known["LOADMON_CACHE"])
    return known


def _send(stream: IO[bytes], data: bytes) -> None:
    stream.write(len(data).to_bytes(_SIZE, "little"))
    stream.write(data)
    stream.flush()


def _received(stream: IO[bytes] | None) -> bytes | None:
    """Bytes that were sent in one piece; None where the other side has ended."""
    head = stream.read(_SIZE) if stream else b""
    if stream is None or len(head) < _SIZE:
        return None
    size = int.from_bytes(head, "little")
    data = stream.read(size)
    return data if len(data) == size else None


def serve(folder: str, greeting: str) -> None:
    """Take tasks until there are no more: what a worker does all its life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks, results = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever prints must not speak between results
    with suppress(OSError):  # the other side has gone
        results.write(greeting.encode())
        results.flush()
        while (task := _received(tasks)) is not None:
            fn, args, kwargs = pickle.loads(task)
            _send(results, b"begun")
            try:
                answer = pickle.dumps((True, fn(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
            except Exception as error:  # it is raised again where the task came from
                answer = pickle.dumps((False, error))
            _send(results, answer)
    with suppress(OSError):
        os.rmdir(folder)
