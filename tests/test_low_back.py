"""The low-back view: five factors, six weeks beside six weeks, and nothing that is not known."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from forbidden import FORBIDDEN
from made import activities, archive

from loadmon.athlete import Shoe
from loadmon.calendar import with_unknown_days
from loadmon.cli.report import report_data
from loadmon.diary import DIARY_COLUMNS
from loadmon.io.archive import Archive
from loadmon.report.clinic import (
    FRAMES,
    back_pain_since,
    clinic_frames,
    clinic_tables,
    lighter_text,
    low_back,
)
from loadmon.report.overview import overview
from loadmon.report.wording import SIGN_STATE_WORDS
from loadmon.rules.context import CheckContext
from loadmon.rules.engine import build_context

END = pd.Timestamp("2026-06-28")  # a Sunday


def diary(*entries: tuple[int, float, str]) -> pd.DataFrame:
    """Entries as (days before the end, pain, site)."""
    rows = [
        {"date": END - pd.Timedelta(days=ago), "pain": pain, "site": site}
        for ago, pain, site in entries
    ]
    frame = pd.DataFrame(rows, columns=list(DIARY_COLUMNS))
    words = [c for c in DIARY_COLUMNS if c not in ("date", "pain", "rpe")]
    frame[words] = frame[words].astype(object).fillna("").astype("str")
    return frame.astype({"pain": "float64", "rpe": "float64"}).sort_values(
        "date", ignore_index=True
    )


def made(**words: object) -> Archive:
    """Six weeks of four runs of 5 km, then six of five of 7 km with one strength session each."""
    sessions: list[dict[str, object]] = []
    for week in range(12):
        monday = END - pd.Timedelta(days=7 * (12 - week) - 1)
        late = week >= 6
        for day in (0, 1, 3, 5, 6) if late else (0, 2, 4, 6):
            km = 7.0 if late else 5.0
            sessions.append(
                {"date": f"{monday + pd.Timedelta(days=day):%Y-%m-%d}", "distance_km": km}
            )
        if late:
            gym = {"sport": "training", "sub_sport": "strength_training", "duration_min": 20.0}
            sessions.append({"date": f"{monday + pd.Timedelta(days=2):%Y-%m-%d}", **gym})
    return archive(activities(sessions), **words)


def view(given: Archive) -> CheckContext:
    return build_context(given, END)


@pytest.mark.parametrize(
    ("entries", "ago"),
    [
        ([(3, 2.0, "Back")], 3),
        ([(3, 2.0, "lower back"), (20, 1.0, "back")], 20),
        ([(3, 2.0, "knee")], None),
        ([(3, 0.0, "back")], None),
        ([(28, 2.0, "back")], None),
        ([], None),
    ],
)
def test_back_pain_begins_with_the_first_entry_of_the_back(
    entries: list[tuple[int, float, str]], ago: int | None
) -> None:
    since = back_pain_since(view(made(diary=diary(*entries))))
    assert since == (None if ago is None else END - pd.Timedelta(days=ago))


def test_six_weeks_stand_beside_the_six_before_them() -> None:
    factors = {f.name: f for f in low_back(view(made()), END)}
    assert list(factors) == [
        "Form",
        "Core and strength",
        "Shoes",
        "Too much too soon",
        "Rest with gentle movement",
    ]
    load = factors["Too much too soon"]
    assert load.before.startswith("20.0 km a week, longest 5.0 km, 0 runs beyond")
    assert load.last.startswith("35.0 km a week, longest 7.0 km, ")
    strength = factors["Core and strength"]
    assert (strength.before, strength.last) == ("0 sessions, 0.0 a week", "6 sessions, 1.0 a week")
    rest = factors["Rest with gentle movement"]
    assert rest.before.startswith(
        "3.0 days a week without a run; a walk or another sport on 0 days"
    )
    assert rest.last.startswith("2.0 days a week without a run; a walk or another sport on 6 days")


def test_the_day_before_the_twelve_weeks_does_not_count() -> None:
    day = END - pd.Timedelta(days=84)
    more = activities([(f"{day:%Y-%m-%d}", 30.0)])
    given = made()
    more["activity_id"] = "more"
    frame = pd.concat([more, given.activities], ignore_index=True)
    factors = {f.name: f for f in low_back(view(replace(given, activities=frame)), END)}
    assert factors["Too much too soon"].before.startswith("20.0 km a week, longest 5.0 km")


def test_what_is_not_known_is_a_dash_and_never_a_zero() -> None:
    factors = {f.name: f for f in low_back(view(made()), END)}
    assert (factors["Form"].before, factors["Form"].last) == ("–", "–")
    assert factors["Shoes"].last == "–"
    earlier = {f.name: f for f in low_back(view(made()), END - pd.Timedelta(days=7))}
    assert earlier["Too much too soon"].before == "–"  # the six weeks are not all recorded
    given = made()
    lost = [pd.Timestamp("2026-06-01")]
    given = replace(given, activities=with_unknown_days(given.activities, lost, are_all=True))
    unknown = {f.name: f for f in low_back(view(given), END)}
    assert unknown["Too much too soon"].last == "–"
    assert unknown["Rest with gentle movement"].last == "–"
    assert unknown["Too much too soon"].before != "–"


def test_a_new_pair_is_named_with_its_day() -> None:
    pairs = (
        Shoe(name="old", until_day=date(2026, 5, 31)),
        Shoe(name="new", from_day=date(2026, 6, 1)),
    )
    factors = {f.name: f for f in low_back(view(made(shoes=pairs)), END)}
    assert factors["Shoes"].last == "new: new on Mon 1 Jun"
    assert factors["Shoes"].before.startswith("old: new on ")


def test_distances_follow_the_units_of_the_runner() -> None:
    factors = {f.name: f for f in low_back(view(made(units="mi")), END)}
    assert factors["Too much too soon"].before.startswith("12.4 mi a week, longest 3.1 mi")


def test_no_text_claims_a_cause_or_promises_anything() -> None:
    for factor in low_back(view(made()), END):
        text = " ".join((factor.before, factor.last, factor.advice, factor.evidence)).lower()
        assert not [phrase for phrase in FORBIDDEN if phrase in text]
        assert "because" not in text


def test_the_tables_of_the_page_hold_what_the_checks_hold() -> None:
    given = made(
        diary=diary((3, 2.0, "back")), shoes=(Shoe(name="road", start_km=100, retire_km=600),)
    )
    told = overview(given, title="x", as_of=END)
    tables = clinic_tables(told, clinic_frames(told))
    (sore,) = tables["low-back"]
    assert "Thu 25 Jun 2026" in sore.caption
    assert len(sore.rows) == 5
    weeks = tables["strength"][0].rows
    assert [row[1] for row in weeks[:7]] == ["1"] * 6 + ["0"]
    assert weeks[0][3] == "35.0 km"
    shoes = tables["shoes"][0].rows
    assert shoes[0][:4] == ("road", "54", "330.0 km", "430 km")
    quiet = dict(tables["rest"][0].rows)
    assert quiet == {"strength training": "6", "nothing recorded": "6"}
    assert all(len(row) == len(t.head) for ts in tables.values() for t in ts for row in t.rows)


def test_the_data_of_a_report_hold_what_the_sections_of_the_clinic_show() -> None:
    given = made(
        diary=diary((3, 2.0, "back")), shoes=(Shoe(name="road", start_km=100, retire_km=600),)
    )
    told = overview(given, title="x", as_of=END)
    clinic, tables = report_data(told)["clinic"], clinic_tables(told, clinic_frames(told))
    assert json.loads(json.dumps(clinic, allow_nan=False)) == clinic
    assert list(clinic) == list(FRAMES)
    (sore,) = tables["low-back"]
    told_twice = [(f["name"], f["last"]) for f in clinic["low_back"]]
    assert told_twice == [(row[0], row[2]) for row in sore.rows]
    weeks = [str(week["sessions"]) for week in clinic["strength"]][::-1]
    assert weeks[:8] == [row[1] for row in tables["strength"][0].rows]
    assert clinic["shoes"][0]["shoe"] == "road"
    assert clinic["shoes"][0]["distance_km"] == pytest.approx(330.0)
    assert sum(kind["days"] for kind in clinic["quiet_days"]) == 12
    assert {sign["state"] for sign in clinic["signs"]} <= set(SIGN_STATE_WORDS)
    empty = report_data(overview(archive(activities([])), title="x"))["clinic"]
    assert empty == {name: [] for name in FRAMES}


def test_without_back_pain_there_is_no_low_back_table() -> None:
    given = made()
    told = overview(given, title="x", as_of=END)
    tables = clinic_tables(told, clinic_frames(told))
    assert tables["low-back"][0].rows == []
    assert tables["shoes"][0].rows == []


def test_the_last_lighter_week_is_told() -> None:
    given = made()
    assert lighter_text(overview(given, title="x", as_of=END)).startswith("No lighter week")
    frame = given.activities
    light = frame[~((frame["date"] >= "2026-06-15") & (frame["date"] < "2026-06-20"))]
    told = overview(replace(given, activities=light), title="x", as_of=END)
    assert lighter_text(told) == "Last lighter week: from Mon 15 Jun 2026, 1 whole week since."
