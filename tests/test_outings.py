"""What is one run and what is a run day: outings, the floor of a run day, events and races."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made import activities, archive, days, runs

from loadmon.daily import below_run_day_km, daily_load, outing_of, outing_totals, run_days
from loadmon.diary import DIARY_COLUMNS, no_diary
from loadmon.errors import FrameError
from loadmon.rules.engine import check, today
from loadmon.rules.session_spike import base_outings, by_outing, is_race_text, session_spikes
from loadmon.weekly import weekly_load

NAN = float("nan")
DAY = pd.Timestamp("2026-03-02")
WALK = ("2025-11-01", 1.0, "walking")


def sessions(*rows: tuple[str, float] | tuple[str, float, float]) -> pd.DataFrame:
    """Sessions of (start, minutes by the timer, minutes elapsed)."""
    columns = ["start_utc", "duration_min", "elapsed_min"]
    frame = pd.DataFrame([(*row, NAN)[:3] for row in rows], columns=columns)
    return frame.assign(start_utc=pd.to_datetime(frame["start_utc"], utc=True, format="ISO8601"))


def outing(*rows: tuple[str, float] | tuple[str, float, float]) -> list[int]:
    return outing_of(sessions(*rows)).tolist()


# Outings.


@pytest.mark.parametrize("start", ["07:30", "08:00", "08:29", "08:30:00"])
def test_half_an_hour_between_is_one_outing(start: str) -> None:
    assert outing(("2026-03-02T07:00", 60.0), (f"2026-03-02T{start}", 10.0)) == [0, 0]


@pytest.mark.parametrize("start", ["08:30:01", "08:31", "17:00"])
def test_more_than_half_an_hour_between_are_two(start: str) -> None:
    assert outing(("2026-03-02T07:00", 60.0), (f"2026-03-02T{start}", 10.0)) == [0, 1]


def test_the_end_is_that_of_the_timer_and_else_what_is_known() -> None:
    evening = ("2026-03-02T18:00", 10.0)
    assert outing(("2026-03-02T07:00", 60.0, 700.0), evening) == [0, 1]  # left paused
    assert outing(("2026-03-02T07:00", NAN, 640.0), evening) == [0, 0]
    assert outing(("2026-03-02T07:00", NAN), ("2026-03-02T07:30", 5.0)) == [0, 0]
    assert outing(("2026-03-02T07:00", NAN), ("2026-03-02T07:31", 5.0)) == [0, 1]


def test_three_parts_are_one_outing_whatever_their_order() -> None:
    warm_up, race, down = (
        ("2026-03-02T09:20", 20.0),
        ("2026-03-02T10:00", 45.0),
        ("2026-03-02T11:10", 10.0),
    )
    assert outing(warm_up, race, down) == [0, 0, 0]
    assert outing(down, warm_up, race) == [1, 1, 1]  # named by the row that began first


def test_the_latest_end_so_far_counts_and_not_the_last_started() -> None:
    long, within = ("2026-03-02T07:00", 120.0), ("2026-03-02T07:10", 5.0)
    assert outing(long, within, ("2026-03-02T09:30", 5.0)) == [0, 0, 0]
    assert outing(long, within, ("2026-03-02T09:31", 5.0)) == [0, 0, 2]


def test_a_start_that_is_not_known_is_an_outing_of_its_own() -> None:
    frame = sessions(("2026-03-02T07:00", 30.0), ("2026-03-02T07:40", 30.0))
    frame = pd.concat([frame, frame.assign(start_utc=pd.NaT)], ignore_index=True)
    frame["start_utc"] = pd.to_datetime(frame["start_utc"], utc=True)
    assert outing_of(frame).tolist() == [0, 0, 2, 3]
    assert outing_of(frame.drop(columns="start_utc")).tolist() == [0, 1, 2, 3]
    assert outing_of(frame.drop(columns=["duration_min", "elapsed_min"])).tolist() == [0, 1, 2, 3]


def test_two_runners_share_no_outing_and_no_end() -> None:
    frame = sessions(
        ("2026-03-02T07:00", 300.0),
        ("2026-03-02T07:00", 30.0),
        ("2026-03-02T09:00", 30.0),
        ("2026-03-02T12:10", 30.0),
    )
    assert outing_of(frame, np.array([0, 1, 1, 0])).tolist() == [0, 1, 2, 0]
    assert outing_of(frame, np.array([1, 0, 0, 1])).tolist() == [0, 1, 2, 0]
    assert outing_of(frame).tolist() == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "text",
    [
        *("soon", "7 in the morning", "01/03/2026 07:00", ""),
        # of the pattern but for one place, and of the pattern but on no calendar
        *("2026-13-02T07:00Z", "2026-03-02T25:00Z", "2026-03-02T07:00+99:99", "2026-02-30T07:00Z"),
        *("2026-03-02T07:00:00.1234567890Z", "9" * 400, "12026-03-02T07:00Z", "0000-01-01"),
    ],
)
def test_starts_that_are_no_moments_are_refused(text: str) -> None:
    frame = runs([5.0, 0, 6.0])
    frame["start_utc"] = frame["start_utc"].astype(object)
    frame.loc[1, "start_utc"] = text
    if text:
        for asked in (session_spikes, daily_load):
            with pytest.raises(FrameError, match=r"'start_utc'.* must hold moments"):
                asked(frame)
    else:  # an empty text is a start that is not known
        assert len(session_spikes(frame)) == 2


def test_starts_that_were_written_to_a_file_are_read_again() -> None:
    frame = runs([10.0, *[0.0] * 24, 8.0])
    parts = [pd.Timestamp(f"2026-01-26T{at}", tz="UTC") for at in ("07:00:00.25", "07:50:01")]
    rows = [{"date": "2026-01-26", "start_utc": at, "distance_km": 8.0} for at in parts]
    frame = pd.concat([frame.iloc[:1], activities(rows)], ignore_index=True)
    frame["activity_id"] = ["a", "b", "c"]
    text = frame.assign(start_utc=frame["start_utc"].astype(str))
    short = ["2026-01-01T07:00Z", "2026-01-26T07:00:00.25Z", "2026-01-26 08:50:01+01:00"]
    mixed = frame.assign(start_utc=short)
    for told in (frame, text, mixed, pd.read_csv(io.StringIO(frame.to_csv(index=False)))):
        spikes = session_spikes(told.assign(flags=""))
        assert spikes["outing"].tolist() == ["a", "b", "b"]
        assert spikes["level"].tolist()[1:] == ["moderate"] * 2


def test_an_unknown_distance_leaves_the_whole_outing_unknown() -> None:
    whole = outing_totals(np.array([3.0, NAN, 4.0]), np.array([0, 0, 2]))
    assert np.isnan(whole[:2]).all()
    assert whole[2] == 4.0


def test_an_outing_across_midnight_has_the_day_of_its_first_recording() -> None:
    late = {"date": "2026-03-02", "start_utc": "2026-03-02T23:20", "distance_km": 6.0}
    early = {"date": "2026-03-03", "start_utc": "2026-03-03T00:10", "distance_km": 5.0}
    frame = activities([WALK, ("2026-02-20", 8.0), late, early, ("2026-03-04", 4.0)])
    spikes = session_spikes(frame)
    assert spikes["outing"].tolist() == ["a1", "a2", "a2", "a4"]
    assert spikes["outing_km"].tolist() == [8.0, 11.0, 11.0, 4.0]
    assert spikes["level"].tolist() == ["no_baseline", "moderate", "moderate", "none"]
    assert by_outing(spikes)["date"].dt.day.tolist() == [20, 2, 4]
    daily = daily_load(frame).loc["2026-03-02":]
    assert daily["longest_km"].tolist() == pytest.approx([11.0, NAN, 4.0], nan_ok=True)
    assert daily["load"].tolist() == [6.0, 5.0, 4.0]  # the load stays on the day of its recording


def plain_outings(begins: list[int], lasts: list[int]) -> list[int]:
    """Outings of sessions in order of start, minute by minute."""
    out: list[int] = []
    end = -(10**9)
    for i, (start, minutes) in enumerate(zip(begins, lasts, strict=True)):
        out.append(out[-1] if out and start - end <= 30 else i)
        end = max(end, start + minutes)
    return out


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(0, 90)), max_size=12))
def test_outings_agree_with_a_plain_loop(told: list[tuple[int, int]]) -> None:
    told = sorted(told)
    frame = pd.DataFrame({"duration_min": [float(n) for _, n in told]})
    frame["start_utc"] = [DAY.tz_localize("UTC") + pd.Timedelta(minutes=a) for a, _ in told]
    want = plain_outings([a for a, _ in told], [n for _, n in told])
    if told:
        assert outing_of(frame).tolist() == want


# The floor of a run day.


@pytest.mark.parametrize(
    ("minutes", "km", "counts"),
    [
        ([10.0], [NAN], True),
        ([9.99], [NAN], False),
        ([NAN], [1.5], True),
        ([NAN], [1.49], False),
        ([9.9], [1.5], True),
        ([10.0], [0.8], True),
        ([9.9], [1.49], False),
        ([NAN], [NAN], True),  # it may have been any
        ([5.0, 5.0], [NAN, NAN], True),
        ([5.0, 4.9], [0.7, 0.7], False),
        ([5.0, NAN], [0.7, NAN], True),
    ],
)
def test_a_run_day_has_ten_minutes_or_a_kilometre_and_a_half(
    minutes: list[float], km: list[float], counts: bool
) -> None:
    at = np.ones(len(km), dtype=np.int64)
    got = run_days(np.array(minutes), np.array(km), at, 3)
    assert got.tolist() == [False, counts, False]


def test_a_jog_to_the_bus_is_a_run_and_no_run_day() -> None:
    frame = runs([5.0, 1.0, 5.0, 1.4, 1.5, 0, 0], first="2026-03-02")
    daily = daily_load(frame, as_of="2026-03-08")
    assert daily["runs"].tolist() == [1, 1, 1, 1, 1, 0, 0]
    assert daily["run_day"].tolist() == [True, False, True, False, True, False, False]
    assert daily["load"].sum() == pytest.approx(13.9)  # its load counts
    week = weekly_load(frame, as_of="2026-03-08").iloc[0]
    assert (week["runs"], week["run_days"], week["rest_days"]) == (5, 3, 4)


@pytest.mark.parametrize(
    ("pace", "km"), [(6.0, 1.4), (7.0, 1.4), (8.0, 1.2), (10.0, 0.9), (10.1, 0.9), (4.0, 1.4)]
)
def test_the_longest_jog_that_makes_no_run_day(pace: float, km: float) -> None:
    frame = runs([5.0, 0, 8.0], minutes_per_km=pace)
    assert below_run_day_km(frame) == pytest.approx(km)
    for more, counts in ((0.0, False), (0.1, True)):
        jog = np.array([km + more])
        assert run_days(pace * jog, jog, np.array([0]), 1).tolist() == [counts]


def test_the_pace_is_that_of_runs_of_which_time_and_distance_are_known() -> None:
    for lost in (0.0, NAN):
        frame = runs([5.0, 5.0], minutes_per_km=10.0)
        frame.loc[0, "duration_min"] = lost
        assert below_run_day_km(frame) == pytest.approx(0.9)


def test_without_a_pace_the_distance_alone_tells() -> None:
    assert below_run_day_km(runs([5.0], minutes_per_km=NAN)) == 1.4


# Events.


def spikes_of(*rows: Any) -> pd.DataFrame:
    return session_spikes(activities([WALK, *rows]))


@pytest.mark.parametrize(("km", "event"), [(13.0, False), (13.01, True)])
def test_an_event_is_over_one_and_three_tenths_of_the_longest_other(km: float, event: bool) -> None:
    spikes = spikes_of(("2026-01-01", 10.0), ("2026-01-05", 6.0), ("2026-01-09", km))
    assert spikes["event"].tolist() == [False, False, event]


@pytest.mark.parametrize(("day", "event"), [("2026-04-01", True), ("2026-04-02", False)])
def test_ninety_days_before_are_looked_at_and_no_more(day: str, event: bool) -> None:
    assert spikes_of(("2026-01-01", 10.0), (day, 20.0))["event"].tolist() == [False, event]


def test_an_event_is_judged_like_any_other_and_of_a_whole_outing() -> None:
    parts = [
        {"date": "2026-01-20", "start_utc": f"2026-01-20T{at}", "distance_km": 7.0}
        for at in ("07:00", "07:50")
    ]
    spikes = spikes_of(("2026-01-01", 10.0), *parts, ("2026-01-22", 12.0))
    assert spikes["event"].tolist() == [False, True, True, False]
    # It is flagged, and raises the baseline of what follows, as the study counts it.
    assert spikes["level"].tolist() == ["no_baseline", "moderate", "moderate", "none"]


@pytest.mark.parametrize("kms", [(12.0, 15.0), (15.0, 12.0)])
def test_another_outing_of_the_day_counts_among_the_others(kms: tuple[float, float]) -> None:
    both = [
        {"date": "2026-01-20", "start_utc": f"2026-01-20T{hour}:00", "distance_km": km}
        for hour, km in zip(("06", "18"), kms, strict=True)
    ]
    spikes = spikes_of(("2026-01-01", 10.0), *both)
    assert spikes["event"].tolist() == [False, False, False]


@pytest.mark.parametrize(
    ("text", "race"),
    [
        ("City race", True),
        ("RACES of spring", True),
        ("racing", True),
        ("race: 5 km", True),
        ("brace", False),
        ("traced", False),
        ("Grace", False),
        ("racer", False),
        ("", False),
    ],
)
def test_a_race_is_told_by_the_word(text: str, race: bool) -> None:
    assert is_race_text(text) == race
    rows = [("2026-01-01", 10.0), ("2026-01-20", 9.0)]
    frame = activities([WALK, *rows]).assign(name=["", "", text])
    assert session_spikes(frame)["event"].tolist() == [False, race]


def diary_of(day: str, column: str, text: str) -> pd.DataFrame:
    blank = dict.fromkeys(DIARY_COLUMNS, "") | {"rpe": NAN, "pain": NAN}
    row = blank | {"date": pd.Timestamp(day), column: text}
    return pd.DataFrame([row]).astype(no_diary().dtypes.to_dict())


def kept(
    spikes: pd.DataFrame, diary: pd.DataFrame | None = None, before: str = "2026-12-31"
) -> list[float]:
    base = base_outings(
        by_outing(spikes), no_diary() if diary is None else diary, pd.Timestamp(before)
    )
    return base["outing_km"].tolist()


@pytest.mark.parametrize(("km", "confirmed"), [(15.38, False), (15.39, True)])
def test_a_second_outing_of_its_length_over_one_and_three_tenths_makes_it_a_base(
    km: float, confirmed: bool
) -> None:
    spikes = spikes_of(("2026-01-01", 10.0), ("2026-01-08", 20.0), ("2026-06-01", km))
    first = [10.0, 20.0] if confirmed else [10.0]
    assert kept(spikes) == [*first, km]
    assert kept(spikes, before="2026-06-01") == [10.0]  # not before it has been run
    assert kept(spikes, before="2026-01-08") == [10.0]


@pytest.mark.parametrize(("day", "left"), [("2026-04-01", [8.0, 10.0]), ("2026-04-02", [8.0])])
def test_what_led_to_a_race_within_ninety_days_makes_it_a_base(day: str, left: list[float]) -> None:
    frame = activities([WALK, ("2026-01-01", 8.0), (day, 10.0)]).assign(name=["", "", "race"])
    spikes = session_spikes(frame)
    assert spikes["event"].tolist() == [False, True]
    assert kept(spikes) == left


@pytest.mark.parametrize("column", ["note", "break"])
def test_the_diary_names_a_race_too(column: str) -> None:
    spikes = spikes_of(("2026-01-01", 7.0), ("2026-01-08", 9.0), ("2026-01-12", 6.0))
    assert kept(spikes) == [7.0, 9.0, 6.0]  # 9 is not over 1.3 times 7
    raced = diary_of("2026-01-08", column, "the race of our town")
    assert kept(spikes, raced) == [7.0, 9.0, 6.0]  # and 7 is over 9 / 1.3
    small = spikes_of(("2026-01-01", 6.9), ("2026-01-08", 8.9), ("2026-01-12", 6.0))
    assert kept(small, raced) == [6.9, 8.9, 6.0]
    far = spikes_of(("2026-01-01", 6.0), ("2026-05-08", 8.9), ("2026-05-12", 6.0))
    assert kept(far) == [6.0, 8.9, 6.0]  # nothing in the 90 days before to be an event after
    assert kept(far, diary_of("2026-05-08", column, "Race")) == [6.0, 6.0]
    assert kept(far, diary_of("2026-05-08", column, "Grace ran too")) == [6.0, 8.9, 6.0]
    assert kept(far, diary_of("2026-05-07", column, "Race tomorrow")) == [6.0, 8.9, 6.0]


def test_today_builds_on_no_event_until_something_like_it_is_run_again() -> None:
    week = [5.0, 0, 5.0, 0, 5.0, 0, 0]
    loads = [*week * 8, 20.0, 0, 0, 5.0, 0]
    told = today(archive(runs(loads)), as_of="2026-03-03", days_ahead=0)
    assert told.to_frame().set_index("limit").loc["session_spike", "distance_km"] == 5.5
    again = [*week * 7, 20.0, 0, 0, 15.4, 0, 0, 0, *week]
    told = today(archive(runs(again)), as_of="2026-02-26", days_ahead=0)
    assert told.to_frame().set_index("limit").loc["session_spike", "distance_km"] == (
        pytest.approx(22.0)
    )
    # The event itself is flagged, as the study counted it.
    assert check(archive(runs(loads[:57]))).to_frame().loc[0, "level"] == "large"


# Weeks with few runs.


@pytest.mark.parametrize(
    ("every", "level", "bound"),
    [(7, "sparse", False), (6, "sparse", True), (4, "none", True)],  # 6: the run is the sixth
)
def test_few_run_days_leave_no_ratio_and_no_bound_of_it(
    every: int, level: str, bound: bool
) -> None:
    loads = [8.0 if i % every == 0 else 0.0 for i in range(12 * every + 1)]
    found = check(archive(runs(loads))).to_frame().set_index("check").loc["acwr"]
    assert found["level"] == level
    last = days(loads).index[-1] + pd.Timedelta(days=1)
    told = today(archive(runs(loads)), as_of=last, days_ahead=0).to_frame().set_index("limit")
    assert (told.loc["acwr", "distance_km"] > 0) == bound
    if level == "sparse":
        assert "fewer than 6 days with a run in the last 28" in found["message"]
