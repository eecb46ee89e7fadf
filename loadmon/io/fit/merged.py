"""Two runs that a program merged into one session of a FIT file are two again."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from loadmon.io.clean import JUMP_S
from loadmon.io.fit.decode import EPOCH, Table
from loadmon.io.recording import ON_FOOT, Floats, Recording

#: A longer silence may part two runs of a merged file; up to here they are one outing anyhow. [s]
APART_S = 30 * 60.0
#: A counter begins again where it is below this share of what it was. [-]
_BEGUN_SHARE = 0.25
_STILL_MPS = 0.5  # a slower way is none
_BESIDE_S = 60.0
#: A longer silence is a clock that was moved, and of fewer records nobody can tell a run. [s], [-]
_LONGEST_S, _FEW_RECORDS = 366 * 86_400.0, 10


def runs_apart(whole: Recording, laps: Table, file_id: Table) -> list[Recording]:
    """Runs of a file with one session or none, each by its own records and laps.

    Behind a long silence another run begins where the counter begins again or another file_id
    stands, and where no stopped timer, no timer of the summary and no way explains the silence.
    """
    time, gaps = whole.time, np.diff(whole.time)
    long = np.flatnonzero((gaps > APART_S) & (gaps <= _LONGEST_S))
    if whole.sport not in ("", *ON_FOOT) or not (gaps >= 0).all():
        return [whole]
    counter = whole.streams.get("distance_m", np.full(len(time), np.nan))
    created = file_id.get("time_created") + EPOCH
    begins = [i + 1 for i in long.tolist() if _is_border(whole, counter, i, created)]
    pieces = np.split(np.arange(len(time)), begins)
    if len(pieces) == 1 or min(map(len, pieces)) <= _FEW_RECORDS:
        return [whole]
    lap_starts = laps.get("start_time") + EPOCH
    apart = ", ".join(f"{gaps[begin - 1] / 60:.0f} min" for begin in begins)
    text = f"{len(begins) + 1} runs in one session, {apart} apart: each counts by its own records"
    runs = []
    for rows in pieces:
        since, upto = time[rows[0]], time[rows[-1]]
        own = (lap_starts >= since - _BESIDE_S) & (lap_starts <= upto)
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
                flags=whole.flags | {"merged-runs": text},
                sets=[],
            )
        )
    return runs


def _is_border(whole: Recording, counter: Floats, i: int, created: Floats) -> bool:
    """Whether another run begins behind the long silence that follows record `i`."""
    begin, end = whole.time[i], whole.time[i + 1]
    silence = end - begin
    before, after = np.fmax.reduce(counter[: i + 1]), np.fmin.reduce(counter[i + 1 :])
    if after < _BEGUN_SHARE * before:
        return True
    if ((created > begin) & (created <= end + _BESIDE_S)).any():
        return True
    stood = np.minimum(whole.pauses[:, 1], end) - np.maximum(whole.pauses[:, 0], begin)
    if (stood > silence / 2).any() or after - before > _STILL_MPS * silence:
        return False
    if "no-session" in whole.flags:
        return True
    # A timer that ran on through the silence, and a clock that was moved, are no other run.
    timer = whole.summary.get("timer_s", np.inf)
    return bool(silence <= JUMP_S and timer <= np.ptp(whole.time) - silence / 2)
