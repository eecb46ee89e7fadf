"""The common form of a platform's file: how it is known, read, and put into rows.

A platform's module says for each of its files what it is known by (`Form`), reads its rows
(`Table`, `json_entries`), and names the track that belongs to each. What is asked of a table or of
JSON and is not there is said with its name; a cell that is not understood with its line and column.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from sqlite3 import Connection
from typing import Any

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import (
    Entry,
    Readable,
    Rows,
    SideFile,
    note_missing,
    note_wrong,
    stamps,
)
from loadmon.io.recording import LAST_S, OLDEST_S, Recording

#: What reduces a large file: its stream, its packed size, and the beginning of it.
Skim = Callable[[Readable, int, bytes], bytes]


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """One kind of file of a platform: what it is known by, and its reader.

    Parameters
    ----------
    kind : str
        Name of the format in the ledger.
    platform : str
        What the platform is called in sentences.
    read_list : callable, optional
        Reads a list of workouts.
    read_recordings : callable, optional
        Reads workouts with their tracks.
    columns : str
        Headers of its table, parted by bars; three fifths of them are enough.
    keys : str
        Keys of its JSON, parted by bars; likewise.
    words : tuple of bytes
        Texts that must all be in its JSON; by the first the beginning of the file is known.
    mark : bytes
        A text that only its beginning has: enough alone.
    looks : callable, optional
        Tells a table whose header may be in any language.
    query : callable, optional
        Takes the rows that are wanted from a database that has `table`.
    table : str
        Table of its SQLite database.
    root : bytes
        Name of its XML's outermost element.
    skim : callable, optional
        Reduces a file that may be gigabytes to what is wanted, while it streams by: it takes the
        stream, its packed size, and the beginning that was read already.
    """

    kind: str
    platform: str
    read_list: Callable[[bytes], SideFile] | None = None
    read_recordings: Callable[[bytes], Sequence[Recording | FileProblem]] | None = None
    columns: str = ""
    keys: str = ""
    words: tuple[bytes, ...] = ()
    mark: bytes = b""
    looks: Callable[[Rows], bool] | None = None
    query: Callable[[Connection], dict[str, Any]] | None = None
    table: str = ""
    root: bytes = b""
    skim: Skim | None = None


# --- a table, by the roles of its columns ---------------------------------------------------------


@dataclass(slots=True)
class Line:
    """One row of a table, by role; what it or the table lacks is empty."""

    number: int  # as spreadsheets count: the header is 1
    values: dict[str, str]
    names: dict[str, str]  # header of each role
    mark: str = "."  # decimal mark
    wrong: list[str] = field(default_factory=list)

    def text(self, role: str) -> str:
        """Text of a cell."""
        value = self.values.get(role, "")
        return "" if value.strip("-–—") == "" else value

    def value(self, role: str, read: Callable[[str], float]) -> float:
        """Value of a cell that is not empty, as `read` gives it; NaN is kept as not understood."""
        text = self.text(role)
        found = read(text) if text else math.nan
        if text and found != found:
            self.wrong.append(f"line {self.number}, {self.names[role]!r}: {text[:40]!r}")
        return found

    def number_of(self, role: str) -> float:
        """Number of a cell."""
        return self.value(role, lambda text: plain_number(text, self.mark))

    def seconds(self, role: str) -> float:
        """Time of a cell, in seconds or as ``1:02:03.4``. [s]"""
        return self.value(role, lambda text: clock_s(text, self.mark))


@dataclass(slots=True)
class Table:
    """A platform's table: its lines by role, and what is missing in it."""

    lines: list[Line]
    header: list[str]
    names: dict[str, str]
    missing: list[str]
    issues: dict[str, str]

    def side(self, platform: str) -> SideFile:
        """List of the platform with what is missing and what was not understood."""
        note_missing(self.issues, platform, self.missing)
        note_wrong(self.issues, [text for line in self.lines for text in line.wrong])
        return SideFile(platform, issues=self.issues)


def roles_by_name(roles: Mapping[str, str]) -> dict[str, str]:
    """Role of each header, by its spelling."""
    return {cells.spelled(name): role for role, names in roles.items() for name in names.split("|")}


def read_table(
    data: bytes, roles: Mapping[str, str], needed: Iterable[str], skip: int = 0
) -> Table:
    """Rows of a table by `roles`, each with its headers parted by bars; `skip` rows lead it.

    A header may end in a unit in brackets. Of columns with one name the first counts.
    """
    (header, *body), issues = cells.table(data, skip)
    known = roles_by_name(roles)
    columns: dict[str, int] = {}
    for n, name in enumerate(header):
        if role := known.get(cells.spelled(name)):
            columns.setdefault(role, n)
    names = {role: header[n].strip() for role, n in columns.items()}
    lines = [
        Line(n, {role: row[at].strip() for role, at in columns.items() if at < len(row)}, names)
        for n, row in enumerate(body, 2 + skip)
        if any(cell.strip() for cell in row)
    ]
    missing = [roles[role].split("|")[0] for role in needed if role not in columns]
    return Table(lines, header, names, missing, issues)


