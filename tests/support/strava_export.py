"""Make a Strava bulk export: ``activities.csv`` in several languages, and files beside it."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

#: The first columns of an export since 2019, in four languages, and what they are in the fifth.
HEADERS = {
    "en": "Activity ID,Activity Date,Activity Name,Activity Type,Activity Description,Elapsed Time,"
    "Distance,Max Heart Rate,Relative Effort,Commute,Activity Private Note,Activity Gear,Filename,"
    "Athlete Weight,Bike Weight,Elapsed Time,Moving Time,Distance,Max Speed,Average Speed,"
    "Elevation Gain,Elevation Loss,Elevation Low,Elevation High,Max Grade,Average Grade,"
    "Average Positive Grade,Average Negative Grade,Max Cadence,Average Cadence,Max Heart Rate,"
    "Average Heart Rate,Max Watts,Average Watts,Calories,Max Temperature,Average Temperature,"
    "Relative Effort,Total Work,Number of Runs,Uphill Time,Downhill Time,Other Time,"
    "Perceived Exertion",
    "de": "Aktivitäts-ID,Aktivitätsdatum,Name der Aktivität,Aktivitätsart,Aktivitätsbeschreibung,"
    "Verstrichene Zeit,Distanz,Max. Herzfrequenz,Relative Leistung,Pendeln,Hinweis zur "
    "Privatsphäre für Aktivitäten,Aktivitätsausrüstung,Dateiname,Sportlergewicht,Fahrradgewicht,"
    "Verstrichene Zeit,Bewegungszeit,Distanz,Höchstgeschw.,Durchschnittliche Geschwindigkeit,"
    "Höhenzunahme,Höhenunterschied,Min. Höhe,Max. Höhe,Max. Steigung,Durchschnittliche Steigung,"
    "Durchschnittliche positive Steigung,Durchschnittliche negative Steigung,"
    "Max. Tritt-/Schrittfrequenz,Durchschnittliche Trittfrequenz,Max. Herzfrequenz,"
    "Durchschnittliche Herzfrequenz,Max. Watt,Durchschnittliche Watt,Kalorien,Max. Temperatur,"
    "Durchschnittliche Temperatur,Relative Leistung,Gesamtarbeit,Anzahl Läufe,Bergaufzeit,"
    "Bergabzeit,Andere Zeit,Gefühlte Anstrengung",
    "ja": "アクティビティID,アクティビティ実行日,アクティビティ名,アクティビティタイプ,"
    "アクティビティの説明,経過時間,距離,最大心拍数,相対的エフォート,通勤,プライベートメモ,"
    "アクティビティのギア,ファイル名,アスリートの体重,自転車の重量,経過時間,移動時間,距離,"
    "最高速度,平均速度,獲得標高,下降標高,最低標高,最高標高,最大勾配,平均勾配,平均上り勾配,"
    "平均下り勾配,最大ケイデンス,平均ケイデンス,最大心拍数,平均心拍数,最大ワット,平均ワット,"
    "カロリー,最高気温,平均気温,相対的エフォート,総仕事量,本数,上り時間,下り時間,その他の時間,"
    "主観的運動強度",
    # Nobody's language: found by order, by names that stand twice, and by contents.
    "xx": "A0,A1,A2,A3,A4,E,D,H,R,C,A10,A11,A12,A13,A14,E,M,D,A18,A19,A20,A21,A22,A23,A24,A25,A26,"
    "A27,A28,A29,H,A31,A32,A33,A34,A35,A36,R,A38,A39,A40,A41,A42,A43",
    "old": "id,date,name,type,description,elapsed_time,distance,commute,gear,filename",
}
_TYPES = {
    "en": {"running": "Run", "cycling": "Ride", "training": "Weight Training"},
    "de": {"running": "Lauf", "cycling": "Radfahrt", "training": "Krafttraining"},
    "ja": {"running": "ランニング", "cycling": "ライド", "training": "ウェイトトレーニング"},
    "xx": {"running": "Zzz", "cycling": "Yyy", "training": "Xxx"},
}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the list; ``file`` is written as it is, also where it names nothing."""

    start: dt.datetime
    file: str = ""
    km: float | None = 2.0
    minutes: float = 12.0
    sport: str = "running"
    name: str = "Morning Run"
    description: str = ""
    gear: str = ""
    rpe: float | None = None


