from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.io.xml import local_offset, read_times

EIGHT = 1710057600.0  # 2024-03-10T08:00:00Z, by `date -u -d ... +%s`


@pytest.mark.parametrize(
    ("text", "second", "offset_min"),
    [
        ("2024-03-10T08:00:00Z", EIGHT, 0),
        ("2024-03-10T08:00:00.250Z", EIGHT + 0.25, 0),
        ("2024-03-10T08:00:00.1234567Z", EIGHT + 0.1234567, 0),
        ("2024-03-10T10:00:00+02:00", EIGHT, 120),
        ("2024-03-10T03:00:00.5-0500", EIGHT + 0.5, -300),
        ("2024-03-10T13:30:00+05:30", EIGHT, 330),
        ("2024-03-10T10:00:00+02", EIGHT, 120),
        ("2024-03-10T22:00:00+14:00", EIGHT, 840),
        ("2024-03-10T08:00:00", EIGHT, np.nan),
        ("2024-03-10 08:00:00 UTC", EIGHT, 0),
        ("2024-03-10T08:00Z", EIGHT, 0),
        ("2024/3/10 8:00:00", EIGHT, np.nan),
        (" \n2024-03-10T08:00:00Z\t", EIGHT, 0),
        ("Oct 28 2010, 10:21:55", 1288261315.0, np.nan),  # date -u -d "28 Oct 2010 10:21:55" +%s
        ("2016-12-31T23:59:60Z", 1483228800.0, 0),  # the leap second; the new year's first second
    ],
)
def test_one_moment_written_in_many_ways_is_one_time(text, second, offset_min):
    seconds, offsets = read_times([text])
    assert seconds[0] == pytest.approx(second, abs=1e-6)
    np.testing.assert_equal(offsets[0], float(offset_min))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "now",
        "NaT",
        "2024-02-30T08:00:00Z",
        "0000-00-00T00:00:00Z",
        "2024-03-10",
        "2024-03-10T24:00:00Z",
        "2024-03-10T08:60:00Z",
        "2024-03-10T08:00:61Z",
        "2024-03-10T08:00:00+15:00",
        "2024-03-10T08:00:00-12:01",
        "03/10/2024 08:00:00",
        "Foo 28 2010, 10:21:55",
        "\uff12024-03-10T08:00:00Z",
        "2024-03-10T08:00:00." + "0" * 60 + "Z",
    ],
)
def test_an_impossible_or_ambiguous_time_is_nan(text):
    assert np.isnan(read_times([text])).all()


def test_a_bad_stamp_among_many_good_ones_spoils_only_itself():
    good = "2024-03-10T08:00:00Z"
    for bad in ("2024-02-30T08:00:00Z", "2024-03-10T08:0x:00Z", "2024-03-10 08:00:00 "):
        seconds, _ = read_times([good, bad, good])
        assert (seconds[[0, 2]] == EIGHT).all()
    assert read_times([good, "2024-03-10 08:00:00 "])[0].tolist() == [EIGHT, EIGHT]


def test_two_texts_that_only_together_have_the_right_form_are_not_taken_for_two_stamps():
    # 19 and 21 characters: side by side they look like two stamps of 20.
    texts = ["2024-03-10T08:00:00Z", "2024-03-10T08:00:00", "Z2024-03-10T08:00:00Z"]
    seconds, offsets = read_times(texts)
    np.testing.assert_array_equal(seconds, [EIGHT, EIGHT, np.nan])
    np.testing.assert_array_equal(offsets, [0, np.nan, np.nan])