def starts_of(platform: str, lines: Sequence[Line], role: str) -> list[float]:
    """Times of a column of dates, counted like Unix time; a list without any is not read. [s]"""
    texts = [line.text(role) for line in lines]
    starts = stamps(texts)
    for line, text, start in zip(lines, texts, starts, strict=True):
        if text and start != start:
            line.wrong.append(f"line {line.number}, {line.names[role]!r}: {text[:40]!r}")
    if lines and all(start != start for start in starts) and any(texts):
        example = next(text for text in texts if text)
        raise unread(platform, starts, f"its dates are not understood, such as {example[:40]!r}")
    return starts


_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([.,' \u00a0\u202f\u2019])\d{3})(?:\1\d{3})*")
_DECIMALS = re.compile(r"[+-]?\d[\d' \u00a0\u202f\u2019.,]*([.,])(\d+)")


def decimal_mark(texts: Iterable[str]) -> str:
    """Decimal mark of a whole file's numbers: settled by all that can be read in one way only."""
    votes = {".": 0, ",": 0}
    for text in texts:
        found = _DECIMALS.fullmatch(text.strip())
        if not found:
            continue
        mark, other = found[1], {".": ",", ",": "."}[found[1]]
        if text.count(mark) > 1:  # it parts thousands
            votes[other] += 1
        elif other in text or len(found[2]) != 3:
            votes[mark] += 1
    return "," if votes[","] > votes["."] else "."


def plain_number(text: str, mark: str = ".") -> float:
    """Number with a decimal mark, its thousands grouped or not; NaN for anything else."""
    text = text.strip().lstrip("'").replace("\u2212", "-")
    group = "," if mark == "." else "."
    if group in text and _GROUPED.fullmatch(text.split(mark)[0]) is None:
        return math.nan
    for letter in (group, "'", " ", "\u00a0", "\u202f", "\u2019"):
        text = text.replace(letter, "")
    return cells.number(text.replace(mark, "."))


_CLOCK = re.compile(r"(?:(\d+)\s*(?:d|days?)?[ ,]+)?(?:(\d+):)?(\d+):(\d\d(?:[.,]\d+)?)")


def clock_s(text: str, mark: str = ".") -> float:
    """Seconds of ``1:02:03``, ``42:10``, ``00:06:25.8``, or of a plain number of them. [s]"""
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return plain_number(text, mark)
    days, hours, minutes = (float(part or 0) for part in found.groups()[:3])
    return 86_400 * days + 3600 * hours + 60 * minutes + float(found[4].replace(",", "."))


# --- JSON and databases: keys that no row has are named -------------------------------------------


def missing_keys(rows: Sequence[Mapping[str, Any]], keys: Iterable[str]) -> list[str]:
    """Keys of which one is in no row; alternatives are parted by bars."""
    there = {name for row in rows for name in row}
    return [key.split("|")[0] for key in keys if rows and not there & {*key.split("|")}]


# --- a day without a time of day ------------------------------------------------------------------

_DAY_S = 86_400.0


def take_day(entry: Entry, wall: float, *, has_time: bool = False) -> None:
    """Keep the local day of a workout whose start in UTC nobody tells; noon stands for no time."""
    if wall != wall:
        return
    day_s = wall - wall % _DAY_S
    entry.day = cells.day_of(1000 * day_s)
    entry.recording.start = wall if has_time else day_s + _DAY_S / 2
    entry.recording.offset_min = 0.0
    entry.recording.flags["day-only"] = (
        "the list tells the local time but no zone: counted like UTC"
        if has_time
        else "the list tells the day but no time: noon stands for it"
    )


# --- lists that are known and not read: their days are not rest -----------------------------------


def unread(platform: str, starts: Sequence[float], why: str, *, what: str = "list") -> FileProblem:
    """Problem of a list that is known and not read, with the local days of its workouts. [s]

    ``starts`` count like Unix time on the runner's own clock; NaN is not known.
    """
    known = sorted(s for s in starts if OLDEST_S <= s < LAST_S)
    days = sorted({cells.day_of(1000 * s) for s in known})
    span = f", {_written(days[0])} to {_written(days[-1])}" if days else ""
    n = len(starts)
    workouts = f"of {n} workout{'s' * (n != 1)}{span}" if n else "of workouts"
    detail = f"{platform}'s {what} {workouts}: not read, {why}"
    return FileProblem("quarantined", "list-unread", detail, days=tuple(days))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _written(day: str) -> str:
    year, month, of_month = day.split("-")
    return f"{int(of_month)} {_MONTHS[int(month) - 1]} {year}"
