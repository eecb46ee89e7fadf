"""The page: everything a report says in one HTML file that asks nothing of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from loadmon.checks.words import count_text, day_text
from loadmon.evidence import REGISTRY, Evidence
from loadmon.report.overview import UNREADABLE, Overview
from loadmon.report.pictures import dated, pictures, whole_history
from loadmon.report.words import (
    CANNOT_TELL,
    CHECK_WORDS,
    CHECKED_WORDS,
    FLAG_WORDS,
    GET_HELP,
    GRADE_WORDS,
    LIMIT_WORDS,
    NOT_MEDICAL,
    OUTCOME_WORDS,
    STATUS_WORDS,
    VERDICT_WORDS,
)

if TYPE_CHECKING:
    from loadmon.checks.findings import Findings

_WEEKS = 8
_MOST_FILES = 50
#: Choices of this project that decide what is shown at all, beside the limits of the checks.
_GROUND = ("acwr-windows", "lay-off", "chronic-floor", "freshness")
_DECIMALS = {"ratio": 2, "km": 1, "d": 0}
_UNITS = {"ratio": "", "km": " km", "d": " days"}


def render_page(overview: Overview) -> str:
    """One self-contained HTML page.

    Parameters
    ----------
    overview : Overview
        What `loadmon.report.overview.overview` worked out.

    Returns
    -------
    str
        HTML with its style and pictures inside: no script, nothing fetched, the same text for the
        same overview. Words of files and paths are escaped.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("loadmon.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(_told(overview))


def _told(overview: Overview) -> dict[str, Any]:
    """Everything the template shows, as text."""
    from loadmon import __version__

    asked = overview.silent is not None and overview.silent.unknown
    judged = overview.recorded if asked else overview.findings
    rows = [_finding(row) for row in judged.to_dict()["findings"]]
    return {
        "version": __version__,
        "title": overview.title,
        "as_of": dated(overview.as_of),
        "data_to": dated(overview.silent.last_recorded) if overview.silent else "-",
        "answer": _answer(judged),
        "judged_to": dated(judged.as_of),
        "silence": _silence(overview),
        "asked": asked,
        "not_medical": NOT_MEDICAL,
        "findings": rows,
        "by_verdict": {v: [r for r in rows if r["verdict"] == v] for v in VERDICT_WORDS},
        "verdict_words": VERDICT_WORDS,
        "week": _week(overview, asked),
        "weeks": _weeks(overview, asked),
        "today": _today(overview),
        "gaps": _gaps(overview),
        "help": GET_HELP,
        "pictures": pictures(overview),
        "whole": whole_history(overview),
        "ground": [_evidence(REGISTRY[key]) for key in _GROUND],
        "grades": GRADE_WORDS,
        **_files(overview),
    }


def _answer(findings: Findings) -> str:
    """The answer in one line."""
    frame = findings.to_frame()
    flagged = int((frame["verdict"] == "flagged").sum())
    told = f"{count_text(flagged, 'thing')} flagged" if flagged else "Nothing flagged"
    unknown = [CHECK_WORDS[c].lower() for c in frame.loc[frame["verdict"] == "unknown", "check"]]
    if unknown and len(unknown) == len(CHECK_WORDS) - int((frame["verdict"] == "not_set_up").sum()):
        return "Not known: no check could be made"
    return f"{told}; not known: {', '.join(unknown)}" if unknown else told


def _silence(overview: Overview) -> str:
    """What the days since the last recording count as."""
    silent = overview.silent
    if silent is None or silent.days_silent == 0:
        return ""
    days = count_text(silent.days_silent, "day")
    if not silent.unknown:
        return f"Nothing was recorded in the last {days}; they count as rest."
    usual = count_text(silent.usual_gap, "day")
    return f"{days} without a recording up to {dated(overview.as_of)}; your usual gap is {usual}."


def _finding(row: dict[str, Any]) -> dict[str, Any]:
    """One check as text, with its evidence."""
    source = next((e for e in REGISTRY.values() if e.method == row["method"]), None)
    return {
        "check": row["check"],
        "name": CHECK_WORDS[row["check"]],
        "verdict": row["verdict"],
        "verdict_words": VERDICT_WORDS[row["verdict"]],
        "message": row["message"],
        "missing": row["missing"],
        "value": _number(row["value"], row["unit"]),
        "limit": _number(row["limit"], row["unit"]),
        "window": row["window"],
        "cannot_tell": CANNOT_TELL.get(row["check"], ""),
        "evidence": _evidence(source) if source else None,
    }


def _evidence(evidence: Evidence) -> dict[str, str]:
    """One record of evidence as text."""
    return {
        "sentence": evidence.sentence,
        "method": evidence.method,
        "grade": evidence.grade,
        "grade_words": GRADE_WORDS[evidence.grade],
        "source": evidence.source,
        "checked": CHECKED_WORDS[evidence.checked],
        "values": ", ".join(f"{k.replace('_', ' ')} {v:g}" for k, v in evidence.values.items()),
        "unit": evidence.unit,
    }


def _number(value: float | None, unit: str) -> str:
    """A number with its unit; a dash where there is none."""
    return "–" if value is None else f"{value:.{_DECIMALS.get(unit, 2)}f}{_UNITS.get(unit, unit)}"


def _shown_weeks(overview: Overview, asked: bool) -> pd.DataFrame:
    """Last weeks that hold a recorded day: a question is open about those after them."""
    weeks = overview.weekly
    if asked and overview.silent:
        weeks = weeks[weeks.index <= overview.silent.last_recorded]
    return weeks.tail(_WEEKS)


def _week(overview: Overview, asked: bool) -> dict[str, str] | None:
    """The last of the weeks in one sentence."""
    weeks = _shown_weeks(overview, asked)
    if weeks.empty:
        return None
    week, start = weeks.iloc[-1], weeks.index[-1]
    end = min(start + pd.Timedelta(days=6), overview.as_of)
    known = "" if asked or week["n_known"] == week["n_days"] else "at least "
    so_far = " so far" if week["partial"] and not asked else ""
    runs = count_text(int(week["runs"]), "run")
    return {
        "name": "Last recorded week" if asked else "This week",
        "days": f"{day_text(start)} to {dated(end)}",
        "told": f"{known}{_number(_plain(week['distance_km']), 'km')} in {runs}{so_far}",
    }


def _weeks(overview: Overview, asked: bool) -> list[dict[str, str]]:
    """The last weeks as rows of text, the newest first."""
    rows = []
    for start, week in _shown_weeks(overview, asked).iloc[::-1].iterrows():
        flags = [FLAG_WORDS[f] for f in week["flags"].split(",") if f]
        ratio = _plain(week["acwr_coupled"])
        rows.append(
            {
                "start": day_text(pd.Timestamp(str(start))),
                "runs": str(week["runs"]),
                "rest_days": str(week["rest_days"]),
                "distance": _number(_plain(week["distance_km"]), "km"),
                "duration": _duration(week["duration_min"]),
                "longest": _number(_plain(week["longest_km"]), "km"),
                "change": _change(week["change"]),
                "ratio": STATUS_WORDS[week["acwr_status"]] if ratio is None else f"{ratio:.2f}",
                "known": "" if week["n_known"] == week["n_days"] else "a day not known",
                "partial": f"{week['n_days']} of 7 days" if week["partial"] else "",
                "flags": ", ".join(flags),
            }
        )
    return rows


def _plain(value: float) -> float | None:
    """None for what is not known."""
    return None if pd.isna(value) else float(value)


def _duration(minutes: float) -> str:
    """Minutes as hours and minutes."""
    whole = None if pd.isna(minutes) else round(minutes)
    return "–" if whole is None else f"{whole // 60}:{whole % 60:02d} h"


def _change(ratio: float) -> str:
    """Ratio to the week before as a share."""
    return "–" if pd.isna(ratio) else f"{100 * (ratio - 1):+.0f} %"


def _today(overview: Overview) -> dict[str, Any]:
    """The longest run within the limits, and every limit behind it."""
    today, day = overview.today, overview.as_of
    bounds = today.to_frame()
    ran = bool((overview.daily.loc[overview.daily.index == day, "runs"] > 0).any())
    return {
        "known": not pd.isna(today.distance_km),
        "what": f"Longest {'further run' if ran else 'run'} within the limits on {dated(day)}",
        "distance": _number(_plain(today.distance_km), "km"),
        "limited_by": LIMIT_WORDS[today.limited_by],
        "why": today.why,
        "none": today.distance_km == 0,
        "missing": [
            (LIMIT_WORDS[name], why)
            for name, why in bounds.loc[bounds["unknown"], ["limit", "why"]].itertuples(index=False)
        ],
        "bounds": [
            (
                LIMIT_WORDS[bound["limit"]],
                "not known" if bound["unknown"] else _number(_plain(bound["distance_km"]), "km"),
                bound["why"],
            )
            for bound in bounds.to_dict("records")
        ],
    }


def _gaps(overview: Overview) -> list[str]:
    """Gaps inside the data about which nobody was asked yet."""
    return [
        f"{dated(gap['start'])} to {dated(gap['end'])}: {count_text(gap['days'], 'day')}"
        for gap in overview.gaps.tail(3).to_dict("records")
    ]


def _files(overview: Overview) -> dict[str, Any]:
    """What became of the files, and each that could not be used."""
    bad = overview.files[overview.files["outcome"].isin(UNREADABLE)]
    return {
        "n_files": int(overview.outcomes.sum()),
        "outcomes": [(n, name, OUTCOME_WORDS[str(name)]) for name, n in overview.outcomes.items()],
        "unreadable": bad.head(_MOST_FILES).to_dict("records"),
        "n_unreadable": len(bad),
        "no_sport": count_text(overview.no_sport, "recording") if overview.no_sport else "",
    }
