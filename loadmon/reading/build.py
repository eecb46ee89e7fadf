"""From settled inputs to an archive."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from loadmon.athlete.profile import Athlete
from loadmon.reading.archive import Archive
from loadmon.reading.frames import (
    activities_frame,
    exports_frame,
    files_frame,
    found_frame,
    gear_frame,
    pauses_frame,
    sets_frame,
    unknown_days,
)
from loadmon.reading.loads import efforts_of
from loadmon.reading.settle import Settled


def archive_of(
    inputs: list[Settled], athlete: Athlete, stream: Callable[[str], pd.DataFrame | None]
) -> Archive:
    """Put the frames of settled inputs together.

    Parameters
    ----------
    inputs : list of Settled
        All inputs.
    athlete : Athlete
        Settings and diary.
    stream : callable
        Gives the stream of an activity where it is kept, else None.

    Notes
    -----
    Columns that need all activities at once, such as loads under the athlete's settings, are
    added to the frame of activities by `Archive.with_athlete`.
    """
    kept = sorted((a for done in inputs for a in done.activities), key=lambda a: a.measured.start)
    activities = activities_frame(kept)
    activities.attrs["unknown_days"] = unknown_days(inputs, athlete)
    efforts = efforts_of([a.measured.effort for a in kept])
    sources = {a.activity_id: (a.source, a.activity_id.rsplit("-", 1)[1]) for a in kept}
    minutes = {a.activity_id: a.measured.minutes for a in kept}
    read = Archive(
        activities=activities,
        files=files_frame(inputs, athlete.home_zone),
        athlete=athlete,
        sets=sets_frame(kept),
        found=found_frame(kept, inputs),
        gear=gear_frame(kept),
        pauses=pauses_frame(inputs),
        exports=exports_frame(inputs),
        _sources=lambda: sources,
        _efforts=lambda: efforts,
        _minutes=lambda: minutes,
        _stream=stream,
    )
    return read.with_athlete(athlete)
