from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from made import activities, archive, days, runs

from loadmon.rules.engine import check

NAN = float("nan")
STEADY = [6.0, 0, 5.0, 0, 6.0, 0, 0] * 8  # 56 days from Thursday 1 January


def judge(
    frame: pd.DataFrame, as_of: str | None = None, rested_until: str | None = None
) -> dict[str, Any]:
    made = archive(frame, rested_until=rested_until)
    return check(made, as_of=as_of).to_dict()["findings"][0]


def test_a_longer_run_is_flagged_with_its_numbers() -> None:
    told = judge(runs([*STEADY, 8.5]))
    assert (told["verdict"], told["level"], told["date"]) == ("flagged", "moderate", "2026-02-26")
    assert told["value"] == pytest.approx(8.5 / 6)
    assert told["limit"] == 1.10
    assert told["grade"] == "B"
    assert told["not_flagged_up_to"] == pytest.approx(6.6)
    assert told["message"] == (
        "Thu 26 Feb: 8.5 km, 42 % longer than the longest run in the 30 days before (6.0 km). "
        "Up to 6.6 km would not have been flagged. This flag rests on one file (24.fit)."
    )


def test_eleven_after_ten_is_nothing() -> None:
    past = [10.0, *[0.0] * 20]
    assert judge(runs([*past, 11.0]))["verdict"] == "ok"
    assert judge(runs([*past, 11.001]))["level"] == "small"


def test_the_distance_that_would_not_have_been_flagged_is_not() -> None:
    for past in (6.0, 3.0):  # 10 % more, or half a kilometre
        loads = [past if x else 0.0 for x in STEADY]
        up_to = judge(runs([*loads, 8.5]))["not_flagged_up_to"]
        assert up_to == pytest.approx(max(1.1 * past, past + 0.5))
        assert judge(runs([*loads, up_to]))["verdict"] == "ok"
        assert judge(runs([*loads, up_to + 0.001]))["verdict"] == "flagged"


def test_a_run_within_three_weeks_of_the_first_recording_is_unknown_and_says_why() -> None:
    told = judge(runs([10.0, *[0.0] * 19, 25.0]))
    assert (told["verdict"], told["level"]) == ("unknown", "no_baseline")
    assert "only 20 days are recorded before this run; to compare it takes 21" in told["message"]
    assert judge(runs([10.0, *[0.0] * 20, 25.0]))["verdict"] == "flagged"


def test_an_outing_in_two_files_is_judged_whole_and_rests_on_no_one_file() -> None:
    parts = [
        {"date": "2026-02-26", "start_utc": f"2026-02-26T{at}", "distance_km": 5.0}
        for at in ("07:00", "07:40")
    ]
    past = [(f"{day:%Y-%m-%d}", km) for day, km in days(STEADY).items() if km]
    told = judge(activities([*past, *parts]))
    assert (told["verdict"], told["value"]) == ("flagged", pytest.approx(10 / 6))
    assert "10.0 km, 67 % longer" in told["message"]
    assert told["message"].endswith("The outing has 2 recordings.")


def test_the_worst_of_the_seven_days_is_the_finding_and_the_others_are_named() -> None:
    told = judge(runs([*STEADY, 7.0, 0, 20.0, 0, 0, 0, 25.0]))
    assert (told["level"], told["date"]) == ("large", "2026-02-28")
    assert "20.0 km, 2.9 times the length of the longest run" in told["message"]
    assert "7.0 km on Thu 26 Feb, 25.0 km on Wed 4 Mar." in told["message"]


def test_a_spike_counts_for_seven_days_and_not_for_eight() -> None:
    frame = runs([*STEADY, 9.0, 0, 5, 0, 5, 0, 0, 5.0])
    assert judge(frame, "2026-03-04")["verdict"] == "flagged"
    assert judge(frame, "2026-03-05")["verdict"] == "ok"


def test_a_week_without_a_run_is_not_scolded() -> None:
    told = judge(runs(STEADY), "2026-03-30", rested_until="2026-03-30")
    assert (told["verdict"], told["message"]) == ("ok", "No run in these 7 days.")


def test_a_first_run_has_nothing_to_compare_with_and_that_is_not_fine() -> None:
    told = judge(runs([*STEADY, *[0.0] * 40, 6.0]))
    assert (told["verdict"], told["level"]) == ("unknown", "no_baseline")


def test_silence_is_unknown() -> None:
    told = judge(runs(STEADY), "2026-03-30")
    assert told["verdict"] == "unknown"
    assert told["missing"] == "32 days from Fri 27 Feb to Mon 30 Mar are unknown"


def test_an_unknown_day_in_the_week_is_unknown_but_hides_no_spike() -> None:
    lost = {"unknown_days": ["2026-02-25"]}
    assert judge(runs([*STEADY, 5.0], **lost))["verdict"] == "unknown"
    told = judge(runs([*STEADY[:-7], 9.0, *STEADY[-6:], 5.0], **lost), "2026-02-25")
    assert told["verdict"] == "flagged"
    assert told["missing"] == "Wed 25 Feb is unknown"


def test_an_unknown_day_before_the_week_leaves_a_longer_run_unknown() -> None:
    lost = {"unknown_days": ["2026-02-10"]}
    told = judge(runs([*STEADY, 9.0], **lost))
    assert (told["verdict"], told["level"], told["value"]) == ("unknown", "unknown", None)
    assert told["missing"] == "Tue 10 Feb is unknown"
    assert judge(runs([*STEADY, 6.0], **lost))["verdict"] == "ok"


def test_a_run_of_unknown_distance_is_unknown() -> None:
    frame = runs(STEADY)
    frame.loc[len(frame) - 1, "distance_km"] = np.nan
    assert judge(frame)["verdict"] == "unknown"


def test_a_history_shorter_than_a_week_is_unknown() -> None:
    assert judge(activities([("2026-01-01", 5.0), ("2026-01-03", 5.0)]))["verdict"] == "unknown"
