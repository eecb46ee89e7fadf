"""Sound files to damage: made ones, and by hand real ones of the corpus."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

from writers import activity_messages, ride_fit, run_fit, run_gpx, run_tcx, walk_fit, write_fit

Seeds = dict[str, bytes]

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
#: Real recordings are damaged as they are, none is cut; only very long ones are left out.
_MOST_BYTES = 3_000_000
_CORPUS = Path(__file__).parent / "corpus"
_SIZE: dict[str, Any] = {"distance_km": 2.4, "duration_min": 14, "step_s": 10}
#: As long and as dense as a real run: what a bad writer does to a short sparse one is its noise.
_WHOLE: dict[str, Any] = {"distance_km": 6.0, "duration_min": 34, "step_s": 2}
_RUNS = 12
_CSV = (
    "Activity ID,Activity Date,Activity Name,Activity Type,Distance,Filename,Distance\n"
    '1,"Mar 2, 2026, 7:30:00 AM",Morning,Run,2.40,activities/1.fit,2400.0\n'
    '2,"Mar 3, 2026, 7:30:00 AM","By hand, a ""long"" one",Run,5.00,,5000.0\n'
    '3,"Mar 4, 2026, 7:30:00 AM",Gone,Run,6.00,activities/3.fit,6000.0\n'
)


def made(kind: str) -> Seeds:
    """Seeds made by the writers of this project."""
    fit = _made_fit()
    if kind in ("fit-stale", "fit-valid"):
        return fit
    if kind == "gpx":
        return {f"{n}.gpx": run_gpx(START, seed=n, pause_s=90 * n, **_SIZE) for n in range(3)}
    if kind == "tcx":
        return {
            f"{n}.tcx": run_tcx(START, seed=n, leading_spaces=10 * n, **_SIZE) for n in range(3)
        }
    if kind == "fit-writer":
        asked: dict[str, Any] = {"offset_min": 60, **_WHOLE}
        plain = {f"{n}.fit": run_fit(START, seed=n, pause_s=90 * n, **asked) for n in range(3)}
        belt: dict[str, Any] = {"sub_sport": "treadmill", "position": False}
        return plain | {"indoor.fit": run_fit(START, seed=3, **belt, **asked)}
    if kind == "gpx-writer":
        return {f"{n}.gpx": run_gpx(START, seed=n, pause_s=90 * n, **_WHOLE) for n in range(3)}
    if kind == "tcx-writer":
        return {f"{n}.tcx": run_tcx(START, seed=n, **_WHOLE) for n in range(3)}
    if kind == "gz":
        return {f"{name}.gz": gzip.compress(data, mtime=0) for name, data in fit.items()}
    if kind == "zip":
        return {"export.zip": _zip(fit | made("gpx")), "nested.zip": _zip({"in.zip": _zip(fit)})}
    return {"activities.csv": _CSV.encode()}


def _made_fit() -> Seeds:
    plain = activity_messages(START, offset_min=60, **_SIZE)
    return {
        "run.fit": run_fit(START, offset_min=60, rpe=4, **_SIZE),
        "pause.fit": run_fit(START, offset_min=60, pause_s=300, seed=1, **_SIZE),
        "indoor.fit": run_fit(
            START, offset_min=60, sub_sport="treadmill", position=False, seed=2, **_SIZE
        ),
        "walk.fit": walk_fit(START, offset_min=-300, seed=3, **_SIZE),
        "ride.fit": ride_fit(START, offset_min=60, seed=4, **_SIZE),
        "big.fit": write_fit(plain, big_endian=True, header_size=12),
        "squeezed.fit": write_fit(plain, compressed=True, header_crc=False),
    }


def _zip(members: Seeds) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def kept(kind: str) -> Seeds:
    """Made-up recordings as long as real ones; none for lists and bad writers."""
    ending = {"fit-stale": ".fit", "fit-valid": ".fit"}.get(kind, f".{kind}")
    packed = {p.name: p.read_bytes() for p in sorted(_CORPUS.glob("*.gz"))}
    if kind == "gz":
        return packed
    plain = {name.removesuffix(".gz"): gzip.decompress(data) for name, data in packed.items()}
    if kind == "zip":
        return {"export.zip": _zip(plain)}
    return {name: data for name, data in plain.items() if name.endswith(ending)}


def real(kind: str, corpus: Path) -> Seeds:
    """Small sound recordings of the corpus, a few of each maker; none for packed kinds.

    For a bad writer whole runs of its histories.
    """
    if kind.endswith("-writer"):
        return _whole_runs(kind.removesuffix("-writer"), corpus)
    wanted = {"fit-stale": "fit/activity", "fit-valid": "fit/activity", "gpx": "gpx", "tcx": "tcx"}
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as f:
        rows = [r for r in csv.DictReader(f) if r["kind"] == wanted.get(kind)]
    seeds: Seeds = {}
    taken: dict[str, int] = {}
    for row in sorted(rows, key=lambda r: (int(r["size"]), r["file"])):
        maker = f"{row['manufacturer']}/{row['sport']}/{row['repo']}"
        if (
            row["structure_errors"]
            or row["file"].endswith(".zip")
            or row["n_sessions"] not in ("1", "0", "")
            or row["note"]
        ):
            continue
        data = (corpus / row["file"]).read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        if len(data) <= _MOST_BYTES and len(data) > 2000 and taken.get(maker, 0) < 2:
            taken[maker] = taken.get(maker, 0) + 1
            seeds[Path(row["file"]).name.removesuffix(".gz")] = data
    return seeds


def _whole_runs(kind: str, corpus: Path) -> Seeds:
    """Sound runs of the histories, from short to long."""
    with (corpus / "manifest.csv").open(newline="", encoding="utf-8") as f:
        named = {"fit": "fit/activity"}.get(kind, kind)
        rows = [r for r in csv.DictReader(f) if r["kind"] == named]
    rows = [r for r in rows if r["file"].startswith("histories/") and not r["structure_errors"]]
    rows = [r for r in rows if r["sport"].lower() == "running" and float(r["distance_m"]) > 2000]
    rows.sort(key=lambda r: (float(r["distance_m"]), r["file"]))
    chosen = rows[:: max(1, len(rows) // _RUNS)][:_RUNS]
    whole = {Path(r["file"]).name: (corpus / r["file"]).read_bytes() for r in chosen}
    return {
        name.removesuffix(".gz"): gzip.decompress(data) if name.endswith(".gz") else data
        for name, data in whole.items()
    }
