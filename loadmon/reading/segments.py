"""Join the segments of a track file into activities, each moment counted once."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from loadmon.reading.recording import Floats

Rows = npt.NDArray[np.intp]

# Tracks farther apart are two activities, and a gap like this ends what a segment covers.
_APART_S = 6 * 3600.0


@dataclass(frozen=True, slots=True)
class Segment:
    """One segment of a track.

    Parameters
    ----------
    rows : ndarray of int
        Rows of its points, in file order.
    track : int
        Number of the track around it.
    sport, sub_sport : str
        Those of the track; empty where it does not say.
    repeated : int
        Points left out because they lie before the end of an earlier segment.
    """

    rows: Rows
    track: int
    sport: str = ""
    sub_sport: str = ""
    repeated: int = 0


def join_segments(seconds: Floats, segments: list[Segment]) -> list[list[Segment]]:
    """Join segments into activities in order of time.

    Parameters
    ----------
    seconds : ndarray of float, shape (n_points,)
        Time of every point of the file. [s] NaN where a point has none.
    segments : list of Segment
        In file order; each holds a point with a time.

    Returns
    -------
    list of list of Segment
        The segments of each activity in order of their begin, without the points at or before the
        end of what earlier segments cover. A point at that very end is the seam of two segments
        and does not count as repeated.

    Notes
    -----
    An activity ends before a track that begins over 6 hours after everything until then, or that
    is of another sport. A gap of over 6 hours inside a segment ends what it covers, so that one
    stray time cannot swallow the segments that follow.
    """
    spans = [_span(seconds[segment.rows]) for segment in segments]
    covered_to = -np.inf
    activities: list[list[Segment]] = []
    for i in sorted(range(len(segments)), key=lambda i: spans[i][0]):
        begin, end = spans[i]
        segment = _without_repeats(seconds, segments[i], begin, covered_to)
        late = begin - covered_to > _APART_S
        if not activities or (len(segment.rows) and _parts(activities[-1][-1], segment, late)):
            activities.append([])
        activities[-1].append(segment)
        covered_to = max(covered_to, end)
    return activities


def _span(times: Floats) -> tuple[float, float]:
    """Begin of a segment, and the last time that follows from it without a long gap. [s]."""
    known = times[~np.isnan(times)]
    forward = np.sort(known[known >= known[0]])
    gaps = np.flatnonzero(np.diff(forward) > _APART_S)
    return float(known[0]), float(forward[gaps[0] if len(gaps) else -1])


def _without_repeats(seconds: Floats, segment: Segment, begin: float, covered_to: float) -> Segment:
    if covered_to < begin:
        return segment
    times = seconds[segment.rows]
    covered = (times >= begin) & (times <= covered_to)
    repeated = int(np.count_nonzero(covered & (times < covered_to)))
    return replace(segment, rows=segment.rows[~covered], repeated=repeated)


def _parts(before: Segment, segment: Segment, late: bool) -> bool:
    """Tell whether an activity ends between two segments."""
    other_sport = "" not in (before.sport, segment.sport) and before.sport != segment.sport
    return before.track != segment.track and (late or other_sport)
