"""Strava's activities.csv: dates and words in the language of the account, and its rows."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, note_missing, note_wrong, stamps
from loadmon.io.exports.form import Form
from loadmon.io.recording import Recording, sport_names

_INSIDE = re.compile(r"\s*activities[/\\].", re.IGNORECASE)
Columns = dict[str, int]
#: Columns that Strava alone has, and those without which its list is of little use.
_OWN = {"id", "date", "name", "file", "gear"}
_NEEDED = {"date": "Activity Date", "type": "Activity Type", "elapsed": "Elapsed Time",
           "distance": "Distance"}  # fmt: skip


def is_list(rows: Sequence[Sequence[str]]) -> bool:
    """Tell Strava's list of activities from other tables, by its header and its first rows."""
    first = [row[0] for row in rows[1:] if row]
    numbered = bool(first) and all(re.fullmatch(r"\d+", v.strip()) for v in first[:-1] or first)
    named = {role_of(h) for h in rows[0]}
    inside = any(_INSIDE.match(v) for row in rows[1:] for v in row)
    if ("file" in named and ("id" in named or numbered)) or (numbered and inside):
        return True
    return len(named & _OWN) >= 3 and len(named - {""}) >= 5  # one of them may be lost


def read_list(data: bytes) -> SideFile:
    """Read the list: an entry a row, called ``row N`` as spreadsheets count (the header is 1)."""
    (header, *body), issues = cells.table(data)
    columns = _columns(header, body)
    side = SideFile("Strava", issues=issues, corrects_sport="all")
    # Each row by roles; what it or the list lacks is empty.
    by_role = [
        defaultdict(str, {role: row[n].strip() for role, n in columns.items() if n < len(row)})
        for row in body
    ]
    dates = stamps([row["date"] for row in by_role])
    for line, (texts, row, start) in enumerate(zip(body, by_role, dates, strict=True), 2):
        if any(text.strip() for text in texts):
            side.entries.append(_entry(row, start, line))
    unread = [
        f"line {line}, the date: {row['date'][:40]!r}"
        for line, (row, start) in enumerate(zip(by_role, dates, strict=True), 2)
        if row["date"] and start != start
    ]
    note_wrong(side.issues, unread)
    note_missing(side.issues, "Strava", [_NEEDED[r] for r in _NEEDED if r not in columns])
    if "date" not in columns:
        side.issues["csv-row"] = "its columns are not understood: only file names are used"
    return side


def _columns(header: Sequence[str], body: Sequence[Sequence[str]]) -> Columns:
    """Index of each role: by name, then by names that stand twice, then by order and contents."""
    named: Columns = {}
    positions: dict[str, list[int]] = {}
    for n, text in enumerate(header):
        positions.setdefault(text.strip(), []).append(n)
        if role := role_of(text):
            named[role] = n if role in ("elapsed", "distance") else named.get(role, n)
    distance = header[named["distance"]].strip() if "distance" in named else ""
    if distance not in ("", "distance") and len(positions[distance]) == 1:
        del named["distance"]  # the one for reading only, in kilometres or miles
    # File names: the column where most values lie in ``activities/``.
    long = ((n, v) for row in body for n, v in enumerate(row) if len(v) > len("activities/"))
    counts = Counter(n for n, v in long if _INSIDE.match(v))
    file = {"file": min(counts, key=lambda n: (-counts[n], n))} if counts else {}
    return _by_order(header, positions) | file | named


def _by_order(header: Sequence[str], positions: dict[str, list[int]]) -> Columns:
    """Roles by Strava's order, where the names that stand twice show that it is kept."""
    if len(header) < 10:
        return {}
    again = [positions[header[n].strip()][-1] for n in (5, 6, 7)]
    if not (again[0] > 7 and again[1] == again[0] + 2):
        return {}
    elapsed = again[0]
    found = {"id": 0, "date": 1, "name": 2, "type": 3}
    found |= {"elapsed": elapsed, "moving": elapsed + 1, "distance": elapsed + 2}
    if again[2] == elapsed + 15:  # maximal heart rate: the long block follows in its order
        found |= {"gear": elapsed - 4, "file": elapsed - 3, "ascent": elapsed + 5}
        found |= {"descent": elapsed + 6, "heart_rate": elapsed + 16, "rpe": elapsed + 28}
    return {role: n for role, n in found.items() if n < len(header)}


