"""Strava's activities.csv: dates and words in the language of the account, and its rows."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import UTC, datetime

import numpy as np

from loadmon.errors import FileProblem
from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile
from loadmon.io.recording import Recording, sport_names

_INSIDE = re.compile(r"\s*activities[/\\].", re.IGNORECASE)
Columns = dict[str, int]


def is_list(rows: Sequence[Sequence[str]]) -> bool:
    """Tell Strava's list of activities from other tables, by its header and its first rows."""
    first = [row[0] for row in rows[1:] if row]
    numbered = bool(first) and all(re.fullmatch(r"\d+", v.strip()) for v in first[:-1] or first)
    named = {role_of(h) for h in rows[0]}
    inside = any(_INSIDE.match(v) for row in rows[1:] for v in row)
    return ("file" in named and ("id" in named or numbered)) or (numbered and inside)


def read_list(data: bytes) -> SideFile:
    """Read the list: an entry a row, called ``row N`` as spreadsheets count (the header is 1)."""
    (header, *body), issues = cells.table(data)
    columns = _columns(header, body)
    side = SideFile("Strava", issues=issues)
    # Each row by roles; what it or the list lacks is empty.
    by_role = [
        defaultdict(str, {role: row[n].strip() for role, n in columns.items() if n < len(row)})
        for row in body
    ]
    dates = stamps([row["date"] for row in by_role])
    for line, (texts, row, start) in enumerate(zip(body, by_role, dates, strict=True), 2):
        if any(text.strip() for text in texts):
            side.entries.append(_entry(row, start, line))
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
    sport, sub_sport = sport_names(english_sport(row["type"]))
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


# --- columns and sports, in the languages seen in public exports ----------------------------------

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

#: Words for the sports that matter here, by their English name in Strava.
_SPORTS = {
    "Run": "Lauf|Course à pied|Carrera|Corsa|Corrida|Hardloopsessie|Hardlopen|ランニング|ラン|"
    "달리기|跑步|Забег|Бег|Lari",
    "Trail Run": "Traillauf|Trailrun|Trail|Course en sentier|Carrera de montaña|Trail running|"
    "トレイルラン|トレイルランニング|트레일 러닝|越野跑",
    "Virtual Run": "Virtueller Lauf|Course à pied virtuelle|Carrera virtual|Corsa virtuale|"
    "Corrida virtual|Virtuele hardloopsessie|バーチャルラン|バーチャルランニング|가상 달리기|"
    "虚拟跑步",
    "Walk": "Spaziergang|Gehen|Marche|Caminata|Camminata|Caminhada|Wandeling|ウォーキング|散歩|"
    "걷기|步行|Ходьба|Jalan kaki",
    "Hike": "Wanderung|Wandern|Randonnée|Senderismo|Escursione|Trilha|ハイキング|하이킹|徒步|"
    "健行|Хайкинг|Поход",
    "Ride": "Radfahrt|Radfahren|Sortie vélo|Vélo|Bicicleta|Ciclismo|Pedalata|Giro|Pedalada|"
    "Fietsrit|Fietsen|ライド|라이딩|骑行|騎乘|Велозаезд|Bersepeda",
    "Swim": "Schwimmen|Natation|Natación|Nuoto|Natação|Zwemsessie|Zwemmen|水泳|スイム|수영|游泳|"
    "Заплыв|Плавание|Renang",
    "Weight Training": "Krafttraining|Entraînement aux poids|Musculation|Entrenamiento con pesas|"
    "Allenamento con i pesi|Treinamento com pesos|Krachttraining|ウェイトトレーニング|"
    "웨이트 트레이닝|力量训练|重量訓練|Силовая тренировка",
    "Workout": "Training|Entraînement|Entrenamiento|Allenamento|Treino|ワークアウト|운동|锻炼|"
    "Тренировка",
}


