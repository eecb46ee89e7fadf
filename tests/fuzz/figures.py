"""Write the figures of docs/reliability.md that the tests compute again, and the table of reasons.

::

    python tests/fuzz/figures.py [../shared/corpus]

With a corpus the table of false alarms too.
"""

from __future__ import annotations

import collections
import functools
import re
import sys
from pathlib import Path

import pandas as pd

HOUSE = Path(__file__).parents[2]
sys.path[:0] = [str(HOUSE / p) for p in ("", "data", "tests/support", "tests/fuzz")]

from campaign import KINDS, run
from false_alarms import alarms, table
from seeds import made

from loadmon.report.ledger import NOTED, ODD, UNUSABLE

DOCS = HOUSE / "docs" / "reliability.md"
OUTCOMES = DOCS.with_name("file-outcomes.md")
SEED = 20261101
MUTANTS = 60
NEVER = ("foreign", "slow", "grown", "hidden")
_NAMES = {
    "histories/athlete_a": "one runner, FIT of a Garmin",
    "histories/athlete_b": "one runner, FIT of an app",
    "histories/athlete_c": "one runner, GPX",
    "histories/athlete_d": "one runner, TCX",
    "singles": "test files of public readers, many makers",
    "all": "all",
}
_BLOCK = r"(<!-- {} -->\n).*?(<!-- end -->)"


@functools.cache
def campaign(kind: str) -> list[tuple[str, str]]:
    """Outcome of each mutant of the small campaign, and a word of detail."""
    seen: list[tuple[str, str]] = []
    run(kind, made(kind), MUTANTS, SEED, lambda _name, _number, *told: seen.append(told))
    return seen


def counted(kind: str) -> collections.Counter[str]:
    """How often each outcome was met."""
    return collections.Counter(outcome for outcome, _ in campaign(kind))


def fuzz_row(kind: str) -> str:
    """One row of the small campaign."""
    counts = counted(kind)
    never = sum(counts[name] for name in NEVER)
    silent = counts["silent"] + counts["heavy"]
    cells = (kind, MUTANTS, silent, counts["heavy"], never)
    return f"| {' | '.join(map(str, cells))} |"


def fuzz_table() -> str:
    """Table of the small campaign."""
    head = ["| damaged | mutants | silent | of them heavy | never |", "|---|---:|---:|---:|---:|"]
    return "\n".join([*head, *map(fuzz_row, KINDS)])


def reasons_table() -> str:
    """Every reason code with what it means."""
    lines = ["| code | |", "|---|---|"]
    for title, codes in (("cannot be used", UNUSABLE), ("flagged", ODD), ("noted", NOTED)):
        lines.append(f"| **{title}** | |")
        lines += [f"| `{code}` | {reason.means} |" for code, reason in sorted(codes.items())]
    return "\n".join(lines)


def alarms_table(ledger: pd.DataFrame) -> str:
    """Sound real recordings that a cross-check flags."""
    rows = ["| recordings of | read | flagged | share | quarantined |", "|---|---:|---:|---:|---:|"]
    for part, row in table(ledger).iterrows():
        cells = (
            f"{row['recordings']:.0f}", f"{row['flagged']:.0f}", f"{row['share']:.1%}",
            f"{row['quarantined by a check']:.0f}",
        )  # fmt: skip
        rows.append(f"| {_NAMES.get(str(part), str(part))} | {' | '.join(cells)} |")
    return "\n".join(rows)


def with_block(text: str, name: str, block: str) -> str:
    """Put a block between its marks."""
    put = re.compile(_BLOCK.format(name), re.DOTALL)
    return put.sub(lambda found: f"{found[1]}{block}\n{found[2]}", text)


def block_of(text: str, name: str) -> str:
    """Return what stands between the marks of a block."""
    found = re.search(_BLOCK.format(name), text, re.DOTALL)
    return found[0].removeprefix(found[1]).removesuffix(found[2]).strip() if found else ""


def main() -> int:
    """Write all blocks."""
    text = DOCS.read_text(encoding="utf-8")
    text = with_block(text, "fuzz", fuzz_table())
    if len(sys.argv) > 1:
        text = with_block(text, "alarms", alarms_table(alarms(Path(sys.argv[1]).resolve())))
    DOCS.write_text(text, encoding="utf-8")
    outcomes = with_block(OUTCOMES.read_text(encoding="utf-8"), "reasons", reasons_table())
    OUTCOMES.write_text(outcomes, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
