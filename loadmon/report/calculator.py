"""The ramp calculator of the page: every plan it can show, planned and verified beforehand."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from loadmon.athlete.units import distance_text, in_distance_units
from loadmon.checks.limits import Limits, limits_for
from loadmon.checks.words import count_text
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_HORIZON
from loadmon.ramp.calendar_file import TITLES, uid
from loadmon.ramp.grid import planner
from loadmon.ramp.observe import reason_told
from loadmon.ramp.request import Request
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import REASONS, SCREENED, STOP_TEXT, Reason
from loadmon.report.encoded import Pool, encoded
from loadmon.report.overview import Overview
from loadmon.report.questions import clean_answers, screening_data
from loadmon.report.texts import dated
from loadmon.report.words import CLEAN_TEXT, OPEN_TEXT, REASON_WORDS

#: Days from the day of the report to the return, and shares of the usual week to come back to.
AFTER_D = (1, 7, 21)
SHARES = (0.4, 0.7, 1.0)
_WITHOUT_HISTORY_KM = (10.0, 20.0, 30.0)
_LEAST_KM = 4.0
#: Weekdays of a week by how many are run on, counted from the day of return.
RUN_DAYS = {2: (0, 3), 3: (0, 2, 5), 4: (0, 2, 4, 6)}
#: Shares of the weekly growth that the limits leave.
GROWTHS = (1 / 3, 2 / 3, 1.0)
_PAST_WEEKS = 8
_WEEK = int(WINDOWS["acute"])
_DAY = pd.Timedelta(days=1)


def calculator(overview: Overview) -> dict[str, Any] | None:
    """Everything the calculator of the page needs, as JSON takes it.

    Parameters
    ----------
    overview : Overview
        What the report says.

    Returns
    -------
    dict or None
        ``choices`` with their texts; ``reasons``: for each, the reason whose questions are asked
        (pain in the diary asks) and the one whose plans stand for it; ``plans``: the place in
        ``pool`` of the plan of each combination of choices, the last one changing fastest;
        ``texts`` that plans name by their place; the questions. None where nothing is recorded.
    """
    if overview.daily.empty:
        return None
    pool = Pool()
    told: dict[str, Reason] = {r: reason_told(overview.diary, overview.as_of, r) for r in REASONS}
    variants = _variants(overview, told)
    return {
        "units": overview.athlete.units,
        "choices": _told(choices_for(overview), overview),
        "plans": {
            reason: [pool.plan(encoded(ramp, overview.athlete.units, pool)) for ramp in ramps]
            for reason, ramps in variants.items()
        },
        "pool": pool.plans,
        "texts": pool.texts,
        "past": _past(overview),
        "reasons": {
            r: {"asks": told[r], "plans": _stand_in(overview, told[r])} for r in REASON_WORDS
        },
        "screening": screening_data(),
        "stop": STOP_TEXT,
        "titles": TITLES,
        "uids": _uids([ramp for ramps in variants.values() for ramp in ramps]),
        "open": OPEN_TEXT,
        "clean": CLEAN_TEXT,
    }


def _stand_in(overview: Overview, reason: Reason) -> Reason:
    """Reason whose plans are the same; with pain in the diary each has its own."""
    if reason == "illness":
        return "rest"
    no_pain = overview.diary["pain"].isna().all()
    return "injury" if no_pain and reason in SCREENED else reason


def _variants(overview: Overview, told: dict[str, Reason]) -> dict[Reason, list[Ramp | str]]:
    """Plans of every reason that has its own."""
    out: dict[Reason, list[Ramp | str]] = {}
    plan = planner(overview.archive)
    for reason in dict.fromkeys(_stand_in(overview, r) for r in told.values()):
        asked = requests(overview, reason)
        first = next(iter(out.values()), None)
        out[reason] = [*map(plan, asked)] if first is None else _like(plan, asked, first)
    return out


def _like(
    plan: Callable[[Request], Ramp | str], asked: list[Request], before: list[Ramp | str]
) -> list[Ramp | str]:
    """Plans of another reason; where a start begins alike, which one of it tells, those before."""
    alike: dict[tuple[Any, Any], bool] = {}
    out: list[Ramp | str] = []
    for request, ramp in zip(asked, before, strict=True):
        start = request.resume, str(request.run_days)
        if start not in alike and isinstance(ramp, Ramp):
            probe = plan(request)
            alike[start] = isinstance(probe, Ramp) and probe.sessions == ramp.sessions
        out.append(ramp if alike.get(start) else plan(request))
    return out


def requests(overview: Overview, reason: Reason) -> list[Request]:
    """Every combination of choices, the last choice changing fastest.

    Parameters
    ----------
    overview : Overview
        What the report says.
    reason : str
        Why there was a break.
    """
    return [
        Request(
            resume=day,
            target_km=target,
            run_days=[(day.weekday() + d) % _WEEK for d in RUN_DAYS[runs]],
            limits=limits,
            reason=reason,
            screening=clean_answers(reason),
            athlete=overview.athlete,
            as_of=overview.as_of,
        )
        for day, target, runs, limits in itertools.product(*choices_for(overview))
    ]


def choices_for(
    overview: Overview,
) -> tuple[list[pd.Timestamp], list[float], list[int], list[Limits]]:
    """What can be set for this runner, each from the first choice to the last.

    Parameters
    ----------
    overview : Overview
        What the report says.

    Returns
    -------
    tuple of lists
        Days of return; weekly distances to come back to [km]; run days a week; limits with a
        smaller to a larger weekly growth, the last one as they are.
    """
    usual = limits_for("steady", own=overview.athlete.limits)
    limits = [
        replace(
            usual,
            weekly_growth=share * usual.weekly_growth,
            weekly_floor_km=share * usual.weekly_floor_km,
        )
        for share in GROWTHS
    ]
    return [overview.as_of + n * _DAY for n in AFTER_D], _targets(overview), [*RUN_DAYS], limits


def _uids(ramps: list[Ramp | str]) -> dict[str, str]:
    """Name of the calendar's entry of each planned day, that of `Ramp.to_ics`."""
    days = {day for ramp in ramps if isinstance(ramp, Ramp) for day in ramp.plan["date"]}
    return {f"{day:%Y-%m-%d}": uid(day.date()) for day in sorted(days)}


