"""Garmin Connect's "Export CSV": one distance column and three units, none of them named.

Runs are in the account's kilometres or miles with two decimals; track, pool and rowing in whole
metres. Separators follow the account's number setting, not its language: they are settled over the
whole file. Which of kilometres and miles it is the file tells by its steps and the length of a
step, else a recording of the same run tells, else the runner's own units: it is never guessed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from loadmon.io.exports import cells
from loadmon.io.exports.cells import Entry, SideFile, has_time
from loadmon.io.exports.form import (
    Form,
    Line,
    Table,
    decimal_mark,
    plain_number,
    read_table,
    roles_by_name,
    starts_of,
    take_day,
    unread,
)
from loadmon.io.recording import ON_FOOT, Recording, sport_names

#: Headers in the languages seen in public exports or known of the site; the first is named.
_ROLES = {
    "type": "Activity Type|Aktivitätstyp|Type d'activité|Tipo de actividad|Tipo di attività|"
    "Activiteittype|Activiteitstype|Tipo de atividade|Typ aktywności|Aktivitetstyp|Aktivitetstype|"
    "Aktivitetstype|Lajityyppi|Тип занятия|アクティビティタイプ|활동 유형|活动类型|活動類型",
    "date": "Date|Datum|Fecha|Data|Dato|Päivämäärä|Дата|日付|날짜|日期",
    "favourite": "Favorite|Favourite|Favorit|Favori|Favorito|Preferito|Favoriet|Ulubione|"
    "Suosikki|Избранное|お気に入り|즐겨찾기|收藏",
    "name": "Title|Titel|Titre|Título|Titolo|Tytuł|Tittel|Namn|Otsikko|Название|"
    "タイトル|제목|标题|標題",
    "distance": "Distance|Distanz|Distancia|Distanza|Afstand|Distância|Dystans|Distans|Distanse|"
    "Matka|Расстояние|距離|거리|距离",
    "time": "Time|Activity Time|Zeit|Durée|Tiempo|Tempo|Tijd|Czas|Tid|Aika|Время|"
    "タイム|時間|시간|时间",
    "hr": "Avg HR|Average HR|Ø HF|Ø Herzfrequenz|Durchschnittliche Herzfrequenz|"
    "Fréquence cardiaque moyenne|FC moyenne|FC Moy.|Frecuencia cardiaca media|FC media|"
    "Gem. HS|Gem. hartslag|FC média|Średnie tętno|平均心拍数|평균 심박수|平均心率",
    "max_hr": "Max HR|Max. HF|Maximale Herzfrequenz|Fréquence cardiaque maximale|FC maximale|"
    "FC máxima|FC max|最大心拍数",
    "elapsed": "Elapsed Time|Verstrichene Zeit|Temps écoulé|Tiempo transcurrido|Tempo trascorso|"
    "Verstreken tijd|Tempo decorrido|経過時間|총 시간",
    "climb": "Total Ascent|Anstieg gesamt|Ascension totale|Ascenso total|総上昇量",
    "steps": "Steps|Schritte|Pas|Pasos|Passi|Stappen|Passos|Kroki|ステップ|歩数|걸음|步数",
    "stride": "Avg Stride Length|Ø Schrittlänge|Longueur moyenne des foulées|"
    "Longitud media de zancada|Lunghezza media passo|Gem. staplengte|平均歩幅|平均步幅",
    "best_lap": "Best Lap Time|Beste Rundenzeit|Temps du meilleur circuit|ベストラップタイム",
}
#: Order of the first columns wherever a full header was seen.
_ORDER = ("type", "date", "favourite", "name", "distance", "calories", "time")
_FEET = 0.3048
#: Lengths of a step that a runner has, in metres; in feet they are larger. [m]
_STEP_M = (0.3, 1.9)
#: Sports whose distance is in whole metres.
_METRE_SPORTS = ("swimming", "rowing", "fitness_equipment", "kayaking", "stand_up_paddleboarding")
_METRE_SUBS = ("track", "lap_swimming", "indoor_rowing", "indoor_running")
_TRUTH = {"true", "false", "wahr", "falsch", "vrai", "faux"}
_WHOLE = re.compile(r"\d{1,3}(?:[.,' \u00a0\u202f\u2019]\d{3})*|\d+")


def looks(rows: Sequence[Sequence[str]]) -> bool:
    """Tell Garmin's table in any language: two known headers and its order, or its contents."""
    header, *body = rows
    known = roles_by_name(_ROLES)
    roles = [known.get(cells.spelled(name), "") for name in header]
    named = {role for role in roles if role}
    if len(named) >= 6 and {"favourite", "best_lap", "stride", "elapsed"} & named:
        return True
    return len(header) > 8 and bool(body) and all(_is_row(row) for row in body[:-1] or body)


def _is_row(row: Sequence[str]) -> bool:
    """Whether a row has Garmin's order: a word, a date, a truth, a name, a number, one, a time."""
    return (
        len(row) > 7
        and row[2].strip().casefold() in _TRUTH
        and has_time(row[1])
        and bool(re.search(r"\d+:\d\d", row[6]))
    )


