"""What flags are worth: rates of injury after them, intervals, a null test, and all in words."""

from __future__ import annotations

import operator
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial, reduce
from os import PathLike
from typing import Any

import numpy as np
import pandas as pd

from loadmon.arguments import check_executor, check_frame, check_several, check_text, count_of
from loadmon.cohorts import chance
from loadmon.cohorts.follow_up import (
    LAG_DAYS,
    PANEL_COLUMNS,
    RECURRENCE_DAYS,
    RUN_IN_DAYS,
    WINDOWS,
    check_days,
    check_named_alike,
    check_panel,
    checked_injuries,
    checks_of,
)
from loadmon.cohorts.partitions import Failure, Partition, attempted, in_turn, lost, survey
from loadmon.cohorts.spread import spread
from loadmon.cohorts.tables import FLAG
from loadmon.cohorts.tally import KINDS, Asked, InjuriesOf, Tally, injuries_by_athlete, tally_of
from loadmon.errors import FrameError, SettingError
from loadmon.ratio import Floats
from loadmon.units import count_text

Panel = pd.DataFrame | str | PathLike[str] | Iterable[pd.DataFrame]


def evaluate(
    panel: Panel,
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
    executor: Executor | None = None,
) -> pd.DataFrame:
    """Compare the rate of injuries after flags with the rate on all other days.

    Parameters
    ----------
    panel : DataFrame, path, or iterable of DataFrame
        One row per athlete and day without gaps: ``athlete``, ``date``, ``load``, ``runs``, and
        flags in columns named ``flag_CHECK``: True, False, or NA where it is not known. What
        `loadmon.daily_panel` gives, or with flags of your own. For more athletes than memory
        holds: a folder of Parquet files, or any iterable of frames, each of whole athletes. The
        numbers are the same; memory grows with the largest part, not with the athletes.
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
        Where chance begins; the same seed gives the same table, whatever the order of rows and
        whichever the parts.
    executor : Executor, optional
        Where the files of a folder are worked on: any `concurrent.futures.Executor`. None: in
        this process, one after another.

    Returns
    -------
    DataFrame
        One row per check. ``check``, ``horizon_days``. Days at risk within the horizon after a
        flag (``days_flagged``), outside it (``days_unflagged``) and where a flag is not known
        (``days_unknown``); likewise ``injuries_*`` and ``sessions_*``. ``rate_*`` [per 1,000 days]
        with ``rate_ratio``, each with its 95 % interval in ``_low`` and ``_high``; likewise
        ``session_rate_*`` [per 1,000 sessions]. The ratio is infinite where injuries came after
        flags only. ``interval``: what the one of ``rate_ratio`` is from. ``athletes``: drawn with
        replacement. ``counts``: with under 5 injuries on a side it is exact, of independent ones;
        then it may be open at one end (0 or infinite). A rate has the one of its own count; one of
        0 goes up to 3.69 over its days.

        ``flags`` (flagged days at risk), ``flags_per_100_days``; ``flags_followed``: share of
        flags that an injury followed within the horizon; ``injuries_flagged_share``: share of
        injuries that followed a flag; ``lead_days``: median days from the latest flag to the
        injury [d].

        ``null_low``, ``null_high``: where 95 % of the ratios lie once each athlete's injuries are
        shifted in time (not always around 1: athletes with many injuries may have many flags);
        ``p_shift``: how rarely one of them is as far out as ``rate_ratio``, two-sided;
        ``p_adjusted``: that times ``comparisons``, at most 1 (Bonferroni).

        ``ratio_7d``, ``ratio_7d_low``, ``ratio_7d_high``, ``ratio_7d_interval`` and so on: rate
        ratio per day for every window. ``injury_definition, recurrence_days, lag_days,
        run_in_days, comparisons, seed``: as asked for; ``athletes``; ``injuries_reported`` and what
        became of them: ``_counted, _same_day, _while_run_in, _while_injured, _while_laid_off,
        _outside``. ``partitions`` that were given; ``failures``: which of them, or whose rows in
        them, were left out and why, or empty.

        NaN: no rate without days; no ratio of nothing, nor for a check that was never raised, and
        then no interval and no p.

    Raises
    ------
    FrameError
        If a frame lacks a column, misses or repeats a day, or no injury is of an athlete of it.
        Of several parts one that cannot be used is told in ``failures``; the error is raised where
        none can.
    ReadError
        If there is no such folder, or no Parquet file in it.
    SettingError
        If an option makes no sense, a flag is not True, False or NA, or pyarrow is missing.

    Notes
    -----
    A day counts once, whichever flags came before it, and an injury once. Days after an injury,
    in a lay-off and in the first `run_in_days` are left out. A ratio is an association: flags
    come in hard phases, and these may bring injuries by other ways; no ratio says what would have
    happened without the run. Athletes who are hurt more often come back more often, and a return
    holds spikes: in simulated cohorts this alone raises the ratio by 6 to 8 % (docs/studies.md).
    `loadmon.evaluation_text` puts the table in words.
    """
    count_of(horizon_days, "horizon_days")
    count_of(replicates, "replicates")
    windows = tuple(sorted({horizon_days, *WINDOWS}))
    check_days(windows, lag_days, run_in_days, recurrence_days)
    if comparisons is not None:
        count_of(comparisons, "comparisons")
    count_of(seed, "seed", 0)
    check_text(injury_definition, "injury_definition")
    check_executor(executor)
    listed = checked_injuries(injuries)
    options = (windows, horizon_days, recurrence_days, lag_days, run_in_days, replicates, seed)
    found = _summed(panel, listed, options, executor)
    asked, tally = found.asked, found.tally
    matched = int(tally.matched)
    check_named_alike(listed, matched, found.some)
    tried = len(asked.checks) * len(windows) if comparisons is None else comparisons
    if tried < 1:
        raise SettingError("comparisons must be at least 1")
    inputs = {"injury_definition": injury_definition, "recurrence_days": recurrence_days}
    inputs |= {"lag_days": lag_days, "run_in_days": run_in_days, "comparisons": tried, "seed": seed}
    inputs |= {"athletes": int(tally.athletes), "injuries_reported": len(listed)}
    fate = tally.fate | {"outside": tally.fate["outside"] + len(listed) - matched}
    inputs |= {f"injuries_{what}": n for what, n in fate.items()}
    inputs |= {"partitions": found.partitions, "failures": _told(found.failures)}
    rows = []
    for place, check in enumerate(asked.checks):
        compared = {n: _compared(tally, place, windows.index(n)) for n in windows}
        row: dict[str, Any] = {"check": check, "horizon_days": horizon_days}
        row |= compared[horizon_days]
        row |= _flags(tally, place, windows.index(horizon_days))
        row["p_adjusted"] = chance.corrected(row["p_shift"], tried)
        for days, numbers in compared.items():
            for end in ("", "_low", "_high"):
                row[f"ratio_{days}d{end}"] = numbers[f"rate_ratio{end}"]
            row[f"ratio_{days}d_interval"] = numbers["interval"]
        rows.append(row | inputs)
    texts = [name for name, value in rows[0].items() if isinstance(value, str)] if rows else []
    return pd.DataFrame(rows).astype(dict.fromkeys(texts, "str"))


