"""Flags of each check in the four real histories: how many, and how many in 100 days.

python benchmarks/flag_rates.py            # prints the table of docs/checks.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "data")]
from corpus import corpus_folder  # noqa: E402

import loadmon  # noqa: E402
from loadmon.checks.findings import CHECKS  # noqa: E402

HISTORIES = ("athlete_a", "athlete_b", "athlete_c", "athlete_d")
NOW = datetime(2026, 11, 1, tzinfo=UTC)


def flags_of(name: str) -> tuple[int, pd.DataFrame]:
    """Days from the first to the last recorded activity of one history, and its flags."""
    archive = loadmon.read(corpus_folder() / "histories" / name, now=NOW)
    days = archive.activities["date"]
    return (days.max() - days.min()).days + 1, loadmon.flag_history(archive)


def table(histories: Iterable[str] = HISTORIES) -> str:
    """Markdown table: one row a check, one column a history."""
    found = {name: flags_of(name) for name in histories}
    head = [f"{name} ({days} days)" for name, (days, _) in found.items()]
    lines = [f"| check | {' | '.join(head)} |", f"|---|{'---:|' * len(head)}"]
    for check in CHECKS:
        counts = [(int((flags["check"] == check).sum()), days) for days, flags in found.values()]
        if any(n for n, _ in counts):
            cells = [f"{n} ({100 * n / days:.1f})" for n, days in counts]
            lines.append(f"| `{check}` | {' | '.join(cells)} |")
    return "\n".join(lines)


if __name__ == "__main__":
    print(table())
