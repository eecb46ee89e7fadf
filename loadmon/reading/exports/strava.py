"""Strava's ``activities.csv``: one row for each activity, in the language of the account.

The recordings decide every number; the list adds what they lack (gear, perceived exertion, name)
and is the only trace of activities entered by hand. Columns are found by name, and where the
language is not known by their order, by names that stand twice, and by what is in them; never by
how many there are. Of two columns with one name the last is in seconds or metres.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np

from loadmon.errors import FileProblem
from loadmon.reading.exports.entry import Entry, SideFile
from loadmon.reading.exports.strava_dates import stamps
from loadmon.reading.exports.strava_words import english_sport, role_of
from loadmon.reading.exports.table import table
from loadmon.reading.exports.values import known, number
from loadmon.reading.recording import Recording
from loadmon.reading.sport_names import sport_names

_WHOLE = re.compile(r"\d+")
_INSIDE = re.compile(r"\s*activities[/\\].", re.IGNORECASE)
_SHORT = len("activities/")
_LOST = "#error#"
Columns = dict[str, int]


def is_list(rows: Sequence[Sequence[str]]) -> bool:
    """Tell Strava's list of activities from other tables, by its header and its first rows."""
    first = [row[0] for row in rows[1:] if row]
    numbered = bool(first) and all(_WHOLE.fullmatch(v.strip()) for v in first[:-1] or first)
    named = {role_of(h) for h in rows[0]}
    inside = any(_INSIDE.match(v) for row in rows[1:] for v in row)
    return ("file" in named and ("id" in named or numbered)) or (numbered and inside)


def read_list(data: bytes) -> SideFile:
    """Read Strava's list of activities.

    Parameters
    ----------
    data : bytes
        The file, in UTF-8 with or without a byte-order mark, UTF-16, or Latin-1.

    Returns
    -------
    SideFile
        One entry for each row, called ``row N`` as a spreadsheet counts them (the header is row 1).

    Raises
    ------
    FileProblem
        ``csv-damaged`` where it is no table at all.
    """
    (header, *body), flags = table(data)
    columns = _columns(header, body)
    side = SideFile("Strava", flags=flags)
    dates = stamps([_cell(row, columns, "date") for row in body])
    for place, (row, start) in enumerate(zip(body, dates, strict=True)):
        if any(v.strip() for v in row):
            side.entries.append(_entry(row, columns, start, place + 2))
    if "date" not in columns:
        side.flags["csv-row"] = "its columns are not understood: only file names are used"
    return side


def _columns(header: Sequence[str], body: Sequence[Sequence[str]]) -> Columns:
    """Place of each role: by name, then by names that stand twice, then by order and contents."""
    named: Columns = {}
    places: dict[str, list[int]] = {}
    for place, text in enumerate(header):
        places.setdefault(text.strip(), []).append(place)
        if role := role_of(text):
            named[role] = place if role in ("elapsed", "distance") else named.get(role, place)
    distance = header[named["distance"]].strip() if "distance" in named else ""
    if distance not in ("", "distance") and len(places[distance]) == 1:
        del named["distance"]  # the one for reading only, in kilometres or miles
    return _by_order(header, places) | _file_by_contents(body) | named


def _by_order(header: Sequence[str], places: dict[str, list[int]]) -> Columns:
    """Roles by Strava's order, where the names that stand twice show that it is kept."""
    if len(header) < 10:
        return {}
    again = [places[header[n].strip()][-1] for n in (5, 6, 7)]
    if not (again[0] > 7 and again[1] == again[0] + 2):
        return {}
    elapsed = again[0]
    found = {"id": 0, "date": 1, "name": 2, "type": 3}
    found |= {"elapsed": elapsed, "moving": elapsed + 1, "distance": elapsed + 2}
    if again[2] == elapsed + 15:  # maximal heart rate: the long block follows in its order
        found |= {"ascent": elapsed + 5, "descent": elapsed + 6, "heart_rate": elapsed + 16}
        found |= {"rpe": elapsed + 28, "mass": elapsed - 2, "file": elapsed - 3}
        found |= {"gear": elapsed - 4}
    return {role: place for role, place in found.items() if place < len(header)}


def _file_by_contents(body: Sequence[Sequence[str]]) -> Columns:
    """Place of the file names: the column where most values lie in ``activities/``."""
    counts = Counter(
        n for row in body for n, v in enumerate(row) if len(v) > _SHORT and _INSIDE.match(v)
    )
    return {"file": min(counts, key=lambda n: (-counts[n], n))} if counts else {}


def _cell(row: Sequence[str], columns: Columns, role: str) -> str:
    """Text of a cell; empty where the row or the list has none."""
    place = columns.get(role, -1)
    return row[place].strip() if 0 <= place < len(row) else ""


def _entry(row: Sequence[str], columns: Columns, start: float, line: int) -> Entry:
    """One row of the list."""

    def cell(role: str) -> str:
        return _cell(row, columns, role)

    sport, sub_sport = sport_names(english_sport(cell("type")))
    elapsed, moving = number(cell("elapsed")), number(cell("moving"))
    told = {
        "distance_m": number(cell("distance")),
        "timer_s": moving if moving > 0 else elapsed,
        "elapsed_s": elapsed,
        "ascent_m": number(cell("ascent")),
        "descent_m": number(cell("descent")),
        "avg_hr_bpm": number(cell("heart_rate")),
        "cycles": number(cell("steps")) / 2,
        "rpe": _cr10(number(cell("rpe"))),
    }
    recording = Recording(sport=sport, sub_sport=sub_sport, start=start, told=known(told))
    entry = Entry(f"row {line}", recording, ident=cell("id"), name=cell("name"), gear=cell("gear"))
    entry.word = "" if sport else cell("type")
    _set_file(entry, cell("file"))
    return entry


def _cr10(value: float) -> float:
    """Perceived exertion from 1 to 10; anything else is not one."""
    return value if 1 <= value <= 10 else np.nan


def _set_file(entry: Entry, name: str) -> None:
    """Take the name of the recording, if it can be one in this export."""
    parts = name.replace("\\", "/").split("/")
    if name.lower() == _LOST:
        entry.recording.flags["csv-row"] = "Strava could not export its recording (#error#)"
    elif ".." in parts or name.startswith(("/", "\\")) or name[1:2] == ":":
        entry.problem = FileProblem(
            "refused", "csv-name", f"names a file outside the export ({name}): not counted"
        )
    else:
        entry.file = name.replace("\\", "/")
