"""What flags are worth: rates of injury after them, intervals, and both in words."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.cohorts.tables import FLAG
from loadmon.errors import FrameError, SettingError
from loadmon.evidence.limits import EVALUATION, LAYOFF
from loadmon.ratio import Floats, Marks
from loadmon.rules.context import Ints, States
from loadmon.units import count_text

#: Why a day is not counted; the first that applies.
REASONS = ("run_in", "injured", "laid_off")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Days of all athletes, stacked, with what happened on them."""

    panel: pd.DataFrame  # in order of athlete and day
    athlete: Ints  # number of the athlete of each row
    start: Ints  # row of the first day of that athlete
    why_not: npt.NDArray[np.str_]  # one of `REASONS` where the day is not counted, else empty
    injured: Marks  # an injury that counts begins on the day
    reported: dict[str, int]  # injuries by what became of them, every row of their table

    @property
    def at_risk(self) -> Marks:
        """Whether a day counts."""
        out: Marks = self.why_not == ""
        return out

    @property
    def athletes(self) -> int:
        """How many there are."""
        return int(self.athlete.max(initial=-1)) + 1


def follow_up(
    panel: pd.DataFrame, injuries: pd.DataFrame, *, recurrence_days: int, run_in_days: int
) -> FollowUp:
    """Lay injuries on the days of a panel and tell which days count."""
    if min(recurrence_days, run_in_days) < 0:
        raise SettingError("recurrence_days and run_in_days must not be negative")
    rows, athlete, names = _checked_panel(panel)
    start = np.searchsorted(athlete, athlete)
    place = np.arange(len(rows))
    at, ends, outside = _injury_rows(rows, injuries, athlete, names)
    hurt = _injured_days(at, ends, start, recurrence_days)
    load = rows["load"].to_numpy(dtype=float)
    zeros = place - np.maximum(last_place(load != 0, start), start - 1.0)
    long_off = last_place(zeros >= LAYOFF["returning_from_days"], start)
    laid_off = long_off > last_place(load > 0, start)
    why = np.select([place - start < run_in_days, hurt, laid_off], REASONS, "")
    injured = np.zeros(len(rows), dtype=bool)
    injured[at[why[at] == ""]] = True
    counted = int(injured.sum())
    lost = {f"while_{reason}": int((why[at] == reason).sum()) for reason in REASONS}
    twice = int((why[at] == "").sum()) - counted
    reported = {"counted": counted, "same_day": twice, **lost, "outside": outside}
    return FollowUp(rows, athlete, start, why, injured, reported)


def last_place(marks: Marks, start: Ints) -> Floats:
    """Row of the latest marked day of the same athlete up to each row; minus infinity if none."""
    last = np.maximum.accumulate(np.where(marks, np.arange(len(marks), dtype=float), -np.inf))
    return np.where(last >= start, last, -np.inf)


def _checked_panel(panel: pd.DataFrame) -> tuple[pd.DataFrame, Ints, pd.Index]:
    """Panel in order of athlete and day, no day missing; who each row is of, and their names."""
    missing = [c for c in ("athlete", "date", "load", "runs") if c not in panel.columns]
    if missing:
        raise FrameError(f"the panel lacks {', '.join(missing)}; see loadmon.daily_panel")
    if not any(str(c).startswith(FLAG) for c in panel.columns):
        raise FrameError(f"the panel has no flag: name its columns {FLAG}..., True, False or NA")
    if not pd.api.types.is_datetime64_dtype(panel["date"]):
        raise FrameError(f"panel['date'] must hold naive days, not {panel['date'].dtype}")
    code, names = pd.factorize(panel["athlete"])
    order = np.lexsort((panel["date"].to_numpy(), code))
    rows, code = panel.iloc[order].reset_index(drop=True), code[order]
    step = np.diff(rows["date"].to_numpy()) / np.timedelta64(1, "D")
    gap = np.flatnonzero((step != 1) & (code[1:] == code[:-1]))
    if len(gap):
        row = rows.iloc[gap[0] + 1]
        raise FrameError(
            f"the panel must hold every day of an athlete once; athlete {row['athlete']!r} has a "
            f"gap or a repeat before {row['date']:%Y-%m-%d}"
        )
    return rows, code, pd.Index(names)


