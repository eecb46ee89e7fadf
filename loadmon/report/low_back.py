"""The low-back view: five factors of the clinic's page, six weeks beside the six before them.

Numbers side by side and what the evidence says of each; nothing here says why a back hurts.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from loadmon.athlete.units import distance_text
from loadmon.checks.form_line import deviations, steady
from loadmon.checks.pain import pains
from loadmon.checks.shoes import pairs
from loadmon.checks.site import is_back
from loadmon.checks.strength import strength_sessions
from loadmon.checks.view import View
from loadmon.checks.words import count_text, day_text
from loadmon.evidence.form import FORM_BASELINE
from loadmon.load.spikes import stand_out
from loadmon.report.changes import WEEKS, onset
from loadmon.report.texts import DASH

_SPAN_D = 7 * WEEKS
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the clinic's page.

    Parameters
    ----------
    name : str
        What it is called.
    before, last : str
        The six weeks before the last six, and the last six, in words; a dash where nothing is
        known.
    advice : str
        What the clinic advises.
    evidence : str
        What studies say, in one sentence.
    """

    name: str
    before: str
    last: str
    advice: str
    evidence: str


def back_pain_since(view: View) -> pd.Timestamp | None:
    """First day of the back pain that the diary tells of in the last 28 days; None for none."""
    diary = view.athlete.diary
    told = pains(diary, view.as_of)
    back = told[told["site"].map(is_back).astype(bool)]
    return onset(back, view.as_of)


def low_back(view: View, end: pd.Timestamp) -> list[Factor]:
    """Every factor in the six weeks up to a day, beside the six weeks before them.

    Parameters
    ----------
    view : View
        The runner's history.
    end : Timestamp
        Last day of the six weeks: the first day of the pain.

    Returns
    -------
    list of Factor
        In the order of the clinic's page. A number that rests on a day not known is a dash.
    """
    middle = end - _SPAN_D * _DAY
    before, after = middle - (_SPAN_D - 1) * _DAY, middle + _DAY
    return [
        Factor(name, tell(view, before, middle), tell(view, after, end), advice, evidence)
        for name, tell, advice, evidence in _FACTORS
    ]


def _form(view: View, first: pd.Timestamp, last: pd.Timestamp) -> str:
    """Steps at the runner's own speeds, against the 90 days before."""
    days = (view.as_of - first).days + 1 + int(FORM_BASELINE["days"])
    runs = deviations(steady(view.minutes(days)), "cadence_spm", first)
    runs = runs[runs["date"] <= last]
    if runs.empty:
        return DASH
    share = 100 * float(runs["share"].median())
    return f"{share:+.1f} % steps at your usual pace ({count_text(len(runs), 'run')})"


def _strength(view: View, first: pd.Timestamp, last: pd.Timestamp) -> str:
    sessions = strength_sessions(view.activities, view.archive.sets, view.athlete.diary)
    if sessions.empty:
        return DASH
    n = int(sessions["date"].between(first, last).sum())
    return f"{count_text(n, 'session')}, {n / WEEKS:.1f} a week"


def _shoes(view: View, first: pd.Timestamp, last: pd.Timestamp) -> str:
    told = pairs(view)
    own = told[told["shoe"] != ""]
    if own.empty:
        return DASH
    new = own[own["first"].between(first, last)]
    begun = zip(new["shoe"], new["first"], strict=True)
    return ", ".join(f"{shoe}: new on {day_text(day)}" for shoe, day in begun) or "no new pair"


def _too_much(view: View, first: pd.Timestamp, last: pd.Timestamp) -> str:
    daily = view.daily.loc[first:last]
    if len(daily) < _SPAN_D or daily["load"].isna().any():
        return DASH
    units = view.athlete.units
    weekly = distance_text(float(daily["load"].sum()) / WEEKS, units)
    longest = distance_text(float(daily["longest_km"].max()), units)
    runs = view.spikes[view.spikes["date"].between(first, last)]
    longer = count_text(int(stand_out(runs).sum()), "run")
    return f"{weekly} a week, longest {longest}, {longer} beyond the 30 days before"


def _rest(view: View, first: pd.Timestamp, last: pd.Timestamp) -> str:
    daily = view.daily.loc[first:last]
    if len(daily) < _SPAN_D or daily["status"].isin(["unknown", "silent"]).any():
        return DASH
    quiet = daily["status"] == "rest"
    moved = int((quiet & ((daily["walk_km"] != 0) | (daily["other_min"] != 0))).sum())
    text = f"{quiet.sum() / WEEKS:.1f} days a week without a run"
    return f"{text}; a walk or another sport on {count_text(moved, 'day')}"


Teller = Callable[[View, pd.Timestamp, pd.Timestamp], str]
#: The five causes that the clinic's page names, in its order: name, what is looked at, what the
#: page advises, what studies say (science in docs/low-back.md).
_FACTORS: tuple[tuple[str, Teller, str, str], ...] = (
    (
        "Form",
        _form,
        "Run tall, look ahead, let the feet land under you with short, light steps; do not arch "
        "the low back.",
        "More steps at the same speed lower the load of knee and hip; whether that keeps anybody "
        "from pain is not known.",
    ),
    (
        "Core and strength",
        _strength,
        "Two short sessions a week: plank, bridge, bird dog, single-leg deadlift, hip thrust, side "
        "lunge.",
        "With a physiotherapist, leg and core training eased long-lasting back pain of runners; "
        "new marathoners who trained alone had as many injuries as others.",
    ),
    (
        "Shoes",
        _shoes,
        "Replace worn shoes; they should fit and feel right.",
        "No trial shows that new shoes help a back; the usual distances are custom.",
    ),
    (
        "Too much too soon",
        _too_much,
        "Build up slowly, one thing at a time.",
        "Runs longer than any in 30 days went with more overuse injuries in 5,205 runners; that "
        "study does not speak of backs.",
    ),
    (
        "Rest with gentle movement",
        _rest,
        "Rest from running, but keep moving; never jump back in where you left off.",
        "For back pain, staying active is better than bed rest (NICE NG59); running is not shown "
        "to cause it.",
    ),
)
