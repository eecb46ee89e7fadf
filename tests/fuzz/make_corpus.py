"""Write tests/fuzz/corpus: made-up recordings as long as real ones, packed to be kept.

    python tests/fuzz/make_corpus.py

Mutants of short files do not reach what only long ones have: many messages, large counters, laps.
"""

from __future__ import annotations

import datetime as dt
import gzip
import sys
from pathlib import Path
from typing import Any

HOUSE = Path(__file__).parents[2]
sys.path[:0] = [str(HOUSE / p) for p in ("", "data", "tests/fuzz")]

from writers import ride_fit, run_fit, run_gpx, run_tcx

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
FOLDER = Path(__file__).parent / "corpus"
_HOUR: dict[str, Any] = {"distance_km": 10.5, "duration_min": 62, "step_s": 1}
_LONG: dict[str, Any] = {"distance_km": 42.2, "duration_min": 245, "step_s": 1}


def files() -> dict[str, bytes]:
    """Every file of the corpus, unpacked."""
    return {
        "hour.fit": run_fit(START, offset_min=60, rpe=4, **_HOUR),
        "marathon.fit": run_fit(START, offset_min=60, pause_s=240, seed=1, **_LONG),
        "ride.fit": ride_fit(START, offset_min=60, seed=4, **_LONG),
        "hour.gpx": run_gpx(START, seed=1, pause_s=90, **_HOUR),
        "hour.tcx": run_tcx(START, seed=1, **_HOUR),
    }


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, data in files().items():
        (FOLDER / f"{name}.gz").write_bytes(gzip.compress(data, 9, mtime=0))


if __name__ == "__main__":
    main()
