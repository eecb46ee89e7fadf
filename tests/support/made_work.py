"""Work for other processes: it does little, and some of it ends its process."""

from __future__ import annotations

import os

import pandas as pd

import loadmon


def doubled(task: tuple[str, int]) -> int:
    """Work that never fails."""
    return 2 * task[1]


def ends_its_process_once(task: tuple[str, int]) -> int:
    """Work that ends its process where a task is the first to find no file under its name.

    The task is the name of that file, or an empty text for a task that does no harm, and a number.
    """
    path, number = task
    if path:
        try:
            os.close(os.open(path, os.O_CREAT | os.O_EXCL))
        except FileExistsError:
            return 2 * number
        os._exit(9)
    return 2 * number


def ends_its_process(task: tuple[str, int]) -> int:
    """Work that ends its process whenever the task asks for it."""
    if task[0]:
        os._exit(9)
    return 2 * task[1]


def with_an_error(sessions: pd.DataFrame) -> pd.DataFrame:
    """Work that fails where the first athlete is."""
    if (sessions["athlete"] == "r00000").any():
        raise KeyError("pace")
    return loadmon.daily_panel(sessions)


def ends_its_process_over(sessions: pd.DataFrame) -> pd.DataFrame:
    """Work that ends its process over the first athlete, once: the file of this name says when."""
    if (sessions["athlete"] == "r00000").any():
        ends_its_process_once((os.environ["LOADMON_TEST_DIES"], 0))
    return loadmon.daily_panel(sessions)


def panel_but_not_of(sessions: pd.DataFrame) -> pd.DataFrame:
    """Work that ends its process whenever the first athlete is there."""
    ends_its_process(("it does" if (sessions["athlete"] == "r00000").any() else "", 0))
    return loadmon.daily_panel(sessions)
