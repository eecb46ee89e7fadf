"""Our readers and their peers on the same files, in turns, and which goals are met.

    python benchmarks/readers.py [--every 8] [--corpus FOLDER]

Each file is handed to every reader before the next file is, so that a busy machine slows all alike.
Times are CPU seconds of this process; ratios are what can be compared.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import io
import os
import statistics
import tempfile
import time
import warnings
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from loadmon.errors import FileProblem
from loadmon.io.archive import stream_frame
from loadmon.io.fit.frames import read_fit
from loadmon.io.gpx import gpx_recordings
from loadmon.io.tcx import tcx_recordings

CORPUS = Path(os.environ.get("LOADMON_CORPUS", Path(__file__).parents[2] / "shared" / "corpus"))
#: Ours are so quick that each is timed over a few turns.
TURNS = 3
TWO = ("record", "session")


@dataclass
class Reader:
    """One way to read files of one format, and what it took."""

    name: str
    run: Callable[[bytes], object]
    turns: int = 1
    cpu_s: float = 0.0
    wall_s: float = 0.0
    of_file: dict[str, float] = field(default_factory=dict)
    failed: int = 0


def rows_of(data: bytes, names: tuple[str, ...], **options: Any) -> None:
    """A loop of fitdecode into dicts, and a frame of each kind of message; no names: all."""
    import fitdecode

    rows: dict[str, list[dict[str, object]]] = defaultdict(list)
    with fitdecode.FitReader(io.BytesIO(data), **options) as reader:
        for frame in reader:
            if isinstance(frame, fitdecode.FitDataMessage) and (not names or frame.name in names):
                rows[frame.name].append({f.name: f.value for f in frame.fields})
    for kind in rows.values():
        pd.DataFrame(kind)


def tuned(data: bytes) -> None:
    import fitdecode

    rows_of(
        data,
        TWO,
        processor=None,
        check_crc=fitdecode.CrcCheck.DISABLED,
        error_handling=fitdecode.ErrorHandling.IGNORE,
    )


def with_fitfast(data: bytes) -> None:
    import fitfast

    for kind in TWO:
        pd.DataFrame(fitfast.records(data, kind))


def with_all_of_fitfast(data: bytes) -> None:
    import fitfast

    for kind in fitfast.parse(data).values():
        pd.DataFrame(kind)


def without_frames(data: bytes) -> None:
    import fitfast

    fitfast.parse(data)


def with_pyfitparsernative(data: bytes) -> None:
    import pyfitparsernative

    pd.DataFrame(pyfitparsernative.parse_fit_bytes(data))


def with_fitparse(data: bytes) -> None:
    import fitparse

    rows: dict[str, list[dict[str, object]]] = {name: [] for name in TWO}
    for message in fitparse.FitFile(io.BytesIO(data)).get_messages(list(TWO)):
        rows[message.name].append(message.get_values())
    for kind in rows.values():
        pd.DataFrame(kind)


def with_gpxpy(data: bytes) -> None:
    import gpxpy

    rows = []
    for track in gpxpy.parse(data.decode("utf-8-sig").strip()).tracks:
        for segment in track.segments:
            for p in segment.points:
                row = {"time": p.time, "lat": p.latitude, "lon": p.longitude, "ele": p.elevation}
                row |= {e.tag.rpartition("}")[2]: e.text for tag in p.extensions for e in tag}
                rows.append(row)
    pd.DataFrame(rows)


def with_tcxreader(data: bytes) -> None:
    from tcxreader.tcxreader import TCXReader

    with tempfile.NamedTemporaryFile(suffix=".tcx") as file:  # it reads files only
        file.write(data.lstrip())
        file.flush()
        read = TCXReader().read(file.name)
    pd.DataFrame([point.to_dict() for point in read.trackpoints])


def our_frames(readers: Callable[[bytes], Any]) -> Callable[[bytes], None]:
    """Streams of all activities of a GPX or TCX file as frames."""

    def run(data: bytes) -> None:
        for found in readers(data):
            if not isinstance(found, FileProblem):
                stream_frame(found.time, found.streams)

    return run


def readers_of(form: str) -> list[Reader]:
    """Ours and those peers that are installed."""
    if form == "fit":
        found = [
            Reader("loadmon, record + session", lambda d: read_fit(d, messages=TWO), TURNS),
            Reader("loadmon, every message", read_fit, TURNS),
            Reader("fitdecode, record + session", lambda d: rows_of(d, TWO)),
            Reader("fitdecode, every message", lambda d: rows_of(d, ())),
            Reader("fitdecode tuned, record + session", tuned),
        ]
        peers = {
            "fitfast": with_fitfast,
            "fitfast, every message": with_all_of_fitfast,
            "fitfast.parse, no frames": without_frames,
            "pyfitparsernative": with_pyfitparsernative,
            "fitparse": with_fitparse,
        }
    elif form == "gpx":
        found = [Reader("loadmon GPX", our_frames(gpx_recordings), TURNS)]
        peers = {"gpxpy": with_gpxpy}
    else:
        found = [Reader("loadmon TCX", our_frames(tcx_recordings), TURNS)]
        peers = {"tcxreader": with_tcxreader}
    for name, run in peers.items():
        try:
            importlib.import_module(name.split(",")[0].split(".")[0])
        except ImportError:
            print(f"{name} is not installed: pip install --group bench")
            continue
        is_quick = name.startswith(("fitfast", "pyfitparsernative"))
        found.append(Reader(name, run, TURNS if is_quick else 1))
    return found


def files_of(corpus: Path, form: str) -> list[Path]:
    """Sound recordings of one format, the damaged ones left out."""
    ends = (f".{form}", f".{form}.gz")
    paths = (p for p in corpus.rglob("*") if p.name.lower().endswith(ends))
    return sorted(p for p in paths if "nasty" not in p.as_posix())


def class_of(data: bytes, form: str) -> str:
    """Class of files that are alike in what takes time."""
    if form != "fit":
        size = "under 4 KB" if len(data) < 4_000 else "of 4 KB and more"
        return f"{form.upper()} {size}"
    if "monitoring" in read_fit(data):
        return "FIT of a day's monitoring"
    sizes = {20_000: "FIT under 20 KB", 200_000: "FIT of 20 to 200 KB"}
    return next((name for most, name in sizes.items() if len(data) < most), "FIT over 200 KB")


def measure(paths: list[Path], readers: list[Reader], form: str, classes: dict[str, str]) -> int:
    """Time every reader on every file that all of ours can read; the bytes of those."""
    size = 0
    for path in paths:
        data = path.read_bytes()
        data = gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
        try:
            readers[0].run(data)
        except FileProblem:
            continue
        size += len(data)
        classes[str(path)] = class_of(data, form)
        for reader in readers:
            cpu, wall = time.process_time(), time.perf_counter()
            try:
                for _ in range(reader.turns):
                    reader.run(data)
            except Exception:  # a peer's own failure is counted and not timed
                reader.failed += 1
                continue
            spent = (time.process_time() - cpu) / reader.turns
            reader.cpu_s += spent
            reader.wall_s += (time.perf_counter() - wall) / reader.turns
            reader.of_file[str(path)] = spent
    return size


def ratio(ours: Reader, peer: Reader, among: set[str] | None = None) -> tuple[float, float]:
    """How many times longer the peer took over the files both read: in total, median file."""
    both = ours.of_file.keys() & peer.of_file.keys()
    both = both if among is None else both & among
    if not both:
        return float("nan"), float("nan")
    total = sum(peer.of_file[p] for p in both) / sum(ours.of_file[p] for p in both)
    return total, statistics.median(peer.of_file[p] / ours.of_file[p] for p in both)


#: Goals: ours, peer, and how many times longer the peer must take in total, and on the median file.
GOALS = (
    ("loadmon, record + session", "fitdecode, record + session", 100, 0),
    ("loadmon, record + session", "fitdecode tuned, record + session", 40, 0),
    ("loadmon, record + session", "fitfast", 2, 0),
    ("loadmon, every message", "fitdecode, every message", 100, 50),
    ("loadmon, every message", "fitfast, every message", 1, 1),
    ("loadmon, every message", "fitfast.parse, no frames", 1, 1),
    ("loadmon GPX", "gpxpy", 8, 8),
    ("loadmon TCX", "tcxreader", 4, 4),
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--every", type=int, default=8, metavar="N", help="every Nth file only")
    parser.add_argument("--without", nargs="*", default=(), metavar="PEER", help="leave out peers")
    asked = parser.parse_args()
    warnings.simplefilter("ignore")
    done: dict[str, Reader] = {}
    classes: dict[str, str] = {}
    for form in ("fit", "gpx", "tcx"):
        paths = files_of(asked.corpus, form)[:: asked.every]
        readers = [r for r in readers_of(form) if r.name not in asked.without]
        size = measure(paths, readers, form, classes)
        print(f"\n{form.upper()}: {len(readers[0].of_file)} files, {size / 1e6:.1f} MB")
        for reader in readers:
            done[reader.name] = reader
            speed = size / 1e6 / reader.cpu_s if reader.cpu_s else 0.0
            print(
                f"  {reader.name:36} {reader.cpu_s:8.2f} s CPU {reader.wall_s:8.2f} s wall "
                f"{speed:7.2f} MB/s  {reader.failed} failed"
            )
    print("\nGoals: how many times longer the peer takes")
    for ours, peer, total, median in GOALS:
        if ours in done and peer in done:
            found, middle = ratio(done[ours], done[peer])
            met = "met" if found >= total and middle >= median else "NOT MET"
            goal = f"{total}" + (f", median {median}" if median else "")
            print(f"  {ours:28} {peer:36} {found:6.1f}, median {middle:6.1f}  ({goal}): {met}")
    print("\nBy class of file: in total, median file")
    for name in sorted(set(classes.values())):
        among = {path for path, found in classes.items() if found == name}
        print(f"  {name}, {len(among)} files")
        for ours, peer, *_ in GOALS:
            if ours in done and peer in done:
                found, middle = ratio(done[ours], done[peer], among)
                if found == found:
                    print(f"    {ours:28} {peer:34} {found:6.1f}, median {middle:6.1f}")


if __name__ == "__main__":
    main()
