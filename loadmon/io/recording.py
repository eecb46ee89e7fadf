"""One input, and one recording in it as every reader gives it: columns, sports, possible values."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from loadmon.errors import FileProblem

Floats = npt.NDArray[np.float64]
Marks = npt.NDArray[np.bool_]

#: Most activities in one file, and laps or segments: more are there to exhaust who reads them.
MOST_ACTIVITIES, MOST_PIECES = 5_000, 50_000

#: Times that recordings can be of: from before 2000-01-01 a clock was never set, and from the last
#: day of the year 9999 on local time may have no day on any calendar. [s]
OLDEST_S, LAST_S = 946_684_800.0, 253_402_300_800.0 - 86_400.0

#: Local time minus UTC, smallest and largest of any place on Earth. [min]
OFFSETS_MIN = (-12 * 60, 14 * 60)

RUNNING = "running"
#: Sports of which each stride is a step of each foot.
ON_FOOT = ("running", "walking", "hiking")

#: Columns of a stream, in the order in which ``Archive.records`` shows them.
STREAMS = (
    *("distance_m", "speed_mps", "heart_rate_bpm", "cadence_spm", "altitude_m", "power_w"),
    *("latitude_deg", "longitude_deg", "stance_time_ms", "vertical_oscillation_mm"),
    *("vertical_ratio_pct", "step_length_mm", "stance_time_balance_pct", "temperature_c"),
)

#: What a summary may say of a session, passed on as it is: columns of activities, with units.
#: ``training_load_au`` is the maker's own number, ``feel_pct`` the runner's answer (0 to 100).
SUMMARY_COLUMNS = (
    *("max_hr_bpm", "avg_cadence_spm", "avg_power_w", "max_power_w", "normalized_power_w"),
    *("max_speed_mps", "moving_s", "calories_kcal"),
    *("training_load_au", "aerobic_effect", "anaerobic_effect", "feel_pct"),
    *("avg_stance_time_ms", "avg_vertical_oscillation_mm", "avg_vertical_ratio_pct"),
    *("avg_step_length_mm", "avg_stance_time_balance_pct", "avg_temperature_c"),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One input: its name in the ledger, and its bytes or what is wrong with it."""

    name: str
    at: str  # path of its file as text: an archive has thousands, and few are opened again
    trail: tuple[int, ...] = ()  # positions in nested zips
    data: bytes = b""
    problem: FileProblem | None = None
    notes: dict[str, str] = field(default_factory=dict)  # issues of the way it was packed
    share: float = 1.0  # the part of its file that is read with it

    @property
    def path(self) -> Path:
        """Where its file lies."""
        return Path(self.at)


@dataclass(slots=True)
class Recording:
    """One activity as one file has it. NaN is not known, and a missing key is not stated."""

    #: Names of the FIT profile (``running``, ``treadmill``); empty where the file does not say.
    sport: str = ""
    sub_sport: str = ""
    #: Unix time of the start, and of each record in file order. [s]
    start: float = float("nan")
    time: Floats = field(default_factory=lambda: np.empty(0))
    #: What was recorded, under the names and in the units of `STREAMS`; one value a record.
    streams: dict[str, Floats] = field(default_factory=dict)
    #: The file's own summary: ``distance_m``, ``timer_s``, ``elapsed_s``, ``ascent_m``,
    #: ``descent_m``, ``avg_hr_bpm``, ``cycles`` (strides), ``rpe`` (CR10), and `SUMMARY_COLUMNS`.
    summary: dict[str, float] = field(default_factory=dict)
    #: Begin and end of each stretch in which the file itself says that the recording stood still:
    #: a stopped timer, the border of two segments. Unix time [s], one row each.
    pauses: Floats = field(default_factory=lambda: np.empty((0, 2)))
    #: Local time minus UTC as the file has it [min], and the IANA name of the zone.
    offset_min: float = float("nan")
    zone: str = ""
    #: Whether `start` and `time` are on the runner's own clock, of which the offset is not known.
    is_local: bool = False
    #: Reason code to one sentence, for everything odd that did not stop the reading.
    flags: dict[str, str] = field(default_factory=dict)
    #: Strength sets in file order, under the names of ``archive.SET_COLUMNS``; times are Unix time.
    sets: list[dict[str, Any]] = field(default_factory=list)
    #: What the file reveals of the runner, under the names of ``archive.DEVICE_SETTINGS_COLUMNS``.
    device_settings: dict[str, Any] = field(default_factory=dict)
    #: Maker of the watch in the FIT profile (``garmin``, ``coros``).
    maker: str = ""


