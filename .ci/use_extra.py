"""Use one extra of the installed wheel for what it is there for: use_extra.py EXTRA HOUSE."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import loadmon

LAST, RESUME = "2026-11-15", "2026-11-16"


def fit(house: Path) -> None:
    """Workouts for the watch."""
    archive = loadmon.read(house / "data" / "sample_export.zip", cache=False)
    ramp = loadmon.plan_ramp(archive.rested_until(LAST), resume=RESUME, target_km=20)
    assert all(file.endswith(".fit") for file in ramp.to_fit())


def tz(house: Path) -> None:
    """The zone of a position."""
    from loadmon.io.localtime import zone_at

    assert zone_at(52.52, 13.40) == "Europe/Berlin"


def notebooks(house: Path) -> None:
    """A notebook as a report from the shell."""
    book = house / "notebooks" / "first_look.ipynb"
    asked = ["--to", "html", "--execute", "--no-input", "--output-dir", ".", str(book)]
    subprocess.run([sys.executable, "-m", "nbconvert", *asked], check=True, capture_output=True)
    assert Path("first_look.html").stat().st_size


def cluster(house: Path) -> None:
    """A team read by a cluster of two workers."""
    from distributed import Client

    with Client(n_workers=2, threads_per_worker=1, dashboard_address=None) as client:
        team = loadmon.cohort(
            house / "data" / "sample_team", as_of=LAST, executor=client.get_executor()
        )
    assert len(team.athletes) > 1


def parquet(house: Path) -> None:
    """A panel as Parquet."""
    made = loadmon.simulate_cohort(2, days=60)
    loadmon.write_panel(made.sessions, "panel.parquet")
    assert Path("panel.parquet").stat().st_size


if __name__ == "__main__":
    {f.__name__: f for f in (fit, tz, notebooks, cluster, parquet)}[sys.argv[1]](Path(sys.argv[2]))
