"""What fitdecode reads in a FIT file, cell by cell, to hold ``loadmon.read_fit`` against.

Where a message names a field twice (a field of its own and one expanded from a component), the
first one that is not missing counts, a field of its own before an expanded one. Where ``read_fit``
has a rule of its own it is applied here too: a developer field named like another field of the
message is called NAME_devI, developer fields that the file does not describe are left out, and a
time that counts from power-up is missing.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
from collections import defaultdict
from collections.abc import Collection
from typing import Any

import fitdecode
import pandas as pd

Rows = dict[str, list[dict[str, Any]]]

#: Differences that are known, by message and field, with their reason. None touches an activity.
EXPLAINED: dict[str, str] = {
    "monitoring.activity_type": "a number expanded from packed bytes is left without its name",
    "hr.event_timestamp": "expanded from packed bytes as seconds, not as a time; arrays as tuples",
    "event.data": "expanded from data16, whose subfields are not chosen",
    "record.total_cycles": "fitdecode begins a counter anew where its definition is repeated",
    "record.unknown_dev_": "described without a name: fitdecode has none, here its numbers are one",
}


def explanation(field: str) -> str:
    """Why a field, named as in `EXPLAINED`, may differ; empty where nothing explains it."""
    found = (
        why
        for name, why in EXPLAINED.items()
        if field == name or (name[-1] == "_" and field.startswith(name))
    )
    return next(found, "")


#: Fields newer than fitdecode's profile, which `read_fit` names: theirs, ours and the scale.
LATER = {
    "session": {
        "unknown_78": ("active_time", 1000),
        "unknown_211": ("avg_grade_adjusted_speed", 1000),
    }
}

_FIRST_TIME = dt.datetime(1989, 12, 31, tzinfo=dt.UTC) + dt.timedelta(seconds=0x10000000)


def fitdecode_rows(data: bytes) -> Rows:
    """Every data message by name, each a dict of field name to value, missing as None."""
    out: Rows = defaultdict(list)
    with fitdecode.FitReader(
        io.BytesIO(data),
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    ) as reader:
        scales: Scales = {}
        for message in reader:
            if isinstance(message, fitdecode.FitDataMessage):
                row = _with_later(message.name, _row(message, scales))
                out[message.name].append(row)
                if message.name == "field_description":
                    key = (row.get("developer_data_index"), row.get("field_definition_number"))
                    scales[key] = (row.get("scale") or 1, row.get("offset") or 0)
    return out


#: Scale and offset that apps describe their fields with, which fitdecode leaves out.
Scales = dict[tuple[Any, Any], tuple[float, float]]


def _scaled(value: Any, scale: float, offset: float) -> Any:
    if (scale, offset) == (1, 0) or not isinstance(value, int | float):
        return value
    return value / scale - offset


def _with_later(name: str, row: dict[str, Any]) -> dict[str, Any]:
    for theirs, (ours, scale) in LATER.get(name, {}).items():
        if theirs in row:
            raw = row.pop(theirs)
            missing = raw in (None, 0xFFFF, 0xFFFFFFFF)
            row[ours] = None if missing else raw / scale
    return row


def _row(message: Any, scales: Scales) -> dict[str, Any]:
    """One value for each name of a message."""
    own: dict[str, list[Any]] = defaultdict(list)
    expanded: dict[str, list[Any]] = defaultdict(list)
    taken: set[str] = set()
    for field in message.fields:
        developer = field.field is not None and field.field_type == "devfield"
        if developer and field.field.name is None:
            continue
        name = field.name
        if developer and name in taken:
            name = f"{name}_dev{field.field.dev_data_index}"
        if field.field_def is not None:
            taken.add(name)
        own_scale = (1.0, 0.0)
        if developer:
            own_scale = scales.get((field.field.dev_data_index, field.field.def_num), own_scale)
        is_time = field.type is not None and field.type.name in ("date_time", "local_date_time")
        value = _scaled(_no_power_up(field.value, is_time), *own_scale)
        (expanded if field.field_def is None else own)[name].append(value)
    return {name: _first_known(own[name] + expanded[name]) for name in {**own, **expanded}}


def _no_power_up(value: Any, is_time: bool) -> Any:
    """None for a time that counts from power-up, which fitdecode may leave a number."""
    relative = value < _FIRST_TIME if isinstance(value, dt.datetime) else is_time
    return None if relative else value


def _first_known(values: list[Any]) -> Any:
    return next((v for v in values if not is_missing(v)), None)


def is_missing(value: Any) -> bool:
    """Tell a cell that holds nothing: None, NaN, NaT, or a tuple of nothing else."""
    if isinstance(value, tuple):
        return all(is_missing(v) for v in value)
    return value is None or value is pd.NaT or value != value


def same(theirs: Any, ours: Any) -> bool:
    """Tell whether two cells hold the same value, bit by bit."""
    if is_missing(theirs) or is_missing(ours):
        return is_missing(theirs) and is_missing(ours)
    if isinstance(theirs, tuple | list):
        if not isinstance(ours, tuple) or len(theirs) != len(ours):
            return False
        return all(itertools.starmap(same, zip(theirs, ours, strict=True)))
    if isinstance(theirs, dt.datetime):
        if not isinstance(ours, dt.datetime):
            return False
        stamp = pd.Timestamp(ours)
        return pd.Timestamp(theirs) == (stamp if stamp.tz else stamp.tz_localize("UTC"))
    if isinstance(theirs, dt.time):  # a time of day, which read_fit leaves in seconds
        seconds = ours if isinstance(ours, int | float) else None
        return seconds == theirs.hour * 3600 + theirs.minute * 60 + theirs.second
    return bool(theirs == ours)


def compare(
    data: bytes, frames: dict[str, pd.DataFrame], only: Collection[str] | None = None
) -> tuple[int, list[str]]:
    """Count the cells of messages, and list those that differ.

    Parameters
    ----------
    data : bytes
        The FIT file.
    frames : dict of str to DataFrame
        What ``read_fit`` gives for it.
    only : collection of str, optional
        Names of the messages to compare; all if not given.
    """
    theirs = fitdecode_rows(data)
    if only is not None:
        theirs = {name: rows for name, rows in theirs.items() if name in only}
        frames = {name: frame for name, frame in frames.items() if name in only}
    cells, wrong = 0, []
    if set(theirs) != set(frames):
        wrong.append(f"messages {sorted(set(theirs) ^ set(frames))}")
    for name in theirs.keys() & frames.keys():
        counted, differing = _compare_message(name, theirs[name], frames[name])
        cells += counted
        wrong += differing
    return cells, wrong


def _compare_message(
    name: str, theirs: list[dict[str, Any]], frame: pd.DataFrame
) -> tuple[int, list[str]]:
    """Compare the rows of one message, over the fields that either side has."""
    if len(theirs) != len(frame):
        return 0, [f"{name}: {len(frame)} rows for {len(theirs)}"]
    columns = {c: frame[c].tolist() for c in frame.columns}
    fields = set(columns).union(*theirs)
    wrong = []
    nothing = [None] * len(theirs)
    for field in sorted(fields):
        cells = columns.get(field, nothing)
        pairs = [
            (i, row.get(field), cell)
            for i, (row, cell) in enumerate(zip(theirs, cells, strict=True))
        ]
        bad = [pair for pair in pairs if not same(*pair[1:])]
        if bad:
            i, row_value, cell = bad[0]
            wrong.append(f"{name}.{field}: {len(bad)} cells, row {i}: {cell!r} for {row_value!r}")
    return len(theirs) * len(fields), wrong
