"""One run is counted once, and two runs twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from loadmon.reading.duplicates import Candidate, repeated

RUN = Candidate(
    start_s=1_772_350_200.0, length_s=3600.0, distance_km=10.0, sport="running", format="fit",
    records=3600, activity_id="a",
)  # fmt: skip
HOUR = 3600.0


def like(**changes: object) -> Candidate:
    return replace(RUN, **changes)  # type: ignore[arg-type]


def later(seconds: float, **changes: object) -> Candidate:
    return like(start_s=RUN.start_s + seconds, **changes)


def same(other: Candidate) -> bool:
    return bool(repeated([RUN, other]))


def test_the_gpx_made_from_a_fit_is_the_same_run_and_the_fit_counts() -> None:
    gpx = later(2, format="gpx", records=900, distance_km=10.2, length_s=3590)
    for candidates, gone in (([RUN, gpx], 1), ([gpx, RUN], 0)):
        found = repeated(candidates)
        assert set(found) == {gone}
        assert found[gone][0] == 1 - gone


def test_the_evidence_is_told_in_words() -> None:
    assert repeated([RUN, later(120)])[1][1] == "starts +120 s apart, 97% overlap"
    assert "shifted by +2 h" in repeated([RUN, later(2 * HOUR)])[1][1]


def test_fit_is_kept_before_tcx_before_gpx_then_the_one_with_more_records() -> None:
    fit, tcx, gpx = (like(format=f, records=n) for f, n in (("fit", 5), ("tcx", 50), ("gpx", 500)))
    assert {k for k, _ in repeated([gpx, tcx, fit]).values()} == {2}
    assert set(repeated([gpx, tcx])) == {0}
    assert set(repeated([like(records=10), like(records=20)])) == {0}


def test_of_two_alike_the_first_is_kept() -> None:
    assert set(repeated([RUN, RUN, RUN])) == {1, 2}


@pytest.mark.parametrize(
    ("shift", "is_same"), [(299, True), (300, True), (301, False), (-300, True), (-301, False)]
)
def test_starts_up_to_five_minutes_apart_are_near(shift: float, is_same: bool) -> None:
    assert same(later(shift)) is is_same


def test_more_than_four_fifths_of_the_shorter_must_overlap() -> None:
    assert same(later(250, length_s=1200)) is True
    short = like(length_s=1000.0)
    assert repeated([short, replace(short, start_s=short.start_s + 199)])
    assert not repeated([short, replace(short, start_s=short.start_s + 200)])


def test_ten_minutes_apart_are_two_runs() -> None:
    assert not same(later(600))
    first = like(length_s=1800)
    assert not repeated([first, replace(first, start_s=first.start_s + 1800 + 600)])


@pytest.mark.parametrize(("shift", "is_same"), [
    (HOUR, True), (-HOUR, True), (14 * HOUR, True), (15 * HOUR, False), (-15 * HOUR, False),
    (HOUR + 5, True), (HOUR + 6, False), (HOUR - 5, True), (HOUR - 6, False), (HOUR / 2, False),
])  # fmt: skip
def test_a_shift_by_whole_hours_up_to_14_is_a_wrong_zone(shift: float, is_same: bool) -> None:
    assert same(later(shift)) is is_same


def test_a_shifted_run_must_be_as_long_and_as_far() -> None:
    assert same(later(HOUR, distance_km=10.1))
    assert not same(later(HOUR, distance_km=10.11))
    assert not same(later(HOUR, distance_km=9.89))
    assert not same(later(HOUR, length_s=3640))
    assert not same(later(HOUR, distance_km=float("nan")))


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
    ),
    max_size=9,
)


@given(CANDIDATES)
@settings(max_examples=100)
def test_what_repeats_always_repeats_one_that_is_kept(candidates: list[Candidate]) -> None:
    found = repeated(candidates)
    assert not {k for k, _ in found.values()} & set(found)
    left = [c for i, c in enumerate(candidates) if i not in found]
    assert repeated(left) == {}


@given(CANDIDATES, st.randoms())
@settings(max_examples=60)
def test_the_order_of_files_does_not_matter(candidates: list[Candidate], rng: object) -> None:
    shuffled = list(candidates)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]

    def left(all_of_them: list[Candidate]) -> list[str]:
        found = repeated(all_of_them)
        return sorted(repr(c) for i, c in enumerate(all_of_them) if i not in found)

    if len({c.activity_id for c in candidates}) == len(candidates):
        assert left(candidates) == left(shuffled)
