"""How often the four real histories are flagged: each check, each week, each morning.

python benchmarks/flag_rates.py            # prints the tables of docs/checks.md
"""

from __future__ import annotations

import functools
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
from corpus import HISTORIES, flags, history  # noqa: E402

from loadmon.rules.context import CHECKS, CheckContext  # noqa: E402
from loadmon.rules.engine import build_context, check_context, longest_run  # noqa: E402

GOOD = "B"
_WEEK = 7


@dataclass(frozen=True)
class Weeks:
    """Weeks from Monday to Sunday, from the first to the last recorded day, by their last day.

    Of each week the checks that are flagged on its last day, and those of them with grade B; then
    the grades of the flags that were raised in it.
    """

    checks: list[set[str]]
    good: list[set[str]]
    raised: list[set[str]]

    @property
    def flagged(self) -> int:
        """Weeks that hold a flag."""
        return sum(map(bool, self.checks))

    @property
    def without_good(self) -> int:
        """Weeks that hold flags, none of grade B."""
        return sum(bool(c) and not g for c, g in zip(self.checks, self.good, strict=True))


@dataclass(frozen=True)
class Mornings:
    """Mornings after each day of a history: all, those of 0 km, and those that are unknown."""

    n: int
    zero: int
    unknown: int


@functools.cache
def context_of(name: str) -> CheckContext:
    """Context of the last recorded day of one history."""
    return build_context(history(name), None)


def days_of(name: str) -> int:
    """Days from the first to the last recorded activity of one history."""
    days = history(name).activities["date"]
    return (days.max() - days.min()).days + 1


@functools.cache
def weeks(name: str) -> Weeks:
    """Every week of one history."""
    context, told = context_of(name), flags(name)
    days = pd.DatetimeIndex(context.daily.index)
    ends = days[days.day_of_week == _WEEK - 1].union(days[-1:])
    found: tuple[list[set[str]], list[set[str]], list[set[str]]] = ([], [], [])
    for end in ends:
        frame = check_context(context.at(end, _WEEK)).to_frame()
        frame = frame[frame["verdict"] == "flagged"]
        monday = end - pd.Timedelta(days=end.day_of_week)
        found[0].append(set(frame["check"]))
        found[1].append(set(frame.loc[frame["grade"] == GOOD, "check"]))
        found[2].append(set(told.loc[told["date"].between(monday, end), "grade"]))
    return Weeks(*found)


@functools.cache
def mornings(name: str) -> Mornings:
    """What `loadmon.today` says on the morning after each day of one history."""
    context = context_of(name)
    told = [
        longest_run(context.at(day, _WEEK), days_ahead=1).ahead.iloc[1]
        for day in context.daily.index
    ]
    zero = sum(bool(row["distance_km"] == 0) for row in told)
    return Mornings(len(told), zero, sum(pd.isna(row["distance_km"]) for row in told))


def table() -> str:
    """Flags, and flags in 100 days: one row a check, one column a history."""
    found = {name: (days_of(name), flags(name)) for name in HISTORIES}
    rows = []
    for check in CHECKS:
        counts = [(int((told["check"] == check).sum()), days) for days, told in found.values()]
        if any(n for n, _ in counts):
            rows.append((f"`{check}`", [f"{n} ({100 * n / days:.1f})" for n, days in counts]))
    return _table("check", [f"{name} ({days} days)" for name, (days, _) in found.items()], rows)


def weeks_table() -> str:
    """Share of weeks that hold a flag, and in brackets one of grade B, by check and history."""
    found = {name: weeks(name) for name in HISTORIES}
    shown = [check for check in CHECKS if any(check in c for w in found.values() for c in w.checks)]
    rows = [("any check", [_shares(w, None) for w in found.values()])]
    rows += [(f"`{check}`", [_shares(w, check) for w in found.values()]) for check in shown]
    bare = [_share(w.without_good, len(w.checks)) for w in found.values()]
    raised = [
        f"{_share(sum(map(bool, w.raised)), len(w.raised))} "
        f"({_share(sum(GOOD in grades for grades in w.raised), len(w.raised))})"
        for w in found.values()
    ]
    rows += [("flags, none of grade B", bare), ("raised in the week", raised)]
    heads = [f"{name} ({len(w.checks)} weeks)" for name, w in found.items()]
    return _table("weeks with a flag (grade B)", heads, rows)


def mornings_table() -> str:
    """Share of mornings on which `today` is 0 km, and on which it is unknown."""
    found = {name: mornings(name) for name in HISTORIES}
    rows = [
        ("0 km", [_share(m.zero, m.n, 1) for m in found.values()]),
        ("unknown", [_share(m.unknown, m.n, 1) for m in found.values()]),
    ]
    return _table("`today`", [f"{name} ({m.n} mornings)" for name, m in found.items()], rows)


def _shares(found: Weeks, check: str | None) -> str:
    """Share of weeks with a flag of a check or of any, and with one of grade B."""
    hits = [
        sum(bool(names) if check is None else check in names for names in sets)
        for sets in (found.checks, found.good)
    ]
    return f"{_share(hits[0], len(found.checks))} ({_share(hits[1], len(found.checks))})"


def _share(hits: int, n: int, decimals: int = 0) -> str:
    return f"{100 * hits / n:.{decimals}f} %"


def _table(corner: str, heads: list[str], rows: list[tuple[str, list[str]]]) -> str:
    lines = [f"| {corner} | {' | '.join(heads)} |", f"|---|{'---:|' * len(heads)}"]
    return "\n".join([*lines, *(f"| {name} | {' | '.join(cells)} |" for name, cells in rows)])


if __name__ == "__main__":
    print(table(), weeks_table(), mornings_table(), sep="\n\n")