def _injury_rows(
    rows: pd.DataFrame, injuries: pd.DataFrame, athlete: Ints, names: pd.Index
) -> tuple[Ints, Ints, int]:
    """Rows on which injuries begin and on which the athlete is back, and how many lie outside."""
    missing = [c for c in ("athlete", "date") if c not in injuries.columns]
    if missing:
        raise FrameError(f"injuries lack {', '.join(missing)}; see loadmon.read_injuries")
    for column in ("date", "end") if "end" in injuries.columns else ("date",):
        if not pd.api.types.is_datetime64_dtype(injuries[column]):
            raise FrameError(f"injuries[{column!r}] must hold naive days")
    if injuries["date"].isna().any():
        raise FrameError("injuries['date'] has an empty cell; an injury needs its first day")
    if len(injuries) and not injuries["athlete"].isin(names).any():
        raise FrameError(
            f"no injury is of an athlete of the panel: {injuries['athlete'].iloc[0]!r} is none of "
            f"{list(names[:3])!r}...; are both named alike?"
        )
    who = names.get_indexer(pd.Index(injuries["athlete"]))
    first = np.searchsorted(athlete, np.arange(len(names)))
    last = np.searchsorted(athlete, np.arange(len(names)), side="right") - 1
    begin = rows["date"].to_numpy()
    day = np.timedelta64(1, "D")
    known = np.flatnonzero(who >= 0)
    who, listed = who[known], injuries.iloc[known]
    on = np.floor((listed["date"].to_numpy() - begin[first[who]]) / day).astype(np.int64)
    at = first[who] + on
    inside = (on >= 0) & (at <= last[who])
    back = listed["end"] if "end" in listed.columns else listed["date"]
    away = (back - listed["date"]).dt.days.fillna(0).to_numpy(dtype=np.int64)
    ends = np.minimum(at + away, last[who] + 1)
    order = np.argsort(at[inside], kind="stable")
    return at[inside][order], ends[inside][order], len(injuries) - int(inside.sum())


def _injured_days(at: Ints, ends: Ints, start: Ints, recurrence_days: int) -> Marks:
    """Days after the first of an injury on which a new one would be taken for the same."""
    until = np.full(len(start), -1.0)
    np.maximum.at(until, at, np.maximum(at + recurrence_days, ends - 1) * 1.0)
    before = np.concatenate([[-1.0], np.maximum.accumulate(until)[:-1]]) if len(until) else until
    begun = np.concatenate([[-np.inf], last_place(until >= 0, start)[:-1]]) if len(until) else until
    return (begun >= start) & (before >= np.arange(len(start)))


# Which days lie within some days after a flag, and the table of person-periods behind rates.

#: Days after a flag that are looked at, always all of them. [d]
WINDOWS = tuple(int(EVALUATION[f"horizon{n}_days"]) for n in ("", "_2", "_3"))
LAG_DAYS = int(EVALUATION["lag_days"])
RUN_IN_DAYS = int(EVALUATION["run_in_days"])
RECURRENCE_DAYS = int(EVALUATION["recurrence_days"])


def person_periods(
    panel: pd.DataFrame,
    injuries: pd.DataFrame,
    *,
    windows: Sequence[int] = WINDOWS,
    lag_days: int = LAG_DAYS,
    run_in_days: int = RUN_IN_DAYS,
    recurrence_days: int = RECURRENCE_DAYS,
) -> pd.DataFrame:
    """One row per athlete and day: at risk or not, injured or not, how long after each flag.

    Parameters
    ----------
    panel, injuries, lag_days, run_in_days, recurrence_days
        As in `loadmon.evaluate`.
    windows : sequence of int
        Days after a flag that belong to it. [d]

    Returns
    -------
    DataFrame
        ``athlete``, ``date``, ``load``, ``runs``; ``at_risk``; ``why_not``: ``run_in`` (before any
        check has its full window), ``injured`` (a new injury would be taken for the same one),
        ``laid_off`` (from the 14th day in a row without load to the next load) or empty;
        ``injury``: a counted injury begins on this day; ``CHECK_7d`` and so on for each check and
        window: whether the day lies within so many days after a flag, NA where a flag in them is
        not known. For any software that fits a model to days at risk.

    Raises
    ------
    FrameError, SettingError
        As `loadmon.evaluate`.
    """
    followed = follow_up(panel, injuries, recurrence_days=recurrence_days, run_in_days=run_in_days)
    out = followed.panel[["athlete", "date", "load", "runs"]].copy()
    out["at_risk"], out["why_not"] = followed.at_risk, followed.why_not
    out["injury"] = followed.injured
    for check in checks_of(followed.panel):
        for days in windows:
            state = exposed(followed, check, days, lag_days)
            cells = pd.arrays.BooleanArray(state == 1, state < 0)
            out[f"{check}_{days}d"] = pd.Series(cells, index=out.index)
    return out.astype({"why_not": "str"})