# The many words that programs write for a sport, as sport and sub-sport of the FIT profile.

_NOT_A_LETTER = re.compile(r"[\W_]+")
_ACCENT = re.compile(r"[\u0300-\u036f]")
_WORD_BREAK = re.compile(r"(?<=[a-z])(?=[A-Z])")

#: Words of Garmin, Strava, Runkeeper, Polar, Suunto and others, and of phones,
#: spelt as `sport_names` does.
_WORDS = {
    ("running", ""): "running run jogging jog ultra_run obstacle_run road_running outdoor_run "
    "outdoor_running interval_run running_jogging ultra_running ultrarunning_running "
    "triathlon_running obstacle_racing long_run race_run fartlek orienteering canicross "
    "running_sport sport_running cross_country_running",
    ("running", "street"): "street_running street_run",
    ("running", "trail"): "trail_running trail_run trail mountain_running",
    ("running", "track"): "track_running track_run track_and_field track_and_field_running",
    ("running", "treadmill"): "treadmill_running treadmill_run treadmill running_treadmill",
    ("running", "indoor_running"): "indoor_running indoor_run indoor_track indoor_track_running",
    ("running", "virtual_activity"): "virtual_running virtual_run",
    ("walking", ""): "walking walk nordic_walking outdoor_walk outdoor_walking walking_fitness "
    "walking_nordic dog_walk race_walking power_walking",
    ("walking", "indoor_walking"): "walking_treadmill indoor_walk indoor_walking treadmill_walk",
    ("walking", "casual_walking"): "casual_walking",
    ("walking", "speed_walking"): "speed_walking",
    ("hiking", ""): "hiking hike trekking",
    ("cycling", ""): "cycling biking bike ride bicycling bike_ride outdoor_bike outdoor_cycling "
    "cycling_sport cycling_transport",
    ("cycling", "road"): "road_biking road_cycling road_bike biking_road",
    ("cycling", "mountain"): "mountain_biking mountain_bike_ride mountain_bike biking_mountain",
    ("cycling", "gravel_cycling"): "gravel_cycling gravel_ride",
    ("cycling", "indoor_cycling"): "indoor_cycling indoor_biking biking_stationary "
    "biking_spinning indoor_bike spinning",
    ("cycling", "virtual_activity"): "virtual_ride",
    ("e_biking", ""): "e_biking e_bike_ride e_bike ebike_ride ebiking",
    ("swimming", ""): "swimming swim",
    ("swimming", "lap_swimming"): "lap_swimming pool_swimming pool_swim swimming_pool",
    ("swimming", "open_water"): "open_water_swimming open_water_swim swimming_open_water",
    ("rowing", ""): "rowing",
    ("fitness_equipment", "indoor_rowing"): "indoor_rowing virtual_row",
    ("fitness_equipment", "elliptical"): "elliptical",
    ("fitness_equipment", "stair_climbing"): "stair_climbing stair_stepper stairs",
    ("training", ""): "workout training cross_training core_training crossfit fitness",
    ("training", "strength_training"): "weight_training strength_training "
    "traditional_strength_training functional_strength_training strength weights weight_workout "
    "weightlifting weights_training",
    ("training", "cardio_training"): "indoor_cardio cardio_training hiit "
    "high_intensity_interval_training mixed_cardio",
    ("training", "flexibility_training"): "flexibility stretching mobility",
    ("training", "yoga"): "yoga",
    ("training", "pilates"): "pilates",
    ("mountaineering", ""): "mountaineering",
    ("multisport", ""): "multi_sport multisport triathlon swim_bike_run",
    ("transition", ""): "transition",
    ("kayaking", ""): "kayaking",
    ("cross_country_skiing", ""): "cross_country_skiing nordic_ski nordic_skiing langlauf",
    ("alpine_skiing", ""): "alpine_skiing alpine_ski resort_skiing downhill_skiing",
    ("snowshoeing", ""): "snowshoeing snowshoe",
    ("inline_skating", ""): "inline_skating inline_skate",
    ("stand_up_paddleboarding", ""): "stand_up_paddleboarding stand_up_paddling",
    # What carries a runner: apps that record the whole day write it beside the run.
    (
        "driving",
        "",
    ): """driving car drive auto automobile automotive vehicle taxi bus train tram metro
        subway autofahren bahn zug coche voiture carro macchina samochód pociąg""",
    ("motorcycling", ""): "motorcycling motorcycle motorbike scooter",
    ("boating", ""): "boating boat ferry",
    ("flying", ""): "flying airplane aeroplane plane flight",
}
#: Words of other languages for what matters here, as exports and files of public reports have
#: them, parted by bars; accents may be missing.
_WORDS_ELSEWHERE = {
    ("running", ""): "Laufen|Lauf|Laufsport|Joggen|Course à pied|Footing|Carrera|Correr|"
    "Carrera a pie|Corsa|Correre|Corrida|Hardlopen|Hardloopsessie|Hardloop|Bieganie|Bieg|"
    "Löpning|Löptur|Løb|Løbe|Løping|Juoksu|Běh|Beh|Futás|Koşu|Alergare|Trčanje|Τρέξιμο|Бег|"
    "Забег|Біг|Lari|Chạy bộ|Chạy|วิ่ง|ריצה|ランニング|ラン|跑步|户外跑步|戶外跑步|달리기|러닝|"
    "Course en extérieur|Carrera al aire libre|Corsa all'aperto|Ultralauf|Intervalltraining Laufen",
    ("running", "street"): "Straßenlauf|Course sur route|Course à pied sur route|"
    "Carrera en carretera|Carrera en calle|Corsa su strada|Corrida de rua|Straatlopen|Gatulöpning|"
    "Gadeløb|Gateløp|Katujuoksu|Bieg uliczny|Utcai futás|Бег по улице|Бег по шоссе|"
    "ストリートランニング|ロードランニング|로드 러닝|街道跑步|路跑",
    ("running", "trail"): "Traillauf|Trailrun|Trailrunning|Geländelauf|Berglauf|"
    "Course en sentier|Course à pied sur sentier|Course de trail|Carrera de montaña|"
    "Carrera por montaña|Corsa in montagna|Corsa su sentiero|Corrida em trilha|Trailrunnen|"
    "Hardlopen op trail|Traillöpning|Terränglöpning|Terrengløp|Bieg terenowy|Bieg przełajowy|"
    "Trailløb|Terrænløb|Polkujuoksu|Běh v terénu|Terénní běh|Trailový běh|Terepfutás|Patika koşusu|"
    "Arazi koşusu|Трейлраннинг|Трейл|Бег по пересеченной местности|Бег по пересечённой местности|"
    "トレイルラン|トレイルランニング|트레일 러닝|트레일 달리기|越野跑|越野跑步",
    ("running", "track"): "Bahnlauf|Laufen auf der Bahn|Course à pied sur piste|Course sur piste|"
    "Carrera en pista|Corsa su pista|Corrida em pista|Baanlopen|Hardlopen op baan|Banlöpning|"
    "Bieg na stadionie|Baneløb|Baneløp|Ratajuoksu|Běh na dráze|Pályafutás|Pist koşusu|"
    "Бег по стадиону|Бег на стадионе|Бег по треку|トラックランニング|トラックラン|트랙 달리기|"
    "트랙 러닝|田径跑|田徑跑|田徑跑步|操场跑步|操場跑步|跑道跑步",
    ("running", "treadmill"): "Laufband|Laufbandtraining|Laufbandlauf|Laufen auf dem Laufband|"
    "Tapis roulant|Tapis de course|Course à pied sur tapis roulant|Course sur tapis roulant|"
    "Course sur tapis|Carrera en cinta|Cinta de correr|Correr en cinta|"
    "Corsa su tapis roulant|Corrida em esteira|Esteira|Passadeira|Loopband|Loopbandtraining|"
    "Hardlopen op loopband|Hardlopen op de loopband|Löpband|Løbebånd|Tredemølle|"
    "Bieżnia|Bieg na bieżni|Juoksumatto|Běh na páse|Běh na pásu|Běžecký pás|Futópad|"
    "Futópados futás|Koşu bandı|Беговая дорожка|Бег на беговой дорожке|Бег на дорожке|"
    "Бег по беговой дорожке|Бігова доріжка|トレッドミル|トレッドミルランニング|트레드밀|"
    "트레드밀 달리기|트레드밀 러닝|跑步机|跑步机跑步|跑步機|跑步機跑步",
    ("running", "indoor_running"): "Indoor-Lauf|Hallenlauf|Course à pied en salle|"
    "Course en intérieur|Carrera en interior|Corsa indoor|Corrida indoor|Indoor hardlopen|"
    "Inomhuslöpning|Indendørs løb|Innendørs løping|Sisäjuoksu|Bieg w hali|Běh v hale|"
    "Бег в помещении|室内跑步|室內跑步|室内ランニング|インドアランニング|실내 달리기|실내 러닝",
    ("running", "virtual_activity"): "Virtueller Lauf|Virtuelles Laufen|Course à pied virtuelle|"
    "Carrera virtual|Corsa virtuale|Corrida virtual|Virtuele hardloopsessie|バーチャルラン|"
    "Virtueel hardlopen|Virtuell löpning|Virtuelt løb|Virtuell løping|Virtuaalijuoksu|"
    "Bieg wirtualny|Виртуальный бег|バーチャルランニング|가상 달리기|가상 러닝|虚拟跑步|虛擬跑步",
    ("walking", ""): "Spaziergang|Gehen|Spazieren|Walken|Marche|Marche à pied|Caminata|Caminar|"
    "Camminata|Caminhada|Wandeling|Wandelen|Spacer|Chodzenie|Promenad|Gång|Gåtur|Gåing|Kävely|"
    "Séta|Chůze|Yürüyüş|Ходьба|Прогулка|Jalan kaki|Đi bộ|ウォーキング|散歩|걷기|步行|散步",
    ("hiking", ""): "Wanderung|Wandern|Randonnée|Senderismo|Escursione|Escursionismo|Trilha|"
    "Vandring|Vaellus|Turystyka piesza|Wędrówka|ハイキング|하이킹|徒步|健行|Хайкинг|Поход",
    ("cycling", ""): "Radfahrt|Radfahren|Sortie vélo|Vélo|Cyclisme|Bicicleta|Ciclismo|Pedalata|"
    "Uscita in bici|Giro in bici|Salida en bicicleta|Vuelta en bicicleta|Bicicletta|"
    "Volta de bicicleta|Cykeltur|Sykkeltur|Przejażdżka rowerowa|Bisiklet Sürüşü|자전거 라이딩|"
    "Giro|Pedalada|Fietsrit|Fietsen|Kolarstwo|Jazda na rowerze|Cykling|Sykling|Pyöräily|"
    "ライド|サイクリング|라이딩|사이클링|骑行|騎乘|Велозаезд|Велоспорт|Bersepeda",
    ("cycling", "road"): "Rennradfahren|Rennrad|Cyclisme sur route|Ciclismo en carretera|"
    "Ciclismo su strada|Wielrennen|ロードサイクリング",
    ("cycling", "indoor_cycling"): "Indoor-Radfahren|Cyclisme en salle|Ciclismo indoor|"
    "Indoor fietsen|室内サイクリング",
    ("swimming", ""): "Schwimmen|Natation|Natación|Nuoto|Natação|Zwemsessie|Zwemmen|Pływanie|"
    "Simning|Svømning|Svømming|Uinti|水泳|スイム|수영|游泳|Заплыв|Плавание|Renang",
    ("swimming", "lap_swimming"): "Schwimmbadschwimmen|Beckenschwimmen|Natation en piscine|"
    "Natación en piscina|Nuoto in piscina|Natação em piscina|Zwemmen in zwembad|プールスイム",
    ("training", "strength_training"): "Krafttraining|Entraînement aux poids|Musculation|"
    "Renforcement musculaire|Entrenamiento con pesas|Entrenamiento de fuerza|"
    "Allenamento con i pesi|Allenamento della forza|Treinamento com peso|Treinamento com pesos|"
    "Gewichtstraining|Vægttræning|Vekttrening|근력 강화|근력 운동|"
    "Treino de força|Krachttraining|"
    "Trening siłowy|Styrketräning|Styrketrening|ウェイトトレーニング|筋力トレーニング|"
    "웨이트 트레이닝|力量训练|重量訓練|Силовая тренировка",
    ("training", ""): "Entraînement|Entrenamiento|Allenamento|Treino|ワークアウト|운동|锻炼|"
    "Тренировка",
}