@dataclass(frozen=True, slots=True)
class _Summed:
    """Sums of all athletes, and what they are of."""

    asked: Asked
    tally: Tally
    partitions: int
    failures: list[Failure]
    some: Sequence[object]  # athletes, for a message


Options = tuple[tuple[int, ...], int, int, int, int, int, int]


def _summed(
    panel: Panel, injuries: pd.DataFrame, options: Options, executor: Executor | None
) -> _Summed:
    if isinstance(panel, str | PathLike):
        return _of_folder(panel, injuries, options, executor)
    if executor is not None:
        raise SettingError("executor works on a folder of Parquet files; give the panel as one")
    if isinstance(panel, pd.DataFrame):
        check_panel(panel)
        asked = Asked(tuple(checks_of(panel)), *options)
        tally = tally_of(panel, injuries_by_athlete(injuries), asked)
        return _Summed(asked, tally, 1, [], panel["athlete"].unique()[:3].tolist())
    check_several(panel, "panel")
    return _of_frames(panel, injuries, options)


def _of_frames(frames: Iterable[pd.DataFrame], injuries: pd.DataFrame, options: Options) -> _Summed:
    """Sums of frames one after another; the first that is a panel says which flags there are."""
    injuries_of = injuries_by_athlete(injuries)
    found: tuple[Asked, Tally] | None = None
    failures: list[Failure] = []
    first: list[object] = []
    count = 0
    for part in in_turn(frames, "panel"):
        count += 1
        failures += part.failures
        asked = found[0] if found else None
        done = attempted(part, partial(_of_first_frames, part, injuries_of, asked, options))
        if isinstance(done, Failure):
            failures.append(done)
        else:
            first = first or part.athletes(3)
            found = (done[0], found[1] + done[1]) if found else done
    if found is None:
        raise _none_usable("the frames", count, failures)
    return _Summed(*found, count, failures, first)


