"""Looking back: breaks, what was flagged before them, and how often it was otherwise."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from made import archive, runs
from made_pages import data_of

from loadmon.athlete import Athlete
from loadmon.daily import daily_load
from loadmon.diary import DIARY_COLUMNS, no_diary
from loadmon.report.captions import CANNOT_SHOW, NO_LAY_OFF, lookback_table, lookback_text
from loadmon.report.overview import overview
from loadmon.rules.lookback import breaks, enough_named, lookback, rates, share_interval

NAN = float("nan")
WEEK = [5.0, 0, 5.0, 0, 5.0, 0, 0]  # gaps of 2, 2 and 3 days
FIRST = pd.Timestamp("2026-01-01")
NO_PAUSES = pd.DataFrame(columns=["from_day", "until_day", "reason"])


def diary(*entries: dict[str, Any]) -> pd.DataFrame:
    """Entries of a diary; what is not told is empty."""
    empty = dict.fromkeys(DIARY_COLUMNS, "") | {"pain": NAN, "rpe": NAN}
    rows = [{**empty, **entry, "date": pd.Timestamp(entry["date"])} for entry in entries]
    return pd.concat([no_diary(), pd.DataFrame(rows)]).astype(no_diary().dtypes.to_dict())


def found(loads: list[float], *entries: dict[str, Any], **options: Any) -> pd.DataFrame:
    told = diary(*entries) if entries else no_diary()
    return breaks(daily_load(runs(loads, **options)), told, NO_PAUSES)


def test_a_gap_far_beyond_the_usual_is_a_break() -> None:
    frame = found([*WEEK * 8, *[0.0] * 8, *WEEK * 4])
    (row,) = frame.to_dict("records")
    # The last run is on day 53, the next on day 64: 11 days apart, 10 full days between.
    assert (row["days"], row["days_off"]) == (11, 10)
    assert row["start"] == FIRST + pd.Timedelta(days=54)
    assert row["end"] == FIRST + pd.Timedelta(days=63)
    assert (row["kind"], row["name"]) == ("gap", "")


@pytest.mark.parametrize(("off", "n"), [(6, 0), (7, 1)])
def test_less_than_seven_days_off_are_no_break(off: int, n: int) -> None:
    assert len(found([*WEEK * 8, *[0.0] * (off - 2), *WEEK * 4])) == n


@pytest.mark.parametrize(("gap", "n"), [(10, 0), (11, 1)])
def test_twice_the_usual_gap_is_not_far_beyond_it(gap: int, n: int) -> None:
    every_fifth = [5.0, *[0.0] * 4] * 30
    loads = [*every_fifth, 5.0, *[0.0] * (gap - 1), *every_fifth]
    assert len(found(loads)) == n


def test_a_break_that_is_not_over_or_not_known_is_none() -> None:
    still = archive(runs(WEEK * 8), rested_until="2026-12-31")
    daily = daily_load(still.activities, calendar=still.calendar("2026-03-27"))
    assert breaks(daily, no_diary(), NO_PAUSES).empty
    lost = [*WEEK * 8, *[0.0] * 8, *WEEK * 4]
    assert len(found(lost)) == 1
    assert found(lost, unknown_days=["2026-03-01"]).empty
    assert len(found(lost, unknown_days=["2026-01-01"])) == 1


def test_an_unknown_day_after_the_last_run_ends_no_break() -> None:
    made = archive(runs(WEEK * 8, unknown_days=["2026-03-27"]), rested_until="2026-12-31")
    daily = daily_load(made.activities, calendar=made.calendar("2026-03-30"))
    assert daily["status"].eq("unknown").any()
    assert breaks(daily, no_diary(), NO_PAUSES).empty


def test_a_break_is_named_or_dismissed_by_a_line_on_one_of_its_days() -> None:
    loads = [*WEEK * 8, *[0.0] * 8, *WEEK * 4]
    on = {"date": "2026-02-25", "break": "flu"}
    assert found(loads, on)["name"].tolist() == ["flu"]
    assert found(loads, {**on, "date": "2026-02-24"})["name"].tolist() == ["flu"]
    assert found(loads, {**on, "date": "2026-03-05"})["name"].tolist() == ["flu"]
    for outside in ("2026-02-23", "2026-03-06"):
        assert found(loads, {**on, "date": outside})["name"].tolist() == [""]
    assert found(loads, {**on, "break": "dismiss"}).empty


def test_what_a_vendor_was_told_names_a_break_where_the_diary_does_not() -> None:
    daily = daily_load(runs([*WEEK * 8, *[0.0] * 8, *WEEK * 4]))
    pauses = pd.DataFrame(
        {"from_day": [pd.Timestamp("2026-02-20")], "until_day": [pd.NaT], "reason": ["injury"]}
    )
    assert breaks(daily, no_diary(), pauses)["name"].tolist() == ["injury"]
    own = diary({"date": "2026-02-25", "break": "flu"})
    assert breaks(daily, own, pauses)["name"].tolist() == ["flu"]
    over = pauses.assign(until_day=pd.Timestamp("2026-02-23"))
    assert breaks(daily, no_diary(), over)["name"].tolist() == [""]


@pytest.mark.parametrize(
    ("first", "last", "name"),
    [
        ("2026-02-20", "2026-02-23", ""),
        ("2026-02-20", "2026-02-24", "injury"),  # its first day
        ("2026-02-28", "2026-03-02", "injury"),
        ("2026-02-28", None, "injury"),
        ("2026-03-05", None, "injury"),  # its last day
        ("2026-03-06", None, ""),
    ],
)
def test_what_a_vendor_was_told_of_any_day_of_a_break_names_it(
    first: str, last: str | None, name: str
) -> None:
    daily = daily_load(runs([*WEEK * 8, *[0.0] * 8, *WEEK * 4]))
    told = {"from_day": [first], "until_day": [last], "reason": ["injury"]}
    pauses = pd.DataFrame(told).astype(
        {"from_day": "datetime64[us]", "until_day": "datetime64[us]"}
    )
    assert breaks(daily, no_diary(), pauses)["name"].tolist() == [name]


def pain(day: str, points: float) -> dict[str, Any]:
    return {"date": day, "pain": points, "site": "knee"}


def test_a_pain_of_three_is_a_break_of_its_own_kind() -> None:
    frame = found(WEEK * 20, pain("2026-03-01", 2.0), pain("2026-03-05", 3.0))
    assert frame["start"].tolist() == [pd.Timestamp("2026-03-05")]
    assert frame[["kind", "days", "days_off"]].to_numpy().tolist() == [["pain", 0, 0]]


def test_pains_within_four_weeks_are_one() -> None:
    first = pain("2026-02-01", 4.0)
    assert len(found(WEEK * 20, first, pain("2026-03-01", 4.0))) == 1
    two = found(WEEK * 20, first, pain("2026-03-02", 4.0))
    assert len(two) == 2
    assert two["end"].tolist() == two["start"].tolist()


def test_a_pain_that_led_to_a_gap_is_not_counted_twice() -> None:
    loads = [*WEEK * 8, *[0.0] * 8, *WEEK * 8]  # the gap begins on 24 February
    for day, n in (("2026-01-27", 1), ("2026-01-26", 2), ("2026-03-05", 1), ("2026-03-06", 2)):
        assert len(found(loads, pain(day, 5.0))) == n


def test_a_pain_before_anything_was_recorded_has_nothing_before_it() -> None:
    assert found(WEEK * 20, pain("2025-12-01", 5.0)).empty


def looked(loads: list[float], *entries: dict[str, Any]) -> pd.DataFrame:
    athlete = Athlete(diary=diary(*entries)) if entries else Athlete()
    return lookback(archive(runs(loads)), athlete=athlete)


def test_what_was_flagged_in_the_four_weeks_before_stands_beside_a_break() -> None:
    off = [0.0] * 8
    spike = [9.0, 0, 5, 0, 5, 0, 0]
    frame = looked([*WEEK * 8, *spike, *WEEK * 2, *off, *WEEK * 12, *off, *WEEK * 4])
    assert len(frame) == 2
    assert "session_spike" in frame["flags"].iloc[0].split(",")
    assert frame["flags"].iloc[1] == ""


@pytest.mark.parametrize(("weeks", "seen"), [(3, True), (4, False)])
def test_the_four_weeks_are_28_days(weeks: int, seen: bool) -> None:
    # The spike is the first run of a week; after 4 weeks it lies 33 days before the break.
    off = [0.0] * 8
    frame = looked([*WEEK * 8, 9.0, 0, 5, 0, 5, 0, 0, *WEEK * weeks, *off, *WEEK * 4])
    assert ("session_spike" in frame["flags"].iloc[0]) == seen


def test_the_base_rate_counts_weeks_with_a_run_outside_breaks_and_what_was_before_them() -> None:
    off = [0.0] * 8
    frame = looked([*WEEK * 12, *off, *WEEK * 12])
    # Sundays from 1 February (28 days of data on 28 January) to the end, 24 June 2026.
    sundays = pd.date_range("2026-02-01", "2026-06-24", freq="W-SUN")
    start, end = frame["start"].iloc[0], frame["end"].iloc[0]
    free = [d for d in sundays if not start - pd.Timedelta(days=28) <= d <= end]
    ran = [d for d in free if not (start - pd.Timedelta(days=1) < d - pd.Timedelta(days=6) <= end)]
    assert frame["other_weeks"].iloc[0] == len(free)
    assert len(ran) <= len(free)


def test_base_rates_and_rates_agree_with_counting_by_hand() -> None:
    off, spike = [0.0] * 8, [9.0, 0, 5, 0, 5, 0, 0]
    frame = looked([*WEEK * 8, *spike, *WEEK, *off, *WEEK * 9, *spike, *WEEK * 9, *off, *WEEK * 9])
    told = rates(frame).set_index("check")
    spikes = told.loc["session_spike"]
    assert (spikes["before"], spikes["breaks"]) == (1, 2)
    assert spikes["share"] == 0.5
    assert spikes["base_rate"] == frame["base_session_spike"].iloc[0]
    # The spike on a Thursday stands for the four Sundays after it, and the first Sunday after the
    # first break still looks back on the first spike.
    assert spikes["base_rate"] * spikes["other_weeks"] == pytest.approx(5)
    assert told.loc["any", "before"] >= spikes["before"]


def test_a_flag_of_the_day_on_which_a_pain_begins_did_not_stand_before_it() -> None:
    loads = [*WEEK * 8, 9.0, 0, *WEEK * 4]
    spike = FIRST + pd.Timedelta(days=56)
    for later, stood in ((0, False), (1, True)):
        day = spike + pd.Timedelta(days=later)
        frame = looked(loads, {"date": f"{day:%Y-%m-%d}", "pain": 4.0})
        (pain,) = frame[frame["kind"] == "pain"].to_dict("records")
        assert pain["start"] == day
        assert ("session_spike" in pain["flags"].split(",")) is stood


def test_without_a_break_there_is_nothing_to_compare() -> None:
    frame = looked(WEEK * 20)
    assert frame.empty
    assert rates(frame).empty
    assert lookback_text(frame) == NO_LAY_OFF


def test_the_interval_of_a_share_is_wilson_s() -> None:
    # Newcombe 1998, Stat Med 17:857, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for hits, n, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        assert share_interval(hits, n) == pytest.approx((low, high), abs=5e-5)
    assert share_interval(5, 5)[1] == 1.0


def test_fewer_than_five_named_breaks_are_shown_on_request_only() -> None:
    named = pd.DataFrame({"name": ["flu", "injury", "", "holiday", "flu"]})
    assert not enough_named(named)
    assert enough_named(pd.concat([named, pd.DataFrame({"name": ["knee"]})]))


@pytest.mark.parametrize(("named", "rows"), [(4, 0), (5, 1)])
def test_from_five_named_breaks_on_the_report_looks_back_by_itself(named: int, rows: int) -> None:
    off, spike = [0.0] * 8, [9.0, 0, 5, 0, 5, 0, 0]
    made = runs([*WEEK * 6, *([*spike, *WEEK, *off, *WEEK * 5] * 5)])
    far = made["date"].diff().dt.days > 8
    days = made["date"][far] - pd.Timedelta(days=2)
    assert len(days) == 5
    told = [{"date": f"{day:%Y-%m-%d}", "break": "flu"} for day in days[:named]]
    read = archive(made, diary=diary(*told))
    table = lookback_table(data_of(overview(read, title="x")).lookback)
    spikes = [row for row in table.rows if row[0] == "Longest single run"]
    assert len(spikes) == rows
    if rows:
        assert spikes[0][1:3] == ("5 of 5", "57 to 100 %")
        assert spikes[0][3].endswith(f"of {lookback(read)['other_weeks'].iloc[0]}")
        assert CANNOT_SHOW in table.caption


def test_the_words_say_what_so_few_cases_cannot_show() -> None:
    off, spike = [0.0] * 8, [9.0, 0, 5, 0, 5, 0, 0]
    loads = [*WEEK * 8, *spike, *WEEK, *off, *WEEK * 9]
    text = lookback_text(looked(loads))
    assert "Longest single run: before 1 of 1 lay-offs (95 % interval 21 to 100 %), against" in text
    assert CANNOT_SHOW in text
    assert "1 lay-off without a name. Name one" in text
    named = lookback_text(looked(loads, {"date": "2026-03-13", "break": "flu"}))
    assert "without a name" not in named


def simulated(seed: int, after_spikes: bool) -> pd.DataFrame:
    """Two years of a runner who breaks off after long runs, or at any time.

    Every tenth week or so the first run is twice as long as usual. Breaks of 12 days follow either
    within a week of some of those runs, or begin in weeks drawn at random.
    """
    rng = np.random.default_rng(seed)
    weeks: list[list[float]] = []
    breaks_left = 12
    while len(weeks) < 104:
        long = rng.random() < 0.1
        weeks.append([10.0 if long else 5.0, 0, 5.0, 0, 5.0, 0, 0])
        starts = long and rng.random() < 0.7 if after_spikes else rng.random() < 0.12
        if starts and breaks_left and len(weeks) > 8:
            breaks_left -= 1
            weeks += [[0.0] * 7, [0.0] * 7]
    return lookback(archive(runs([x for week in weeks for x in week])))


def test_breaks_that_follow_spikes_lie_above_the_base_rate() -> None:
    told = rates(simulated(1, after_spikes=True)).set_index("check").loc["session_spike"]
    assert told["breaks"] >= 5
    assert told["low"] > told["base_rate"]


@pytest.mark.parametrize("seed", [1, 2])
def test_the_interval_of_random_breaks_holds_the_base_rate(seed: int) -> None:
    frame = simulated(seed, after_spikes=False)
    told = rates(frame).set_index("check")
    assert told["breaks"].iloc[0] >= 5
    hits = frame["flags"].str.contains("session_spike").sum()
    low, high = share_interval(int(hits), len(frame))
    assert low <= frame["base_session_spike"].iloc[0] <= high


def test_a_history_too_short_for_other_weeks_has_no_base_rate() -> None:
    frame = looked(WEEK * 3, pain("2026-01-15", 6.0))
    assert frame["other_weeks"].tolist() == [0]
    assert math.isnan(frame["base_any"].iloc[0])
    assert "against no other week" in lookback_text(frame)
