"""What other public tools make of the same recordings, beside what we do (docs/other-tools.md).

    pip install fitdecode fitparse gpxpy tcxreader fit2gpx
    python benchmarks/other_tools.py [--every 8] [--corpus FOLDER]

Runs and what nobody knows the sport of are compared; a line for each number: how many recordings,
the median and the 5th and 95th in a hundred of what the tool has against ours. [%]
"""

from __future__ import annotations

import argparse
import gzip
import importlib.metadata
import io
import os
import statistics
import tempfile
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from loadmon.io.parse import ParsedActivity, parse_input

CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
#: What a tool says of a recording, under the names of our columns.
Told = dict[str, float]
_SAME = 0.1  # per cent up to which two numbers are the same


def with_fitdecode(data: bytes) -> Told:
    """Session of the file, and the mean of the heart rates of its records."""
    import fitdecode

    told: Told = {}
    rates: list[float] = []
    with fitdecode.FitReader(io.BytesIO(data)) as reader:
        for frame in reader:
            if not isinstance(frame, fitdecode.FitDataMessage):
                continue
            if frame.name == "session":
                told = {
                    "distance_km": (frame.get_value("total_distance", fallback=0) or 0) / 1000,
                    "duration_min": (frame.get_value("total_timer_time", fallback=0) or 0) / 60,
                    "elapsed_min": (frame.get_value("total_elapsed_time", fallback=0) or 0) / 60,
                }
            elif frame.name == "record":
                rates.append(frame.get_value("heart_rate", fallback=None) or np.nan)
    return told | _mean_rate(rates)


def with_fitparse(data: bytes) -> Told:
    """The same by another reader."""
    import fitparse

    file = fitparse.FitFile(io.BytesIO(data))
    (session, *_) = file.get_messages("session")
    rates = [m.get_value("heart_rate") or np.nan for m in file.get_messages("record")]
    return {
        "distance_km": (session.get_value("total_distance") or 0) / 1000,
        "duration_min": (session.get_value("total_timer_time") or 0) / 60,
        "elapsed_min": (session.get_value("total_elapsed_time") or 0) / 60,
    } | _mean_rate(rates)


def with_fit2gpx(data: bytes) -> Told:
    """The GPX that it makes of a FIT, read by us."""
    import fit2gpx

    with tempfile.TemporaryDirectory() as place:
        fit, gpx = Path(place, "a.fit"), Path(place, "a.gpx")
        fit.write_bytes(data)
        fit2gpx.Converter().fit_to_gpx(str(fit), str(gpx))
        (own,) = parse_input("a.gpx", gpx.read_bytes()).parts
    assert isinstance(own, ParsedActivity)
    return _ours(own) | {"sport told": float(bool(own.sport))}


def with_gpxpy(data: bytes) -> Told:
    """What gpxpy adds up itself."""
    import gpxpy

    gpx = gpxpy.parse(data.decode("utf-8-sig").strip())
    moving = gpx.get_moving_data()
    climb = gpx.get_uphill_downhill()
    return {
        "distance_km": gpx.length_2d() / 1000,
        "duration_min": moving.moving_time / 60,
        "elapsed_min": (gpx.get_duration() or 0) / 60,
        "elevation_gain_m": climb.uphill,
    }


def with_tcxreader(data: bytes) -> Told:
    """What tcxreader adds up itself."""
    from tcxreader.tcxreader import TCXReader

    with tempfile.NamedTemporaryFile(suffix=".tcx") as file:
        file.write(data.lstrip())
        file.flush()
        read = TCXReader().read(file.name)
    return {
        "distance_km": (read.distance or 0) / 1000,
        "duration_min": (read.duration or 0) / 60,
        "elevation_gain_m": read.ascent or 0,
        "avg_hr_bpm": read.hr_avg or np.nan,
    }


TOOLS: dict[str, dict[str, Callable[[bytes], Told]]] = {
    "fit": {"fitdecode": with_fitdecode, "fitparse": with_fitparse, "fit2gpx": with_fit2gpx},
    "gpx": {"gpxpy": with_gpxpy},
    "tcx": {"tcxreader": with_tcxreader},
}


def _mean_rate(rates: list[float]) -> Told:
    known = [rate for rate in rates if rate == rate]
    return {"avg_hr_bpm": statistics.fmean(known)} if known else {}


def _ours(own: ParsedActivity) -> Told:
    names = ("distance_km", "duration_min", "elapsed_min", "elevation_gain_m", "avg_hr_bpm")
    return {name: float(own.numbers[name]) for name in names}


def recordings(corpus: Path, form: str, every: int) -> Iterator[tuple[bytes, ParsedActivity]]:
    """Bytes of the files that hold one run each, and what we make of it."""
    paths = sorted(p for p in (corpus / "histories").rglob(f"*.{form}*"))
    for path in paths[::every]:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        parts = parse_input(path.name.removesuffix(".gz"), data).parts
        own = parts[0] if len(parts) == 1 else None
        is_run = isinstance(own, ParsedActivity) and own.sport in ("running", "")
        if is_run and own.numbers["distance_km"] > 1:
            yield data, own


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--every", type=int, default=8, metavar="N", help="every Nth file only")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    for form, tools in TOOLS.items():
        off: dict[tuple[str, str], list[float]] = defaultdict(list)
        failed: dict[str, int] = defaultdict(int)
        runs = 0
        for data, own in recordings(asked.corpus, form, asked.every):
            runs += 1
            for tool, read in tools.items():
                try:
                    told = read(data)
                except Exception:  # another tool's failure is counted
                    failed[tool] += 1
                    continue
                ours = _ours(own) | {"sport told": float(bool(own.sport))}
                for name, value in told.items():
                    if ours[name] > 0 and value == value:
                        off[tool, name].append(100 * (value / ours[name] - 1))
        print(f"\n{form.upper()}: {runs} runs over 1 km")
        for (tool, name), found in off.items():
            low, middle, high = np.quantile(found, [0.05, 0.5, 0.95])
            same = sum(abs(one) <= _SAME for one in found)
            version = importlib.metadata.version(tool)
            print(
                f"  {tool} {version:8} {name:16} {len(found):4} runs, {same:4} the same; median "
                f"{middle:+.1f} %, 5th to 95th {low:+.1f} to {high:+.1f} %, "
                f"at most {min(found):+.1f} and {max(found):+.1f} %"
            )
        for tool, n in failed.items():
            print(f"  {tool} could not read {n} of them")


if __name__ == "__main__":
    main()