@given(
    st.lists(
        st.datetimes(datetime(1970, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001 (strategy bounds)
        min_size=1,
        max_size=20,
    ),
    st.integers(-12 * 60, 14 * 60),
    st.sampled_from(["seconds", "milliseconds", "microseconds"]),
)
def test_times_are_those_that_datetime_reads(moments, offset_min, precision):
    zone = timezone(timedelta(minutes=offset_min))
    aware = [moment.replace(tzinfo=UTC).astimezone(zone) for moment in moments]
    local = [moment.isoformat(timespec=precision) for moment in aware]
    utc = [
        moment.astimezone(UTC).isoformat(timespec=precision).replace("+00:00", "Z")
        for moment in aware
    ]
    expected = [datetime.fromisoformat(text).timestamp() for text in local]
    np.testing.assert_allclose(read_times(local)[0], expected, rtol=0, atol=2e-6)
    np.testing.assert_allclose(read_times(utc)[0], expected, rtol=0, atol=2e-6)
    assert (read_times(local)[1] == offset_min).all()


def test_no_texts_give_no_times():
    assert [len(values) for values in read_times([])] == [0, 0]


def test_the_local_offset_is_known_only_where_all_times_agree_on_one_that_is_not_plain_utc():
    assert local_offset(np.array([120.0, 120.0])) == 120
    assert np.isnan(local_offset(np.array([0.0, 0.0])))
    assert np.isnan(local_offset(np.array([120.0, 0.0])))
    assert np.isnan(local_offset(np.array([120.0, 60.0])))
    assert np.isnan(local_offset(np.array([120.0, np.nan])))
    assert np.isnan(local_offset(np.array([np.nan])))
    assert np.isnan(local_offset(np.array([])))


def _digits(least: int, most: int) -> st.SearchStrategy[int]:
    """Numbers about a range, a few of them out of it."""
    return st.one_of(st.integers(least, most), st.integers(0, 99))


@given(
    st.lists(
        st.tuples(
            st.sampled_from([0, 1, 1900, 2000, 2023, 2024, 2199]),
            _digits(1, 12),
            _digits(28, 32),
            _digits(0, 25),
            _digits(58, 61),
            _digits(58, 62),
        ),
        min_size=12,
        max_size=40,
    ),
    st.sampled_from(["", ".5", ".250", ".123456"]),
)
def test_many_stamps_read_at_once_are_what_each_is_alone(numbers, fraction):
    texts = ["{:04}-{:02}-{:02}T{:02}:{:02}:{:02}".format(*n) + f"{fraction}Z" for n in numbers]
    seconds, offset_min = read_times(texts)
    alone = [read_times([text]) for text in texts]
    np.testing.assert_allclose(seconds, [s[0] for s, _ in alone], rtol=0, atol=1e-6)
    np.testing.assert_array_equal(offset_min, [o[0] for _, o in alone])


@pytest.mark.parametrize(
    "bad",
    [
        "2024-02-30T08:00:00Z",
        "2023-02-29T08:00:00Z",
        "2024-13-01T08:00:00Z",
        "2024-00-10T08:00:00Z",
        "2024-04-31T08:00:00Z",
        "2024-03-00T08:00:00Z",
        "0000-01-01T08:00:00Z",
        "2024-03-10T24:00:00Z",
        "2024-03-10T08:60:00Z",
        "2024-03-10T08:00:61Z",
        "2024-03-10T99:99:99Z",
    ],
)
def test_a_time_that_does_not_exist_is_nan_among_many_that_do(bad):
    texts = ["2024-03-10T08:00:00Z"] * 30
    texts[17] = bad
    seconds, offset_min = read_times(texts)
    assert np.flatnonzero(np.isnan(seconds)).tolist() == [17]
    assert np.flatnonzero(np.isnan(offset_min)).tolist() == [17]
    assert set(np.delete(seconds, 17)) == {EIGHT}


def test_the_clock_goes_on_over_midnight_leap_days_and_leap_seconds():
    texts = [
        *["2024-02-28T23:59:59Z", "2024-02-29T00:00:00Z", "2024-03-01T00:00:00Z"],
        *["2016-12-31T23:59:59Z", "2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z"],
    ] * 2
    expected = [1709164799, 1709164800, 1709251200, 1483228799, 1483228800, 1483228800] * 2
    assert read_times(texts)[0].tolist() == expected


#: Where a value becomes a moment inside numpy, and what is cast there. Text is cast nowhere: what
#: refuses a text there is compiled code, which may end Python instead.
CASTS = {
    "cohorts": "days of frames, checked to be datetime64 before, and whole days counted from one",
    "calendar.py": "days of frames",
    "daily.py": "moments of frames, of whose texts a pattern was asked for before",
    "io/snapshot.py": "moments of our own frames as whole numbers, and back",
    "io/fit": "whole seconds of 32 bits",
    "io/tables.py": "seconds of activities that were judged; the day of a list, read by us",
    "io/quality.py": "the start of an activity in whole seconds, for a message",
    "io/exports/merge.py": "the local start of an activity in whole seconds",
    "io/archive.py": "seconds of records that were cleaned",
}


@pytest.mark.source
def test_nothing_unvalidated_is_cast_to_a_time():
    house = Path(__file__).parent.parent / "loadmon"
    cast = re.compile(r'astype\(\s*f?"datetime64|np\.datetime64\((?!")|view\(\s*f?"[SUM]')
    found = {
        path.relative_to(house).as_posix()
        for path in house.rglob("*.py")
        if cast.search(path.read_text(encoding="utf-8"))
    }
    strange = {name for name in found if not name.startswith(tuple(CASTS))}
    assert not {name for name in found if "xml" in name or "gpx" in name or "tcx" in name}
    # whole days of frames
    assert strange == {"rules/session_spike.py", "rules/strength_shoes.py"}
