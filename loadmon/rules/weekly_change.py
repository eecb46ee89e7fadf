"""Seven days against those before them, and against the usual week, judged on days with a run."""

from __future__ import annotations

import numpy as np
import pandas as pd

from loadmon.evidence.limits import RAMP_RATE, UNUSUAL_WEEK, WEEKLY_CHANGE, WINDOWS
from loadmon.evidence.loads import FITNESS_LINES, STRESS
from loadmon.ratio import above, fitness
from loadmon.rules.context import Row, View, borrowed, finding
from loadmon.rules.numbers import comparable
from loadmon.units import day_text, metric_of, more_text, unit_of

_ACUTE = int(WINDOWS["acute"])


def weekly_change(view: View) -> Row:
    """Judge seven days against the fullest seven of the week before, and the usual week.

    Returns A finding, for the last run day of the judged ones. Flagged ``above``: more than the
    limit over the fullest seven days that ended in the week before; ``unusual``: far above the
    runner's own twelve weeks; ``steep``: the ramp rate is above its limit, for loads that count in
    points. Unknown: a day that counts is not known, or the days compared hold a break: the return
    check looks at those runs. Without a run in the last seven days it is ok.
    """
    days = view.decided
    numbers = view.numbers.loc[days]
    rule = borrowed(view.rule(WEEKLY_CHANGE), view.load)
    told: Row = {
        "evidence": rule,
        "limit": rule["limit"],
        "unit": "ratio",
        "window": "7 days against those that ended in the week before, on the last day with a run",
        "missing": view.missing(3 * _ACUTE - 1),
    }
    base = compared_with(numbers)
    if (base > 0).any():
        told |= {"value": numbers["sum_7d"].iloc[0] / base.iloc[0], "date": days[0]}
    if view.marked.loc[days, "weekly_change"].any():
        return finding("weekly_change", "flagged", "above", _grown(view, told["date"]), **told)
    if view.marked.loc[days, "unusual"].any():
        return _unusual(view, days[0], told)
    if len(days) and days[0] in steep_days(view):
        return _steep(view, days[0], told)
    if view.week_known and view.run_days.empty:
        return finding("weekly_change", "ok", "none", "No run in these 7 days.", **told)
    unsure = numbers["fullest_7d"].isna() & above(numbers["sum_7d"], rule["limit"] * base)
    if not view.week_known or days.empty or base.isna().any() or unsure.any():
        message = "Not all days are known: it needs these 7, and 14 to 20 up to the last run."
        return finding("weekly_change", "unknown", "unknown", message, **told)
    if not comparable(numbers).all() or (base == 0).any():
        message = "The days to compare with hold a break; the return check looks at these runs."
        return finding("weekly_change", "unknown", "returning", message, **told)
    return finding("weekly_change", "ok", "none", _grown(view, told["date"]), **told)


def compared_with(numbers: pd.DataFrame) -> pd.Series:
    """What seven days are compared with; unknown days could make it more, but never less."""
    return numbers["fullest_7d"].fillna(numbers["before_7d"])


def _grown(view: View, day: pd.Timestamp) -> str:
    """Tell seven days beside those before them, and the usual week where there is one."""
    now, before = view.number("sum_7d", day), float(compared_with(view.numbers.loc[[day]]).iloc[0])
    plain = before == view.number("before_7d", day)
    which = "7 before" if plain else "fullest 7 of the week before"
    ratio = now / before
    more = "" if ratio <= 1 else f" ({more_text(ratio)}{' more' if ratio < 2 else ' as much'})"
    usual = view.number("usual", day)
    known = f"; usual is {view.amount(usual)}" if usual == usual else ""
    text = f"{view.amount(now)} in the 7 days to {day_text(day)}, after {view.amount(before)}"
    return f"{text} in the {which}{more}{known}."


def _unusual(view: View, day: pd.Timestamp, told: Row) -> Row:
    """Tell a week that is far above the usual one."""
    rule = view.rule(UNUSUAL_WEEK)
    now, usual = view.number("sum_7d", day), view.number("usual", day)
    spread = view.number("spread", day)
    text = (
        f"{view.amount(now)} in the 7 days to {day_text(day)}; the usual week of the "
        f"{UNUSUAL_WEEK['weeks']:.0f} before is {view.amount(usual)}, half of them within "
        f"{view.amount(spread)} of it."
    )
    told |= {"evidence": rule, "limit": rule["z"], "value": view.number("z", day), "date": day}
    told["window"] = f"7 days against the {UNUSUAL_WEEK['weeks']:.0f} sevens before"
    return finding("weekly_change", "flagged", "unusual", text, **told)


def ramp_rates(view: View) -> pd.Series:
    """Ramp rate of every day on which it has a limit and is settled, else NaN.

    Only for loads of which 100 points are an hour at threshold, or where the runner set a limit,
    and not in the six weeks in which the mean still rises from 0.
    """
    judged = STRESS in metric_of(view.load).evidence or view.rule(RAMP_RATE).checked == "own"
    if not judged:
        return pd.Series(np.nan, view.daily.index)
    numbers = fitness(view.daily["load"])
    days = int(FITNESS_LINES["fitness_days"])
    settled = numbers["ctl"].notna().rolling(days).sum() == days
    return numbers["ramp_rate"].where(settled)


def steep_days(view: View) -> pd.DatetimeIndex:
    """Days with a run on which the ramp rate is above its limit."""
    steep = above(ramp_rates(view), view.rule(RAMP_RATE)["limit"])
    return pd.DatetimeIndex(view.daily.index)[steep & (view.daily["runs"] > 0).to_numpy()]


def _steep(view: View, day: pd.Timestamp, told: Row) -> Row:
    """Tell a mean load of six weeks that rises fast."""
    rule = view.rule(RAMP_RATE)
    rate = float(ramp_rates(view).loc[[day]].iloc[0])
    text = f"Mean load of six weeks up by {rate:.1f} in the 7 days to {day_text(day)}."
    told |= {"evidence": rule, "limit": rule["limit"], "value": rate, "date": day}
    told |= {"unit": unit_of(view.load), "window": "7 days"}
    return finding("weekly_change", "flagged", "steep", text, **told)
