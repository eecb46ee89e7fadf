"""Every number and flag of a block's days, by the definitions of the load room.

`loadmon.load.measures` says what each of them means; here they are worked out for many athletes
at once, and each flag has a third state for what is not known.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from loadmon.cohorts.blocks import Block, Ints
from loadmon.cohorts.ratios import OK, Codes, judged
from loadmon.cohorts.windows import (
    fullest_before,
    last_marked,
    max_before,
    sums_so_far,
    window_sums,
)
from loadmon.evidence.checks import (
    ACWR_LIMIT,
    MONOTONY,
    REST_DAYS,
    RUN_DAYS_IN_A_ROW,
    SESSION_SPIKE,
    WEEKLY_CHANGE,
)
from loadmon.evidence.load import WINDOWS
from loadmon.evidence.ramp import RAMP_SESSION, RAMP_START
from loadmon.load.ratio import Floats, Marks, Method
from loadmon.load.spikes import SPIKES
from loadmon.load.threshold import above

#: Words of ``session_level``; the place is the code of a day.
LEVELS = ("rest", "unknown", "no_baseline", "none", *SPIKES)
#: A flag: 1 yes, 0 no, -1 not known.
States = npt.NDArray[np.int8]

_WEEK = int(WINDOWS["acute"])


def numbers(block: Block) -> dict[str, Floats]:
    """Rolling numbers of every day, as `loadmon.load.measures.measures` gives them.

    Parameters
    ----------
    block : Block
        Athletes on their calendars.

    Returns
    -------
    dict of ndarray, each of shape (n_days, n_athletes)
        ``sum_7d, before_7d, change, fullest_7d, days_back, run_days_7d, in_a_row, mean, sd,
        monotony, strain``.
    """
    x = block.load
    out = {"sum_7d": window_sums(x, _WEEK), "before_7d": np.full(x.shape, np.nan)}
    out["before_7d"][_WEEK:] = out["sum_7d"][:-_WEEK]
    out["change"] = _divided(out["sum_7d"], out["before_7d"])
    out["fullest_7d"] = fullest_before(out["sum_7d"], _WEEK)
    out["days_back"] = _days_back(x)
    ran = block.runs > 0
    out["run_days_7d"] = sums_so_far(ran.astype(float), _WEEK)
    place = np.arange(len(x), dtype=float)[:, None]
    out["in_a_row"] = place - np.maximum(last_marked(~ran), -1)
    out["mean"] = out["sum_7d"] / _WEEK
    out["sd"] = _deviation(x, out["mean"])
    out["monotony"] = _divided(out["mean"], out["sd"])
    out["strain"] = out["mean"] * _WEEK * out["monotony"]
    return out


def ratios(block: Block, method: Method) -> tuple[Floats, Codes, States]:
    """Ratio of every day, its status, and whether it is above the limit of its method.

    Returns
    -------
    tuple of ndarray, each of shape (n_days, n_athletes)
        NaN where the status is not ok; places in `loadmon.cohorts.ratios.STATUSES`; flags.
    """
    x, ran = block.load, block.runs > 0
    ratio, status = np.full(x.shape, np.nan), np.empty(x.shape, dtype=np.int8)
    over = np.empty(x.shape, dtype=bool)
    for day, (short, long, code) in enumerate(judged(x, method)):
        np.divide(short, long, out=ratio[day], where=code == OK)
        status[day], over[day] = code, above(short, ACWR_LIMIT[method] * long)
    settled = status == OK
    return ratio, status, _state(ran & settled & over, np.isnan(x) | (ran & ~settled))


def spikes(block: Block) -> tuple[Floats, Codes, States]:
    """Runs of every day against the longest of the 30 days before it.

    Returns
    -------
    tuple of ndarray, each of shape (n_days, n_athletes)
        The largest ratio of the day, NaN where there is none; the level of its longest run as
        places in `LEVELS`; flags: a run stands out, by the half kilometre too.
    """
    days, shape = int(SESSION_SPIKE["window_days"]), block.load.shape
    longest = max_before(np.nan_to_num(block.longest_km), days).ravel()[block.session_at]
    unsure = max_before((~block.distance_known).astype(float), days).ravel()[block.session_at] > 0
    level = _levels(block.session_km, longest, unsure)
    shown = level >= LEVELS.index("none")
    of_day, at, km = np.full(shape, np.nan), block.session_at, block.session_km
    np.fmax.at(of_day.reshape(-1), at[shown], km[shown] / longest[shown])
    words = np.full(shape, LEVELS.index("rest"), dtype=np.int8)
    words[_not_told(block)] = LEVELS.index("unknown")
    by_length = np.argsort(km, kind="stable")
    words.reshape(-1)[at[by_length]] = level[by_length]
    out = (level > LEVELS.index("none")) & above(km, longest + RAMP_SESSION["floor_km"])
    flagged, unknown = np.zeros(shape, dtype=bool), _not_told(block)
    flagged.reshape(-1)[at[out]] = True
    unknown.reshape(-1)[at[~shown]] = True
    return of_day, words, _state(flagged, unknown)


def _levels(km: Floats, longest: Floats, unsure: Marks) -> Codes:
    """Level of every run, as places in `LEVELS`."""
    level = np.full(len(km), LEVELS.index("none"), dtype=np.int8)
    for name in SPIKES:
        level[above(km, SESSION_SPIKE[name] * longest)] = LEVELS.index(name)
    level[unsure & (level > LEVELS.index("none"))] = LEVELS.index("unknown")
    level[longest == 0] = LEVELS.index("no_baseline")
    level[unsure & (longest == 0)] = LEVELS.index("unknown")
    return level


def other_flags(block: Block, found: dict[str, Floats]) -> dict[str, States]:
    """Flags of the week against the week before, of days much alike and of days without a run.

    Parameters
    ----------
    block : Block
        Athletes on their calendars.
    found : dict of ndarray
        What `numbers` gives for it.
    """
    x, ran = block.load, block.runs > 0
    before = found["fullest_7d"]
    comparable = (before > 0) & (found["days_back"] >= 2 * _WEEK - 1)
    grown = above(found["sum_7d"], WEEKLY_CHANGE["limit"] * before)
    compared = comparable & ~np.isnan(found["sum_7d"])
    alike = above(found["mean"], MONOTONY["limit"] * found["sd"])
    return {
        "weekly_change": _state(ran & compared & grown, np.isnan(x) | (ran & ~compared)),
        "monotony": _state(_held(alike, ran), np.isnan(found["mean"])),
        "rest": _rest(block, found),
    }


def _rest(block: Block, found: dict[str, Floats]) -> States:
    """Flags of too many run days in 7, or in a row within them; known rest days settle it."""
    many = found["run_days_7d"] > _WEEK - REST_DAYS["min_in_7"]
    in_a_row = (found["in_a_row"] > RUN_DAYS_IN_A_ROW["max"]).astype(float)
    rest = ~np.isnan(block.load) & (block.runs == 0)
    rested = sums_so_far(rest.astype(float), _WEEK)
    return _state(many | (sums_so_far(in_a_row, _WEEK) > 0), rested < REST_DAYS["min_in_7"])


def any_state(states: Iterable[States]) -> States:
    """Whether one of several flags is raised; not known where none is and one is not known."""
    several = np.stack(list(states))
    return _state(np.any(several == 1, axis=0), np.any(several < 0, axis=0))


def _state(flagged: Marks, unknown: Marks) -> States:
    """Flags in three states; what is flagged is known."""
    out = np.zeros(flagged.shape, dtype=np.int8)
    out[unknown] = -1
    out[flagged] = 1
    return out


def _not_told(block: Block) -> Marks:
    """Days on which a run may have been whose distance is not known."""
    return np.isnan(block.load) | ~block.distance_known


def _divided(a: Floats, b: Floats) -> Floats:
    """Quotient, NaN where the divisor is 0 or not known."""
    out = np.full(a.shape, np.nan)
    np.divide(a, b, out=out, where=b > 0)
    return out


def _deviation(x: Floats, mean: Floats) -> Floats:
    """Population standard deviation of 7 days; exactly 0 where they are equal."""
    out = np.full(x.shape, np.nan)
    n = len(x) - _WEEK + 1
    if n < 1:
        return out
    parts = [x[i : i + n] for i in range(_WEEK)]
    squares = np.add.reduce([(part - mean[_WEEK - 1 :]) ** 2 for part in parts])
    equal = np.logical_and.reduce([part == parts[0] for part in parts])
    out[_WEEK - 1 :] = np.where(equal, 0.0, np.sqrt(squares / _WEEK))
    return out


def _days_back(x: Floats) -> Floats:
    """Days since the load that ended the last break; infinite where there was none."""
    place = np.arange(len(x), dtype=float)[:, None]
    off = place - np.maximum(last_marked(x != 0), -1)
    before = np.vstack([np.zeros((1, x.shape[1])), off[:-1]])
    out: Floats = place - last_marked((x > 0) & (before >= RAMP_START["full_until_days"]))
    return out


def _held(over: Marks, ran: Marks) -> Marks:
    """Marks that begin on a day with a run and last as long as `over` does."""
    out: Marks = over & (last_marked(over & ran) > last_marked(~over))
    return out


def as_words(codes: Ints | Codes, words: tuple[str, ...]) -> npt.NDArray[np.str_]:
    """Words of codes."""
    return np.array(words)[codes]
