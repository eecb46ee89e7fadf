"""Flags of each check in the four real histories: how many, and how many in 100 days.

python benchmarks/flag_rates.py            # prints the table of docs/checks.md
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "support")]
from corpus import HISTORIES, flags, history  # noqa: E402

from loadmon.rules.context import CHECKS  # noqa: E402


def days_of(name: str) -> int:
    """Days from the first to the last recorded activity of one history."""
    days = history(name).activities["date"]
    return (days.max() - days.min()).days + 1


def table() -> str:
    """Markdown table: one row a check, one column a history."""
    found = {name: (days_of(name), flags(name)) for name in HISTORIES}
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
