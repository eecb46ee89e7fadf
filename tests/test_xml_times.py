from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.reading.xml_times import local_offset, read_times

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
    st.integers(-14 * 60, 14 * 60),
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
