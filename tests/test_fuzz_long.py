"""Recordings as long as real ones, damaged for some seconds: no error leaves `read`, none hangs.

``LOADMON_FUZZ_S=3600 pytest tests/test_fuzz_long.py -n0`` does it for an hour; each run begins with
another seed, which is printed where something is found.
"""

from __future__ import annotations

import gzip
import os
import time
from collections import Counter

import make_corpus
import pytest
from campaign import run
from figures import NEVER
from seeds import kept

KINDS = ("fit-stale", "fit-valid", "gpx", "tcx", "gz", "zip")
#: Of all kinds together. [s]
SECONDS = float(os.environ.get("LOADMON_FUZZ_S", "6"))
_BATCH = 5


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_no_damage_of_a_long_recording_ends_in_an_error_that_is_not_ours(kind: str) -> None:
    until = time.monotonic() + SECONDS / len(KINDS)
    seed = time.time_ns() if SECONDS > 60 else 1
    seeds, counts, wrong = kept(kind), Counter[str](), []
    while True:

        def note(name: str, number: int, found: str, detail: str, seed: int = seed) -> None:
            if found in NEVER:
                wrong.append(f"{kind} --seed {seed}: {found} {name} #{number}: {detail}")

        counts += run(kind, seeds, _BATCH, seed, note)
        assert wrong == []
        seed += 1
        if time.monotonic() > until:
            break
    assert sum(counts.values()) >= _BATCH
    print(kind, dict(counts))


def test_the_kept_files_are_as_long_as_real_ones_and_are_what_the_writers_write() -> None:
    written = make_corpus.files()
    for kind, least in (("fit-valid", 60_000), ("gpx", 300_000), ("tcx", 300_000)):
        for name, data in kept(kind).items():
            assert len(data) > least, name
            assert data == written[name], "run: python tests/fuzz/make_corpus.py"
    assert all(gzip.decompress(data) for data in kept("gz").values())
    assert len(kept("zip")) == 1