def _of_first_frames(
    part: Partition, injuries_of: InjuriesOf, asked: Asked | None, options: Options
) -> tuple[Asked, Tally]:
    """Sums of a partition, and what was asked of it: its own flags where nothing else is said."""
    for frame in part.frames() if asked is None else ():
        check_panel(frame)
        asked = Asked(tuple(checks_of(frame)), *options)
    if asked is None:
        raise FrameError("no rows and no columns")
    return asked, _of_part(part, injuries_of, asked)


def _of_part(part: Partition, injuries_of: InjuriesOf, asked: Asked) -> Tally:
    columns = [*PANEL_COLUMNS, *(FLAG + check for check in asked.checks)]
    tallies = (tally_of(frame, injuries_of, asked) for frame in part.frames(columns))
    return reduce(operator.add, tallies)


def _of_folder(
    folder: str | PathLike[str], injuries: pd.DataFrame, options: Options, executor: Executor | None
) -> _Summed:
    """Sums of the files of a folder, here or by an executor."""
    partitions, failures, columns = survey(
        folder, lambda name: name in PANEL_COLUMNS or name.startswith(FLAG)
    )
    count = len(partitions) + len(failures)
    failures += [failure for part in partitions for failure in part.failures]
    asked = Asked(tuple(c.removeprefix(FLAG) for c in columns if c.startswith(FLAG)), *options)
    groups = [partitions]
    if executor is not None:
        groups = [partitions[n::_TASKS] for n in range(min(_TASKS, len(partitions)))]
    total: Tally | None = None
    for tally, failed in _of_groups(groups, injuries, asked, executor):
        failures += failed
        total = tally if total is None else total if tally is None else total + tally
    if total is None:
        raise _none_usable(str(folder), count, failures)
    return _Summed(asked, total, count, failures, partitions[0].athletes(3))


#: Tasks of an executor at most: each gives sums that this process holds until all are done.
_TASKS = 64
Sums = tuple[Tally | None, list[Failure]]


def _of_groups(
    groups: list[list[Partition]],
    injuries: pd.DataFrame,
    asked: Asked,
    executor: Executor | None,
) -> Iterator[Sums]:
    tasks = [(group, injuries, asked) for group in groups]
    if executor is None:
        yield from map(_of_group, tasks)
        return
    for task, done in zip(tasks, spread(_of_group, tasks, executor=executor), strict=True):
        if done is not None:
            yield done
            continue
        alone = [([part], injuries, asked) for part in task[0]]  # one of them ended its process
        for part, one in zip(task[0], spread(_of_group, alone), strict=True):
            yield one or (None, [lost(part)])


