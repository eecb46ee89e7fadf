"""Which recordings are of one run, and which of them counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from examples import examples
from hypothesis import given, settings
from hypothesis import strategies as st
from writers import made_up_points

from loadmon.io import dedupe as duplicates
from loadmon.io.dedupe import Candidate, is_named, overlapping, repeated
from loadmon.io.formats import RECORDING_READERS
from loadmon.io.parse import Shape, shape_of
from loadmon.io.recording import Recording

SHAPE: Shape = tuple((1250.0 * n, 50.0 + 0.001 * n, 8.0 + 0.002 * n) for n in range(1, 9))
INDOORS: Shape = tuple((1250.0 * n, np.nan, np.nan) for n in range(1, 9))
RUN = Candidate(
    start_s=1_772_350_200.0, length_s=3600.0, distance_km=10.0, sport="running", format="fit",
    records=3600, activity_id="a", file="a.fit", shape=SHAPE,
)  # fmt: skip
HOUR = 3600.0


def like(**changes: object) -> Candidate:
    return replace(RUN, **changes)  # type: ignore[arg-type]


def later(seconds: float, **changes: object) -> Candidate:
    return like(start_s=RUN.start_s + seconds, **{"file": "b.fit", **changes})


def same(other: Candidate, run: Candidate = RUN) -> bool:
    return bool(repeated([run, other]))


# --- at the same time ---------------------------------------------------------------------------


def test_the_gpx_made_from_a_fit_is_the_same_run_and_the_fit_counts() -> None:
    gpx = later(2, format="gpx", records=900, distance_km=10.2, length_s=3590)
    for candidates, gone in (([RUN, gpx], 1), ([gpx, RUN], 0)):
        found = repeated(candidates)
        assert set(found) == {gone}
        assert found[gone][0] == 1 - gone


def test_the_evidence_is_told_in_words() -> None:
    assert repeated([RUN, later(120)])[1][1] == "starts +120 s apart, 97% overlap"
    assert "at the same seconds, shifted by +2 h" in repeated([RUN, later(2 * HOUR)])[1][1]


def test_fit_is_kept_before_tcx_before_gpx_then_the_one_with_more_records() -> None:
    fit, tcx, gpx = (like(format=f, records=n) for f, n in (("fit", 5), ("tcx", 50), ("gpx", 500)))
    assert {k for k, _ in repeated([gpx, tcx, fit]).values()} == {2}
    assert set(repeated([gpx, tcx])) == {0}
    assert set(repeated([like(records=10), like(records=20)])) == {0}


def test_a_recording_is_kept_before_a_mere_summary_whatever_its_format() -> None:
    assert set(repeated([like(records=0), like(format="gpx", records=5)])) == {0}


def test_a_whole_recording_is_kept_before_a_part_of_a_richer_one() -> None:
    assert set(repeated([like(partial=True), like(format="gpx", records=5)])) == {0}


def test_of_two_alike_the_first_is_kept() -> None:
    assert set(repeated([RUN, RUN, RUN])) == {1, 2}


@pytest.mark.parametrize(
    ("shift", "is_same"), [(299, True), (300, True), (301, False), (-300, True), (-301, False)]
)
def test_within_five_minutes_the_shorter_must_lie_in_the_longer(
    shift: float, is_same: bool
) -> None:
    assert same(later(shift, length_s=1800.0)) is is_same


def test_more_than_four_fifths_of_the_shorter_must_overlap() -> None:
    assert same(later(250, length_s=1200)) is True
    short = like(length_s=1000.0)
    assert repeated([short, replace(short, start_s=short.start_s + 199)])
    assert not repeated([short, replace(short, start_s=short.start_s + 200)])


def test_a_phone_that_began_late_is_the_same_run_where_four_fifths_of_both_overlap() -> None:
    assert same(later(600, length_s=3000))
    assert not same(later(720, length_s=3600))


def test_a_phone_recording_inside_the_run_counts_once_and_the_whole_run_is_kept() -> None:
    phone = later(900, length_s=1800, distance_km=5.1, format="fit", records=9000)
    watch = replace(RUN, format="tcx", records=700)
    assert repeated([phone, watch]) == {0: (1, "it lies inside it, from 15 min after its start")}
    # What repeats the part repeats the whole.
    copy = replace(phone, format="gpx", file="c.gpx", start_s=phone.start_s + 10)
    assert {k for k, _ in repeated([copy, phone, watch]).values()} == {2}


@pytest.mark.parametrize(
    "other",
    [
        later(900, length_s=1800, distance_km=1.0),  # at another pace: not the same
        later(900, length_s=1800, distance_km=5.0, file="a.fit"),  # of the same file
        later(900, length_s=1800, distance_km=5.0, sport="cycling"),
        later(2000, length_s=1800, distance_km=5.0),  # reaches beyond it
    ],
)
def test_what_is_no_part_of_the_run_is_not_taken_for_one(other: Candidate) -> None:
    assert not same(other)


def test_a_part_that_the_runner_calls_different_counts() -> None:
    phone = later(900, length_s=1800, distance_km=5.1)
    assert repeated([RUN, phone])
    assert not repeated([RUN, phone], different=[("a.fit", "b.fit")])


def test_runs_minutes_apart_are_two_runs() -> None:
    first = like(length_s=1800)
    for pause in (0, 1, 60, 600):
        assert not repeated([first, replace(first, start_s=first.start_s + 1800 + pause)])


# --- shifted ------------------------------------------------------------------------------------


@pytest.mark.parametrize(("shift", "is_same"), [
    (HOUR, True), (-HOUR, True), (14 * HOUR, True), (15 * HOUR, False), (-15 * HOUR, False),
    (HOUR + 5, True), (HOUR + 6, False), (HOUR - 5, True), (HOUR / 2 + HOUR, False),
])  # fmt: skip
def test_a_shift_by_whole_hours_up_to_14_is_a_wrong_zone(shift: float, is_same: bool) -> None:
    assert same(later(shift)) is is_same


def test_the_parts_of_one_file_are_no_shifted_copies() -> None:
    assert same(later(HOUR))
    assert not same(later(HOUR, file=RUN.file))
    assert same(later(1, file=RUN.file))


def test_a_shifted_run_must_be_as_long_and_as_far() -> None:
    assert same(later(HOUR, distance_km=10.1))
    assert not same(later(HOUR, distance_km=10.11))
    assert not same(later(HOUR, distance_km=9.89))
    assert not same(later(HOUR, length_s=3640))
    assert not same(later(HOUR, distance_km=float("nan")))


def test_the_same_round_run_again_in_the_evening_is_a_second_run() -> None:
    slower_start = tuple((d, lat, lon + 0.0003) for d, lat, lon in SHAPE)
    assert not same(later(10 * HOUR, shape=slower_start))
    assert not same(later(10 * HOUR, shape=()))
    assert same(later(10 * HOUR, shape=tuple((d, lat + 0.00002, lon) for d, lat, lon in SHAPE)))


@pytest.mark.parametrize(("agree", "is_same"), [(8, True), (6, True), (5, False)])
@pytest.mark.parametrize("shape", [SHAPE, INDOORS])
def test_six_of_eight_places_must_agree(shape: Shape, agree: int, is_same: bool) -> None:
    other = tuple((d + 30, lat + 0.001, lon) for d, lat, lon in shape)
    mixed = (*shape[:agree], *other[agree:])
    assert same(later(HOUR, shape=mixed), like(shape=shape)) is is_same


@pytest.mark.parametrize(("metres", "degrees", "is_same"), [
    (2.0, 0.0, True), (2.1, 0.0, False), (0.0, 0.000_029, True), (0.0, 0.000_031, False),
])  # fmt: skip
def test_a_place_agrees_within_two_metres_or_some_three(
    metres: float, degrees: float, is_same: bool
) -> None:
    shape = INDOORS if metres else SHAPE
    moved = tuple((d + metres, lat, lon + degrees) for d, lat, lon in shape)
    assert same(later(HOUR, shape=moved), like(shape=shape)) is is_same


def test_two_of_seconds_one_after_the_other_are_not_shifted_by_no_hours() -> None:
    assert not same(later(5, length_s=10.0), like(length_s=10.0))


def test_without_positions_the_metres_must_agree_at_the_same_seconds() -> None:
    indoors = like(shape=INDOORS)
    assert same(later(HOUR, shape=INDOORS), indoors)
    again = tuple((d + 3, np.nan, np.nan) for d, *_ in INDOORS)
    assert not same(later(HOUR, shape=again), indoors)
    assert not same(later(HOUR, shape=((np.nan,) * 3,) * 8), indoors)


def test_a_shape_is_the_way_at_the_eighths() -> None:
    points = made_up_points(
        dt.datetime(2026, 3, 1, 7, tzinfo=dt.UTC), distance_km=4, duration_min=20, step_s=5
    )
    recording = Recording(
        time=np.array([p.time.timestamp() for p in points]),
        streams={
            "distance_m": np.array([p.distance_m for p in points]),
            "latitude_deg": np.array([p.latitude_deg for p in points], np.float64),
            "longitude_deg": np.array([p.longitude_deg for p in points], np.float64),
        },
    )
    shape = shape_of(recording)
    assert len(shape) == 8
    assert [d for d, *_ in shape] == pytest.approx([500 * n for n in range(1, 9)], rel=0.02)
    assert tuple(shape[-1]) == (
        points[-1].distance_m,
        points[-1].latitude_deg,
        points[-1].longitude_deg,
    )
    recording.streams = {}
    assert np.isnan(np.array(shape_of(recording))).all()
    assert shape_of(Recording(time=np.arange(3.0))) == []


# --- what can be the same -----------------------------------------------------------------------


def test_sports_must_agree_unless_one_is_not_told_or_both_are_on_foot() -> None:
    assert not same(like(sport="cycling"))
    assert same(like(sport=""))
    assert same(like(sport="walking"))
    assert same(like(sport="hiking"))
    assert not repeated([like(sport="cycling"), like(sport="swimming")])


def test_a_length_that_is_not_known_is_never_the_same() -> None:
    for length in (0.0, float("nan")):
        assert not same(like(length_s=length))


def test_three_recordings_of_one_run_leave_one() -> None:
    found = repeated([later(100, format="gpx"), RUN, later(-100, format="tcx")])
    assert {i: k for i, (k, _) in found.items()} == {0: 1, 2: 1}


def test_there_may_be_none() -> None:
    assert repeated([]) == {}


# --- the runner's own word ----------------------------------------------------------------------


def test_the_runner_can_declare_two_recordings_one() -> None:
    far = later(2_000, file="folder/b.gpx", format="gpx")
    assert not repeated([RUN, far])
    found = repeated([RUN, far], same=[("b.gpx", "a.fit")])
    assert found == {1: (0, "declared the same in athlete.toml")}
    assert repeated([RUN, far], same=[("b.gpx", "c.fit")]) == {}


def test_the_runner_s_own_word_goes_before_what_the_recordings_say() -> None:
    far = later(30 * HOUR, file="c.fit", activity_id="c")
    gpx = later(40, file="b.gpx", format="gpx", activity_id="b")
    assert repeated([RUN, gpx, far])[1][0] == 0
    found = repeated([RUN, gpx, far], same=[("b.gpx", "c.fit")])
    assert found == {1: (2, "declared the same in athlete.toml")}


def test_the_runner_can_declare_two_recordings_different() -> None:
    other = later(3, file="b.gpx", format="gpx")
    assert repeated([RUN, other])
    assert not repeated([RUN, other], different=[("a.fit", "b.gpx")])
    assert not repeated([RUN, other], different=[("b.gpx", "a.fit")])
    assert repeated([RUN, other], different=[("b.gpx", "c.fit")])


@pytest.mark.parametrize(
    ("given", "fits"),
    [("a.fit", True), ("run/a.fit", True), ("x.zip!run/a.fit", True), ("/x.zip!run/a.fit", True),
     ("n/a.fit", False), ("fit", False), ("", False), ("b.fit", False)],
)  # fmt: skip
def test_a_file_may_be_named_by_the_end_of_its_name(given: str, fits: bool) -> None:
    assert is_named("/x.zip!run/a.fit", given) is fits
    assert not is_named("", "")


# --- overlaps that are not the same -------------------------------------------------------------


def test_runs_that_overlap_in_part_are_found_and_others_are_not() -> None:
    partly = later(1800, length_s=3600)
    assert overlapping([RUN, partly]) == [(0, 1, 1800.0)]
    assert overlapping([RUN, later(3600)]) == []
    assert overlapping([RUN, later(3400)]) == []  # 200 s
    assert overlapping([RUN, later(1800, sport="cycling")]) == []
    assert overlapping([later(1800), RUN]) == [(1, 0, 1800.0)]
    walk = like(sport="hiking", length_s=36_000.0)
    assert overlapping([walk, replace(walk, start_s=walk.start_s + 34_800)]) == []  # 20 min of 10 h
    short = like(length_s=1000.0)
    assert overlapping([short, replace(short, start_s=short.start_s + 750)]) == []  # 250 s
    assert len(overlapping([short, replace(short, start_s=short.start_s + 690)])) == 1


# --- laws ---------------------------------------------------------------------------------------

CANDIDATES = st.lists(
    st.builds(
        later,
        st.sampled_from([0, 60, 250, 400, HOUR, 2 * HOUR, 86_400, 90_000]),
        length_s=st.sampled_from([0.0, 600.0, 3600.0, float("nan")]),
        distance_km=st.sampled_from([2.0, 10.0]),
        sport=st.sampled_from(["running", "walking", "cycling", ""]),
        format=st.sampled_from(["fit", "gpx", "tcx"]),
        records=st.integers(0, 5),
        activity_id=st.text("abcdef", min_size=6, max_size=6),
        shape=st.sampled_from([SHAPE, INDOORS, ()]),
    ),
    max_size=9,
)


@given(CANDIDATES)
@settings(max_examples=examples(4))
def test_what_repeats_always_repeats_one_that_is_kept(candidates: list[Candidate]) -> None:
    found = repeated(candidates)
    assert not {k for k, _ in found.values()} & set(found)
    left = [c for i, c in enumerate(candidates) if i not in found]
    assert repeated(left) == {}


@given(CANDIDATES, st.randoms())
@settings(max_examples=examples(3))
def test_the_order_of_files_does_not_matter(candidates: list[Candidate], rng: object) -> None:
    shuffled = list(candidates)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]

    def left(all_of_them: list[Candidate]) -> list[str]:
        found = repeated(all_of_them)
        return sorted(repr(c) for i, c in enumerate(all_of_them) if i not in found)

    if len({c.activity_id for c in candidates}) == len(candidates):
        assert left(candidates) == left(shuffled)


@given(
    st.lists(
        st.tuples(
            st.floats(60, 20_000), st.floats(0, 40_000), st.sampled_from(["running", ""]),
            st.floats(0.1, 40), st.sampled_from([SHAPE, INDOORS, ()]),
        ),
        min_size=2, max_size=8,
    ),
    st.randoms(),
)  # fmt: skip
@settings(max_examples=examples(6))
def test_real_runs_one_after_the_other_are_never_merged(
    runs: list[tuple[float, float, str, float, Shape]], rng: object
) -> None:
    """One person's runs follow each other, seconds or hours apart; no way is gone twice alike."""
    clock, candidates = RUN.start_s, []
    for n, (length, pause, sport, km, shape) in enumerate(runs):
        own = tuple((d + 7 * n, lat + 0.0003 * n, lon) for d, lat, lon in shape)
        candidates.append(
            like(start_s=clock, length_s=length, sport=sport, distance_km=km, shape=own,
                 activity_id=f"{n}", file=f"{n}.fit")
        )  # fmt: skip
        clock += length + pause
    rng.shuffle(candidates)  # type: ignore[attr-defined]
    assert repeated(candidates) == {}
    assert overlapping(candidates) == []


@given(
    st.lists(
        st.tuples(
            st.integers(0, 20), st.sampled_from([0, 4, 6, 300, 301, 1800]), st.integers(1, 4)
        ),
        min_size=2,
        max_size=40,
    )
)
def test_looking_at_many_at_once_finds_what_looking_at_each_does(
    runs: list[tuple[int, int, int]],
) -> None:
    candidates = [
        later(half * HOUR / 2 + extra, length_s=900.0 * long, activity_id=f"{i}", file=f"{i}")
        for i, (half, extra, long) in enumerate(runs)
    ]
    before = duplicates._MANY
    try:
        duplicates._MANY = 10**9
        one_by_one = repeated(candidates)
        duplicates._MANY = 0
        assert repeated(candidates) == one_by_one
    finally:
        duplicates._MANY = before


def test_every_format_of_recordings_has_its_rank_among_repeats() -> None:
    assert set(duplicates._RICHNESS) == set(RECORDING_READERS)
