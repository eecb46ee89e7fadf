"""The HTML page: its sections, the page for the physio, and how they are rendered."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from loadmon.evidence import REGISTRY, Evidence
from loadmon.evidence.limits import LAYOFF, WINDOWS
from loadmon.evidence.pain import PAIN_RULE
from loadmon.ramp.screening import questions_for
from loadmon.ratio import acwr
from loadmon.report.calculator import calculator
from loadmon.report.clinic import clinic_tables
from loadmon.report.data import methods_text
from loadmon.report.overview import UNREADABLE, Overview
from loadmon.report.pictures import Picture, pictures, svg, whole_history
from loadmon.report.plots import day_numbers, plot_pain
from loadmon.report.terminal import (
    answer_text,
    last_weeks,
    lookback_table,
    pain_told,
    silence_told,
    today_asked,
    week_told,
)
from loadmon.report.wording import (
    CANNOT_TELL,
    CHECK_WORDS,
    CHECKED_WORDS,
    DASH,
    FLAG_WORDS,
    GET_HELP,
    GRADE_WORDS,
    HOW_TO_FILL,
    LIMIT_WORDS,
    MEASURE_WORDS,
    NOT_MEDICAL,
    OUTCOME_WORDS,
    PAIN_WORDS,
    REASON_WORDS,
    SECTION_WORDS,
    SLIDER_WORDS,
    STATUS_WORDS,
    VERDICT_WORDS,
    Table,
    change_text,
    dated,
    days_known_text,
    duration_text,
    known,
    pain_text,
    value_text,
    week_distance_text,
    with_path,
)
from loadmon.rules.limits import limits_for
from loadmon.rules.rest_days import lay_offs, quiet_days
from loadmon.text import shown_lines
from loadmon.units import count_text, day_text, distance_text

if TYPE_CHECKING:
    from matplotlib.axes import Axes


# The parts of the page that show frames: each a title, findings, pictures and tables.

#: Sections that show more than the check of their own name.
_CHECKS = {
    "weeks": ("weekly_change",),
    "sessions": ("session_spike", "return"),
    "load": ("acwr",),
    "rest": ("rest", "monotony"),
    "low-back": (),
}
#: The last part of the name of a measure is its unit.
_UNITS = ("s_per_km", "km", "min", "bpm", "m")
_WEEK_HEAD = (
    *("Week from", "Distance", "What stands out", "Longest", "Runs", "Days without", "Time"),
    *("To week before", "Ratio, coupled"),
)
_ENTRIES, _BREAKS = 14, 12
Findings = dict[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page.

    Parameters
    ----------
    key, title : str
        As in `loadmon.report.wording.SECTION_WORDS`.
    findings : list of dict
        What its checks say, as `loadmon.report.page` tells them.
    pictures : list of Picture
        What is drawn.
    whole : Picture or None
        A longer history behind a fold.
    tables : list of Table
        What is listed.
    fill : str
        How to give what the checks lack; empty where they lack nothing.
    """

    key: str
    title: str
    findings: list[dict[str, Any]]
    pictures: list[Picture]
    whole: Picture | None
    tables: list[Table]
    fill: str


def sections(overview: Overview, findings: list[dict[str, Any]]) -> list[Section]:
    """Every section behind the answer, in the order of the page."""
    drawn = pictures(overview)
    clinic = clinic_tables(overview)
    by_check = {f["check"]: f for f in findings}
    taken = {check for checks in _CHECKS.values() for check in checks}
    keys = [key for key in SECTION_WORDS if key in _CHECKS or key in CHECK_WORDS]
    keys += [check for check in by_check if check not in taken and check not in keys]
    return [
        _section(key, overview, by_check, drawn.get(key, []), clinic.get(key, [])) for key in keys
    ]


def section_of(check: str) -> str:
    """Section in which a check is told."""
    return next((key for key, checks in _CHECKS.items() if check in checks), check)


def _section(
    key: str, overview: Overview, by_check: Findings, drawn: list[Picture], more: list[Table]
) -> Section:
    """One section with what belongs to it."""
    told = [by_check[check] for check in _CHECKS.get(key, (key,)) if check in by_check]
    lacking = any(f["verdict"] in ("not_set_up", "unknown") for f in told)
    listed = [*(table(overview) for table in _TABLES.get(key, ())), *more]
    listed = [table for table in listed if table.rows]
    lacking |= not (told or listed)
    return Section(
        key=key,
        title=SECTION_WORDS.get(key, CHECK_WORDS.get(key, key)),
        findings=told,
        pictures=drawn,
        whole=whole_history(overview) if key == "weeks" else None,
        tables=listed,
        fill=HOW_TO_FILL.get(key, "") if lacking else "",
    )