#: The same of further languages, and forms of them that phones write.
_WORDS_OF_PHONES = {
    ("running", ""): "runs|parkrun|läufe|dauerlauf|corrida a pé|biegi|běhání|behanie|løp|löp|jogga|"
    "juokseminen|lenkkeily|kocogás|alergat|jooks|jooksmine|skriešana|bėgimas|tek|"
    "trkanje|hlaup|koşmak|correguda|carreira|korrika|korrikan|berlari|larian|"
    "pagtakbo|kukimbia|пробежка|бягане|трчање|джоггинг|бегать|جري|الجري|ركض|الركض|"
    "دویدن|दौड़ना|दौड़|การวิ่ง|慢跑|户外跑|戶外跑|ジョギング|조깅",
    ("running", "indoor_running"): "室内跑",
    (
        "walking",
        "",
    ): "walks|spazierengehen|promenade|andar|paseo|camminare|passeggiata|caminhar|marsz|"
    "chôdza|gå|gange|gyaloglás|plimbare|mers|kõndimine|hoja|hodanje|yürümek|caminada|"
    "passejada|ходіння|ходене|περπάτημα|הליכה|مشي|المشي|เดิน|健走",
    ("hiking", ""): "bergwandern|randonnée pédestre|excursionismo|turistika|fottur|patikointi|"
    "túrázás|drumeție|matkamine|pohodništvo|planinarenje|doğa yürüyüşü|похід|"
    "πεζοπορία|登山|등산",
    ("cycling", ""): "bicycle|rad|fahrrad|fahrradfahren|radeln|bici|fiets|cyklistika|cyklistyka|"
    "jízda na kole|kolo|bicyklovanie|cykel|cykla|kerékpározás|ciclism|jalgrattasõit|"
    "kolesarjenje|biciklizam|bisiklet|велосипед|велопрогулка|колоездене|ποδηλασία|"
    "רכיבה על אופניים|đạp xe|騎行|自行车|骑车|자전거|자전거 타기",
    ("cycling", "mountain"): "mtb|mountainbike|mountainbiken|vtt|btt",
    (
        "swimming",
        "",
    ): "nadar|plavání|plávanie|úszás|înot|plavanje|yüzme|плавання|κολύμπι|שחייה|スイミング",
    ("rowing", ""): "rudern",
    ("cross_country_skiing", ""): "langlauf",
}