def _spelled(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


_ROLES = {_spelled(w): role for role, words in _HEADERS.items() for w in words.split("|")}
_ENGLISH = {_spelled(w): english for english, words in _SPORTS.items() for w in words.split("|")}


def role_of(header: str) -> str:
    """What a column holds; empty for a header that is not known."""
    return _ROLES.get(_spelled(header), "")


def english_sport(word: str) -> str:
    """Strava's English word for a sport; the word itself where its language is not known."""
    return _ENGLISH.get(_spelled(word), word)


# --- dates: UTC, written the way the account's language writes them -------------------------------

_TIME = re.compile(r"(?<![\d.:])(\d{1,2})[:.](\d\d)[:.](\d\d)(?![\d.]*\d)")
_SHORT_TIME = re.compile(r"(?<![\d.:])(\d{1,2}):(\d\d)(?![\d:])")
_AFTER_NOON = re.compile(r"\bp\.?\s?m\b\.?|오후|下午|午後", re.IGNORECASE)
_BEFORE_NOON = re.compile(r"\ba\.?\s?m\b\.?|오전|上午|午前", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}")

#: Beginnings of names of months, 3 or 4 letters without accents, in the languages of Strava.
_MONTHS = (
    "jan ene gen янв oca sty", "feb fev fevr фев sub lut", "mar marz maar мар",
    "apr abr avr апр nis kwi",
    "may mai mag mei maj мая маи", "jun juin giu июн haz cze", "jul juil lug июл tem lip",
    "aug ago aou agu авг sie", "sep set сен eyl wrz", "oct out ott okt окт eki paz",
    "nov ноя kas lis", "dec dic dez des дек ara gru",
)  # fmt: skip
_BY_BEGINNING = {word: n for n, words in enumerate(_MONTHS, 1) for word in words.split()}


def stamps(texts: Sequence[str]) -> list[float]:
    """Unix times of dates in UTC; NaN for no date, and where a column can be read both ways. [s]"""
    spelled = [_plain(t) for t in texts]
    day_first = [_stamp(t, day_first=True) for t in spelled]
    month_first = [_stamp(t, day_first=False) for t in spelled]
    unread = [sum(math.isnan(s) for s in found) for found in (day_first, month_first)]
    if unread[0] != unread[1]:
        return day_first if unread[0] < unread[1] else month_first
    both = zip(day_first, month_first, strict=True)  # both are possible: only what they agree on
    return [a if a == b else math.nan for a, b in both]


def _plain(text: str) -> str:
    parts = unicodedata.normalize("NFKD", text)
    kept = "".join(" " if c.isspace() else c for c in parts if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", kept).casefold().strip()


def _stamp(text: str, *, day_first: bool) -> float:
    found = _TIME.search(text) or _SHORT_TIME.search(text)
    rest = text[: found.start()] + " " + text[found.end() :] if found else text
    date = _date(rest, day_first=day_first)
    if not date:
        return math.nan
    clock = tuple(int(part) for part in found.groups()) if found else (0, 0)
    hour, minute, second = (*clock, 0)[:3]
    try:
        return datetime(*date, _hour(hour, rest), minute, second, tzinfo=UTC).timestamp()
    except (ValueError, OverflowError):
        return math.nan


def _hour(hour: int, rest: str) -> int:
    """Hour of the day, where the text may count from noon again."""
    if _AFTER_NOON.search(rest):
        return hour if hour > 12 else hour % 12 + 12
    return hour % 12 if _BEFORE_NOON.search(rest) and hour <= 12 else hour


def _date(text: str, *, day_first: bool) -> tuple[int, int, int] | None:
    """Year, month and day out of what is left beside the time."""
    if re.search(r"\d{5}", text):  # no part of a date is longer than a year
        return None
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    years = [n for n in numbers if 1900 <= n <= 2200]
    if len(years) != 1:
        return None
    others = [n for n in numbers if n != years[0]]
    if len(others) == 1:
        begins = (word[:length] for word in _WORD.findall(text) for length in (4, 3))
        month = next((_BY_BEGINNING[word] for word in begins if word in _BY_BEGINNING), 0)
        return (years[0], month, others[0]) if month else None
    if len(others) != 2:
        return None
    if numbers[0] == years[0]:
        return (years[0], others[0], others[1])
    dotted = re.search(r"\d\.\s?\d+\.\s?\d{4}", text)
    first, second = others
    return (years[0], second, first) if day_first or dotted else (years[0], first, second)
