"""The checks over other loads than distance, and in miles."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from made import activities, archive, runs

from loadmon.athlete import Athlete
from loadmon.errors import SettingError
from loadmon.rules.engine import check
from loadmon.rules.session_spike import session_spikes
from loadmon.units import amount_text, listed, unit_of

WEEK = [6.0, 0, 6.0, 0, 6.0, 0, 0]
WIDE = {"weekly-change.limit": 4.0, "weekly-change.doubled": 4.0}


def judge(name: str, frame: pd.DataFrame, load: str, **told: Any) -> dict[str, Any]:
    rows = check(archive(frame), load=load, **told).to_dict()["findings"]
    return next(row for row in rows if row["check"] == name)


def longer_in_time() -> pd.DataFrame:
    """Eight even weeks, then the same distance in half as much time again."""
    frame = runs([*WEEK * 8, 6.0])
    frame.loc[len(frame) - 1, "duration_min"] = 54.0
    return frame


def test_a_run_that_is_longer_in_time_alone_is_seen_in_time_alone() -> None:
    frame = longer_in_time()
    assert judge("session_spike", frame, "distance_km")["verdict"] == "ok"
    told = judge("session_spike", frame, "duration_min")
    assert (told["verdict"], told["level"]) == ("flagged", "moderate")
    assert told["message"] == (
        "Thu 26 Feb: 54 min, 50 % longer than the longest run in the 30 days before (36 min). "
        "Up to 41 min would not have been flagged. This flag rests on one file (24.fit)."
    )


def test_another_load_is_told_as_an_extrapolation() -> None:
    for name in ("session_spike", "weekly_change"):
        told = judge(name, longer_in_time(), "duration_min")
        assert told["grade"] == ("X" if name == "weekly_change" else "D")
        assert told["method"].endswith("for duration_min it is an extrapolation")
        assert "extrapolation" not in judge(name, longer_in_time(), "distance_km")["method"]


def test_five_minutes_more_do_not_stand_out() -> None:
    frame = runs([*WEEK * 8, 6.0])
    frame["duration_min"] = [*[20.0] * (len(frame) - 1), 25.0]
    assert judge("session_spike", frame, "duration_min")["verdict"] == "ok"
    frame.loc[len(frame) - 1, "duration_min"] = 25.1
    assert judge("session_spike", frame, "duration_min")["verdict"] == "flagged"


def test_change_ratio_and_monotony_are_those_of_the_load() -> None:
    frame = runs([*WEEK * 8, *(2 * x for x in WEEK)])
    km, minutes = (judge("weekly_change", frame, x) for x in ("distance_km", "duration_min"))
    assert km["value"] == pytest.approx(minutes["value"])
    assert "36.0 km in the 7 days" in km["message"]
    assert "216 min in the 7 days" in minutes["message"]
    assert km["grade"] == minutes["grade"] == "X"  # contradicted; an extrapolation is no better
    for name in ("acwr", "monotony"):
        one, other = (judge(name, frame, x) for x in ("distance_km", "duration_min"))
        assert one["value"] == pytest.approx(other["value"])


def test_a_load_that_is_not_known_leaves_its_checks_unknown() -> None:
    frame = runs(WEEK * 8)
    for name in ("session_spike", "weekly_change", "acwr", "monotony"):
        told = judge(name, frame, "srpe")
        assert told["verdict"] == "unknown"
        assert told["missing"]
    assert judge("return", frame, "srpe")["verdict"] != "flagged"


def test_the_return_stays_in_kilometres() -> None:
    loads = [*[8.0, 0, 8.0, 0, 0, 14.0, 0] * 8, *[0.0] * 34, 14.0]
    told = judge("return", runs(loads), "duration_min")
    assert (told["verdict"], told["value"], told["unit"]) == ("flagged", 14.0, "km")


def test_a_load_that_does_not_exist_is_refused() -> None:
    with pytest.raises(SettingError, match="no load 'effort'"):
        check(archive(runs(WEEK)), load="effort")


def test_spikes_of_another_load_name_its_unit() -> None:
    spikes = session_spikes(longer_in_time(), load="duration_min")
    assert {"duration_min", "longest_before_min"} <= set(spikes)
    assert spikes["ratio"].iloc[-1] == pytest.approx(1.5)


def test_the_ramp_rate_is_judged_for_points_and_for_nothing_else() -> None:
    # 6 weeks at 50 a day, then 160: CTL up by (1 - exp(-1/6)) x (160 - 50 x (1 - exp(-1))).
    frame = runs([6.0] * 49)
    frame["srpe"] = [*[50.0] * 42, *[160.0] * 7]
    rise = (1 - np.exp(-1 / 6)) * (160 - 50 * (1 - np.exp(-1)))
    mine = Athlete(limits={"ramp-rate.limit": 15.0, **WIDE})
    told = judge("weekly_change", frame, "srpe", athlete=mine)
    assert (told["verdict"], told["level"], told["unit"]) == ("flagged", "steep", "AU")
    assert told["value"] == pytest.approx(rise)
    assert f"up by {rise:.1f} in the 7 days to Wed 18 Feb" in told["message"]
    wide = Athlete(limits=WIDE)
    assert judge("weekly_change", frame, "srpe", athlete=wide)["verdict"] == "ok"
    points = frame.assign(hr_stress=frame["srpe"])
    told = judge("weekly_change", points, "hr_stress", athlete=wide)
    assert (told["level"], told["limit"], told["unit"]) == ("steep", 8.0, "points")


def test_the_ramp_rate_waits_until_the_mean_no_longer_rises_from_nothing() -> None:
    mine = Athlete(limits={"ramp-rate.limit": 1.0})
    for days, verdict in ((41, "ok"), (42, "flagged")):
        assert judge("weekly_change", runs([6.0] * days), "distance_km")["verdict"] == "ok"
        mark = judge("weekly_change", runs([20.0] * days), "distance_km", athlete=mine)
        assert mark["verdict"] == verdict


def test_miles_are_told_to_who_counts_in_miles() -> None:
    loads = [*WEEK * 8, 9.0]
    told = check(archive(runs(loads)), athlete=Athlete(units="mi")).to_frame().set_index("check")
    assert told.loc["session_spike", "message"] == (
        "Thu 26 Feb: 5.6 mi, 50 % longer than the longest run in the 30 days before (3.7 mi). "
        "Up to 4.1 mi would not have been flagged. This flag rests on one file (24.fit)."
    )
    assert not told["message"].str.contains(r"\d km").any()
    assert told.loc["session_spike", "value"] == pytest.approx(1.5)


def test_units_come_from_the_end_of_a_name() -> None:
    named = {"distance_km": "km", "duration_min": "min", "descent_m": "m", "trimp": "AU"}
    assert {load: unit_of(load) for load in named} == named
    assert unit_of("hr_stress") == "points"
    assert unit_of("my_energy_kj") == "kj"
    assert unit_of("my_load") == "AU"
    assert amount_text(16.09344, "distance_km", "mi") == "10.0 mi"
    assert amount_text(84.6, "duration_min", "mi") == "85 min"
    assert listed(["a", "b", "c", "d", "e"], 3) == "a, b, c and 2 more"
    assert listed(["a", "b"], 3) == "a, b"


def test_a_walk_has_no_say() -> None:
    rows = [("2026-01-01", 5.0), ("2026-01-20", 30.0, "walking"), ("2026-01-22", 5.0)]
    spikes = session_spikes(activities(rows), load="duration_min")
    assert spikes["level"].tolist() == ["no_baseline", "none"]
    rows[1] = ("2026-01-20", 30.0)
    spikes = session_spikes(activities(rows), load="duration_min")
    assert spikes["level"].tolist() == ["no_baseline", "no_baseline", "none"]
