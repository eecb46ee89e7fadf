"""Make ``sample_study/``: a made-up study as two tables, sessions and injuries.

Run it as ``python data/make_study.py``. The truth is chosen: an injury is three times as likely on
each of the seven days after a session spike. Nobody ran it and nobody was hurt.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import loadmon

TARGET = Path(__file__).with_name("sample_study")
TRUTH = {"hazard_ratio": 3.0, "effect_days": 7}
SIZE = {"athletes": 90, "days": 300, "injuries_per_1000_days": 4.0, "unknown_days_per_year": 3.0}


def make_study() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Sessions and injuries under the column names that a study might have."""
    made = loadmon.simulate_cohort(**SIZE, **TRUTH, seed=2021)  # type: ignore[arg-type]
    sessions = made.sessions[["athlete", "date", "distance_km"]]
    sessions = sessions.set_axis(["runner", "day", "km"], axis=1)
    injuries = made.injuries.set_axis(["runner", "onset", "back"], axis=1)
    return sessions, injuries


if __name__ == "__main__":
    TARGET.mkdir(exist_ok=True)
    for name, table in zip(("sessions.csv", "injuries.csv"), make_study(), strict=True):
        table.to_csv(TARGET / name, index=False, lineterminator="\n")
        print(f"{TARGET / name}: {len(table)} rows")