def _spelled(text: str) -> str:
    """Spelling by which words are compared: ``TrailRun``, ``Trail Run`` and ``trail_run`` alike."""
    parted = _WORD_BREAK.sub("_", unicodedata.normalize("NFKC", text.strip()))
    plain = _ACCENT.sub("", unicodedata.normalize("NFKD", parted.casefold()))
    return _NOT_A_LETTER.sub("_", unicodedata.normalize("NFC", plain)).strip("_")


_NAMES = {word: names for names, words in _WORDS.items() for word in words.split()}
_NAMES |= {
    _spelled(word): names
    for table in (_WORDS_ELSEWHERE, _WORDS_OF_PHONES)
    for names, words in table.items()
    for word in words.split("|")
}
_IN_ANY_ORDER = {frozenset(word.split("_")): names for word, names in _NAMES.items()}
#: Words beside a sport that leave it the same: where, when or how.
_BESIDE = {
    *("outdoor", "outdoors", "outside", "street", "road", "city", "urban", "park", "open"),
    *("morning", "noon", "afternoon", "evening", "lunch", "lunchtime", "night", "daily"),
    *("easy", "long", "short", "slow", "fast", "recovery", "regeneration", "tempo"),
    *("threshold", "interval", "intervals", "progression", "steady", "base", "endurance"),
    *("speed", "hill", "hills", "race", "competition", "free", "casual", "general", "basic"),
    *("normal", "regular", "gps", "distance", "activity", "exercise", "session", "workout"),
    *("training", "sport", "sports", "draussen", "exterior", "exterieur", "esterno"),
}
# Seen in Strava's own GPX files of a ride, a run and a swim; Strava publishes no list.
_STRAVA_NUMBERS = {"1": "ride", "9": "run", "16": "swim"}