def _targets(overview: Overview) -> list[float]:
    """Shares of the mean week of the 28 days that end with the last run, in whole units. [km]"""
    daily = overview.daily
    ran = daily.index[daily["runs"] > 0]
    month = int(RAMP_HORIZON["base_days"])
    usual = 0.0
    if len(ran):
        span = daily.loc[ran[-1] - (month - 1) * _DAY : ran[-1], "load"]
        usual = float(span.sum()) * _WEEK / len(span)
    one = in_distance_units(1.0, overview.athlete.units)
    wholes = {round(max(_LEAST_KM, share * usual) * one) for share in SHARES}
    wholes = wholes if usual >= _LEAST_KM else {round(km * one) for km in _WITHOUT_HISTORY_KM}
    return [whole / one for whole in sorted(wholes)]


def _told(choices: tuple[Any, ...], overview: Overview) -> dict[str, Any]:
    """Choices as a person reads them, and where each slider starts."""
    days, targets, runs, limits = choices
    units = overview.athlete.units
    growth = [
        f"at most {100 * x.weekly_growth:.0f} % or {distance_text(x.weekly_floor_km, units)} more"
        for x in limits
    ]
    return {
        "day": {"texts": [dated(day) for day in days], "start": 0},
        "target": {
            "texts": [f"{distance_text(km, units, decimals=0)} a week" for km in targets],
            "start": len(targets) - 1,
            "tenths": [round(10 * in_distance_units(km, units)) for km in targets],
        },
        "runs": {
            "texts": [f"{count_text(n, 'run')} a week" for n in runs],
            "start": min(1, len(runs) - 1),
        },
        "growth": {"texts": growth, "start": len(limits) - 1},
    }


def _past(overview: Overview) -> list[dict[str, Any]]:
    """The last weeks before the plan, for its picture; None is not known."""
    one = 10 * in_distance_units(1.0, overview.athlete.units)
    weeks = overview.weekly["distance_km"].tail(_PAST_WEEKS)
    return [
        {"first": f"{start:%Y-%m-%d}", "tenths": None if km != km else round(one * km)}
        for start, km in zip(weeks.index, weeks, strict=True)
    ]
