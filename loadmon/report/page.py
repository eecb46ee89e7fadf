"""The HTML page: its sections with pictures and tables, the sheet for a physio, and rendering."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from importlib import resources
from typing import Any

import pandas as pd

from loadmon import __version__
from loadmon.diary import DIARY_COLUMNS, WHEN
from loadmon.evidence import CHECKED_WORDS, GRADE_WORDS, REGISTRY
from loadmon.evidence.limits import LAYOFF
from loadmon.evidence.pain import SITES
from loadmon.report.calculator import calculator
from loadmon.report.charts import bound_text
from loadmon.report.clinic import clinic_frames
from loadmon.report.first_screen import (
    as_json,
    chips,
    days_ahead,
    days_text,
    event,
    hero_picture,
    pain_days,
    pain_heading,
    weeks_card,
    what_if,
)
from loadmon.report.overview import (
    GET_HELP,
    UNREADABLE,
    Overview,
    by_weight,
    methods_text,
    pain_summary,
)
from loadmon.report.physio import physio_sheet
from loadmon.report.sections import changes_table, changes_to, section_of, sections
from loadmon.report.wording import (
    CANNOT_TELL,
    CHECK_WORDS,
    DASH,
    FIRST_FOLDED,
    HOW_TO_FILL,
    LIMIT_WORDS,
    MEANING_WORDS,
    NOT_MEDICAL,
    OUTCOME_WORDS,
    PAIN_WORDS,
    REASON_WORDS,
    SECTION_WORDS,
    SLIDER_WORDS,
    TAB_WORDS,
    VERDICT_WORDS,
    dated,
    is_beyond,
    limit_text,
    silence_text,
    value_text,
    with_path,
)
from loadmon.rules.context import LARGEST_STEP
from loadmon.rules.engine import flags_of
from loadmon.rules.lookback import breaks, enough_named, lookback_of
from loadmon.rules.rest_days import lay_offs, quiet_days
from loadmon.text import shown_lines
from loadmon.units import Units, count_text, day_text

_DAY = pd.Timedelta(days=1)
_MOST_FILES = 50
_LAY_OFF_D = int(LAYOFF["returning_from_days"])
#: Choices of this project that decide what is shown at all, beside the limits of the checks.
_GROUND = ("acwr-windows", "lay-off", "chronic-floor", "freshness")


@dataclass(frozen=True, slots=True)
class PageData:
    """An overview, and what the page alone shows of it: all that takes computing."""

    overview: Overview
    #: What `calculator` gives.
    plans: dict[str, Any] | None
    #: `clinic_frames`.
    frames: dict[str, pd.DataFrame]
    #: Flags before lay-offs beside other weeks; no rows before enough lay-offs have a name.
    lookback: pd.DataFrame
    #: Lay-offs from running: `loadmon.rules.rest_days.lay_offs`.
    lay_offs: pd.DataFrame


def page_data(overview: Overview) -> PageData:
    """Compute what the page shows beside the overview, such as every plan of its calculator."""
    daily = overview.answered
    named = breaks(daily, overview.diary, overview.archive.pauses)
    looked_back = named[:0]
    if enough_named(named):
        looked_back = lookback_of(overview.context, flags_of(overview.context))
    rest = pd.DataFrame()
    if not daily.empty:
        strength = pd.Series(dtype="datetime64[us]")
        quiet = quiet_days(daily, overview.archive.activities, strength)
        rest = lay_offs(daily, quiet, _LAY_OFF_D)
    return PageData(
        overview=overview,
        # while it is open whether the last days were rest, there is nothing to plan from
        plans=None if overview.silence_is_open else calculator(overview),
        frames=clinic_frames(overview),
        lookback=looked_back,
        lay_offs=rest,
    )


def render_page(data: PageData) -> str:
    """One self-contained HTML page, and nothing is computed for it.

    Its style and pictures are inside: nothing is fetched, and the same data give the same text.
    Words of files and paths are escaped.
    """
    from loadmon.report.filling import filled

    def shown(text: str) -> str:
        return shown_lines(with_path(text, data.overview.title))

    return filled("report.html.j2", shown, **_content(data))


def _content(data: PageData) -> dict[str, Any]:
    """Everything the template shows, as text."""
    overview = data.overview
    units = overview.athlete.units
    reported, silent = overview.reported, overview.silent
    silence = silence_text(silent, overview.as_of, overview.archive.old_export_on)
    rows = [_finding(row, units) for row in reported.to_dict()["findings"]]
    found, ahead, hurts = event(overview), days_ahead(overview), overview.pain_since is not None
    by_verdict = {
        v: by_weight([r for r in rows if r["verdict"] == v and r["check"] != LARGEST_STEP])
        for v in VERDICT_WORDS
    }
    asked = what_if(overview, ahead)
    return {
        "version": __version__,
        "title": overview.title,
        "units": units,
        "words": SECTION_WORDS,
        "tabs": TAB_WORDS,
        "first_folded": FIRST_FOLDED,
        "as_of": dated(overview.as_of),
        "iso_day": "" if pd.isna(overview.as_of) else f"{overview.as_of:%Y-%m-%d}",
        "data_to": dated(silent.last_recorded) if silent else DASH,
        "event": found,
        "next_days": _next_words(overview, ahead),
        "hero": None if overview.spikes.empty else hero_picture(overview),
        "what_if": asked,
        "ahead": [day_text(day) for day in ahead["date"]] if asked else [],
        "weeks_card": weeks_card(overview),
        "pain_days": pain_days(overview),
        "pain_heading": pain_heading(overview),
        "also": [r for r in by_verdict["flagged"] if r["check"] != found.check],
        "main": next((r for r in rows if r["check"] == found.check), None),
        "chips": chips(rows, overview),
        "checked_to": dated(reported.as_of),
        "silence": silence.partition("\n")[0],
        "silence_is_open": overview.silence_is_open,
        "not_medical": NOT_MEDICAL,
        "findings": [r for r in rows if r["check"] != LARGEST_STEP],
        "by_verdict": by_verdict,
        "pain": pain_summary(overview),
        "hurts": hurts,
        "limits": _limits(overview, ahead),
        "changes": changes_table(overview),
        "changes_to": changes_to(overview),
        "unknown": _unknown(overview, rows),
        "help": GET_HELP,
        "sections": sections(overview, data.frames, data.lookback, rows),
        "ground": [
            {
                **{name: getattr(e, name) for name in ("sentence", "grade", "source", "unit")},
                "grade_words": GRADE_WORDS[e.grade],
                "checked": CHECKED_WORDS[e.checked] if e.checked != "project" else "",
                "values": ", ".join(f"{k.replace('_', ' ')} {v:g}" for k, v in e.values.items()),
            }
            for e in (REGISTRY[key] for key in _GROUND)
        ],
        "grades": GRADE_WORDS,
        "methods": methods_text(overview),
        "sheet": physio_sheet(overview, data.frames, data.lay_offs, rows),
        "log": _log(),
        **_files(overview),
        **_calculator(data.plans, hurts=hurts),
        **_scripts(data.plans is not None),
    }


def _next_words(overview: Overview, ahead: pd.DataFrame) -> str:
    """One sentence for the next days, or why there is none."""
    if overview.daily.empty or overview.silence_is_open:
        return ""
    if overview.archive.old_export_on is not None:
        return f"Nothing is said about the days since {dated(overview.as_of)}: the export is old."
    nothing = "No run is recorded, so no limit of the next days is known."
    nothing = nothing if overview.spikes.empty else "No limit of the next days is known."
    return days_text(ahead, overview.athlete.units) or nothing


def _scripts(has_plans: bool) -> dict[str, Any]:
    """Scripts of the page and their fingerprints; no other may run."""
    plans_script = [("screening.js", "calculator.js")] if has_plans else []
    folder = resources.files("loadmon.report") / "templates"
    texts = [
        "".join((folder / name).read_text("utf-8") for name in names)
        for names in [("page.js",), *plans_script]
    ]
    digests = [base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in texts]
    return {"scripts": texts, "fingerprints": [f"'sha256-{digest}'" for digest in digests]}


def _log() -> dict[str, Any]:
    """What the form offers that makes a line of the diary."""
    return {
        "columns": ",".join(DIARY_COLUMNS),
        "when": [(key, PAIN_WORDS[key]) for key in WHEN],
        "sites": [site.key for site in SITES],
    }


def _calculator(data: dict[str, Any] | None, *, hurts: bool) -> dict[str, Any]:
    """What the calculator shows, and its data."""
    if data is None:
        return {"plans": None}
    return {
        "plans": as_json(data),
        "sliders": SLIDER_WORDS,
        "reason_words": REASON_WORDS,
        "first_reason": "back-pain" if hurts else "rest",
        **{name: data[name] for name in ("choices", "screening", "stop")},
        "back_from": data["from"],
        "back_to": data["target"],
    }


def _finding(row: dict[str, Any], units: Units) -> dict[str, Any]:
    """One check as text, with its evidence."""
    source = next((e for e in REGISTRY.values() if e.method == row["method"]), None)
    return row | {
        "name": CHECK_WORDS[row["check"]],
        "section": section_of(row["check"]),
        "verdict_words": VERDICT_WORDS[row["verdict"]],
        "value": value_text(row["value"], row["unit"], units),
        "limit": value_text(row["limit"], row["unit"], units),
        "bound": limit_text(row["check"], row["limit"], row["unit"], units),
        "is_over": row["verdict"] == "ok" and is_beyond(row["check"], row["value"], row["limit"]),
        "grade_words": GRADE_WORDS.get(row["grade"], ""),
        "sentence": source.sentence if source else "",
        "checked": CHECKED_WORDS[source.checked] if source and source.checked != "project" else "",
        "meaning": MEANING_WORDS.get(row["check"], ""),
        "cannot_tell": CANNOT_TELL.get(row["check"], ""),
    }


def _limits(overview: Overview, ahead: pd.DataFrame) -> list[dict[str, Any]]:
    """Every limit of each of the next days; of the day of the report where there is none ahead."""
    units, rows = overview.athlete.units, overview.today.every_limit.to_dict("records")
    days = ahead if len(ahead) else overview.today.ahead.head(1)
    out = []
    for row in days.to_dict("records"):
        if pd.isna(row["date"]):
            continue
        limits = [
            (
                LIMIT_WORDS.get(b["limit"], b["limit"]),
                _bound(b["distance_km"], b["unknown"], units),
                b["why"],
            )
            for b in rows
            if b["date"] == row["date"]
        ]
        km = _bound(row["distance_km"], row["from_below"], units).replace(DASH, "not known")
        name = LIMIT_WORDS.get(row["limited_by"], row["limited_by"])
        out.append({"day": dated(row["date"]), "km": km, "by": name, "limits": limits})
    return out


def _bound(km: float, is_from_below: bool, units: Units) -> str:
    """A bound that is never rounded up; a dash where none is known."""
    return DASH if km != km else f"{'at least ' if is_from_below else ''}{bound_text(km, units)}"


def _unknown(overview: Overview, rows: list[dict[str, Any]]) -> list[dict[str, str]]:
    """What is not known and how to fill it in, pain first; then gaps that nobody asked about."""
    items = []
    for row in rows:
        if row["verdict"] in ("unknown", "not_set_up"):
            missing = f" It needs: {row['missing']}." if row["missing"] else ""
            fill = "" if missing else HOW_TO_FILL.get(row["check"], "")
            items.append({"name": row["name"], "why": row["message"] + missing, "fill": fill})
    items.sort(key=lambda item: item["name"] != CHECK_WORDS["symptoms"])
    fill = "If you ran, add the missing files, or write the days into athlete.toml: unknown_days."
    return items + [
        {
            "name": f"{dated(gap['start'])} to {dated(gap['end'])}",
            "why": f"{count_text(gap['days'], 'day')} without any recording, counted as rest.",
            "fill": fill,
        }
        for gap in overview.gaps.tail(3).to_dict("records")
    ]


def _files(overview: Overview) -> dict[str, Any]:
    bad = overview.files[overview.files["outcome"].isin(UNREADABLE)]
    return {
        "n_files": int(overview.outcomes.sum()),
        "outcomes": [(n, name, OUTCOME_WORDS[str(name)]) for name, n in overview.outcomes.items()],
        "unreadable": bad.head(_MOST_FILES).to_dict("records"),
        "n_unreadable": len(bad),
        "kinds": getattr(overview.archive, "kinds", ()),
        "no_sport": overview.no_sport_text,
    }
