"""Who needs a look first, and why: the table of a coach."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from loadmon.checks.findings import CHECKS
from loadmon.cohorts.member import Told

#: Columns of the table and their dtypes; units are in the names.
ATHLETE_COLUMNS = {
    "athlete": "str",
    "verdict": "str",
    "flags": "str",
    "grade": "str",
    "why": "str",
    "as_of": "datetime64[us]",
    "last_recorded": "datetime64[us]",
    "days_silent": "float64",
    "runs_7d": "float64",
    "distance_7d_km": "float64",
    "longest_7d_km": "float64",
    "files": "float64",
    "files_unread": "float64",
}
#: What an athlete says outranks what a watch measured.
_SAID = ("symptoms", "overtraining")
_VERDICTS = ("flagged", "unknown", "ok")
_GRADES = ("A", "B", "C", "D", "X", "")


def by_need(told: Sequence[Told]) -> pd.DataFrame:
    """Athletes in the order in which a coach should look at them.

    Parameters
    ----------
    told : sequence of Told
        What is known of each athlete.

    Returns
    -------
    DataFrame
        As ``Cohort.athletes``. Flagged before unknown before nothing flagged. Among the flagged,
        pain and other symptoms first, then by the best grade of evidence behind a flag, then by
        the number of flags; among the unknown, those whose files could not be used first; then
        by name. It is an order of looking, not a score.
    """
    rows = sorted((_row(one) for one in told), key=_need)
    frame = pd.DataFrame(rows, columns=list(ATHLETE_COLUMNS))
    return frame.astype(ATHLETE_COLUMNS)


def _row(one: Told) -> dict[str, Any]:
    """One athlete's row."""
    row: dict[str, Any] = {"athlete": one.member.name, "flags": "", "grade": ""}
    if one.reason:
        return row | {"verdict": "unknown", "why": f"Not read: {one.detail}"}
    findings = one.frames["findings"]
    flagged = findings[findings["verdict"] == "flagged"]
    grades = [g for g in _GRADES if g in set(flagged["grade"])]
    row |= one.summary
    row |= {"flags": ",".join(flagged["check"]), "grade": grades[0] if grades else ""}
    return row | {"why": _why(findings, str(row["verdict"]))}


def _why(findings: pd.DataFrame, verdict: str) -> str:
    """Sentences behind a verdict, what athletes say and the better evidence first."""
    if verdict == "ok":
        return "Nothing flagged."
    shown = findings[findings["verdict"] == verdict]
    if verdict == "unknown":
        told = [text for text in shown["missing"] if text]
        return f"{told[0][0].upper()}{told[0][1:]}." if told else str(shown["message"].iloc[0])
    order = sorted(shown.to_dict("records"), key=lambda row: _weight(row["check"], row["grade"]))
    return " ".join(str(row["message"]) for row in order)


def _weight(check: str, grade: str) -> tuple[bool, int, int]:
    """How early a flag is told."""
    return check not in _SAID, _GRADES.index(grade), CHECKS.index(check)


def _need(row: dict[str, Any]) -> tuple[Any, ...]:
    """How early an athlete is looked at."""
    flags = str(row["flags"]).split(",") if row["flags"] else []
    said = any(check in _SAID for check in flags)
    unread = "as_of" not in row
    place = _VERDICTS.index(row["verdict"]), not unread, not said, _GRADES.index(row["grade"])
    return *place, -len(flags), str(row["athlete"]).casefold(), row["athlete"]
