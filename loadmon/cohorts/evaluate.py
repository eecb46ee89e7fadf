"""Whether injuries follow flags more often than days without one: rates, intervals, a null test."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from loadmon.cohorts.exposure import (
    LAG_DAYS,
    RECURRENCE_DAYS,
    RUN_IN_DAYS,
    WINDOWS,
    checks_of,
    days_after,
    exposed,
    flags_of,
)
from loadmon.cohorts.follow_up import FollowUp, follow_up, next_place
from loadmon.cohorts.numbers import States
from loadmon.cohorts.resample import (
    bootstrap_interval,
    null_interval,
    p_value,
    rate_ratio,
    shifted_ratios,
)
from loadmon.errors import SettingError
from loadmon.evidence.cohorts import EVALUATION
from loadmon.load.ratio import Floats

_PER = 1000
_RATIO = ("rate_ratio", "rate_ratio_low", "rate_ratio_high")


def evaluate(
    panel: pd.DataFrame,
    injuries: pd.DataFrame,
    *,
    horizon_days: int = WINDOWS[0],
    injury_definition: str = "",
    recurrence_days: int = RECURRENCE_DAYS,
    lag_days: int = LAG_DAYS,
    run_in_days: int = RUN_IN_DAYS,
    comparisons: int | None = None,
    replicates: int = 1000,
    seed: int = 0,
) -> pd.DataFrame:
    """Compare the rate of injuries after flags with the rate on all other days.

    Parameters
    ----------
    panel : DataFrame
        One row per athlete and day without gaps: ``athlete``, ``date``, ``load``, ``runs``, and
        flags in columns named ``flag_CHECK``: True, False, or NA where it is not known. What
        `loadmon.daily_panel` gives, or with flags of your own.
    injuries : DataFrame
        One row per injury: ``athlete`` and ``date``, its first day. A column ``end``, the first
        day back, keeps an athlete out until then.
    horizon_days : int
        Days after a flag that belong to it. [d] The ratios of 7, 14 and 28 days are always given
        beside it.
    injury_definition : str
        What was counted as an injury, in words; the result repeats it.
    recurrence_days : int
        An injury reported within so many days of one before is the same one; these days are not
        at risk. [d]
    lag_days : int
        First day after a flag that belongs to it. [d] 1: an injury of the day of the flag itself
        is not foretold by it. 0 counts it.
    run_in_days : int
        First days of an athlete that do not count, as no check has its full window. [d]
    comparisons : int, optional
        Checks times windows times whatever else was tried; None counts those of this table.
    replicates : int
        Draws of athletes for the intervals, and shifts of injuries for the null test.
    seed : int
        Where chance begins; the same seed gives the same table.

    Returns
    -------
    DataFrame
        One row per check. ``check``, ``horizon_days``. Days at risk within the horizon after a
        flag (``days_flagged``), outside it (``days_unflagged``) and where a flag is not known
        (``days_unknown``); likewise ``injuries_*`` and ``sessions_*``. ``rate_*`` [per 1,000 days]
        with ``rate_ratio`` and its 95 % interval ``rate_ratio_low``, ``rate_ratio_high`` from
        athletes drawn with replacement; ``session_rate_*`` [per 1,000 sessions] likewise.

        ``flags`` (flagged days at risk), ``flags_per_100_days``; ``flags_followed``: share of
        flags that an injury followed within the horizon; ``injuries_flagged_share``: share of
        injuries that followed a flag; ``lead_days``: median days from the latest flag to the
        injury [d].

        ``null_low``, ``null_high``: where 95 % of the ratios lie once each athlete's injuries are
        shifted in time (not always around 1: athletes with many injuries may have many flags);
        ``p_shift``: how rarely one of them is as far out as ``rate_ratio``, two-sided;
        ``p_adjusted``: that times ``comparisons``, at most 1 (Bonferroni).

        ``ratio_7d``, ``ratio_7d_low``, ``ratio_7d_high`` and so on: rate ratio per day for every
        window. ``injury_definition, recurrence_days, lag_days, run_in_days, comparisons, seed``:
        as asked for; ``athletes``; ``injuries_reported`` and what became of them: ``_counted,
        _same_day, _while_run_in, _while_injured, _while_laid_off, _outside``.

        NaN: no rate without days, no ratio of nothing, no interval with under 5 injuries on a
        side.

    Raises
    ------
    FrameError
        If a frame lacks a column, misses or repeats a day, or no injury is of an athlete of it.
    SettingError
        If an option makes no sense, or a flag is not True, False or NA.

    Notes
    -----
    A day counts once, whichever flags came before it, and an injury once. Days after an injury,
    in a lay-off and in the first `run_in_days` are left out. A ratio is an association: flags
    come in hard phases, and these may bring injuries by other ways; no ratio says what would have
    happened without the run. Athletes who are hurt more often come back more often, and a return
    holds spikes: in simulated cohorts this alone raises the ratio by 6 to 8 % (docs/cohort.md).
    `loadmon.evaluation_text` puts the table in words.
    """
    if horizon_days < 1 or replicates < 1:
        raise SettingError("horizon_days and replicates must be at least 1")
    followed = follow_up(panel, injuries, recurrence_days=recurrence_days, run_in_days=run_in_days)
    windows = sorted({horizon_days, *WINDOWS})
    checks = checks_of(followed.panel)
    tried = len(checks) * len(windows) if comparisons is None else comparisons
    if tried < 1:
        raise SettingError("comparisons must be at least 1")
    inputs = {"injury_definition": injury_definition, "recurrence_days": recurrence_days}
    inputs |= {"lag_days": lag_days, "run_in_days": run_in_days, "comparisons": tried, "seed": seed}
    inputs |= {"athletes": int(followed.athlete.max(initial=-1)) + 1}
    inputs |= {"injuries_reported": len(injuries)}
    inputs |= {f"injuries_{what}": n for what, n in followed.reported.items()}
    rows = []
    for check in checks:
        found = {
            days: _compared(followed, check, days, lag_days, replicates, seed) for days in windows
        }
        row = {"check": check} | found[horizon_days]
        row["p_adjusted"] = min(1.0, row["p_shift"] * tried)
        rows.append(row | _beside(found) | inputs)
    return pd.DataFrame(rows).astype({"check": "str", "injury_definition": "str"})


def _beside(found: dict[int, dict[str, Any]]) -> dict[str, float]:
    """Rate ratio and interval of every window."""
    return {
        f"ratio_{days}d{name.removeprefix('rate_ratio')}": numbers[name]
        for days, numbers in found.items()
        for name in _RATIO
    }


def _compared(
    followed: FollowUp, check: str, days: int, lag_days: int, replicates: int, seed: int
) -> dict[str, Any]:
    """Everything about one check and one window."""
    state = exposed(followed, check, days, lag_days)
    runs = followed.panel["runs"].to_numpy(dtype=float)
    injuries = _by_athlete(followed, state, followed.injured.astype(float))
    exposure = _by_athlete(followed, state, np.ones(len(state)))
    sessions = _by_athlete(followed, state, np.nan_to_num(runs))
    rng = np.random.default_rng(seed)
    shifted = shifted_ratios(followed, state, shifts=replicates, rng=rng)
    out: dict[str, Any] = {"horizon_days": days}
    out |= _sums("days", exposure) | _sums("injuries", injuries)
    hurt, days_spent, runs_spent = injuries[:, :2], exposure[:, :2], sessions[:, :2]
    out |= _rates("", hurt, days_spent, replicates, seed)
    out |= _sums("sessions", sessions) | _rates("session_", hurt, runs_spent, replicates, seed)
    out |= _flags(followed, check, days, lag_days)
    out["injuries_flagged_share"] = _share(
        out["injuries_flagged"], out["injuries_flagged"] + out["injuries_unflagged"]
    )
    out["lead_days"] = _lead(followed, check, state, lag_days)
    out["null_low"], out["null_high"] = null_interval(shifted)
    out["p_shift"] = p_value(out["rate_ratio"], shifted)
    return out


def _by_athlete(followed: FollowUp, state: States, what: Floats) -> Floats:
    """Sums over the days at risk of each athlete: unflagged, flagged, not known."""
    n = int(followed.athlete.max(initial=-1)) + 1
    columns = [
        np.bincount(followed.athlete[on], what[on], minlength=n)
        for on in (followed.at_risk & (state == code) for code in (0, 1, -1))
    ]
    return np.stack(columns, axis=1)


def _sums(name: str, by_athlete: Floats) -> dict[str, int]:
    """Totals under their names."""
    unflagged, flagged, unknown = (int(total) for total in by_athlete.sum(axis=0))
    return {f"{name}_flagged": flagged, f"{name}_unflagged": unflagged, f"{name}_unknown": unknown}


def _rates(
    kind: str, injuries: Floats, exposure: Floats, replicates: int, seed: int
) -> dict[str, float]:
    """Rates, their ratio and its interval where there are injuries enough, per day or session."""
    total, of = injuries.sum(axis=0), exposure.sum(axis=0)
    ratio = float(rate_ratio(total, of))
    low = high = float("nan")
    if total.min() >= EVALUATION["min_injuries"]:
        rng = np.random.default_rng(seed)
        low, high = bootstrap_interval(injuries, exposure, replicates=replicates, rng=rng)
    return {
        f"{kind}rate_flagged": _PER * _share(total[1], of[1]),
        f"{kind}rate_unflagged": _PER * _share(total[0], of[0]),
        f"{kind}rate_ratio": ratio if np.isfinite(ratio) else np.nan,
        f"{kind}rate_ratio_low": low,
        f"{kind}rate_ratio_high": high,
    }


def _flags(followed: FollowUp, check: str, days: int, lag_days: int) -> dict[str, float]:
    """How many flags there are, and how many of them an injury followed."""
    raised = (flags_of(followed, check) == 1) & followed.at_risk
    last = np.searchsorted(followed.athlete, followed.athlete, side="right") - 1
    place = np.arange(len(raised))
    seen = raised & (place + lag_days + days - 1 <= last)
    following = next_place(followed.injured, followed.athlete)
    from_day = np.append(following, np.full(lag_days, np.inf))[lag_days:]
    from_day[from_day > last] = np.inf
    followed_by = from_day - place <= lag_days + days - 1
    return {
        "flags": int(raised.sum()),
        "flags_per_100_days": 100 * _share(raised.sum(), followed.at_risk.sum()),
        "flags_followed": _share((seen & followed_by).sum(), seen.sum()),
    }


def _lead(followed: FollowUp, check: str, state: States, lag_days: int) -> float:
    """Median days from the latest flag to the injuries that followed one."""
    hurt = followed.injured & (state == 1)
    since = days_after(followed, flags_of(followed, check) == 1, lag_days) + lag_days
    return float(np.median(since[hurt])) if hurt.any() else float("nan")


def _share(part: float, whole: float) -> float:
    """Quotient, NaN where there is nothing to divide by."""
    return float(part / whole) if whole > 0 else float("nan")
