"""Every cell of real files of many makers equals fitdecode's, and every unit is the profile's."""

from __future__ import annotations

import gzip
from collections import defaultdict
from pathlib import Path

import pytest
from corpus import corpus_folder, manifest
from fit_oracle import compare, explanation
from fitdecode import profile

from loadmon.errors import FileProblem
from loadmon.io.fit.activity import STREAM_FIELDS, SUMMARY_FIELDS
from loadmon.io.fit.frames import read_fit

FILES = 60

LARGEST = 150_000  # bytes; fitdecode takes seconds for more

#: What fitdecode's profile says of the fields that streams and activities are read from.
UNITS = {
    "distance_m": "m",
    "speed_mps": "m/s",
    "heart_rate_bpm": "bpm",
    "altitude_m": "m",
    "power_w": "watts",
    "latitude_deg": "semicircles",
    "longitude_deg": "semicircles",
    "stance_time_ms": "ms",
    "vertical_oscillation_mm": "mm",
    "vertical_ratio_pct": "percent",
    "step_length_mm": "mm",
    "stance_time_balance_pct": "percent",
    "temperature_c": "C",
    "timer_s": "s",
    "elapsed_s": "s",
    "ascent_m": "m",
    "descent_m": "m",
    "avg_hr_bpm": "bpm",
    "moving_s": "s",
    "max_hr_bpm": "bpm",
    "avg_power_w": "watts",
    "max_power_w": "watts",
    "normalized_power_w": "watts",
    "max_speed_mps": "m/s",
    "calories_kcal": "kcal",
    "avg_stance_time_ms": "ms",
    "avg_vertical_oscillation_mm": "mm",
    "avg_vertical_ratio_pct": "percent",
    "avg_step_length_mm": "mm",
    "avg_stance_time_balance_pct": "percent",
    "avg_temperature_c": "C",
}
#: What the profile gives no unit, or one in a subfield.
WITHOUT_UNIT = {"training_load_au", "aerobic_effect", "anaerobic_effect", "feel_pct", "cycles"}


def many_makers(folder: Path, size: int) -> list[Path]:
    """FIT files of the corpus, one of each maker and product in turn, the smallest first."""
    by_maker: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in manifest(folder):
        real = row["kind"].startswith("fit") and not row["file"].startswith("nasty")
        if (
            real
            and int(row["size"]) <= LARGEST
            and row["file"].endswith((".fit", ".FIT", ".fit.gz"))
        ):
            by_maker[row["manufacturer"], row["product"]].append(row)
    for rows in by_maker.values():
        rows.sort(key=lambda row: int(row["size"]), reverse=True)
    picked: list[dict[str, str]] = []
    while len(picked) < size and any(by_maker.values()):
        picked += [rows.pop() for rows in by_maker.values() if rows]
    return [folder / row["file"] for row in picked[:size]]


@pytest.mark.slow
def test_sixty_files_of_many_makers_are_equal_cell_by_cell() -> None:
    folder = corpus_folder()
    cells, refused, wrong = 0, 0, []
    for path in many_makers(folder, FILES):
        data = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        try:
            frames = read_fit(data)
        except FileProblem as problem:
            refused += problem.outcome in ("quarantined", "refused")
            continue
        counted, differing = compare(data, frames)
        cells += counted
        name = path.relative_to(folder).as_posix()
        wrong += [f"{name}: {d}" for d in differing if not explanation(d.split(":")[0])]
    assert wrong == []
    assert cells > 300_000
    assert refused <= FILES // 10


@pytest.mark.parametrize("column", UNITS)
def test_a_column_is_in_the_unit_of_its_name(column: str) -> None:
    number = 20 if column in STREAM_FIELDS else 18
    names = STREAM_FIELDS.get(column) or SUMMARY_FIELDS[column]
    fields = profile.MESSAGE_TYPES[number].fields.values()
    units = {f.name: f.units for f in fields if f.name in names}
    assert set(units.values()) == {UNITS[column]}
    assert set(units) == set(names)


def test_no_column_is_without_a_unit() -> None:
    assert set(UNITS) | WITHOUT_UNIT == set(STREAM_FIELDS) | set(SUMMARY_FIELDS)
