"""Frames behind the sections of the clinic: form, strength, shoes, rest, signs, and a sore back."""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from loadmon.checks.drift import drifts
from loadmon.checks.form_line import MEASURES, deviations, steady
from loadmon.checks.overtraining import signs_of
from loadmon.checks.quiet_days import lay_offs, quiet_days
from loadmon.checks.shoes import pairs
from loadmon.checks.strength import strength_sessions, weekly_strength
from loadmon.checks.view import View, look
from loadmon.evidence.form import FORM_BASELINE, FORM_DEVIATION
from loadmon.evidence.ramp import RAMP_START
from loadmon.report.low_back import back_pain_since, low_back
from loadmon.report.overview import Overview

#: Days whose days without a run are counted.
QUIET_D = 42
#: Names of the frames, in the order of `clinic_frames`.
FRAMES = ("low_back", "form", "drift", "strength", "shoes", "quiet_days", "lay_offs", "signs")


def clinic_frames(overview: Overview) -> dict[str, pd.DataFrame]:
    """What the sections of the clinic show, as frames.

    Parameters
    ----------
    overview : Overview
        What the report says.

    Returns
    -------
    dict of str to DataFrame
        ``low_back``: factors in the six weeks up to the first pain of the back, beside the six
        before (`loadmon.report.low_back.Factor`); ``form``: runs of 28 days against the own line
        (`loadmon.checks.form_line.deviations`, with its ``measure``); ``drift`` within runs;
        ``strength``: sessions by week; ``shoes``: pairs; ``quiet_days``: what the days without a
        run of 42 days held; ``lay_offs``: breaks of a week or more; ``signs`` of overtraining.
        A frame without rows has nothing to tell.
    """
    if overview.daily.empty:
        return {name: pd.DataFrame() for name in FRAMES}
    view = look(overview.archive, overview.as_of, overview.athlete)
    days = int(FORM_DEVIATION["within_days"])
    sessions = strength_sessions(view.activities, view.archive.sets, view.athlete.diary)
    quiet = quiet_days(view.daily, view.activities, sessions["date"])
    frames = (
        _low_back(view),
        _form(view, days),
        drifts(steady(view.minutes(days)), "cadence_spm").iloc[::-1],
        _strength(view, sessions),
        pairs(view),
        _quiet(view, quiet),
        lay_offs(view.daily, quiet, int(RAMP_START["full_until_days"])),
        signs_of(view),
    )
    return dict(zip(FRAMES, frames, strict=True))


def _low_back(view: View) -> pd.DataFrame:
    """Factors side by side where a pain of the back is noted; its first day in ``until``."""
    since = back_pain_since(view)
    factors = [] if since is None else [asdict(factor) for factor in low_back(view, since)]
    return pd.DataFrame(factors).assign(until=since) if factors else pd.DataFrame()


def _form(view: View, days: int) -> pd.DataFrame:
    """Runs of the last weeks against the own line, by measure, the newest first."""
    samples = steady(view.minutes(days + int(FORM_BASELINE["days"])))
    since = view.as_of - pd.Timedelta(days=days - 1)
    told = [deviations(samples, measure, since).assign(measure=measure) for measure in MEASURES]
    return pd.concat([frame.iloc[::-1] for frame in told], ignore_index=True)


def _strength(view: View, sessions: pd.DataFrame) -> pd.DataFrame:
    """Strength sessions of every week; no rows where none was ever noted."""
    if sessions.empty:
        return pd.DataFrame()
    return weekly_strength(sessions, view.daily.index[0], view.as_of)


def _quiet(view: View, quiet: pd.Series) -> pd.DataFrame:
    """How many of the last days without a run held what."""
    recent = view.last(QUIET_D)
    counts = quiet[quiet.index.isin(recent)].value_counts()
    return counts.rename_axis("held").rename("days").reset_index()
