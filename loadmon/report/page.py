"""The page: everything a report says in one HTML file that asks nothing of the network."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib import resources
from typing import Any

from loadmon.checks.words import count_text
from loadmon.evidence import REGISTRY, Evidence
from loadmon.report.answer import answer_text, pain_told, silence_told, today_asked, week_told
from loadmon.report.calculator import calculator
from loadmon.report.methods import methods_text
from loadmon.report.overview import UNREADABLE, Overview
from loadmon.report.physio import physio_sheet
from loadmon.report.sections import changes_table, changes_to, section_of, sections
from loadmon.report.texts import DASH, dated, known, value_text, with_path
from loadmon.report.words import (
    CANNOT_TELL,
    CHECK_WORDS,
    CHECKED_WORDS,
    GET_HELP,
    GRADE_WORDS,
    HOW_TO_FILL,
    LIMIT_WORDS,
    NOT_MEDICAL,
    OUTCOME_WORDS,
    REASON_WORDS,
    SECTION_WORDS,
    SLIDER_WORDS,
    VERDICT_WORDS,
)
from loadmon.text import shown_lines

_MOST_FILES = 50
#: Choices of this project that decide what is shown at all, beside the limits of the checks.
_GROUND = ("acwr-windows", "lay-off", "chronic-floor", "freshness")


def render_page(overview: Overview) -> str:
    """One self-contained HTML page.

    Parameters
    ----------
    overview : Overview
        What `loadmon.report.overview.overview` worked out.

    Returns
    -------
    str
        HTML with its style and pictures inside: nothing fetched, the same text for the same
        overview. Words of files and paths are escaped.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("loadmon.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: _shown(value, overview.title),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(_told(overview))


def _shown(value: Any, title: str) -> Any:
    """Value as it stands on the page: nothing turns round what follows it, commands have a path."""
    return shown_lines(with_path(value, title)) if type(value) is str else value


def _told(overview: Overview) -> dict[str, Any]:
    """Everything the template shows, as text."""
    from loadmon import __version__

    judged = overview.judged
    units = overview.athlete.units
    rows = [_finding(row, units) for row in judged.to_dict()["findings"]]
    return {
        "version": __version__,
        "title": overview.title,
        "words": SECTION_WORDS,
        "as_of": dated(overview.as_of),
        "data_to": dated(overview.silent.last_recorded) if overview.silent else DASH,
        "answer": answer_text(judged),
        "judged_to": dated(judged.as_of),
        "silence": silence_told(overview),
        "asked": overview.asked,
        "not_medical": NOT_MEDICAL,
        "findings": rows,
        "by_verdict": {v: [r for r in rows if r["verdict"] == v] for v in VERDICT_WORDS},
        "week": week_told(overview),
        "pain": pain_told(overview),
        "hurts": overview.pain_since is not None,
        "today": _today(overview),
        "changes": changes_table(overview),
        "changes_to": changes_to(overview),
        "lacking": [r["name"].lower() for r in rows if r["verdict"] == "not_set_up"],
        "unknown": _unknown(overview, rows),
        "help": GET_HELP,
        "sections": sections(overview, rows),
        "ground": [_evidence(REGISTRY[key]) for key in _GROUND],
        "grades": GRADE_WORDS,
        "methods": methods_text(overview),
        "sheet": physio_sheet(overview, rows),
        **_files(overview),
        **_calculator(overview),
    }


def _calculator(overview: Overview) -> dict[str, Any]:
    """The calculator's data and script; the page lets no other script run."""
    data = calculator(overview)
    if data is None:
        return {"plans": None}
    script = (
        resources.files("loadmon.report").joinpath("templates/calculator.js").read_text("utf-8")
    )
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    told = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return {
        "plans": told.replace("<", "\\u003c"),
        "script": script,
        "script_hash": digest,
        "sliders": SLIDER_WORDS,
        "reason_words": REASON_WORDS,
        "first_reason": "back-pain" if overview.pain_since is not None else "rest",
        "choices": data["choices"],
        "screening": data["screening"],
        "stop": data["stop"],
        "units": data["units"],
    }


def _finding(row: dict[str, Any], units: Any) -> dict[str, Any]:
    """One check as text, with its evidence."""
    source = next((e for e in REGISTRY.values() if e.method == row["method"]), None)
    return {
        "check": row["check"],
        "name": CHECK_WORDS[row["check"]],
        "section": section_of(row["check"]),
        "verdict": row["verdict"],
        "verdict_words": VERDICT_WORDS[row["verdict"]],
        "message": row["message"],
        "missing": row["missing"],
        "value": value_text(row["value"], row["unit"], units),
        "limit": value_text(row["limit"], row["unit"], units),
        "window": row["window"],
        "method": row["method"],
        "grade": row["grade"],
        "source": row["source"],
        "grade_words": GRADE_WORDS.get(row["grade"], ""),
        "sentence": source.sentence if source else "",
        "checked": CHECKED_WORDS[source.checked] if source and source.grade != "D" else "",
        "cannot_tell": CANNOT_TELL.get(row["check"], ""),
    }


def _evidence(evidence: Evidence) -> dict[str, str]:
    """One record of evidence as text."""
    return {
        "sentence": evidence.sentence,
        "grade": evidence.grade,
        "grade_words": GRADE_WORDS[evidence.grade],
        "source": evidence.source,
        "checked": CHECKED_WORDS[evidence.checked] if evidence.grade != "D" else "",
        "values": ", ".join(f"{k.replace('_', ' ')} {v:g}" for k, v in evidence.values.items()),
        "unit": evidence.unit,
    }


def _today(overview: Overview) -> dict[str, Any]:
    """The longest run within the limits, and every limit behind it."""
    today, units = overview.today, overview.athlete.units
    bounds = today.to_frame()
    return {
        "known": known(today.distance_km) is not None,
        "what": today_asked(overview),
        "distance": value_text(today.distance_km, "km", units),
        "limited_by": LIMIT_WORDS.get(today.limited_by, today.limited_by),
        "why": today.why,
        "none": today.distance_km == 0,
        "missing": [
            (LIMIT_WORDS.get(name, name), why)
            for name, why in bounds.loc[bounds["unknown"], ["limit", "why"]].itertuples(index=False)
        ],
        "bounds": [
            (
                LIMIT_WORDS.get(b["limit"], b["limit"]),
                "not known" if b["unknown"] else value_text(b["distance_km"], "km", units),
                b["why"],
            )
            for b in bounds.to_dict("records")
        ],
    }


def _unknown(overview: Overview, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What is not known, and how each can be filled in."""
    told = []
    for row in rows:
        if row["verdict"] in ("unknown", "not_set_up"):
            missing = f" It needs: {row['missing']}." if row["missing"] else ""
            fill = "" if missing else HOW_TO_FILL.get(row["check"], "")
            told.append({"name": row["name"], "why": row["message"] + missing, "fill": fill})
    first = [row for row in told if row["name"] == CHECK_WORDS["symptoms"]]
    return first + [row for row in told if row not in first] + _gaps(overview)


def _gaps(overview: Overview) -> list[dict[str, str]]:
    """Gaps inside the data about which nobody was asked yet."""
    fill = "If you ran, add the missing files, or write the days into athlete.toml: unknown_days."
    return [
        {
            "name": f"{dated(gap['start'])} to {dated(gap['end'])}",
            "why": f"{count_text(gap['days'], 'day')} without any recording, counted as rest.",
            "fill": fill,
        }
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
        "kinds": getattr(overview.archive, "kinds", ()),
        "no_sport": count_text(overview.no_sport, "recording") if overview.no_sport else "",
    }
