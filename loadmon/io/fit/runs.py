"""Two runs in one session of a FIT file, or in one without any, are two recordings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from loadmon.io import merged
from loadmon.io.clean import JUMP_S
from loadmon.io.fit.decode import EPOCH, Table
from loadmon.io.recording import Floats, Recording


def runs_apart(
    whole: Recording, laps: Table, file_id: Table, devices: Callable[[], Table]
) -> list[Recording]:
    """Runs of a file with one session or none, each by its own records and laps.

    Behind a long silence another run begins where the counter begins again, where another file_id
    or another watch stands, and where no stopped timer, no timer of the summary and no way
    explains the silence. `devices` gives the device_info messages, which few files need.
    """
    time = whole.time
    counter = whole.streams.get("distance_m", np.full(len(time), np.nan))
    created = file_id.get("time_created") + EPOCH

    def is_border(last: int, row: int) -> bool:
        begin, end = time[last], time[row]
        if merged.counts_again(counter, row):
            return True
        if ((created > begin) & (created <= end + merged.BESIDE_S)).any():
            return True
        return _other_watch(devices(), begin, end) or not _is_explained(whole, row, begin, end)

    begins = merged.begins_of_runs(time, whole.sport, is_border)
    if not begins:
        return [whole]
    lap_starts = laps.get("start_time") + EPOCH
    flag = merged.merged_flag(time, begins, "session")
    runs = []
    for rows in np.split(np.arange(len(time)), begins):
        since, upto = time[rows[0]], time[rows[-1]]
        own = (lap_starts >= since - merged.BESIDE_S) & (lap_starts <= upto)
        sums = {
            "laps_distance_m": laps.get("total_distance")[own].sum(),
            "laps_timer_s": laps.get("total_timer_time")[own].sum(),
        }
        streams = {name: values[rows] for name, values in whole.streams.items()}
        if rows[0] and "distance_m" in streams:
            # The counter may have run on from the run before.
            reached = np.fmax.reduce(counter[: rows[0]])
            if np.fmin.reduce(streams["distance_m"]) >= reached:
                streams["distance_m"] = streams["distance_m"] - reached
        runs.append(
            replace(
                whole,
                start=float(since) if rows[0] else whole.start,
                time=time[rows],
                streams={n: v for n, v in streams.items() if not np.isnan(v).all()},
                summary={name: float(total) for name, total in sums.items() if total > 0},
                pauses=whole.pauses[(whole.pauses[:, 1] > since) & (whole.pauses[:, 0] < upto)],
                flags=whole.flags | flag,
                sets=[],
            )
        )
    return runs


def _other_watch(devices: Table, begin: float, end: float) -> bool:
    """Whether the watch that wrote the file has another serial number behind a silence."""
    said = devices.get("timestamp") + EPOCH
    serial = np.where(devices.get("device_index") == 0, devices.get("serial_number"), np.nan)
    before = serial[(said <= begin) & (serial > 0)]
    after = serial[(said >= end - merged.BESIDE_S) & (serial > 0)]
    return bool(len(before) and len(after) and not np.isin(after, before).any())


def _is_explained(whole: Recording, row: int, begin: float, end: float) -> bool:
    """Whether a stop, a way or a timer that ran on explains a silence within one run."""
    silence = end - begin
    stood: Floats = np.minimum(whole.pauses[:, 1], end) - np.maximum(whole.pauses[:, 0], begin)
    if (stood > silence / 2).any() or merged.is_way(whole.streams, row, silence):
        return True
    if "no-session" in whole.flags:
        return False
    # A timer that ran on through the silence, and a clock that was moved, are no other run.
    timer = whole.summary.get("timer_s", np.inf)
    return bool(silence > JUMP_S or timer > np.ptp(whole.time) - silence / 2)
