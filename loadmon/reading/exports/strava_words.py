"""What Strava calls its columns and its sports, in the languages seen in public exports.

Only a help: where a language is not here, columns are found by their order and their contents,
and a word for a sport is learnt from the recordings that carry it.
"""

from __future__ import annotations

import re
import unicodedata

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
    "mass": "Athlete Weight|Sportlergewicht|Poids de l'athlète",
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
    """One spelling for a header or a word: letters and digits only, small."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text)).casefold()


_ROLES = {_spelled(w): role for role, words in _HEADERS.items() for w in words.split("|")}
_ENGLISH = {_spelled(w): english for english, words in _SPORTS.items() for w in words.split("|")}


def role_of(header: str) -> str:
    """What a column holds; empty for a header that is not known."""
    return _ROLES.get(_spelled(header), "")


def english_sport(word: str) -> str:
    """Strava's English word for a sport; the word itself where its language is not known."""
    return _ENGLISH.get(_spelled(word), word)
