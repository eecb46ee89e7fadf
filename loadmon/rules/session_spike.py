"""The single run: the best supported alarm, and the same question asked of its descent."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from loadmon.evidence import Evidence
from loadmon.evidence.limits import SESSION_SPIKE, WINDOWS
from loadmon.rules.context import Row, View, borrowed, finding
from loadmon.rules.numbers import (
    SPIKES,
    before_column,
    floor_of,
    limits_of,
    session_spikes,
    stand_out,
)
from loadmon.units import amount_text, day_text, more_text

_DISTANCE, _DESCENT = "distance_km", "descent_m"
#: Loads of which a run has a length; of others, such as descent, it has more or less.
_LENGTHS = (_DISTANCE, "duration_min")
_SPAN = f"{SESSION_SPIKE['window_days']:.0f} days before"


def session_spike(view: View) -> Row:
    """Judge every run of the judged days against the longest of the 30 days before it.

    Returns A finding. Flagged: one run is at least a small spike, by more than half a kilometre;
    the one with the largest ratio is told. Unknown: a run or a day that could be one is not known,
    or a run has nothing to be compared with. A week without a run is ok. The study counted
    distance; any other load is told as an extrapolation.
    """
    return _judged(_Question("session_spike", view, view.load), view.spikes)


def descent(view: View) -> Row:
    """Judge the descent of every run of the judged days against the most of the 30 days before it.

    Returns A finding, by the levels for distance, an extrapolation, and by more than 100 m. Not
    set up: no run tells its descent. Unknown: one of the week or of the 30 days does not.
    """
    runs = view.activities[view.activities["sport"] == "running"]
    if runs[_DESCENT].isna().all():
        return finding("descent", "not_set_up", "", "No run of these files tells its descent.")
    return _judged(_Question("descent", view, _DESCENT), descent_spikes(view))


def descent_spikes(view: View) -> pd.DataFrame:
    """Descent of every run up to the day against the most of the 30 days before it."""
    activities, own = view.archive.activities, view.athlete.limits
    spikes = session_spikes(activities, load=_DESCENT, own=own, calendar=view.calendar)
    return spikes[spikes["date"] <= view.as_of]


@dataclass(frozen=True, slots=True)
class _Question:
    """Which check asks, of whom, and about which load."""

    check: str
    view: View
    load: str

    def amount(self, value: float) -> str:
        """Write a value with its unit."""
        text = amount_text(value, self.load, self.view.athlete.units)
        return f"{text} of descent" if self.load == _DESCENT else text

    @property
    def evidence(self) -> Evidence:
        """Limits; those of distance, borrowed, for other loads of a session."""
        entry = limits_of(self.load, self.view.athlete.limits)
        return entry if self.load == _DESCENT else borrowed(entry, self.load)


def _judged(asked: _Question, spikes: pd.DataFrame) -> Row:
    """Judge the runs of the judged days."""
    view, check = asked.view, asked.check
    runs = spikes[spikes["date"].isin(view.week)].sort_values("ratio", kind="stable")
    told: Row = {
        "evidence": asked.evidence,
        "limit": asked.evidence["small"],
        "unit": "ratio",
        "window": f"{_SPAN} each run",
        "missing": view.missing(int(SESSION_SPIKE["window_days"] + WINDOWS["acute"])),
    }
    further = runs[stand_out(runs, asked.load, view.athlete.limits)]
    if len(further):
        run = further.iloc[-1]
        told |= {"value": run["ratio"], "date": run["date"]}
        return finding(check, "flagged", run["level"], _further(asked, further), **told)
    if not view.week_known or (runs["level"] == "unknown").any():
        return finding(check, "unknown", "unknown", _unknown(asked, runs), **told)
    first = runs[runs["level"] == "no_baseline"]
    if len(first):
        day = first["date"].iloc[-1]
        message = f"{day_text(day)}: no run in the {_SPAN} to compare it with."
        return finding(check, "unknown", "no_baseline", message, **told, date=day)
    if runs.empty:
        return finding(check, "ok", "none", "No run in these 7 days.", **told)
    run = runs.iloc[-1]
    told |= {"value": run["ratio"], "date": run["date"]}
    return finding(check, "ok", run["level"], _nearest(asked, run), **told)


def _unknown(asked: _Question, runs: pd.DataFrame) -> str:
    """Tell what keeps the runs from being judged."""
    if asked.view.week_known and runs[asked.load].isna().any():
        return f"Not every run of these 7 days tells its {_WORDS.get(asked.load, asked.load)}."
    return f"Not every run of these 7 days, or of the {_SPAN} one, is known."


#: What a load is called in a sentence.
_WORDS = {_DISTANCE: "distance", "duration_min": "time", _DESCENT: "descent"}


def _nearest(asked: _Question, run: pd.Series) -> str:
    """Tell the run that comes nearest to standing out."""
    least = f"{100 * (asked.evidence['small'] - 1):.0f} %"
    if run["level"] in SPIKES:
        floor = floor_of(asked.load, asked.view.athlete.limits)
        least += f" and {floor:g} {asked.amount(floor).split(' ', 1)[1]}"
    before = asked.amount(run[before_column(asked.load)])
    return (
        f"No run of these 7 days is more than {least} {_more(asked)} of the {_SPAN} "
        f"it; the nearest is {asked.amount(run[asked.load])} on {day_text(run['date'])} "
        f"after {before}."
    )


def _more(asked: _Question) -> str:
    """Compare with the run before that has most."""
    return "longer than the longest" if asked.load in _LENGTHS else "over the most of any run"


def _further(asked: _Question, runs: pd.DataFrame) -> str:
    """Tell the run that stands out most, and which others do."""
    run = runs.iloc[-1]
    before = amount_text(run[before_column(asked.load)], asked.load, asked.view.athlete.units)
    message = (
        f"{day_text(run['date'])}: {asked.amount(run[asked.load])}, {_by(asked, run)} in the "
        f"{_SPAN} ({before})."
    )
    others = runs.iloc[:-1].sort_values("date", kind="stable")
    if len(others):
        pairs = zip(others["date"], others[asked.load], strict=True)
        named = (f"{asked.amount(x)} on {day_text(day)}" for day, x in pairs)
        message += f" Also {'longer' if asked.load in _LENGTHS else 'more'} than those before: "
        message += f"{', '.join(named)}."
    return message


def _by(asked: _Question, run: pd.Series) -> str:
    """Tell by how much a run is further than those before."""
    if run["ratio"] != run["ratio"]:
        return "more than any run"
    by = more_text(run["ratio"])
    if asked.load in _LENGTHS:
        return f"{by} {'longer than' if by.endswith('%') else 'the length of'} the longest run"
    return f"{by} {'over' if by.endswith('%') else ''} the most of any run".replace("  ", " ")