def _entry(row: dict[str, str], start: float, line: int) -> Entry:
    sport, sub_sport = sport_names(row["type"])
    elapsed, moving = cells.number(row["elapsed"]), cells.number(row["moving"])
    rpe = cells.number(row["rpe"])
    summary = {
        "distance_m": cells.number(row["distance"]),
        "timer_s": moving if moving > 0 else elapsed,
        "elapsed_s": elapsed,
        "ascent_m": cells.number(row["ascent"]),
        "descent_m": cells.number(row["descent"]),
        "avg_hr_bpm": cells.number(row["heart_rate"]),
        "cycles": cells.number(row["steps"]) / 2,
        "rpe": rpe if 1 <= rpe <= 10 else np.nan,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary))
    entry = Entry(f"row {line}", recording, ident=row["id"], name=row["name"], gear=row["gear"])
    entry.word = "" if sport else row["type"]
    name = row["file"]
    if name.lower() == "#error#":
        recording.flags["csv-row"] = "Strava could not export its recording (#error#)"
    elif cells.leaves_folder(name):
        detail = f"names a file outside the export ({name}): not counted"
        entry.problem = FileProblem("refused", "csv-name", detail)
    else:
        entry.file = name.replace("\\", "/")
    return entry


# --- columns, in the languages seen in public exports ----------------------------------

#: Headers of a role. Columns of one name: the last is in seconds or metres, the first for reading.
_HEADERS = {
    "id": "Activity ID|Aktivitäts-ID|ID de l'activité|ID de actividad|アクティビティID|"
    "アクティビティ ID|Activiteits-ID|ID attività|ID da atividade",
    "date": "Activity Date|date|Aktivitätsdatum|Date de l'activité|Fecha de la actividad|"
    "アクティビティ実行日|アクティビティ日|Datum van activiteit|Data dell'attività|"
    "Data da atividade",
    "name": "Activity Name|name|Name der Aktivität|Nom de l'activité|Nombre de la actividad|"
    "アクティビティ名|Naam activiteit|Nome dell'attività|Nome da atividade",
    "type": "Activity Type|type|Aktivitätsart|Type d'activité|Tipo de actividad|"
    "アクティビティタイプ|Activiteitstype|Tipo di attività|Tipo de atividade",
    "elapsed": "Elapsed Time|elapsed_time|Verstrichene Zeit|Temps écoulé|Tiempo transcurrido|"
    "経過時間|Verstreken tijd|Tempo trascorso|Tempo decorrido",
    "distance": "Distance|Distanz|Distancia|距離|Afstand|Distanza|Distância",
    "gear": "Activity Gear|gear|Aktivitätsausrüstung|Matériel utilisé pour l'activité",
    "file": "Filename|Dateiname|Nom du fichier|Nombre del archivo|Nombre de archivo|"
    "ファイル名|Bestandsnaam|Nome del file|Nome do arquivo",
    "moving": "Moving Time|Bewegungszeit|Durée de déplacement|Tiempo en movimiento|"
    "移動時間|Beweegtijd|Tempo in movimento|Tempo de movimentação",
    "rpe": "Perceived Exertion|Gefühlte Anstrengung|Ervaren inspanning",
    "heart_rate": "Average Heart Rate|Durchschnittliche Herzfrequenz|Gemiddelde hartslag",
    "ascent": "Elevation Gain|Höhenzunahme|Dénivelé positif|獲得標高|Totale stijging",
    "descent": "Elevation Loss|Höhenunterschied",
    "steps": "Total Steps|Schritte insgesamt",
}


_ROLES = {cells.spelled(w): role for role, words in _HEADERS.items() for w in words.split("|")}


def role_of(header: str) -> str:
    """What a column holds; empty for a header that is not known."""
    return _ROLES.get(cells.spelled(header), "")


FORMS = (Form(kind="strava", platform="Strava", read_list=read_list, looks=is_list),)
