"""What the checks say: one row per check, one verdict over all."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any, Literal

import pandas as pd

from loadmon.evidence import Evidence

Verdict = Literal["ok", "flagged", "unknown", "not_set_up"]

#: Names of the checks, in the order in which findings list them.
CHECKS = (
    *("session_spike", "return", "weekly_change", "acwr", "monotony", "rest", "symptoms"),
    *("descent", "intensity", "form", "strength", "shoes", "overtraining"),
)
#: Checks without which the whole is unknown.
_NEEDED = ("session_spike", "weekly_change", "acwr", "monotony", "rest")
_NUMBERS = ("value", "limit", "value_low", "value_high", "agreement")
COLUMNS = (
    *("check", "verdict", "level", "date", "value", "limit", "unit", "window", "method", "grade"),
    *("source", "message", "missing", "value_low", "value_high", "agreement"),
)
Row = dict[str, Any]
#: Version of the JSON form; `findings.schema.json` beside this module describes it.
SCHEMA = 1


class Findings:
    """Findings of one day, in the order of `CHECKS`.

    Parameters
    ----------
    as_of : Timestamp
        The day; NaT where nothing is recorded.
    rows : list of dict
        One for each check, as `finding` makes them.
    """

    def __init__(self, as_of: pd.Timestamp, rows: list[Row]):
        self.as_of = as_of
        self._rows = sorted(rows, key=lambda row: CHECKS.index(row["check"]))

    @property
    def verdict(self) -> Verdict:
        """``flagged`` if one check is, else ``unknown`` if one that is needed is, else ``ok``.

        ``ok`` means that nothing was flagged, and no more.
        """
        verdicts = {row["check"]: row["verdict"] for row in self._rows}
        if "flagged" in verdicts.values():
            return "flagged"
        return "unknown" if any(verdicts[name] == "unknown" for name in _NEEDED) else "ok"

    def to_frame(self) -> pd.DataFrame:
        """One row per check.

        Returns
        -------
        DataFrame
            ``check``; ``verdict`` (ok, flagged, unknown, not_set_up); ``level`` (the check's own
            word); ``date`` (of what stands out, NaT for none); ``value`` and ``limit`` in ``unit``
            (NaN: no number); ``window``, ``method``, ``grade`` and ``source`` of the limit;
            ``message``, a sentence for the athlete; ``missing``, what is not known;
            ``value_low`` and ``value_high``, an interval for ``value`` where there is one;
            ``agreement``, the share of other ways to compute it that say the same [-].
        """
        frame = pd.DataFrame(self._rows, columns=list(COLUMNS))
        types = {c: "float64" if c in _NUMBERS else "str" for c in COLUMNS}
        return frame.astype(types | {"date": "datetime64[us]"})

    def to_dict(self) -> dict[str, Any]:
        """Everything as JSON takes it: days as ISO text, None for what is not known.

        Returns
        -------
        dict
            ``{"schema": 1, "as_of": ..., "verdict": ..., "findings": [...]}``.
        """
        return {
            "schema": SCHEMA,
            "as_of": _plain(self.as_of),
            "verdict": self.verdict,
            "findings": [{c: _plain(row[c]) for c in COLUMNS} for row in self._rows],
        }


def json_schema() -> dict[str, Any]:
    """JSON Schema of `Findings.to_dict`, published as ``findings.schema.json``."""
    text = resources.files("loadmon.checks").joinpath("findings.schema.json").read_text("utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def finding(
    check: str,
    verdict: Verdict,
    level: str,
    message: str,
    *,
    evidence: Evidence | None = None,
    date: Any = pd.NaT,
    value: float = float("nan"),
    limit: float = float("nan"),
    unit: str = "",
    window: str = "",
    missing: str = "",
    interval: tuple[float, float] = (float("nan"), float("nan")),
    agreement: float = float("nan"),
) -> Row:
    """Make one row of findings; a limit of the runner's own is named as such in the message.

    Parameters
    ----------
    check, verdict, level, message : str
        As in `Findings.to_frame`.
    evidence : Evidence, optional
        Where the limit comes from; None for a check that was not set up.
    date, value, limit, unit, window, missing, agreement
        As in `Findings.to_frame`; empty for none.
    interval : tuple of float
        ``value_low`` and ``value_high``.
    """
    told = ("", "", "") if evidence is None else (evidence.method, evidence.grade, evidence.source)
    named = dict(zip(("method", "grade", "source"), told, strict=True))
    if evidence is not None and evidence.checked == "own" and verdict in ("ok", "flagged"):
        message += f" Your limit: {limit:g}."
    row = {"check": check, "verdict": verdict, "level": level, "message": message, "date": date}
    numbers = dict(zip(_NUMBERS, (value, limit, *interval, agreement), strict=True))
    more = {"unit": unit, "window": window, "missing": missing}
    return {**row, **{name: float(x) for name, x in numbers.items()}, **more, **named}


def _plain(value: Any) -> Any:
    """Turn one cell into something that JSON knows."""
    if pd.isna(value):
        return None
    return f"{value:%Y-%m-%d}" if isinstance(value, pd.Timestamp) else value