def strava_export(
    rows: Sequence[Row],
    files: dict[str, bytes],
    *,
    language: str = "en",
    columns: int = 87,
    **asked: Any,
) -> dict[str, bytes]:
    """Members of an export: the list, recordings under ``activities/``, and a few more files.

    Parameters
    ----------
    rows : sequence of Row
        In order.
    files : dict of str to bytes
        Recordings by their name without folder; a name in ``.gz`` is packed.
    language, columns, **asked
        As in `activities_csv`.
    """
    members = {"activities.csv": activities_csv(rows, language, columns, **asked)}
    for name, data in files.items():
        packed = gzip.compress(data, mtime=0) if name.endswith(".gz") else data
        members[f"activities/{name}"] = packed
    members["profile.csv"] = b"Athlete ID,Email Address,First Name,Last Name\n1,a@example.org,A,B\n"
    members["shoes.csv"] = b"Shoe Name,Shoe Brand,Shoe Model,Shoe Default Sport Types\n,Road,One,\n"
    return members


def activities_csv(
    rows: Sequence[Row],
    language: str = "en",
    columns: int = 87,
    *,
    encoding: str = "utf-8",
    narrow_space: bool = False,
    delimiter: str = ",",
) -> bytes:
    """Strava's list of activities.

    Parameters
    ----------
    rows : sequence of Row
        In order.
    language : str
        One of `HEADERS`; it decides dates and decimal marks too.
    columns : int
        Columns in all; those beyond the ones named here are called ``Extra 45`` and so on.
    encoding : str
        ``utf-8``, ``utf-8-sig``, ``latin-1``, ``utf-16``.
    narrow_space : bool
        Put U+202F before AM and PM, as Strava does since 2023.
    delimiter : str
        What stands between columns.
    """
    header = HEADERS[language].split(",")
    if language != "old":
        header = (header + [f"Extra {n}" for n in range(len(header), columns)])[:columns]
    out = io.StringIO(newline="")
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    for number, row in enumerate(rows, 1001):
        cells = _old_cells(row, number) if language == "old" else _cells(row, number, language)
        if narrow_space:
            cells[1] = cells[1].replace(" AM", "\u202fAM").replace(" PM", "\u202fPM")
        writer.writerow((cells + [""] * len(header))[: len(header)])
    return out.getvalue().encode(encoding)


def _cells(row: Row, number: int, language: str) -> list[str]:
    """Cells of a row since 2019."""
    seconds = round(row.minutes * 60)
    km = "" if row.km is None else f"{row.km:.2f}".replace(".", "." if language == "en" else ",")
    metres = "" if row.km is None else f"{row.km * 1000:.1f}"
    cells = [""] * 44
    cells[0:5] = [
        str(number), _date(row.start, language), row.name,
        _TYPES[language].get(row.sport, row.sport), row.description,
    ]  # fmt: skip
    cells[5:7] = [str(seconds), km]
    cells[9], cells[11], cells[12] = "false", row.gear, row.file
    cells[15:18] = [f"{seconds}.0", f"{seconds}.0", metres]
    cells[43] = "" if row.rpe is None else f"{row.rpe:.1f}"
    return cells


def _old_cells(row: Row, number: int) -> list[str]:
    """Cells of a row before July 2019."""
    when = f"{row.start:%Y-%m-%d %H:%M:%S}"
    metres = "" if row.km is None else f"{row.km * 1000:.1f}"
    seconds = str(round(row.minutes * 60))
    return [
        str(number), when, row.name, _TYPES["en"].get(row.sport, row.sport), row.description,
        seconds, metres, "false", row.gear, row.file,
    ]  # fmt: skip


def _date(when: dt.datetime, language: str) -> str:
    """UTC as the language of the account writes it."""
    if language == "de":
        return f"{when:%d.%m.%Y, %H:%M:%S}"
    if language == "ja":
        return f"{when:%Y/%m/%d %H:%M:%S}"
    hour = when.hour % 12 or 12
    half = "AM" if when.hour < 12 else "PM"
    clock = f"{hour}:{when:%M:%S} {half}"
    return f"{_MONTHS[when.month - 1]} {when.day}, {when.year}, {clock}"
