from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
from forbidden import FORBIDDEN
from hypothesis import given
from hypothesis import strategies as st
from made import activities, archive, runs

from loadmon.errors import SettingError
from loadmon.evidence import REGISTRY
from loadmon.rules.context import CHECKS, LARGEST_STEP, Finding, Findings
from loadmon.rules.engine import check
from loadmon.units import count_text, day_text, more_text

COLUMNS = [
    "check",
    "verdict",
    "level",
    "date",
    "value",
    "limit",
    "unit",
    "window",
    "method",
    "grade",
    "source",
    "message",
    "missing",
    "value_low",
    "value_high",
    "agreement",
    "not_flagged_up_to",
]
NEEDED = ["session_spike", "weekly_change", "acwr", "monotony", "rest"]
STEADY = [6.0, 0, 5.0, 0, 6.0, 0, 0] * 8
ANY = st.lists(st.just(0.0) | st.floats(0.5, 30.0), max_size=80)


def verdict_of(**verdicts: str) -> str:
    rows = [Finding(name, verdicts.get(name, "ok")) for name in CHECKS]  # type: ignore[arg-type]
    return Findings(pd.Timestamp("2026-01-01"), rows).verdict


def test_there_is_a_row_for_every_check_in_its_order() -> None:
    frame = check(archive(runs(STEADY))).to_frame()
    assert frame["check"].tolist() == [*CHECKS, LARGEST_STEP]
    assert list(frame) == COLUMNS
    assert frame["date"].dtype == "datetime64[us]"


def test_a_steady_history_has_nothing_flagged() -> None:
    found = check(archive(runs(STEADY)))
    frame = found.to_frame().set_index("check")
    assert found.verdict == "ok"
    assert frame.loc[[*NEEDED, "return"], "verdict"].eq("ok").all()
    is_told = frame["verdict"] != "not_set_up"
    assert frame.loc[is_told, "missing"].eq("").all()


def test_the_largest_step_of_four_weeks_is_told_whatever_the_last_seven_days_hold() -> None:
    # 20 km on Thursday 26 February, after 6: out of the seven days two weeks later, not of the 28.
    week = [6.0, 0, 5.0, 0, 6.0, 0, 0]
    for after, told_of in ((2, "2026-02-26"), (3, "2026-02-26"), (4, None)):
        found = check(archive(runs([*STEADY, 20.0, *[0.0] * 6, *week * after])))
        rows = {row["check"]: row for row in found.to_dict()["findings"]}
        step = rows[LARGEST_STEP]
        assert rows["session_spike"]["verdict"] == "ok"
        assert (step["verdict"], step["level"]) == ("ok", "info")
        assert found.verdict == "ok"
        if told_of:
            assert (step["date"], step["value"]) == (told_of, pytest.approx(20 / 6))
            assert step["message"] == (
                "Thu 26 Feb: 20.0 km, 3.3 times the length of the longest run in the 30 days "
                "before (6.0 km)."
            )
        else:
            # From Saturday 28 March on the 20 km lie more than 30 days back: 6 km after 6 km again.
            assert (step["date"], step["value"]) == ("2026-03-30", 1.0)
            assert step["message"] == (
                "No run of the last 28 days stands out; the nearest to it is 6.0 km on "
                "Mon 30 Mar, after 6.0 km."
            )


def test_without_a_run_to_compare_the_largest_step_is_not_known() -> None:
    for frame in (runs([6.0, 0, 20.0]), runs([*STEADY[:20], 20.0])):
        step = check(archive(frame)).to_frame().set_index("check").loc[LARGEST_STEP]
        assert (step["verdict"], step["level"]) == ("unknown", "unknown")
        assert "No run of the last 28 days can be compared" in step["message"]


@pytest.mark.parametrize("name", ["session_spike", "weekly_change", "acwr"])
def test_the_run_that_a_flag_would_have_let_pass_does_and_one_per_cent_more_does_not(
    name: str,
) -> None:
    # A longest run of 12 km, so that the single run and the week have limits apart.
    loads = [*[6.0, 0, 12.0, 0, 6.0, 0, 0] * 8, 6.0, 0, 6.0, 0]

    def row(km: float) -> pd.Series:
        frame = check(archive(runs([*loads, km]))).to_frame().set_index("check")
        return frame.loc[name]

    flagged = row(60.0)
    up_to = float(flagged["not_flagged_up_to"])
    # 1.1 x 12; 1.3 x 24 - 12; 4 (12 + x) = 1.5 (72 + 12 + x).
    by_hand = {"session_spike": 13.2, "weekly_change": 19.2, "acwr": 31.2}
    assert (flagged["verdict"], up_to) == ("flagged", pytest.approx(by_hand[name]))
    assert f"Up to {up_to:.1f} km" in flagged["message"]
    assert row(up_to)["verdict"] == "ok"
    assert np.isnan(row(up_to)["not_flagged_up_to"])
    assert row(1.01 * up_to)["verdict"] == "flagged"


def test_what_was_never_given_says_what_it_would_need() -> None:
    frame = check(archive(runs(STEADY))).to_frame().set_index("check")
    optional = ["symptoms", "form", "strength", "shoes", "overtraining"]
    assert frame.loc[["descent", *optional], "verdict"].eq("not_set_up").all()
    assert frame.loc[optional, "missing"].ne("").all()
    assert "it is not known" in frame.loc["symptoms", "message"]


@pytest.mark.parametrize("name", CHECKS)
def test_one_flagged_check_flags_the_whole(name: str) -> None:
    assert verdict_of(**{name: "flagged", "rest": "unknown"} | {name: "flagged"}) == "flagged"


