"""What reading gives: the activities, the ledger of inputs, and each stream on demand."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np
import pandas as pd

from loadmon.errors import FileProblem, ReadError
from loadmon.reading.clean import clean
from loadmon.reading.formats import recordings
from loadmon.reading.recording import STREAMS, Recording
from loadmon.reading.walk import Source, content_hash, load

#: Columns of ``Archive.activities`` and their dtypes; units are in the names.
ACTIVITY_COLUMNS = {
    "activity_id": "str",
    "start_utc": "datetime64[us, UTC]",
    "date": "datetime64[us]",
    "utc_offset_min": "float64",
    "tz_source": "str",
    "sport": "str",
    "sub_sport": "str",
    "distance_km": "float64",
    "distance_source": "str",
    "duration_min": "float64",
    "elapsed_min": "float64",
    "elevation_gain_m": "float64",
    "descent_m": "float64",
    "avg_hr_bpm": "float64",
    "hr_coverage": "float64",
    "steps": "float64",
    "rpe": "float64",
    "srpe": "float64",
    "file": "str",
    "flags": "str",
}
FILE_COLUMNS = ("file", "outcome", "reason", "detail", "activity_id")


@dataclass(frozen=True, slots=True)
class Archive:
    """Everything that was read, as frames.

    Parameters
    ----------
    activities : DataFrame
        One row per activity, in order of start, repetitions left out. NaN is not known.
        ``date`` is the local day of the start, ``duration_min`` timer time, ``steps`` of two feet,
        ``rpe`` on the CR10 scale, ``srpe`` = rpe x minutes [AU], ``flags`` reason codes joined by
        commas. ``attrs["unknown_days"]`` lists local days whose load is not known.
    files : DataFrame
        The ledger, one row per input: ``file`` (outer!inner!member), ``outcome`` (imported,
        flagged, duplicate, skipped, quarantined, refused), ``reason`` (codes), ``detail``
        (sentences), ``activity_id`` (joined by commas).
    """

    activities: pd.DataFrame
    files: pd.DataFrame
    _sources: dict[str, tuple[Source, int]] = field(default_factory=dict, repr=False)

    def records(self, activity_id: str) -> pd.DataFrame:
        """Stream of one activity, read from its file again.

        Parameters
        ----------
        activity_id : str
            As in ``activities``.

        Returns
        -------
        DataFrame
            Index ``time`` (UTC), increasing; the columns of `loadmon.reading.recording.STREAMS`
            that were recorded, units in their names. NaN is not recorded. Heart rates, positions
            and altitudes that cannot be are NaN.

        Raises
        ------
        ReadError
            If there is no such activity, or its file is gone or has changed.
        """
        if activity_id not in self._sources:
            raise ReadError(f"no activity {activity_id!r} in this archive; see activities")
        source, place = self._sources[activity_id]
        try:
            data = load(source)
            same = activity_id.startswith(content_hash(data)[:12])
            recording = recordings(source.name, data)[place] if same else None
        except FileProblem as problem:
            raise ReadError(f"{source.name}: {problem.detail}") from None
        if not isinstance(recording, Recording):
            raise ReadError(f"{source.name}: the file has changed; read the archive again")
        return _frame(clean(recording))

    def rested_until(self, day: str | date) -> Archive:
        """Archive with the runner's word that silent days up to `day` were rest.

        Parameters
        ----------
        day : str or date
            Last day of rest, such as today.
        """
        activities = self.activities.copy()
        activities.attrs = {
            **self.activities.attrs,
            "rested_until": pd.Timestamp(day).date().isoformat(),
        }
        return replace(self, activities=activities)


def _frame(recording: Recording) -> pd.DataFrame:
    """A cleaned stream as a frame."""
    stamps = np.round(recording.time * 1e6).astype(np.int64).astype("datetime64[us]")
    index = pd.DatetimeIndex(stamps, name="time").tz_localize("UTC")
    kept = {name: recording.streams[name] for name in STREAMS if name in recording.streams}
    return pd.DataFrame(kept, index=index)