def checks_of(panel: pd.DataFrame) -> list[str]:
    """Names of the checks whose flags a panel holds."""
    return [str(c).removeprefix(FLAG) for c in panel.columns if str(c).startswith(FLAG)]


def flags_of(followed: FollowUp, check: str) -> States:
    """Flags of a check on every day: 1 yes, 0 no, -1 not known."""
    cells = followed.panel[FLAG + check]
    if not cells.dropna().isin([True, False]).all():
        raise SettingError(f"{FLAG}{check} must hold True, False or NA")
    raised = cells.fillna(False).astype(bool)
    return np.where(cells.isna(), -1, raised).astype(np.int8)


def exposed(followed: FollowUp, check: str, days: int, lag_days: int) -> States:
    """Whether each day lies within `days` days after a flag; -1 where that is not known."""
    if days < 1 or lag_days < 0:
        raise SettingError("windows must be at least 1 day, lag_days at least 0")
    state = flags_of(followed, check)
    since = days_after(followed, state == 1, lag_days)
    unsure = days_after(followed, state < 0, lag_days) < days
    before_first = np.arange(len(state)) - followed.start < days + lag_days - 1
    out = np.where(unsure | before_first, -1, 0).astype(np.int8)
    out[since < days] = 1
    return out


def days_after(followed: FollowUp, marks: np.ndarray, lag_days: int) -> Floats:
    """Days from the first day that belongs to the latest mark to each day; infinite if none."""
    last = last_place(marks, followed.start)
    shown = np.full(len(last), -np.inf)
    shown[lag_days:] = last[: len(last) - lag_days]
    shown[shown < followed.start] = -np.inf
    out: Floats = np.arange(len(last)) - lag_days - shown
    return out


# How sure a rate ratio is: athletes drawn again, and injuries shifted in time.

#: Replicates that are worked on at a time, so that memory does not grow with their number.
_AT_A_TIME = 100


