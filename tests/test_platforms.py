"""Each platform's export comes back as it was lived: the same runs, kilometres, minutes and days."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_exports import WRITERS, ZONES, Did, made_history, runs_of, zipped

from loadmon.athlete import Athlete
from loadmon.io.archive import Archive
from loadmon.io.read import read

#: Share by which kilometres and minutes may be apart: tracks are measured along positions, and
#: miles have two decimals.
_KM, _MIN = 0.006, 0.01


def read_members(
    folder: Path, members: Mapping[str, bytes], *, zone: str = "", units: str = ""
) -> Archive:
    """Read members as one zip, with the runner's home zone."""
    path = folder / "export.zip"
    path.write_bytes(zipped(members))
    own = Athlete(home_zone=zone, units=units)  # type: ignore[arg-type]
    return read(path, athlete=own, cache=False)


def summary(archive: Archive) -> tuple[int, float, float, list[str]]:
    """Runs, kilometres, minutes and local days of an archive."""
    runs = archive.activities[archive.activities["sport"] == "running"]
    days = sorted(runs["date"].dt.strftime("%Y-%m-%d"))
    return len(runs), runs["distance_km"].sum(), runs["duration_min"].sum(), days


def assert_same(archive: Archive, history: list[Did]) -> None:
    """The archive tells the runs of a history."""
    runs, km, minutes, days = summary(archive)
    want = runs_of(history)
    assert runs == want[0], archive.files[["file", "outcome", "reason"]].to_string()
    assert km == pytest.approx(want[1], rel=_KM)
    assert minutes == pytest.approx(want[2], rel=_MIN)
    assert days == want[3]


@pytest.mark.parametrize("form", WRITERS)
@given(seed=st.integers(0, 10**6), zone=st.sampled_from([*ZONES]))
def test_a_history_comes_back_from_the_form_of_a_platform(
    tmp_path_factory: pytest.TempPathFactory, form: str, seed: int, zone: str
) -> None:
    history = made_history(seed, zone)
    members = WRITERS[form](history)
    archive = read_members(tmp_path_factory.mktemp("export"), members, zone=zone)
    assert_same(archive, history)
