"""Frames as plain values and arrays, and back: exactly the same frame, in a few milliseconds."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from pandas.api.internals import create_dataframe_from_blocks

_TEXT = pd.StringDtype(na_value=np.nan)
_UTC = pd.DatetimeTZDtype("us", "UTC")
_MOMENT = "datetime64[us]"


def pack_frame(frame: pd.DataFrame) -> dict[str, Any]:
    """What `loadmon.reading.cache.packing.pack` can keep of a frame with a plain index.

    Columns are float, text, times to the microsecond (in UTC or without a zone), or objects that
    `pack` knows.
    """
    kinds = [str(dtype) for dtype in frame.dtypes]
    floats = [name for name, kind in zip(frame.columns, kinds, strict=True) if kind == "float64"]
    others: dict[str, Any] = {}
    for name, kind in zip(frame.columns, kinds, strict=True):
        if kind.startswith(_MOMENT[:-1]):
            others[name] = frame[name].to_numpy("datetime64[us]").astype(np.int64)
        elif kind != "float64":
            others[name] = frame[name].tolist()
    return {
        "columns": [[*pair] for pair in zip(frame.columns, kinds, strict=True)],
        "rows": len(frame),
        "floats": np.ascontiguousarray(frame[floats].to_numpy(np.float64).T),
        "others": others,
        "attrs": frame.attrs,
    }


def unpack_frame(told: dict[str, Any]) -> pd.DataFrame:
    """Give the frame behind what `pack_frame` made."""
    columns, rows = told["columns"], told["rows"]
    places = np.array([i for i, (_, kind) in enumerate(columns) if kind == "float64"], np.intp)
    blocks: list[tuple[Any, Any]] = []
    if len(places):
        blocks.append((told["floats"].reshape(len(places), rows).copy(), places))
    for place, (name, kind) in enumerate(columns):
        if kind != "float64":
            blocks.append((_column(told["others"][name], kind), np.array([place])))
    index = pd.Index([name for name, _ in columns], dtype=_TEXT)
    frame: pd.DataFrame = create_dataframe_from_blocks(blocks, pd.RangeIndex(rows), index)
    frame.attrs = told["attrs"]
    return frame


def _column(values: Any, kind: str) -> Any:
    """Block of one column."""
    if kind == "str":
        return pd.array(np.array([*values, None], object)[:-1], dtype=_TEXT)
    if kind == "object":
        block = np.empty((1, len(values)), object)
        block[0, :] = values
        return block
    moments = np.array(values).view(_MOMENT)
    return pd.array(moments, dtype=_UTC) if kind.endswith("UTC]") else moments.reshape(1, -1)
