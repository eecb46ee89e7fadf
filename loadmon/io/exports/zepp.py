"""Zepp (Amazfit, Mi Fit): ``SPORT_*.csv``, a table in UTC, with numbers for sports."""

from __future__ import annotations

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile
from loadmon.io.exports.form import Form, Line, read_table, unread
from loadmon.io.exports.sport_codes import sport_of_code
from loadmon.io.recording import Recording

_ROLES = {
    "type": "type",
    "start": "startTime",
    "time": "sportTime(s)",
    "distance": "distance(m)",
}
#: Added to the number of a sport for a leg of a multisport activity.
_LEG = 1000


def read_list(data: bytes) -> SideFile:
    """Read the list; each row is called by its line."""
    table = read_table(data, _ROLES, _ROLES)
    if "start" not in table.names:
        raise unread("Zepp", [cells.NAN] * len(table.lines), "it has no column 'startTime'")
    entries = [_entry(line) for line in table.lines]
    side = table.side("Zepp")
    side.entries = entries
    return side


def _entry(line: Line) -> Entry:
    def of(role: str) -> float:
        value = line.number_of(role)
        return value if value != -1 else cells.NAN  # -1 stands for none

    code = line.number_of("type")
    sport, sub_sport = sport_of_code("zepp", code)
    if not sport and _LEG < code < 2 * _LEG:
        sport, sub_sport = sport_of_code("zepp", code - _LEG)
    start = line.value("start", lambda text: cells.unix_s(text))
    summary = {"distance_m": of("distance"), "timer_s": of("time")}
    # The offset that it gives is always +0000, wherever the run was.
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    word = "" if sport else f"sport {line.text('type')}"
    return Entry(f"row {line.number}", recording, word=word)


FORMS = (
    Form(
        kind="zepp",
        platform="Zepp",
        read_list=read_list,
        columns="type|startTime|sportTime(s)|maxPace(/meter)|minPace(/meter)|distance(m)|"
        "avgPace(/meter)|calories(kcal)",
    ),
)
