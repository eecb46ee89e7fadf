"""Processes that read: an executor of our own, which knows nothing of the caller's program.

Python's own pool imports the program that uses it into every worker, which a notebook or a script
without a guard does not survive. Ours starts a bare interpreter that imports this module alone,
takes tasks from its standard input and gives results on its standard output. One thread here
stands for each worker. A worker that is killed fails its task and is replaced.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Executor, Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

#: Bytes to be read from which workers pay for their start.
ENOUGH = 32 << 20


def processors() -> int:
    """Processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers(Executor):
    """Worker processes behind the usual methods of an executor.

    Parameters
    ----------
    count : int
        How many at most; each is started with its first task.
    """

    def __init__(self, count: int):
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="loadmon")
        self._own = threading.local()
        self._children: list[subprocess.Popen[bytes]] = []

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        """Run a function in a worker; it and its arguments must be picklable."""
        return self._threads.submit(self._run, fn, args, kwargs)

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """End the workers, at once where futures are cancelled."""
        if cancel_futures:
            for child in self._children:
                child.kill()
        self._threads.shutdown(wait=wait, cancel_futures=cancel_futures)
        for child in self._children:
            for pipe in (child.stdin, child.stdout):
                if pipe:
                    pipe.close()
            child.wait()

    def _run(self, fn: Callable[..., Any], args: Any, kwargs: Any) -> Any:
        child = self._child()
        try:
            if child.stdin is None or child.stdout is None:
                raise BrokenExecutor("a worker without pipes")
            pickle.dump((fn, args, kwargs), child.stdin, pickle.HIGHEST_PROTOCOL)
            child.stdin.flush()
            done, result = pickle.load(child.stdout)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError) as error:
            self._own.child = None
            child.kill()
            raise BrokenExecutor(f"a worker has ended ({child.wait()})") from error
        if done:
            return result
        raise result

    def _child(self) -> subprocess.Popen[bytes]:
        """Worker of this thread, started where there is none."""
        child: subprocess.Popen[bytes] | None = getattr(self._own, "child", None)
        if child is None:
            house = str(Path(__file__).parents[2])
            path = os.pathsep.join([house, *filter(None, [os.environ.get("PYTHONPATH")])])
            child = subprocess.Popen(
                [sys.executable, "-c", "from loadmon.reading.workers import serve; serve()"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "PYTHONPATH": path},
                start_new_session=True,  # a stop at the keyboard is for us to pass on
            )
            self._own.child = child
            self._children.append(child)
        return child


def serve() -> None:
    """Take tasks until there are no more: what a worker does all its life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    tasks, results = sys.stdin.buffer, sys.stdout.buffer
    sys.stdout = sys.stderr  # whatever prints must not speak between results
    while True:
        try:
            fn, args, kwargs = pickle.load(tasks)
        except EOFError:
            return
        try:
            told = pickle.dumps((True, fn(*args, **kwargs)), pickle.HIGHEST_PROTOCOL)
        except Exception as error:  # it is raised again where the task came from
            told = pickle.dumps((False, error))
        results.write(told)
        results.flush()
