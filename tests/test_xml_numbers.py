from __future__ import annotations

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from loadmon.errors import FileProblem
from loadmon.io.recording import both_feet
from loadmon.io.xml import (
    Document,
    Table,
    attribute_numbers,
    element_numbers,
    on_earth,
    read_xml,
    streams,
)


def document_of(*texts: str, head: str = "") -> Document:
    points = "".join(f"\n<p v='{text}'><hr>{text}</hr></p>" for text in texts)
    data = f"{head}<gpx>{points}<p v=''/></gpx>"
    return read_xml(
        data.encode(), "gpx", {"p": Table(("hr", "heartrate"), ("v",))}, otherwise="not-gpx"
    )


def hr_of(*texts: str) -> list[float]:
    document = document_of(*texts)
    values = element_numbers(document, document.tables["p"], "hr")
    again = attribute_numbers(document, document.tables["p"], "v")
    np.testing.assert_array_equal(values, again)
    return values.tolist()


@pytest.mark.parametrize(
    ("text", "value"),
    [("150", 150), ("-3.5", -3.5), ("+3", 3), (".5", 0.5), ("5.", 5), ("1.5E2", 150), (" 7\t", 7)],
)
def test_plain_numbers_are_read(text, value):
    assert hr_of(text)[0] == value
    assert hr_of("", text)[1] == value  # beside an empty one, which takes the patient way


@pytest.mark.parametrize("text", ["", " ", "NaN", "nan"])
def test_empty_and_nan_are_missing_not_zero(text):
    assert np.isnan(hr_of("150", text)[1:]).all()


@pytest.mark.parametrize(
    "text",
    ["1,5", "1_0", "\uff11\uff15", "\u0661", "0x1F", "1 5", "--1", "1e999", "inf", "abc", "1.2.3"],
)
def test_anything_else_is_refused_and_its_line_named(text):
    document = document_of("150", text, head="\n\n")
    for read in (
        lambda: element_numbers(document, document.tables["p"], "hr"),
        lambda: attribute_numbers(document, document.tables["p"], "v"),
    ):
        with pytest.raises(FileProblem, match=r"^line 5: ") as caught:
            read()
        assert (caught.value.outcome, caught.value.reason) == ("quarantined", "number-format")


def test_the_largest_number_written_in_full_is_read_and_no_longer_text():
    assert hr_of("9" * 300)[0] == 1e300
    assert hr_of("0" * 400, "")[0] == 0
    with pytest.raises(FileProblem, match="not a number"):
        hr_of("0" * 401, "")


def test_a_letter_behind_thousands_of_digits_is_refused_at_once():
    document = document_of("1" * 20_000 + "x")
    begun = time.process_time()
    with pytest.raises(FileProblem, match="not a number"):
        element_numbers(document, document.tables["p"], "hr")
    assert time.process_time() - begun < 2  # tried from every digit, it took 10 s


@pytest.mark.parametrize("inside", ["1<x/>50", "<x>1</x>50", "1<x>50</x>"])
def test_a_number_split_by_an_element_inside_is_not_read_as_one_number(inside):
    data = f"<gpx><p><hr>{inside}</hr></p></gpx>"
    document = read_xml(data.encode(), "gpx", {"p": Table(("hr",))}, otherwise="not-gpx")
    with pytest.raises(FileProblem):
        element_numbers(document, document.tables["p"], "hr")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False, width=32), max_size=20))
def test_every_finite_number_comes_back(values):
    assert hr_of(*map(repr, values))[:-1] == values


def test_of_several_names_for_one_stream_the_last_that_holds_a_number_counts():
    data = (
        b"<gpx><p><heartrate>1</heartrate><hr>2</hr></p><p><heartrate>3</heartrate></p><p/></gpx>"
    )
    document = read_xml(data, "gpx", {"p": Table(("hr", "heartrate"), ("v",))}, otherwise="not-gpx")
    found = streams(document, document.tables["p"], {"bpm": ("heartrate", "hr")})
    np.testing.assert_array_equal(found["bpm"], [2, 3, np.nan])


def test_a_position_off_the_earth_is_missing_as_a_whole():
    latitude, longitude = on_earth(
        np.array([90.0, 90.1, -91, 10, 10, np.nan]), np.array([180.0, 0, 0, 180.1, -181, 5])
    )
    np.testing.assert_array_equal(latitude, [90, *[np.nan] * 5])
    np.testing.assert_array_equal(longitude, [180, *[np.nan] * 5])


def test_strides_of_a_run_are_doubled_and_steps_are_left_alone():
    strides = np.array([0.0, 84, 86, np.nan])
    np.testing.assert_array_equal(both_feet(strides, "running"), strides * 2)
    steps = np.array([0.0, 168, 172, np.nan])
    np.testing.assert_array_equal(both_feet(steps, "running"), steps)
    np.testing.assert_array_equal(both_feet(strides, "cycling"), strides)
    np.testing.assert_array_equal(both_feet(strides, ""), strides)
    assert np.isnan(both_feet(np.full(3, np.nan), "running")).all()


def test_standing_still_does_not_make_steps_look_like_strides():
    steps = np.r_[np.zeros(97), 170.0, 170, 170]
    np.testing.assert_array_equal(both_feet(steps, "running"), steps)


def test_the_border_between_strides_and_steps_is_130():
    assert both_feet(np.full(9, 130.0), "running")[0] == 260
    assert both_feet(np.full(9, 131.0), "running")[0] == 131


def test_walking_breaks_in_steps_do_not_make_a_run_in_steps_look_like_strides():
    mixed = np.r_[np.full(60, 110.0), np.full(40, 165.0)]
    np.testing.assert_array_equal(both_feet(mixed, "running"), mixed)


def test_one_stray_reading_does_not_hide_that_strides_are_counted():
    strides = np.r_[np.full(99, 85.0), 180.0]
    np.testing.assert_array_equal(both_feet(strides, "running"), strides * 2)