def _weeks_table(overview: Overview) -> Table:
    """The last weeks, the newest first."""
    units, rows = overview.athlete.units, []
    weeks = last_weeks(overview).iloc[::-1]
    for start, week in zip(weeks.index, weeks.to_dict("records"), strict=True):
        ratio = known(week["acwr_coupled"])
        rows.append(
            (
                day_text(start),
                week_distance_text(week, units),
                _remarks(week),
                value_text(week["longest_km"], "km", units),
                str(week["runs"]),
                str(week["rest_days"]),
                duration_text(week["duration_min"]),
                change_text(week["change"]),
                STATUS_WORDS[week["acwr_status"]] if ratio is None else f"{ratio:.2f}",
            )
        )
    caption = f"The last {len(rows)} weeks, newest first"
    return Table(caption, _WEEK_HEAD, rows, frozenset({1, *range(3, len(_WEEK_HEAD))}))


def _remarks(week: dict[Any, Any]) -> str:
    """What stands out in a week, and what of it is not known."""
    told = [", ".join(FLAG_WORDS.get(f, f) for f in week["flags"].split(",") if f)]
    told.append(f"{week['n_days']} of 7 days" if week["partial"] else "")
    told.append(days_known_text(week))
    return "; ".join(part for part in told if part)


def changes_table(overview: Overview) -> Table:
    """The six times seven days before the day that the changes are told for, side by side."""
    blocks, units = overview.changes, overview.athlete.units
    head = ("7 days to", *(day_text(end) for end in blocks.index))
    rows = []
    for name in blocks.columns:
        unit = next((u for u in _UNITS if name.endswith(f"_{u}")), "")
        values = [known(v) for v in blocks[name].tolist()]
        if any(v for v in values):
            shown = (value_text(v, unit, units) for v in values)
            rows.append((MEASURE_WORDS[name], *shown))
    caption = f"Seven days at a time, {changes_to(overview)}; changes, not causes"
    return Table(caption, head, rows, frozenset(range(1, len(head))))


def changes_to(overview: Overview) -> str:
    """Say which day the six weeks lead up to, and why that one."""
    if overview.changes.empty:
        return ""
    day = dated(overview.changes.index[-1])
    if overview.pain_since is not None:
        return f"up to {day}, the first day of the pain in the diary"
    return f"up to {day}, the last day with a run"


def _breaks_table(overview: Overview) -> Table:
    """Gaps without any recording."""
    gaps = overview.gaps.tail(_BREAKS).iloc[::-1]
    rows = [
        (dated(gap["start"]), dated(gap["end"]), count_text(gap["days"], "day"))
        for gap in gaps.to_dict("records")
    ]
    days = int(WINDOWS["acute"]) * 2
    caption = f"{days} days or more without any recording, counted as rest"
    return Table(caption, ("From", "To", "Days"), rows, frozenset({2}))


def _diary_table(overview: Overview) -> Table:
    """The last entries of the diary that tell a pain or an effort."""
    told = overview.diary[overview.diary[["pain", "rpe"]].notna().any(axis=1)].tail(_ENTRIES)
    rows = [
        (
            dated(entry["date"]),
            PAIN_WORDS[entry["when"]] if entry["when"] else DASH,
            value_text(entry["pain"], ""),
            entry["site"] or DASH,
            value_text(entry["rpe"], ""),
            entry["note"],
        )
        for entry in told.iloc[::-1].to_dict("records")
    ]
    head = ("Day", "When", "Pain, 0 to 10", "Where", "Effort, 0 to 10", "Note")
    return Table("The last entries of the diary, newest first", head, rows, frozenset({2, 4}))


#: Tables of each section. To add one: a function from the overview to a `Table`, named here.
_TABLES: dict[str, tuple[Callable[[Overview], Table], ...]] = {
    "weeks": (_weeks_table, lookback_table),
    "rest": (_breaks_table,),
    "symptoms": (_diary_table,),
}


# One page for a physiotherapist: dates, pain, what changed, answers, limits, room for notes.


#: The sheet is one page whatever happens: so many rows, flags and breaks fit.
_ROWS, _FLAGS, _PHYSIO_BREAKS = 8, 3, 3
_PAIN_D, _PAIN_SIZE = 84, (9.0, 1.7)
_DAY = pd.Timedelta(days=1)