def _of_group(task: tuple[list[Partition], pd.DataFrame, Asked]) -> Sums:
    """Sums of some partitions, and what is wrong with others, in whatever process that happens."""
    partitions, injuries, asked = task
    injuries_of = injuries_by_athlete(injuries)
    total: Tally | None = None
    failures = []
    for part in partitions:
        done = attempted(part, partial(_of_part, part, injuries_of, asked))
        if isinstance(done, Failure):
            failures.append(done)
        else:
            total = done if total is None else total + done
    return total, failures


def _none_usable(what: str, count: int, failures: list[Failure]) -> FrameError:
    why = f"; the first: {failures[0].detail}" if failures else ""
    return FrameError(f"{what}: none of {count_text(count, 'partition')} can be used{why}")


def _told(failures: list[Failure]) -> str:
    return "; ".join(f"{f.partition}: {f.reason}: {f.detail}" for f in failures)


def _compared(tally: Tally, check: int, window: int) -> dict[str, Any]:
    """Rates of a check and window, their ratio, how sure they are, and what chance gives."""
    out: dict[str, Any] = {}
    for kind, name in zip(tally.totals[:, check, window], KINDS, strict=True):
        out |= {f"{name}_{s}": int(n) for s, n in zip(_STATES, kind, strict=True)}
    out |= _rates("", tally, check, window)
    out |= _rates("session_", tally, check, window)
    days = tally.totals[KINDS.index("days"), check, window, :2]
    shifted = chance.rate_ratio(tally.shifted[:, check, window], days)
    out["null_low"], out["null_high"] = chance.middle(shifted)
    out["p_shift"] = chance.p_value(out["rate_ratio"], shifted)
    return out


_STATES = ("unflagged", "flagged", "unknown")


def _rates(kind: str, tally: Tally, check: int, window: int) -> dict[str, Any]:
    """Rates, their ratio, and an interval of each, per day or session."""
    places = KINDS.index("injuries"), KINDS.index("sessions" if kind else "days")
    injuries, exposure = (tally.totals[k, check, window, :2] for k in places)
    drawn_injuries, drawn_exposure = (tally.drawn[:, k, check, window] for k in places)
    rates, drawn = chance.rate(injuries, exposure), chance.rate(drawn_injuries, drawn_exposure)
    out: dict[str, Any] = {}
    for place in (1, 0):
        bounds = chance.rate_bounds(injuries[place], exposure[place], drawn[:, place])
        names = (f"{kind}rate_{_STATES[place]}{end}" for end in ("", "_low", "_high"))
        out |= {n: 1000 * x for n, x in zip(names, (float(rates[place]), *bounds), strict=True)}
    out[f"{kind}rate_ratio"] = float(chance.rate_ratio(injuries, exposure))
    ratios = chance.rate_ratio(drawn_injuries, drawn_exposure)
    bounds, source = chance.ratio_bounds(injuries, exposure, ratios)
    out[f"{kind}rate_ratio_low"], out[f"{kind}rate_ratio_high"] = bounds
    out[f"{kind}interval"] = source
    return out


def _flags(tally: Tally, check: int, window: int) -> dict[str, float]:
    """How many flags there are, how many of them an injury followed, and after how many days."""
    injuries = tally.totals[KINDS.index("injuries"), check, window]
    seen, followed = tally.followed[check]
    return {
        "flags": int(tally.raised[check]),
        "flags_per_100_days": 100 * _share(tally.raised[check], float(tally.at_risk)),
        "flags_followed": _share(followed, seen),
        "injuries_flagged_share": _share(injuries[1], injuries[:2].sum()),
        "lead_days": _median(tally.lead[check]),
    }


