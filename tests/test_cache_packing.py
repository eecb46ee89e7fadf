"""What is packed comes back exactly, bit by bit."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from corpus import corpus_folder
from hypothesis import given
from hypothesis import strategies as st
from writers import run_fit

from loadmon.errors import FileProblem, ReadError
from loadmon.io.inputs import KEPT_CLASSES
from loadmon.io.intensity import HISTOGRAMS, packed_histograms
from loadmon.io.load_columns import IntensityHistograms
from loadmon.io.packing import Aside, pack, pack_stream, unpack, unpack_stream
from loadmon.io.parse import Contents, ParsedActivity, parse_input
from loadmon.io.snapshot import pack_frame, unpack_frame

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(min_size=1), inner, max_size=4)
        | st.tuples(inner, inner)
    ),
    max_leaves=12,
)


def equal(one: Any, two: Any) -> bool:
    """Tell whether two values are of the same make and hold the same."""
    if type(one) is not type(two):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == two.dtype and np.array_equal(one, two, equal_nan=True)
    if isinstance(one, float):
        return one == two or (math.isnan(one) and math.isnan(two))
    if isinstance(one, dict):
        return list(one) == list(two) and all(equal(v, two[k]) for k, v in one.items())
    if isinstance(one, list | tuple):
        return len(one) == len(two) and all(map(equal, one, two))
    if isinstance(one, FileProblem):
        names = ("outcome", "reason", "detail", "when")
        return all(equal(getattr(one, n), getattr(two, n)) for n in names)
    if isinstance(one, ParsedActivity):  # as plain values: what is unpacked takes less memory
        return equal(plain(one), plain(two))
    if dataclasses.is_dataclass(one):
        fields = [f.name for f in dataclasses.fields(one)]
        return all(equal(getattr(one, n), getattr(two, n)) for n in fields)
    return bool(one == two)


def plain(part: ParsedActivity) -> dict[str, Any]:
    """Everything that an activity holds but the profile, which is not kept as a whole."""
    told = {f.name: getattr(part, f.name) for f in dataclasses.fields(part)}
    return told | {
        "numbers": dict(part.numbers),
        "shape": np.array(part.shape).tolist(),
        "effort": None,
    }


@given(PLAIN)
def test_plain_values_come_back(told: Any) -> None:
    assert equal(unpack(pack(told), KEPT_CLASSES), told)


def test_arrays_come_back_with_their_type_and_shape() -> None:
    told = {
        "a": np.array([[1.5, np.nan], [3, 4]]),
        "b": [np.zeros((0, 7), np.float32), np.arange(5, dtype=np.int64)],
    }
    assert equal(unpack(pack(told), KEPT_CLASSES), told)


def test_contents_come_back_with_everything() -> None:
    data = run_fit(dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC), offset_min=60, distance_km=3,
                   duration_min=20)  # fmt: skip
    for contents in (
        parse_input("a.fit", data + data[:-50]),
        parse_input("a.txt", b"no"),
        Contents(),
    ):
        assert equal(unpack(pack(contents), KEPT_CLASSES), contents)


def test_odd_numbers_of_an_activity_come_back_to_the_last_bit() -> None:
    data = run_fit(dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC), offset_min=60, distance_km=3,
                   duration_min=20)  # fmt: skip
    contents = parse_input("a.fit", data).without_streams()
    part = contents.parts[0]
    assert not isinstance(part, FileProblem)
    odd = [-0.0, math.nan, math.inf, -math.inf, 5e-324, 1e308, 0.1]
    for filled in (odd, odd * 40):
        effort = {
            "seconds_at_bpm": np.array([*filled, *[0.0] * 211])[:211],
            "seconds_at_speed": np.array([*[0.0] * 500, *filled])[-500:],
            "power_moments": np.array(odd[:5]),
        }
        part.histograms = packed_histograms(effort)
        numbers = dict(part.numbers) | dict(zip(part.numbers, odd, strict=False))
        part.numbers = numbers | {"none": None, "one": 1}
        for place in (None, (-0.0, 179.9, ""), (51.5, math.nan, "Europe/London")):
            for shape in ([], [[1.0, -0.0, math.nan]] * 8, [[0.5]]):
                part.place, part.shape = place, shape
                again = unpack(pack(contents), KEPT_CLASSES)
                assert equal(again, contents)
                assert equal(unpack(pack(again), KEPT_CLASSES), contents)
                back = again.parts[0]
                assert repr([*back.numbers.values()]) == repr([*part.numbers.values()])
                stacked = IntensityHistograms([back.histograms])
                for name in HISTOGRAMS:
                    assert getattr(stacked, name)[0].tobytes() == effort[name].tobytes()
                assert (repr(back.place), repr(back.shape.tolist())) == (repr(place), repr(shape))
                assert type(back.numbers["one"]) is int


def test_values_put_aside_come_back_and_are_held_where_they_cannot_be(tmp_path: Path) -> None:
    values = [bytes([n]) * size for n in range(9) for size in (0, 255, 256, 70_000)]
    for folder in (tmp_path / "none", tmp_path):
        aside = Aside(folder)
        aside.HELD = 100_000
        held = [aside.put(value) for value in values]
        assert [bytes(one) for one in (*held, *held[::-1])] == [*values, *values[::-1]]
        n_aside = sum(not isinstance(one, bytes) for one in held)
        assert n_aside == (15 if folder == tmp_path else 0)  # of 18, from 100,000 bytes on
        assert not any(tmp_path.iterdir())


def test_what_was_put_aside_and_cannot_be_read_is_our_own_error(tmp_path: Path) -> None:
    aside = Aside(tmp_path)
    aside.HELD = 0
    one = aside.put(b"x" * 1000)
    assert aside._file is not None
    aside._file.truncate(500)
    with pytest.raises(ReadError, match="read the archive again"):
        bytes(one)


def test_names_are_the_same_objects_in_every_activity() -> None:
    data = run_fit(dt.datetime(2026, 3, 1, 7, 30, tzinfo=dt.UTC), offset_min=60, distance_km=3,
                   duration_min=20)  # fmt: skip
    packed = pack(parse_input("a.fit", data).without_streams())
    names = [[*unpack(packed, KEPT_CLASSES).parts[0].numbers] for _ in range(2)]
    assert all(one is other for one, other in zip(*names, strict=True))


@pytest.mark.slow
def test_contents_and_streams_of_real_files_come_back() -> None:
    folder = corpus_folder()
    paths = [p for p in sorted(folder.rglob("*")) if p.is_file() and p.stat().st_size < 400_000]
    for path in paths[::23]:
        contents = parse_input(path.name, path.read_bytes())
        for part in contents.parts:
            if not isinstance(part, FileProblem):
                time, streams = unpack_stream(pack_stream(part.time, part.streams))
                assert equal([time, streams], [part.time, part.streams]), path.name
        contents.without_streams()
        assert equal(unpack(pack(contents), KEPT_CLASSES), contents), path.name


NUMBERS = (
    st.floats()
    | st.integers(0, 255).map(float)
    | st.integers(-(10**6), 10**8).map(lambda n: n / 100)
    | st.integers(0, 60_000).map(lambda n: n / 5 - 500)
    | st.integers(-(2**31), 2**31).map(lambda n: n * (180.0 / 2**31))
    | st.just(math.nan)
)


@given(st.lists(NUMBERS, max_size=30), st.sampled_from(range(6)))
def test_streams_come_back_bit_by_bit(values: list[float], which: int) -> None:
    column = np.array(values, np.float64)
    time = 1.7e9 + np.arange(len(column)) * [1.0, 0.5, 1e-3, 7.0, 1 / 3, 100.0][which]
    again, streams = unpack_stream(pack_stream(time, {"a": column, "b": -column}))
    assert equal(again, time)
    assert equal(streams["a"], column)
    assert list(streams) == ["a", "b"]


@pytest.mark.parametrize("step", [2**bits + more for bits in (7, 15, 31) for more in (-1, 0, 1)])
def test_a_heart_rate_that_jumps_by_the_border_of_a_width_comes_back(step: int) -> None:
    for first in (0.0, 60.0):
        beats = np.array([first, first + step, first, math.nan, float(step)])
        _, streams = unpack_stream(pack_stream(np.arange(5.0), {"heart_rate": beats, "b": -beats}))
        assert equal(streams["heart_rate"], beats)
        assert equal(streams["b"], -beats)


@pytest.mark.parametrize("large", [2.0**52, 2.0**62, 2.0**70, 1e300, math.inf])
def test_numbers_too_large_to_count_come_back_as_they_are(large: float) -> None:
    column = np.array([1.0, large, -large, 2.0])
    _, streams = unpack_stream(pack_stream(np.arange(4.0), {"a": column}))
    assert equal(streams["a"], column)


@pytest.mark.parametrize(
    ("values", "most"),
    [(np.arange(2000) % 40 + 120.0, 400), (np.cumsum(np.full(2000, 281.0)) / 100, 400),
     (np.full(2000, np.nan), 100), (2500 / 5 - 500 + np.arange(2000) / 5, 500)],
)  # fmt: skip
def test_what_watches_write_takes_little_room(values: np.ndarray, most: int) -> None:
    whole = len(pack_stream(values[:0], {}))
    assert len(pack_stream(values, {})) - whole < most


def test_frames_come_back_with_types_and_words() -> None:
    frame = pd.DataFrame(
        {
            "a": [1.5, np.nan],
            "text": pd.array(["x", None], dtype="str"),
            "utc": pd.DatetimeIndex(["2026-03-01T07:30:00.25", None], tz="UTC").as_unit("us"),
            "day": pd.DatetimeIndex(["2026-03-01", None]).as_unit("us"),
            "things": [[1.0, 2.0], None],
            "b": [3.0, 4.0],
        }
    )
    for part in (frame, frame.iloc[:0].reset_index(drop=True)):
        again = unpack_frame(unpack(pack(pack_frame(part))))
        pd.testing.assert_frame_equal(again, part)


def test_nothing_but_our_own_kinds_can_be_packed() -> None:
    with pytest.raises(TypeError):
        pack(Path("x"))