def physio_sheet(overview: Overview, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """What the sheet shows, as text."""
    asked = questions_for("injury", {"site": "bone"})
    flagged = [f["message"] for f in findings if f["verdict"] == "flagged"]
    more = len(flagged) - _FLAGS
    rest = [f"{count_text(more, 'other thing')} flagged: see the report."] if more > 0 else []
    return {
        "dates": _dates(overview),
        "pain": _pain(overview),
        "changes": _changes(overview),
        "flags": flagged[:_FLAGS] + rest,
        "questions": [(key, text.partition("?")[0] + "?") for key, text in asked.items()],
        "limits": _limits(overview),
        "ratio": _ratio(overview),
    }


def _dates(overview: Overview) -> list[tuple[str, str]]:
    """First and last days, breaks, and since when it hurts."""
    daily = overview.daily
    ran = daily.index[daily["runs"] > 0]
    since = [] if overview.pain_since is None else [("Pain since", dated(overview.pain_since))]
    return [
        ("Data", f"{dated(daily.index[0]) if len(daily) else DASH} to {dated(overview.as_of)}"),
        ("Last run", dated(ran[-1]) if len(ran) else DASH),
        ("No run", _breaks(overview)),
        *since,
        ("Pain", pain_told(overview)),
    ]


def _breaks(overview: Overview) -> str:
    """The last breaks from running, whatever else was done in them."""
    daily, least = overview.daily, int(LAYOFF["returning_from_days"])
    if daily.empty:
        return DASH
    quiet = quiet_days(daily, overview.archive.activities, pd.Series(dtype="datetime64[us]"))
    told = []
    for found in lay_offs(daily, quiet, least).tail(_PHYSIO_BREAKS).to_dict("records"):
        unknown = f", {found['unknown_days']} of them not known" if found["unknown_days"] else ""
        days = f"{found['days']} days{unknown}"
        told.append(f"{dated(found['start'])} to {dated(found['end'])} ({days})")
    return "; ".join(told) or f"never {least} days or more"


def _pain(overview: Overview) -> dict[str, str]:
    """Trend of the pain that was logged; empty where none was."""
    diary = overview.diary
    told = diary[diary["pain"].notna() & (diary["date"] > overview.as_of - _PAIN_D * _DAY)]
    if told.empty:
        return {"svg": "", "words": "Nothing is logged in the last twelve weeks."}

    def draw(ax: Axes) -> None:
        span = day_numbers(pd.DatetimeIndex([overview.as_of - _PAIN_D * _DAY, overview.as_of]))
        plot_pain(told, ax=ax).set_xlim(span[0], span[1] + 1)

    picture = svg(draw, _PAIN_SIZE, "Pain of the last twelve weeks")
    return {"svg": picture, "words": pain_text(told)}


def _changes(overview: Overview) -> Table:
    """The first rows of what changed."""
    table = changes_table(overview)
    return Table(table.caption, table.head, table.rows[:_ROWS], table.numbers)


def _limits(overview: Overview) -> list[tuple[str, str]]:
    """Limits of a return, to agree on."""
    limits, units = limits_for("steady", own=overview.athlete.limits), overview.athlete.units
    step, week = (
        distance_text(x, units) for x in (limits.session_floor_km, limits.weekly_floor_km)
    )
    return [
        ("A run over the longest since the return", f"{100 * limits.session_growth:g} % or {step}"),
        ("Seven days over the three weeks before", f"{100 * limits.weekly_growth:g} % or {week}"),
        ("Run days in seven", f"{limits.max_run_days_in_7}"),
        ("First days without runs on two days in a row", f"{limits.no_consecutive_days}"),
        ("Pain at which a run stops, of 10", f"above {PAIN_RULE['stop_above']:g}"),
    ]


def _ratio(overview: Overview) -> str:
    """The last ratio by each method, or why there is none."""
    parts = []
    for method in ("coupled", "uncoupled", "ewma"):
        days = acwr(overview.daily["load"], method=method)
        if days.empty:
            continue
        last = days.iloc[-1]
        shown = f"{last['acwr']:.2f}" if last["status"] == "ok" else STATUS_WORDS[last["status"]]
        parts.append(f"{method.upper() if method == 'ewma' else method} {shown}")
    told = "; ".join(parts) or "nothing recorded"
    return (
        f"Acute:chronic ratio on {dated(overview.as_of)}: {told}. In runners, studies found no "
        "harm from a high ratio, or the reverse."
    )


# The page: everything a report says in one HTML file that asks nothing of the network.


_MOST_FILES = 50
#: Choices of this project that decide what is shown at all, beside the limits of the checks.
_GROUND = ("acwr-windows", "lay-off", "chronic-floor", "freshness")


def render_page(overview: Overview) -> str:
    """One self-contained HTML page.

    Returns HTML with its style and pictures inside: nothing fetched, the same text for the same
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