_SPORTS_OF: dict[str, set[str]] = {}
for _sport, _sub_sport in _WORDS:
    _SPORTS_OF.setdefault(_sub_sport, set()).add(_sport)
for _sport in ("running", "walking"):
    _SPORTS_OF.setdefault({"running": "ultra", "walking": "indoor_walking"}[_sport], {_sport})


def sport_of_sub_sport(sub_sport: str) -> str:
    """Sport that a sub-sport of the profile is of; empty where it is of several, or of none."""
    sports = _SPORTS_OF.get(sub_sport, set()) if sub_sport else set()
    return next(iter(sports)) if len(sports) == 1 else ""


def sport_names(text: str) -> tuple[str, str]:
    """Sport and sub-sport of the FIT profile for a word in an export; empty, never a guess."""
    word = _spelled(text)
    if word in _NAMES:
        return _NAMES[word]
    parts = frozenset(word.split("_"))
    for found in (parts, parts - _BESIDE):
        if found in _IN_ANY_ORDER:
            return _IN_ANY_ORDER[found]
    return "", ""


def strava_number_names(text: str) -> tuple[str, str]:
    """Likewise for a number that a Strava export gives in place of a word."""
    return sport_names(_STRAVA_NUMBERS.get(text.strip(), ""))


# Cadence is in steps of both feet; programs write those of both, or the strides of one.

