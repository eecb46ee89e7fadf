from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from loadmon.io.gpx import Segment, join_segments

HOUR = 3600.0


def joined(*parts: list[float], tracks: str = "", sports: tuple[str, ...] = ()):
    """Activities as lists of times, and the points left out, for segments given by their times."""
    seconds = np.array([time for part in parts for time in part], dtype=float)
    ends = np.cumsum([len(part) for part in parts])
    rows = np.split(np.arange(len(seconds)), ends[:-1])
    segments = [
        Segment(own, int(tracks[i]) if tracks else 0, sports[i] if sports else "")
        for i, own in enumerate(rows)
    ]
    activities = join_segments(seconds, segments)
    times = [[seconds[row] for part in own for row in part.rows] for own in activities]
    return times, [sum(part.repeated for part in own) for own in activities]


def test_segments_follow_each_other_in_time_whatever_their_order_in_the_file():
    assert joined([20, 21], [0, 1], [10, 11]) == ([[0, 1, 10, 11, 20, 21]], [0])


def test_segments_that_repeat_earlier_ones_count_each_time_once():
    # 0..2, 0..4, 0..6: each repeats those before it (FitTrackee#602)
    times, repeated = joined([0, 1, 2], [0, 1, 2, 3, 4], [0, 1, 2, 3, 4, 5, 6])
    assert times == [[0, 1, 2, 3, 4, 5, 6]]
    assert repeated == [2 + 4]  # the last point of each is the seam


def test_two_recordings_of_one_run_side_by_side_are_not_added():
    times, repeated = joined([0, 10, 20], [1, 11, 21], tracks="01")
    assert times == [[0, 10, 20, 21]]
    assert repeated == [2]


def test_a_shared_point_at_the_seam_is_kept_once_and_is_no_repeat():
    assert joined([0, 1, 2], [2, 3]) == ([[0, 1, 2, 3]], [0])


def test_points_without_a_time_stay_where_they_are():
    times, _ = joined([0, np.nan, 2], [1, np.nan, 3])
    np.testing.assert_array_equal(times[0], [0, np.nan, 2, np.nan, 3])


def test_a_track_half_an_hour_later_and_a_segment_twelve_hours_later_are_another_activity():
    for tracks, longest in (("01", HOUR / 2), ("00", 12 * HOUR)):
        assert len(joined([0, 10], [10 + longest, 9e9], tracks=tracks)[0]) == 1
        assert len(joined([0, 10], [11 + longest, 9e9], tracks=tracks)[0]) == 2


def test_the_gap_counts_from_the_end_of_everything_before():
    long = list(np.arange(0, 10 * HOUR, HOUR))
    assert len(joined(long, [1, 2], [9.5 * HOUR], tracks="012")[0]) == 1


def test_a_track_of_another_or_an_unknown_sport_is_another_activity():
    assert joined([0, 1], [2, 3], tracks="01", sports=("running", "cycling"))[0] == [[0, 1], [2, 3]]
    assert joined([0, 1], [2, 3], tracks="01", sports=("running", ""))[0] == [[0, 1], [2, 3]]
    assert len(joined([0, 1], [2, 3], tracks="01", sports=("running", "running"))[0]) == 1
    assert len(joined([0, 1], [2, 3], tracks="01")[0]) == 1


def test_a_track_that_only_repeats_makes_no_activity_of_its_own():
    times, repeated = joined([0, 5], [1, 2], tracks="01", sports=("running", "cycling"))
    assert (times, repeated) == ([[0, 5]], [2])


def test_one_stray_time_far_ahead_does_not_swallow_the_segments_after_it():
    times, repeated = joined([0, 1, 9e8], [10, 11])
    assert times == [[0, 1, 9e8, 10, 11]]
    assert repeated == [0]


def test_a_stale_time_does_not_hide_what_its_segment_covers():
    times, repeated = joined([9e8, 0, 9e8 + 1, 9e8 + 2], [9e8 + 1, 9e8 + 3])
    assert times == [[9e8, 0, 9e8 + 1, 9e8 + 2, 9e8 + 3]]
    assert repeated == [1]


def test_a_stale_time_before_the_begin_of_a_segment_is_kept_for_the_judge():
    assert joined([0, 5], [6, 1, 7])[0] == [[0, 5, 6, 1, 7]]


@given(st.lists(st.lists(st.integers(0, 50), min_size=1, max_size=6), min_size=1, max_size=6))
def test_sorted_segments_give_each_time_of_the_file_at_least_once_and_never_go_back(parts):
    own = [sorted(set(part)) for part in parts]
    times = joined(*own)[0]
    assert len(times) == 1
    assert times[0] == sorted(set(times[0]))
    assert set(times[0]) <= {time for part in own for time in part}
    assert min(map(min, own)) == times[0][0]
    assert max(map(max, own)) == times[0][-1]
