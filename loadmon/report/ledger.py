"""The ledger as a page to act on: what became of the files, and what to do where it is needed."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

import pandas as pd

from loadmon.checks.words import count_text
from loadmon.reading.archive import Archive
from loadmon.report.reasons import REASONS, UNUSABLE, Reason

_MIN_WIDTH, _MAX_WIDTH = 40, 100
_SHOWN = 20  # files under one reason; the rest is counted
_UNUSABLE = ("quarantined", "refused")
#: Reasons that say nothing against a file that counts.
_GOOD = ("imported", "flagged")


def ledger_text(archive: Archive, *, title: str, command: str, width: int = _MAX_WIDTH) -> str:
    """Page about every file that was read.

    Parameters
    ----------
    archive : Archive
        As from `loadmon.read`.
    title : str
        What was read, as the runner named it.
    command : str
        The same in the form in which it can be typed after ``loadmon files``.
    width : int
        Columns of the terminal; from 40 to 100 are used.
    """
    files = archive.files
    blocks = [
        _counts(files, title),
        [*_unusable(files), *_days(archive)],
        [*_flagged(files)],
        [*_noted(files)],
        [*_others(files)],
        [f"Every row: loadmon files {command} --format csv"],
    ]
    columns = max(_MIN_WIDTH, min(_MAX_WIDTH, width))
    return "\n\n".join(_wrapped(block, columns) for block in blocks if block)


def _wrapped(lines: list[str], columns: int) -> str:
    """Lines broken at spaces, each under its own indent; a name is never broken."""
    out: list[str] = []
    for line in lines:
        indent = len(line) - len(line.lstrip(" "))
        out += textwrap.wrap(
            line,
            columns,
            initial_indent="",
            subsequent_indent=" " * (indent + 2),
            break_long_words=False,
            break_on_hyphens=False,
            drop_whitespace=True,
        ) or [line]
    return "\n".join(out)


def _counts(files: pd.DataFrame, title: str) -> list[str]:
    """How many there are of each outcome, in words that add up."""
    outcomes = files["outcome"].value_counts()
    told = {
        "count": outcomes.reindex(_GOOD).sum(),
        "repeat another": outcomes.get("duplicate", 0),
        "hold no activity": outcomes.get("skipped", 0),
        "cannot be used": outcomes.reindex(_UNUSABLE).sum(),
    }
    parts = [f"{int(n)} {what}" for what, n in told.items() if n > 0]
    flagged = int(outcomes.get("flagged", 0))
    if flagged:
        parts[0] += f" ({flagged} of them flagged)"
    return [
        f"{title}: {count_text(len(files), 'file')}",
        f"  {', '.join(parts) or 'nothing in it'}",
    ]


def _by_reason(files: pd.DataFrame) -> Iterator[tuple[str, int, pd.DataFrame]]:
    """Files under each of their reasons, the most frequent first."""
    codes = files["reason"].str.split(",").explode()
    for code, count in codes[codes != ""].value_counts().items():
        yield str(code), int(count), files.loc[codes.index[codes == code]]


def _unusable(files: pd.DataFrame) -> Iterator[str]:
    """Each file that cannot be used, what is wrong with it, and what to do."""
    own = files[files["outcome"].isin(_UNUSABLE)]
    if own.empty:
        return
    yield f"CANNOT BE USED: {count_text(len(own), 'file')}"
    first = own.assign(reason=own["reason"].str.split(",").str[0])
    for code, count, rows in _by_reason(first):
        reason = UNUSABLE.get(code) or _reason(code)
        yield f"  {code}, {count_text(count, 'file')}: {reason.means}"
        yield from (f"    {row.file}: {row.detail}" for row in rows.head(_SHOWN).itertuples())
        if count > _SHOWN:
            yield f"    and {count - _SHOWN} more"
        yield f"    What to do: {reason.to_do}"


def _reason(code: str) -> Reason:
    """Words of a code; one that has none yet is left to the file's own words."""
    return REASONS.get(code, Reason("see its own words"))


def _days(archive: Archive) -> Iterator[str]:
    """Days that are unknown, and what to do where not even the day is known."""
    days = archive.activities.attrs.get("unknown_days", [])
    if days:
        shown = ", ".join(days[-_SHOWN:])
        yield f"  Days unknown because of them, or by your own word: {len(days)} ({shown})."
        yield "  No ratio is shown over an unknown day."
    if archive.files["outcome"].isin(_UNUSABLE).any():
        yield (
            "  Where the day of such a file cannot be told and you ran then, name the day under "
            "unknown_days in athlete.toml: else it looks like rest."
        )


def _flagged(files: pd.DataFrame) -> Iterator[str]:
    """What counts although something is odd about it: the reasons, then each file once."""
    own = files[files["outcome"] == "flagged"]
    if own.empty:
        return
    verb = "counts" if len(own) == 1 else "count"
    yield f"FLAGGED: {count_text(len(own), 'file')} {verb} although something is odd"
    yield from _summed(own)
    yield from (f"    {row.file}: {row.detail}" for row in own.head(_SHOWN).itertuples())
    if len(own) > _SHOWN:
        yield f"    and {len(own) - _SHOWN} more"


def _noted(files: pd.DataFrame) -> Iterator[str]:
    """What is only said of files that count."""
    own = files[files["outcome"] == "imported"]
    lines = [*_summed(own)]
    if lines:
        yield "NOTED"
        yield from lines


def _others(files: pd.DataFrame) -> Iterator[str]:
    """Repetitions, and files without an activity, by their reasons."""
    for outcome, title in (("duplicate", "REPEAT ANOTHER"), ("skipped", "HOLD NO ACTIVITY")):
        own = files[files["outcome"] == outcome]
        if len(own):
            yield f"{title}: {count_text(len(own), 'file')}"
            yield from _summed(own)


def _summed(files: pd.DataFrame) -> Iterator[str]:
    """One line for each reason."""
    for code, count, _ in _by_reason(files):
        reason = _reason(code)
        to_do = f" {reason.to_do}" if reason.to_do else ""
        yield f"  {code}, {count_text(count, 'file')}: {reason.means}.{to_do}"