#: Strides a minute: no run has so few steps, and no runner makes more strides.
MAX_STRIDES_PER_MIN = 130.0


def both_feet(cadence: Floats, sport: str) -> Floats:
    """Cadence of a run in an export as steps of both feet. [1/min]

    It is doubled where 95 % of the values while moving are at most 130: no run has so few steps.
    """
    moving = cadence[cadence > 0]
    if sport != "running" or not len(moving):
        return cadence
    return cadence * 2 if np.quantile(moving, 0.95) <= MAX_STRIDES_PER_MIN else cadence


# Which numbers a recording may hold: what nobody does is a wrong byte, and is left out.

#: Heart rates that are possible. [bpm]
HR_BPM = (30.0, 230.0)
#: Longest distance, and most steps of both feet or turns of a crank, of one activity. [m, 1/min]
FARTHEST_M, MOST_SPM = 5_000_000.0, 400.0
_POWER_W, _CADENCE_SPM = (0.0, 4000.0), (0.0, MOST_SPM)
_SPEED_MPS = (-1.0, 400.0)  # some programs write -1 where it is not known
_CLIMB_M = (-1e5, 1e5)

#: Smallest and largest value of each stream; heart rate, altitude and position have rules of
#: their own.
_STREAMS = {
    "distance_m": (-FARTHEST_M, FARTHEST_M),
    "speed_mps": _SPEED_MPS,
    "cadence_spm": _CADENCE_SPM,
    "power_w": _POWER_W,
    "stance_time_ms": (0.0, 1e5),
    "vertical_oscillation_mm": (0.0, 1e4),
    "vertical_ratio_pct": (0.0, 1e3),
    "step_length_mm": (0.0, 1e5),
    "stance_time_balance_pct": (0.0, 100.0),
    "temperature_c": (-273.15, 1e3),
}
#: The same for what a summary says; its times and distance have checks of their own.
_SUMMARY = {
    "avg_hr_bpm": HR_BPM,
    "max_hr_bpm": HR_BPM,
    "avg_power_w": _POWER_W,
    "max_power_w": _POWER_W,
    "normalized_power_w": _POWER_W,
    "avg_cadence_spm": _CADENCE_SPM,
    "max_speed_mps": _SPEED_MPS,
    "ascent_m": _CLIMB_M,
    "descent_m": _CLIMB_M,
    "rpe": (0.0, 10.0),
    "feel_pct": (0.0, 100.0),
}
_SUMMARY_ELSE = (-1e7, 1e7)
_CHECKED_ELSEWHERE = ("timer_s", "elapsed_s", "distance_m")


def impossible_values(streams: dict[str, Floats]) -> str:
    """Take impossible values out of streams, and say how many of which; empty where none is."""
    left_out = []
    for name, values in streams.items():
        low, high = _STREAMS.get(name, (-np.inf, np.inf))
        wrong = (values < low) | (values > high)
        if wrong.any():
            values[wrong] = np.nan
            left_out.append(f"{wrong.sum()} values of {name} outside {low:g} to {high:g}")
    return f"{', '.join(left_out)} left out as impossible" if left_out else ""


def impossible_sums(summary: dict[str, float]) -> str:
    """Take impossible numbers out of a summary, and say which; 0 means not measured."""
    left_out = []
    for name in [n for n in summary if n not in _CHECKED_ELSEWHERE]:
        low, high = _SUMMARY.get(name, _SUMMARY_ELSE)
        if summary[name] and not low <= summary[name] <= high:
            left_out.append(f"{name} of {summary.pop(name):g}")
    return f"{', '.join(left_out)} left out as impossible" if left_out else ""
