"""Frames put together that hold an activity twice are refused: nothing is counted twice unsaid."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest
from made import archive, runs

import loadmon

FRAME = runs([5.0, 0.0, 6.0, 7.0])
TWICE = pd.concat([FRAME, FRAME.iloc[[2]]], ignore_index=True)


@pytest.mark.parametrize(
    "count",
    [
        loadmon.daily_load,
        loadmon.weekly_load,
        loadmon.session_spikes,
        loadmon.calendar_of,
        lambda frame: loadmon.window_load(frame, load="distance_km"),
        lambda frame: loadmon.check(dataclasses.replace(archive(FRAME), activities=frame)),
        lambda frame: loadmon.today(dataclasses.replace(archive(FRAME), activities=frame)),
    ],
)
def test_an_activity_that_stands_twice_in_a_frame_is_refused_by_its_id(count) -> None:  # type: ignore[no-untyped-def]
    count(FRAME)
    with pytest.raises(loadmon.FrameError, match=r"'a2' twice.*drop_duplicates\('activity_id'\)"):
        count(TWICE)
    count(TWICE.drop_duplicates("activity_id"))
