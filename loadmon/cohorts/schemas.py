"""Columns that other engines can rely on: the Arrow schema of each frame of a cohort."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, get_args

import pandas as pd

from loadmon.arguments import check_choice
from loadmon.cohorts.follow_up import person_periods
from loadmon.cohorts.panel import daily_panel, weekly_panel
from loadmon.cohorts.partitions import schema_of
from loadmon.cohorts.team import Frame, cohort_frame

if TYPE_CHECKING:
    import pyarrow

Schema = Literal[
    "sessions",
    "injuries",
    "members",
    "daily_panel",
    "weekly_panel",
    "person_periods",
    "athletes",
    "findings",
    "cohort_weekly",
]
_SESSIONS = {"athlete": "str", "date": "datetime64[us]", "distance_km": "float64"}
_INJURIES = {"athlete": "str", "date": "datetime64[us]", "end": "datetime64[us]"}


def arrow_schema(frame: Schema) -> pyarrow.Schema:
    """Columns of a frame and their types, for an engine that must know them beforehand.

    Parameters
    ----------
    frame : str
        What goes in: ``sessions``, ``injuries`` (``end`` may be left out), ``members``. What comes
        out: ``daily_panel``, ``weekly_panel`` and ``person_periods`` (of that panel, with its
        windows) as the functions of these names give them; ``athletes``, ``findings`` and
        ``cohort_weekly`` as `loadmon.cohort_frame`.

    Returns
    -------
    pyarrow.Schema
        Text as ``string``, days as ``timestamp[us]``, flags as ``bool`` that may be null.

    Raises
    ------
    SettingError
        If there is no such frame, or pyarrow is missing.
    """
    check_choice(frame, get_args(Schema), "frame")
    return schema_of(_EMPTY[frame]())


def _nothing(columns: dict[str, str]) -> pd.DataFrame:
    return pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in columns.items()})


def _no_panel() -> pd.DataFrame:
    return daily_panel(_nothing(_SESSIONS)).astype({"athlete": "str"})


def _of_cohort(frame: Frame) -> Callable[[], pd.DataFrame]:
    return lambda: cohort_frame(_nothing({"athlete": "str", "path": "str"}), frame=frame)


_EMPTY: dict[str, Callable[[], pd.DataFrame]] = {
    "sessions": lambda: _nothing(_SESSIONS),
    "injuries": lambda: _nothing(_INJURIES),
    "members": lambda: _nothing({"athlete": "str", "path": "str"}),
    "daily_panel": _no_panel,
    "weekly_panel": lambda: weekly_panel(_nothing(_SESSIONS)).astype({"athlete": "str"}),
    "person_periods": lambda: person_periods(_no_panel(), _nothing(_INJURIES)),
    "athletes": _of_cohort("athletes"),
    "findings": _of_cohort("findings"),
    "cohort_weekly": _of_cohort("weekly"),
}
