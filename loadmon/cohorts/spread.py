"""Tasks over processes, here or on a cluster, so that a worker that dies loses none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, as_completed
from typing import Any, TypeVar

from loadmon.errors import SettingError
from loadmon.io.workers import NoWorker, Workers, processors

Task = TypeVar("Task")
Done = TypeVar("Done")

#: What Python's own pool says where it is asked to begin while it is being begun itself.
_UNGUARDED = "bootstrapping"


def spread(
    work: Callable[[Task], Done],
    tasks: Sequence[Task],
    *,
    executor: Executor | None = None,
    progress: Callable[[int, Task], None] | None = None,
) -> list[Done | None]:
    """What `work` gives for each task; None for one that ended its process, alone in it, too.

    What an executor loses (a process killed, a machine gone) is done again in new processes here
    as long as some get done, then each in a process of its own; here where none can be started.
    """
    found: dict[int, Done] = {}

    def kept(place: int, done: Done) -> None:
        found[place] = done
        if progress:
            progress(len(found), tasks[place])

    def in_workers(places: list[int], count: int) -> None:
        with Workers(count) as pool:
            no_worker = _collect(pool, work, tasks, places, kept)
        for place in no_worker:
            kept(place, work(tasks[place]))

    left = list(range(len(tasks)))
    if executor is not None:
        _collect(executor, work, tasks, left, kept)
    while left := [i for i in left if i not in found]:
        before = len(found)
        in_workers(left, min(len(left), processors()))
        if len(found) == before:
            break
    for place in left:
        in_workers([place], 1)
    return [found.get(i) for i in range(len(tasks))]


def _collect(
    executor: Executor,
    work: Callable[[Task], Done],
    tasks: Sequence[Task],
    places: list[int],
    kept: Callable[[int, Done], None],
) -> list[int]:
    """Keep what comes back of some tasks; the places of those that no process began with."""
    no_worker = []
    futures: dict[Future[Any], int] = {}
    for place in places:
        try:
            futures[executor.submit(work, tasks[place])] = place
        except RuntimeError as refusal:
            if _UNGUARDED in str(refusal):  # a worker of that pool, which runs the caller's script
                raise SettingError(
                    "a pool of processes imports your script into each of them, so this script "
                    'begins again there: put the pool and this call under if __name__ == "__main__"'
                    ":, or leave executor= out, which needs nothing"
                ) from None
            break  # the executor is broken or was shut down: the rest is done elsewhere
    for future in as_completed(futures):
        error = None if future.cancelled() else future.exception()
        if isinstance(error, NoWorker):
            no_worker.append(futures[future])
        elif error is None and not future.cancelled():
            kept(futures[future], future.result())
    return no_worker