@pytest.mark.parametrize("name", CHECKS)
def test_the_whole_is_unknown_if_a_needed_check_is(name: str) -> None:
    assert verdict_of(**{name: "unknown"}) == ("unknown" if name in NEEDED else "ok")
    assert verdict_of(**{name: "not_set_up"}) == "ok"


@pytest.mark.parametrize(("frame", "as_of"), [(activities([]), None), (runs(STEADY), "2020-01-01")])
def test_nothing_recorded_is_unknown_and_never_fine(frame: pd.DataFrame, as_of: str) -> None:
    found = check(archive(frame), as_of=as_of)
    rows = found.to_frame().set_index("check")
    assert found.verdict == "unknown"
    assert rows.loc[NEEDED, "verdict"].eq("unknown").all()
    assert rows.loc[NEEDED, "message"].str.contains("No activity is recorded").all()
    assert found.to_dict()["as_of"] == as_of


def test_the_dict_is_json_without_nan() -> None:
    told = check(archive(runs([*STEADY, 6.0, 0, 20.0]), "refused")).to_dict()
    again = json.loads(json.dumps(told, allow_nan=False))
    assert again == told
    assert (told["schema"], told["as_of"], told["verdict"]) == (1, "2026-02-28", "flagged")
    assert [list(row) for row in told["findings"]] == [COLUMNS] * (len(CHECKS) + 1)
    spike = told["findings"][0]
    assert spike["date"] == "2026-02-28"
    assert spike["value"] == pytest.approx(20 / 6)
    (never,) = [row for row in told["findings"] if row["check"] == "overtraining"]
    assert never["value"] is never["date"] is None


def test_dict_and_frame_tell_the_same() -> None:
    found = check(archive(runs(STEADY)))
    frame = found.to_frame()
    for name in ("check", "verdict", "message"):
        assert frame[name].tolist() == [row[name] for row in found.to_dict()["findings"]]


def test_every_number_comes_with_its_source_and_grade() -> None:
    frame = check(archive(runs([*STEADY, 6.0, 0, 20.0]))).to_frame()
    judged = frame[frame["verdict"] != "not_set_up"]
    sources = {e.source for e in REGISTRY.values()}
    assert judged["source"].isin(sources).all()
    assert judged["grade"].isin(list("ABCDX")).all()
    assert (judged[["method", "window", "unit"]] != "").all(axis=None)


def test_unreadable_files_are_named_in_what_is_missing() -> None:
    outcomes = ["imported", "quarantined", "refused", "skipped", "duplicate", "flagged"]
    frame = check(archive(runs(STEADY), *outcomes)).to_frame().set_index("check")
    for name in NEEDED:
        assert frame.loc[name, "missing"].startswith("2 files could not be read")


def test_later_activities_change_nothing() -> None:
    frame = runs([*STEADY, 30.0, 30.0])
    known = check(archive(runs(STEADY)), as_of="2026-02-25").to_dict()
    assert check(archive(frame), as_of="2026-02-25").to_dict() == known


def test_a_day_that_is_none_is_refused() -> None:
    with pytest.raises(SettingError, match="YYYY-MM-DD"):
        check(archive(runs(STEADY)), as_of="someday")


@given(ANY, st.sets(st.integers(0, 79)), st.integers(0, 90))
def test_every_history_gets_honest_sentences_and_consistent_verdicts(
    loads: list[float], lost: set[int], day: int
) -> None:
    calendar = pd.date_range("2026-01-01", periods=91)
    frame = runs(loads, unknown_days=[f"{calendar[i]:%Y-%m-%d}" for i in sorted(lost)])
    found = check(archive(frame), as_of=calendar[day])
    rows = found.to_frame()
    json.dumps(found.to_dict(), allow_nan=False)
    assert rows["message"].str.endswith(".").all()
    told = " ".join(rows["message"])
    assert not [p for p in FORBIDDEN if re.search(p, told, flags=re.IGNORECASE)]
    assert not rows["message"].str.contains("nan").any()
    assert rows["verdict"].isin(["ok", "flagged", "unknown", "not_set_up"]).all()
    flagged = rows[rows["verdict"] == "flagged"]
    assert flagged["date"].notna().all()
    week = pd.Timedelta(days=6)
    assert flagged["date"].between(calendar[day] - week, calendar[day]).all()


@given(st.lists(st.just(0.0) | st.floats(0.5, 30.0), min_size=30, max_size=70))
def test_a_rest_day_never_raises_an_alarm_by_itself(loads: list[float]) -> None:
    loads = [5.0, *loads, 5.0]
    made = archive(runs(loads), rested_until="2027-01-01")
    last = made.activities["date"].max()
    today = check(made, as_of=last).to_frame()
    after = check(made, as_of=last + pd.Timedelta(days=1)).to_frame()
    raised = (after["verdict"] == "flagged") & (today["verdict"] != "flagged")
    assert not raised.any()


def test_days_and_shares_are_written_as_people_do() -> None:
    assert day_text(pd.Timestamp("2026-10-11")) == "Sun 11 Oct"
    assert [more_text(r) for r in (1.41, 1.5, 1.1004, 1.104, 1.2996, 1.3004, 2.0, 3.04)] == [
        *["41 %", "50 %", "10.1 %", "10.4 %", "30 %", "30.1 %", "2.0 times", "3.0 times"]
    ]
    assert [count_text(n, "day") for n in (0, 1, 2)] == ["0 days", "1 day", "2 days"]