def _share(part: float, whole: float) -> float:
    """Quotient, NaN where there is nothing to divide by."""
    return float(part / whole) if whole > 0 else float("nan")


def _median(counts: Floats) -> float:
    """Median of whole numbers, of which it is known how often each is there."""
    values = np.repeat(np.arange(len(counts)), counts.astype(np.int64))
    return float(np.median(values)) if len(values) else float("nan")


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
        Parts that were left out are told first.
    """
    check_frame(table, "table")
    count_of(width, "width")
    if table.empty:
        return "No check was evaluated."
    check_frame(table, "table", _TOLD, "; pass what loadmon.evaluate gives")
    rows: list[dict[Any, Any]] = table.to_dict("records")
    parts = [_counted(rows[0]), *(_one_check(row) for row in rows), *CANNOT_SAY]
    return "\n\n".join(textwrap.fill(part, width) for part in parts)


_SIDES = ("flagged", "unflagged")
#: Columns of an evaluation that its text tells.
_TOLD = (
    *("check", "horizon_days", "partitions", "failures", "athletes", "comparisons", "flags"),
    *("injuries_reported", "injuries_counted", "injury_definition", "recurrence_days"),
    *("lag_days", "run_in_days", "session_rate_ratio", "session_rate_ratio_low"),
    *("session_rate_ratio_high", "session_interval", "p_shift", "p_adjusted", "null_low"),
    *("null_high", "flags_per_100_days", "flags_followed", "injuries_flagged_share"),
    *(f"injuries_{key}" for key in ("while_injured", "same_day", "while_run_in")),
    *("injuries_while_laid_off", "injuries_outside", "days_unknown", "injuries_unknown"),
    *(f"{name}_{side}" for name in ("rate", "injuries", "days") for side in _SIDES),
    *(f"rate_{side}_high" for side in _SIDES),
)


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
    left_out = (
        f"Left out of {count_text(row['partitions'], 'partition')}: {row['failures']}. "
        if row["failures"]
        else ""
    )
    return left_out + (
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
    ratios = ", ".join(
        f"{n} days {_interval(row, f'ratio_{n}d', f'ratio_{n}d_interval')}" for n in windows
    )
    text = (
        f"{row['check']}: within {days} days after a flag {_rate(row, 'flagged')}; on other days "
        f"{_rate(row, 'unflagged')}. Rate after a flag over rate on other days: {ratios}. "
        f"Per session: {_interval(row, 'session_rate_ratio', 'session_interval')}."
    )
    if row["p_shift"] == row["p_shift"]:
        text += (
            f" With each athlete's injuries shifted in time, 95 of 100 ratios lie between "
            f"{_number(row['null_low'])} and {_number(row['null_high'])} (p {row['p_shift']:.3f}; "
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
    rate, injuries = row[f"rate_{side}"], row[f"injuries_{side}"]
    of = f"({injuries} in {row[f'days_{side}']} days)"
    if rate != rate:
        return f"no rate {of}"
    most = f", at most {row[f'rate_{side}_high']:.2f}" if injuries == 0 else ""
    return f"{rate:.2f} injuries per 1,000 days{most} {of}"


def _interval(row: dict[Any, Any], name: str, source: str) -> str:
    """A ratio with its interval and what that is from."""
    ratio, low, high = row[name], row[f"{name}_low"], row[f"{name}_high"]
    if ratio != ratio:
        return "not known"
    bounds = f"95 % interval {_number(low)} to {_number(high)}"
    if high == np.inf:
        bounds = f"95 % interval from {_number(low)} up, without an end"
    few = f", by counts: under {chance.ENOUGH} injuries on a side"
    return f"{_number(ratio)} ({bounds}{few if row[source] == 'counts' else ''})"


def _number(ratio: float) -> str:
    return "infinite" if ratio == np.inf else f"{ratio:.2f}"


def _percent(share: float) -> str:
    return "an unknown part" if share != share else f"{100 * share:.1f} %"
