"""Pain around each run, as the diary tells it, and whether it was worse on the next morning."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from loadmon.athlete.diary import WHEN
from loadmon.checks.site import site_of
from loadmon.evidence.pain import NEXT_MORNING, Site

MORNING = WHEN[-1]


@dataclass(frozen=True, slots=True)
class Felt:
    """Pain around one session, 0 to 10; NaN is not told."""

    before: float = float("nan")
    during: float = float("nan")
    after: float = float("nan")
    morning: float = float("nan")

    @property
    def peak(self) -> float:
        """Most pain in and after the session; NaN where neither is told."""
        told = [x for x in (self.during, self.after) if x == x]
        return max(told) if told else float("nan")

    def is_worse(self, usual: float = float("nan")) -> bool:
        """Whether the next morning was worse than before the run.

        Where nothing is told from before the run, the pain that is usual then counts; where that is
        not known either, the pain of the run itself.
        """
        known = (x for x in (self.before, usual, self.peak) if x == x)
        return self.morning > next(known, float("nan"))


def felt_by_run(
    diary: pd.DataFrame, runs: list[pd.Timestamp], site: Site
) -> dict[pd.Timestamp, dict[Site, Felt]]:
    """Pain around each run, by place.

    Parameters
    ----------
    diary : DataFrame
        What `loadmon.athlete.diary.load_diary` gives.
    runs : list of Timestamp
        Days with a run, in order.
    site : Site
        Where pain is that the diary gives no place for.

    Returns
    -------
    dict of Timestamp to dict of Site to Felt
        One item per run. An entry of a day without a run counts as the morning after the last run,
        up to `loadmon.evidence.pain.NEXT_MORNING` days later; later ones are of no run.
    """
    out: dict[pd.Timestamp, dict[Site, Felt]] = {day: {} for day in runs}
    known = diary[diary["pain"].notna()]
    rows = zip(known["date"], known["when"], known["pain"], known["site"], strict=True)
    for day, when, pain, text in rows:
        run, moment = _place(day, when, runs)
        if run is None:
            continue
        where = site_of(text) if text else site
        out[run][where] = _with(out[run].get(where, Felt()), moment, float(pain))
    return out


def _place(
    day: pd.Timestamp, when: str, runs: list[pd.Timestamp]
) -> tuple[pd.Timestamp | None, str]:
    """Run that an entry is about, and the moment of it."""
    if day in runs and when != MORNING:
        return day, when or "during"
    before = [run for run in runs if 0 < (day - run).days <= NEXT_MORNING["within_days"]]
    if before:
        return before[-1], "morning"
    return (day, "morning") if day in runs else (None, "")


def _with(felt: Felt, moment: str, pain: float) -> Felt:
    """Pain around a run with one more entry; the largest of a moment counts."""
    told = {"before": felt.before, "during": felt.during, "after": felt.after}
    told["morning"] = felt.morning
    told[moment] = pain if math.isnan(told[moment]) else max(told[moment], pain)
    return Felt(**told)