def rate_ratio(injuries: Floats, exposure: Floats) -> Floats:
    """Rate where flagged over rate where not; NaN where a rate has no exposure or both are 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        rate = injuries / exposure
        out: Floats = rate[..., 1] / rate[..., 0]
    return out


def bootstrap_interval(
    injuries: Floats, exposure: Floats, *, replicates: int, rng: np.random.Generator
) -> tuple[float, float]:
    """2.5 and 97.5 % of ratios of athletes drawn with replacement; NaN if too many have none."""
    n, drawn = len(injuries), []
    both = np.hstack([injuries, exposure])
    for done in range(0, replicates, _AT_A_TIME):
        size = min(_AT_A_TIME, replicates - done)
        sums = rng.multinomial(n, np.full(n, 1 / n), size=size) @ both
        drawn.append(rate_ratio(sums[:, :2], sums[:, 2:]))
    return _middle(np.concatenate(drawn))


def shifted_ratios(
    followed: FollowUp, state: States, *, shifts: int, rng: np.random.Generator
) -> Floats:
    """Ratios with each athlete's injuries moved together by a random number of days at risk.

    An athlete's days at risk are taken as a ring: how many injuries there were and how they lie to
    each other is kept; whether they follow flags is left to chance.
    """
    risk = np.flatnonzero(followed.at_risk)
    athlete = followed.athlete[risk]
    first = np.searchsorted(athlete, np.arange(followed.athletes))
    length = np.bincount(athlete, minlength=followed.athletes)
    hurt = np.flatnonzero(followed.injured[risk])
    who, start = athlete[hurt], first[athlete[hurt]]
    days = np.array([(state[risk] == 0).sum(), (state[risk] == 1).sum()], dtype=float)
    ratios = []
    for done in range(0, shifts, _AT_A_TIME):
        size = min(_AT_A_TIME, shifts - done)
        steps = (rng.random((size, len(first))) * length).astype(np.int64)[:, who]
        found = state[risk[start + (hurt - start + steps) % length[who]]]
        injuries = np.stack([(found == 0).sum(axis=1), (found == 1).sum(axis=1)], axis=1)
        ratios.append(rate_ratio(injuries.astype(float), days))
    return np.concatenate(ratios) if ratios else np.empty(0)


def p_value(ratio: float, shifted: Floats) -> float:
    """How rarely shifted injuries give a ratio as far out, on the side where it lies, twice."""
    known = shifted[~np.isnan(shifted)]
    if np.isnan(ratio) or not len(known):
        return float("nan")
    above, below = (known >= ratio - 1e-12).sum(), (known <= ratio + 1e-12).sum()
    return min(1.0, 2 * float(1 + min(above, below)) / (1 + len(known)))


def _middle(ratios: Floats) -> tuple[float, float]:
    """Bounds of the middle 95 % of ratios; NaN where a bound is none."""
    known = ratios[~np.isnan(ratios)]
    if not len(known):
        return np.nan, np.nan
    tail = (1 - EVALUATION["interval"]) / 2
    bounds = np.quantile(known, [tail, 1 - tail], method="inverted_cdf")
    low, high = (float(b) if np.isfinite(b) else np.nan for b in bounds)
    return low, high


# Whether injuries follow flags more often than days without one: rates, intervals, a null test.


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
    inputs |= {"athletes": followed.athletes, "injuries_reported": len(injuries)}
    inputs |= {f"injuries_{what}": n for what, n in followed.reported.items()}
    rows = []
    for check in checks:
        found = {n: _compared(followed, check, n, lag_days, replicates, seed) for n in windows}
        row = {"check": check} | found[horizon_days]
        row["p_adjusted"] = min(1.0, row["p_shift"] * tried)
        for days, numbers in found.items():
            for bound in ("", "_low", "_high"):
                row[f"ratio_{days}d{bound}"] = numbers[f"rate_ratio{bound}"]
        rows.append(row | inputs)
    return pd.DataFrame(rows).astype({"check": "str", "injury_definition": "str"})


def _compared(
    followed: FollowUp, check: str, days: int, lag_days: int, replicates: int, seed: int
) -> dict[str, Any]:
    state = exposed(followed, check, days, lag_days)
    runs = followed.panel["runs"].to_numpy(dtype=float)
    injuries = _by_athlete(followed, state, followed.injured.astype(float))
    exposure = _by_athlete(followed, state, np.ones(len(state)))
    sessions = _by_athlete(followed, state, np.nan_to_num(runs))
    out: dict[str, Any] = {"horizon_days": days}
    out |= _sums("days", exposure) | _sums("injuries", injuries)
    out |= _rates("", injuries[:, :2], exposure[:, :2], replicates, seed)
    out |= _sums("sessions", sessions)
    out |= _rates("session_", injuries[:, :2], sessions[:, :2], replicates, seed)
    out |= _flags(followed, check, state, days, lag_days)
    rng = np.random.default_rng(seed)
    shifted = shifted_ratios(followed, state, shifts=replicates, rng=rng)
    out["null_low"], out["null_high"] = _middle(shifted)
    out["p_shift"] = p_value(out["rate_ratio"], shifted)
    return out


def _by_athlete(followed: FollowUp, state: States, what: Floats) -> Floats:
    """Sums over the days at risk of each athlete: unflagged, flagged, not known."""
    columns = [
        np.bincount(followed.athlete[on], what[on], minlength=followed.athletes)
        for on in (followed.at_risk & (state == code) for code in (0, 1, -1))
    ]
    return np.stack(columns, axis=1)


def _sums(name: str, by_athlete: Floats) -> dict[str, int]:
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
        f"{kind}rate_flagged": 1000 * _share(total[1], of[1]),
        f"{kind}rate_unflagged": 1000 * _share(total[0], of[0]),
        f"{kind}rate_ratio": ratio if np.isfinite(ratio) else np.nan,
        f"{kind}rate_ratio_low": low,
        f"{kind}rate_ratio_high": high,
    }


def _flags(
    followed: FollowUp, check: str, state: States, days: int, lag_days: int
) -> dict[str, float]:
    """How many flags there are, how many of them an injury followed, and after how many days."""
    flagged = flags_of(followed, check) == 1
    raised = flagged & followed.at_risk
    place = np.arange(len(raised))
    until = place + lag_days + days - 1
    seen = raised & (until < np.searchsorted(followed.athlete, followed.athlete, side="right"))
    injury = np.where(followed.injured, place, np.inf)
    following = np.minimum.accumulate(injury[::-1])[::-1]  # first injury from each day on
    following = np.append(following, np.full(lag_days, np.inf))[lag_days:]
    hurt = followed.injured & (state == 1)
    since = days_after(followed, flagged, lag_days) + lag_days
    return {
        "flags": int(raised.sum()),
        "flags_per_100_days": 100 * _share(raised.sum(), followed.at_risk.sum()),
        "flags_followed": _share((seen & (following <= until)).sum(), seen.sum()),
        "injuries_flagged_share": _share(hurt.sum(), (followed.injured & (state >= 0)).sum()),
        "lead_days": float(np.median(since[hurt])) if hurt.any() else float("nan"),
    }


def _share(part: float, whole: float) -> float:
    """Quotient, NaN where there is nothing to divide by."""
    return float(part / whole) if whole > 0 else float("nan")


# An evaluation in plain words: what was counted, what came out, what it cannot say.

#: What no table of flags and injuries can say.
CANNOT_SAY = (
    "What such numbers can say: whether injuries came more often in the days after a flag than on "
    "other days of these athletes, and how sure that is.",
    "What they cannot say: that a flag brings injuries (hard phases, races and seasons may bring "
    "both), what would have happened without the run, who will be hurt, or that a day without a "
    "flag holds no harm.",
    "An injury that was never reported, a run that was never recorded and pain that made a runner "
    "run less before it was called an injury all bend the ratio, either way.",
    "The more checks, windows and definitions are tried, the likelier one of them stands out by "
    "chance: all that were tried belong in the report, and the next cohort decides.",
)


def evaluation_text(table: pd.DataFrame, *, width: int = 88) -> str:
    """Put an evaluation in words.

    Parameters
    ----------
    table : DataFrame
        What `loadmon.evaluate` gives.
    width : int
        Characters that a line may have.

    Returns
    -------
    str
        What was counted, one paragraph for each check, and what such numbers can and cannot say.
    """
    if table.empty:
        return "No check was evaluated."
    rows: list[dict[Any, Any]] = table.to_dict("records")
    parts = [_counted(rows[0]), *(_one_check(row) for row in rows), *CANNOT_SAY]
    return "\n\n".join(textwrap.fill(part, width) for part in parts)


def _counted(row: dict[Any, Any]) -> str:
    kept_out = ", ".join(
        f"{row[f'injuries_{key}']} {words}"
        for key, words in (
            ("while_injured", "within an injury before"),
            ("same_day", "of the same day"),
            ("while_run_in", f"in the first {row['run_in_days']} days of an athlete"),
            ("while_laid_off", "in a lay-off"),
            ("outside", "outside the recorded days"),
        )
    )
    return (
        f"{count_text(row['athletes'], 'athlete')}, {row['injuries_reported']} injuries reported, "
        f"{row['injuries_counted']} counted; not counted: {kept_out}. Injury definition: "
        f"{row['injury_definition'] or 'not told'}. An injury within {row['recurrence_days']} days "
        f"of one before is taken for the same. Days after a flag begin with day {row['lag_days']}. "
        f"{count_text(row['comparisons'], 'comparison')}."
    )


def _one_check(row: dict[Any, Any]) -> str:
    days = row["horizon_days"]
    windows = sorted(
        int(name.removeprefix("ratio_").removesuffix("d_low"))
        for name in row
        if name.startswith("ratio_") and name.endswith("d_low")
    )
    ratios = ", ".join(f"{n} days {_interval(row, f'ratio_{n}d')}" for n in windows)
    text = (
        f"{row['check']}: within {days} days after a flag {_rate(row, 'flagged')}; on other days "
        f"{_rate(row, 'unflagged')}. Rate after a flag over rate on other days: {ratios}. "
        f"Per session: {_interval(row, 'session_rate_ratio')}."
    )
    if row["null_low"] == row["null_low"]:
        text += (
            f" With each athlete's injuries shifted in time, 95 of 100 ratios lie between "
            f"{row['null_low']:.2f} and {row['null_high']:.2f} (p {row['p_shift']:.3f}; "
            f"{row['p_adjusted']:.3f} for {count_text(row['comparisons'], 'comparison')})."
        )
    if row["days_unknown"]:
        text += (
            f" On {row['days_unknown']} days with {row['injuries_unknown']} injuries the flag is "
            "not known; they are in neither."
        )
    if row["flags"]:
        text += (
            f" There were {row['flags_per_100_days']:.1f} flags in 100 days; an injury followed "
            f"{_percent(row['flags_followed'])} of them within {days} days, and "
            f"{_percent(row['injuries_flagged_share'])} of the injuries had a flag before them."
        )
    return text


def _rate(row: dict[Any, Any], side: str) -> str:
    rate = row[f"rate_{side}"]
    number = "no rate" if rate != rate else f"{rate:.2f} injuries per 1,000 days"
    return f"{number} ({row[f'injuries_{side}']} in {row[f'days_{side}']} days)"


def _interval(row: dict[Any, Any], name: str) -> str:
    """A ratio with its interval, or why there is none."""
    ratio, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if ratio != ratio:
        return "not known"
    if low != low or high != high:
        few = f"under {EVALUATION['min_injuries']:.0f} injuries on one side"
        return f"{ratio:.2f} ({few}: no interval)"
    return f"{ratio:.2f} (95 % interval {low:.2f} to {high:.2f})"


def _percent(share: float) -> str:
    return "an unknown part" if share != share else f"{100 * share:.1f} %"