def read_list(data: bytes) -> SideFile:
    """Read the list; each row is called by its line."""
    table = read_table(data, _ROLES, ("type", "date", "distance", "time"))
    if table.missing and _in_order(table, data):
        table.missing = []
    starts = starts_of("Garmin", table.lines, "date")
    if "Date" in table.missing:
        raise unread("Garmin", [cells.NAN] * len(table.lines), "it has no column 'Date'")
    if len(table.missing) > 1:
        names = ", ".join(map(repr, table.missing))
        why = f"its language is not known: {names} were not found; export it in English"
        raise unread("Garmin", starts, why)
    mark = decimal_mark(
        text
        for line in table.lines
        for role in ("distance", "stride")
        if (text := line.text(role)) and not _WHOLE.fullmatch(text)
    )
    entries = []
    for line, start in zip(table.lines, starts, strict=True):
        line.mark = mark
        entries.append(_entry(line, start))
    side = table.side("Garmin")
    side.entries = entries
    side.units_by = "its columns 'Steps' and 'Avg Stride Length' would tell"
    side.units = _units(table.lines, entries, mark)
    return side


def _in_order(table: Table, data: bytes) -> bool:
    """Take the first columns by their order, where the contents show that it is kept."""
    rows = cells.first_rows(data)[1:]
    if not rows or not all(_is_row(row) for row in rows[:-1] or rows):
        return False
    (header, *body), _ = cells.table(data)
    rows = [row for row in body if any(cell.strip() for cell in row)]
    table.names |= {role: header[n].strip() for n, role in enumerate(_ORDER) if n < len(header)}
    for line, row in zip(table.lines, rows, strict=True):
        line.values |= {role: row[n].strip() for n, role in enumerate(_ORDER) if n < len(row)}
    return True


def _entry(line: Line, start: float) -> Entry:
    word = line.text("type")
    sport, sub_sport = sport_names(word)
    seconds, elapsed = line.seconds("time"), line.seconds("elapsed")
    metres, is_unscaled = _distance(line, sport, sub_sport, seconds)
    summary = {
        "distance_m": metres,
        "timer_s": seconds,
        "elapsed_s": max(elapsed, seconds) if elapsed > 0 else cells.NAN,
        "avg_hr_bpm": line.number_of("hr"),
        "max_hr_bpm": line.number_of("max_hr"),
        "cycles": _whole(line.text("steps")) / 2 if sport in ON_FOOT else cells.NAN,
    }
    recording = Recording(sport, sub_sport, start, summary=cells.known(summary), is_local=True)
    entry = Entry(f"row {line.number}", recording, name=line.text("name"))
    entry.word, entry.is_unscaled = "" if sport else word, is_unscaled
    if not has_time(line.text("date")):
        recording.is_local = False
        take_day(entry, start)
    return entry


def _distance(line: Line, sport: str, sub_sport: str, seconds: float) -> tuple[float, bool]:
    """Distance of a row [m], read as km where it counts in the unit of the account, and whether."""
    text = line.text("distance")
    if not text or (not math.isnan(whole := _whole(text)) and whole == 0):
        return cells.NAN, False
    in_metres = sport in _METRE_SPORTS or sub_sport in _METRE_SUBS
    if not math.isnan(whole) and (in_metres or _only_metres(whole, seconds)):
        return whole, False
    value = line.number_of("distance")
    return (1000.0 * value if value > 0 else cells.NAN), value > 0


def _only_metres(whole: float, seconds: float) -> bool:
    """Whether a whole number can only be metres: as kilometres nobody has that speed."""
    return seconds > 0 and 1000.0 * whole / seconds > 50.0


def _whole(text: str) -> float:
    """Whole number, its thousands grouped or not; NaN for any with decimals."""
    if not _WHOLE.fullmatch(text.strip()):
        return cells.NAN
    return cells.number(re.sub(r"\D", "", text))


def _units(lines: Sequence[Line], entries: Sequence[Entry], mark: str) -> str:
    """``km`` or ``mi`` by steps times the length of a step, where all that tell it agree."""
    votes = set()
    for line, entry in zip(lines, entries, strict=True):
        steps = _whole(line.text("steps"))
        step = plain_number(line.text("stride"), mark) if line.text("stride") else cells.NAN
        if step > _STEP_M[1]:
            step *= _FEET
        metres = entry.recording.summary.get("distance_m", cells.NAN)
        walked = steps * step
        if not entry.is_unscaled or not walked > 500 or not _STEP_M[0] <= step <= _STEP_M[1]:
            continue
        ratio = walked / metres
        votes.add("km" if 0.88 < ratio < 1.12 else "mi" if 1.42 < ratio < 1.8 else "")
    return votes.pop() if len(votes) == 1 else ""


FORMS = (Form(kind="garmin-csv", platform="Garmin", read_list=read_list, looks=looks),)
