"""The HTML page: its sections with pictures and tables, the sheet for a physio, and rendering."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from loadmon import __version__
from loadmon.evidence import CHECKED_WORDS, GRADE_WORDS, REGISTRY
from loadmon.evidence.limits import LAYOFF, RATIO_IN_RUNNERS, WINDOWS
from loadmon.evidence.pain import PAIN_RULE
from loadmon.ramp.screening import questions_for
from loadmon.ratio import METHODS
from loadmon.report import captions, plots
from loadmon.report.calculator import calculator
from loadmon.report.clinic import clinic_tables
from loadmon.report.overview import (
    GET_HELP,
    UNREADABLE,
    Overview,
    answer_text,
    by_weight,
    last_weeks,
    limit_heading,
    methods_text,
    next_days_text,
    pain_summary,
    step_text,
    week_summary,
)
from loadmon.report.wording import (
    CANNOT_TELL,
    CHECK_WORDS,
    DASH,
    FLAG_WORDS,
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
    silence_text,
    value_text,
    week_distance_text,
    with_path,
)
from loadmon.rules.context import LARGEST_STEP
from loadmon.rules.engine import flags_of
from loadmon.rules.limits import limits_for
from loadmon.rules.lookback import breaks, enough_named, lookback_of
from loadmon.rules.rest_days import lay_offs, quiet_days
from loadmon.text import shown_lines
from loadmon.units import Units, count_text, day_text, distance_text, in_distance_units

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_DAY = pd.Timedelta(days=1)
_WEEK = pd.Timedelta(days=7)
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
    #: Tables of the sections by key: `clinic_tables`.
    clinic: dict[str, list[Table]]
    #: Flags before lay-offs beside other weeks; no rows before enough lay-offs have a name.
    lookback: pd.DataFrame
    #: Lay-offs from running: `loadmon.rules.rest_days.lay_offs`.
    lay_offs: pd.DataFrame


def page_data(overview: Overview) -> PageData:
    """Compute what the page shows beside the overview, such as every plan of its calculator."""
    daily = overview.daily
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
        plans=calculator(overview),
        clinic=clinic_tables(overview),
        lookback=looked_back,
        lay_offs=rest,
    )


def render_page(data: PageData) -> str:
    """One self-contained HTML page, and nothing is computed for it.

    Its style and pictures are inside: nothing is fetched, and the same data give the same text.
    Words of files and paths are escaped.
    """
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("loadmon.report"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=lambda value: (
            shown_lines(with_path(value, data.overview.title)) if type(value) is str else value
        ),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2").render(_content(data))


def _content(data: PageData) -> dict[str, Any]:
    """Everything the template shows, as text."""
    overview = data.overview
    reported, silent = overview.reported, overview.silent
    silence = silence_text(silent, overview.as_of, overview.archive.old_export_on)
    rows = [_finding(row, overview.athlete.units) for row in reported.to_dict()["findings"]]
    return {
        "version": __version__,
        "title": overview.title,
        "words": SECTION_WORDS,
        "as_of": dated(overview.as_of),
        "data_to": dated(silent.last_recorded) if silent else DASH,
        "answer": answer_text(reported),
        "checked_to": dated(reported.as_of),
        "silence": silence.partition("\n")[0],
        "silence_is_open": overview.silence_is_open,
        "not_medical": NOT_MEDICAL,
        "findings": rows,
        "by_verdict": {
            v: by_weight([r for r in rows if r["verdict"] == v and r["check"] != LARGEST_STEP])
            for v in VERDICT_WORDS
        },
        "step": step_text(reported),
        "next_days": next_days_text(overview.today, overview.athlete.units),
        "week": week_summary(overview),
        "pain": pain_summary(overview),
        "hurts": overview.pain_since is not None,
        "today": _today(overview),
        "changes": changes_table(overview),
        "changes_to": changes_to(overview),
        "lacking": [r["name"].lower() for r in rows if r["verdict"] == "not_set_up"],
        "unknown": _unknown(overview, rows),
        "help": GET_HELP,
        "sections": sections(data, rows),
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
        "sheet": physio_sheet(data, rows),
        **_files(overview),
        **_calculator(data.plans, hurts=overview.pain_since is not None),
    }


def _calculator(data: dict[str, Any] | None, *, hurts: bool) -> dict[str, Any]:
    """The calculator's data and script; the page lets no other script run."""
    if data is None:
        return {"plans": None}
    script = (resources.files("loadmon.report") / "templates/calculator.js").read_text("utf-8")
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    plans = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return {
        "plans": plans.replace("<", "\\u003c"),
        "script": script,
        "script_hash": digest,
        "sliders": SLIDER_WORDS,
        "reason_words": REASON_WORDS,
        "first_reason": "back-pain" if hurts else "rest",
        **{name: data[name] for name in ("choices", "screening", "stop", "units")},
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
        "grade_words": GRADE_WORDS.get(row["grade"], ""),
        "sentence": source.sentence if source else "",
        "checked": CHECKED_WORDS[source.checked] if source and source.checked != "project" else "",
        "cannot_tell": CANNOT_TELL.get(row["check"], ""),
    }


def _today(overview: Overview) -> dict[str, Any]:
    """The longest run within the limits, and every limit behind it."""
    today, units = overview.today, overview.athlete.units
    bounds = [
        (LIMIT_WORDS.get(b["limit"], b["limit"]), b["unknown"], b["distance_km"], b["why"])
        for b in today.to_frame().to_dict("records")
        if b["date"] == today.as_of
    ]
    return {
        "known": known(today.distance_km) is not None,
        "what": limit_heading(overview),
        "distance": ("at least " if today.from_below else "")
        + value_text(today.distance_km, "km", units),
        "limited_by": LIMIT_WORDS.get(today.limited_by, today.limited_by),
        "why": today.why,
        "none": today.distance_km == 0,
        "missing": [(n, why) for n, unknown, km, why in bounds if unknown and known(km) is None],
        "bounds": [
            (name, ("at least " if is_unknown else "") + value_text(km, "km", units), why)
            for name, is_unknown, km, why in bounds
        ],
    }


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


# The parts of the page that show frames: each a title, findings, pictures and tables.

#: Checks of sections that are not named after one check.
_CHECKS = {
    "weeks": ("weekly_change",),
    "sessions": ("session_spike", "return", "largest_step"),
    "load": ("acwr",),
    "rest": ("rest", "monotony"),
    "low-back": (),
}
#: The last part of the name of a measure is its unit.
_UNITS = ("s_per_km", "km", "min", "bpm", "m")
_WEEK_HEAD = (
    *("Week from", "Distance", "Flags", "Longest", "Runs", "Days off", "Time"),
    *("Change", "Ratio, coupled"),
)
_ENTRIES, _BREAKS = 14, 12


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page."""

    key: str
    title: str
    findings: list[dict[str, Any]]
    pictures: list[Picture]
    whole: Picture | None  # a longer history behind a fold
    tables: list[Table]
    fill: str  # how to give what the checks lack; empty where they lack nothing


def sections(data: PageData, findings: list[dict[str, Any]]) -> list[Section]:
    """Every section behind the answer, in the order of the page."""
    overview = data.overview
    drawn = pictures(overview)
    of_frames = {
        "weeks": [_weeks_table(overview), captions.lookback_table(data.lookback)],
        "rest": [_breaks_table(overview)],
        "symptoms": [_diary_table(overview)],
    }
    out = []
    for key, title in SECTION_WORDS.items():
        if key not in _CHECKS and key not in CHECK_WORDS:
            continue
        checks = [f for f in findings if section_of(f["check"]) == key]
        tables = [*of_frames.get(key, []), *data.clinic.get(key, [])]
        tables = [table for table in tables if table.rows]
        lacking = any(f["verdict"] in ("not_set_up", "unknown") for f in checks)
        lacking |= not (checks or tables)
        whole = whole_history(overview) if key == "weeks" else None
        fill = HOW_TO_FILL.get(key, "") if lacking else ""
        out.append(Section(key, title, checks, drawn.get(key, []), whole, tables, fill))
    return out


def section_of(check: str) -> str:
    """Section that shows a check."""
    return next((key for key, checks in _CHECKS.items() if check in checks), check)


def _weeks_table(overview: Overview) -> Table:
    units, rows = overview.athlete.units, []
    weeks = last_weeks(overview).iloc[::-1]
    for start, week in zip(weeks.index, weeks.to_dict("records"), strict=True):
        ratio = known(week["acwr_coupled"])
        flags = ", ".join(FLAG_WORDS.get(f, f) for f in week["flags"].split(",") if f)
        part = f"{week['n_days']} of 7 days" if week["partial"] else ""
        rows.append(
            (
                day_text(start),
                week_distance_text(week, units),
                "; ".join(filter(None, [flags, part, days_known_text(week)])),
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


def changes_table(overview: Overview) -> Table:
    """The six times seven days before that day, side by side."""
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
    gaps = overview.gaps.tail(_BREAKS).iloc[::-1]
    rows = [
        (dated(gap["start"]), dated(gap["end"]), count_text(gap["days"], "day"))
        for gap in gaps.to_dict("records")
    ]
    days = int(WINDOWS["acute"]) * 2
    caption = f"{days} days or more without any recording, counted as rest"
    return Table(caption, ("From", "To", "Days"), rows, frozenset({2}))


def _diary_table(overview: Overview) -> Table:
    entries = overview.diary[overview.diary[["pain", "rpe"]].notna().any(axis=1)].tail(_ENTRIES)
    rows = [
        (
            dated(entry["date"]),
            PAIN_WORDS[entry["when"]] if entry["when"] else DASH,
            value_text(entry["pain"], ""),
            entry["site"] or DASH,
            value_text(entry["rpe"], ""),
            entry["note"],
        )
        for entry in entries.iloc[::-1].to_dict("records")
    ]
    head = ("Day", "When", "Pain, 0 to 10", "Where", "Effort, 0 to 10", "Note")
    return Table("The last entries of the diary, newest first", head, rows, frozenset({2, 4}))


# Pictures: drawn twice, for wide and for narrow screens, as small inline SVG.

#: Kind of screen, size of the figure [in], and how many of the last weeks it shows.
SHAPES = (("wide", (9.0, 3.1), 53), ("narrow", (4.4, 3.3), 26))
#: Height of a picture of few values, as a share of the others.
_LOW = 0.75


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the page, and in words what it shows."""

    title: str
    words: str
    svgs: tuple[tuple[str, str], ...]  # kind of screen, or ``whole``, and the element for it


def pictures(overview: Overview) -> dict[str, list[Picture]]:
    """Pictures of the sections, by key: the last 53 weeks, on narrow screens 26."""
    weekly, daily, spikes = overview.weekly, overview.daily, overview.spikes
    values, diary, units = overview.context.values, overview.diary, overview.athlete.units
    if weekly.empty:
        return {}
    since, own = pd.Timestamp(weekly.tail(SHAPES[0][2]).index[0]), overview.athlete.limits
    one = in_distance_units(1.0, units)
    coupled = pd.DataFrame(
        {
            "load": one * daily["load"],
            "acute": one * values["acute_coupled"],
            "chronic": one * values["chronic_coupled"],
            "acwr": values["acwr_coupled"],
            "status": values["status_coupled"],
        }
    )
    recent, shown = weekly.tail(SHAPES[0][2]), spikes[spikes["date"] >= since]
    drawings: list[tuple[str, str, str, str, Callable[[Axes, pd.Timestamp], object]]] = [
        (
            *("weeks", "Weeks", captions.weeks_text(recent, units), "Distance of each week"),
            lambda ax, first: plots.plot_weeks(weekly[weekly.index >= first], ax=ax, units=units),
        ),
        (
            *("sessions", "Sessions", captions.sessions_text(shown, own, units)),
            "Each run against the longest of the 30 days before",
            lambda ax, first: plots.plot_sessions(
                spikes[spikes["date"] >= first], ax=ax, units=units, own=own
            ),
        ),
        (
            *(
                "load",
                "Load and ratio",
                captions.ratio_text(values, since),
                "Acute and chronic load",
            ),
            lambda ax, first: plots.draw_ratio(
                coupled.loc[first:], ax, method="coupled", unit=units
            ),
        ),
        (
            *("rest", "Monotony", captions.monotony_text(values, since)),
            "Monotony of the seven days before",
            lambda ax, first: plots.draw_monotony(daily, values["monotony"].loc[first:], ax),
        ),
        (
            *("rest", "Days without a run", captions.rest_text(recent)),
            "Days without a run in the seven days before",
            lambda ax, first: plots.draw_rest(daily, values["run_days_7d"].loc[first:], ax),
        ),
    ]
    if diary["pain"].notna().any():
        words = captions.pain_text(diary[diary["date"] >= since])
        pain = ("symptoms", "Pain", words, "Pain as logged")
        drawings.append(
            (*pain, lambda ax, first: plots.plot_pain(diary[diary["date"] >= first], ax=ax))
        )
    drawn: dict[str, list[Picture]] = {}
    for section, title, words, name, draw in drawings:
        share = _LOW if section in ("rest", "symptoms") else 1.0
        picture = Picture(title, words, _drawn(draw, weekly, name, share))
        drawn.setdefault(section, []).append(picture)
    return drawn


def whole_history(overview: Overview) -> Picture | None:
    """Every week since the first recording; None where the other pictures show them all."""
    weekly, shown, units = overview.weekly, SHAPES[0][2], overview.athlete.units
    if len(weekly) <= shown:
        return None
    name, size = "Distance of every week", SHAPES[0][1]
    drawn = svg(lambda ax: plots.plot_weeks(weekly, ax=ax, units=units), size, name)
    return Picture(
        f"All {len(weekly)} weeks", captions.weeks_text(weekly, units), (("whole", drawn),)
    )


def _drawn(
    draw: Callable[[Axes, pd.Timestamp], object],
    weekly: pd.DataFrame,
    name: str,
    share: float,
) -> tuple[tuple[str, str], ...]:
    """One picture in both shapes, over the same weeks as its neighbours, at a share of height."""
    svgs = []
    for shape, (width, height), weeks in SHAPES:
        span = weekly.index[-weeks:]

        def drawn(ax: Axes, span: pd.Index = span) -> None:
            draw(ax, span[0])
            first, last = plots.day_numbers(pd.DatetimeIndex([span[0], span[-1] + _WEEK]))
            ax.set_xlim(first - 0.01 * (last - first), last + 0.01 * (last - first))

        words = f"{name}, the last {len(span)} weeks"
        svgs.append((shape, svg(drawn, (width, share * height), words)))
    return tuple(svgs)


def svg(draw: Callable[[Axes], object], size: tuple[float, float], name: str) -> str:
    """Draw a picture as an ``<svg>`` of a page; the same picture is the same text on every run."""
    from matplotlib import rc_context, rcParamsDefault
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    out = io.StringIO()
    # A matplotlibrc in the current folder may ask for anything, such as TeX.
    known = {key: value for key, value in rcParamsDefault.items() if not key.startswith("backend")}
    with rc_context(known | {"svg.fonttype": "none", "svg.hashsalt": name}):
        figure = Figure(figsize=size, layout="constrained")
        FigureCanvasSVG(figure)
        figure.patch.set_alpha(0)
        draw(figure.subplots())
        figure.savefig(out, format="svg", metadata={"Date": None})
    return _for_html(out.getvalue(), name)


def _for_html(svg: str, name: str) -> str:
    """Cut an SVG file down to an element of a page: no prologue, no namespaces, its ink the text's.

    Ids of groups are dropped, being the same in every picture; positions keep two decimals, a
    fiftieth of a pixel.
    """
    view = re.findall(r'viewBox="[^"]*"', svg)[0]
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<svg[^>]*>", f'<svg {view} role="img" aria-label="{name}">', svg, count=1)
    surplus = r"<metadata>.*?</metadata>|<defs>\s*<style.*?</defs>|font-family:[^;]*;"
    svg = re.sub(surplus, "", svg, flags=re.DOTALL)
    svg = re.sub(r'<g id="[^"]*"', "<g", svg)
    svg = re.sub(r"(\d\.\d\d)\d+", r"\1", svg)
    return svg.replace(plots.INK, "currentColor").strip()


# The sheet for a physiotherapist: dates, pain, what changed, answers, limits, room for notes.

#: The sheet is one page whatever happens: so many rows, flags and breaks fit.
_ROWS, _FLAGS, _PHYSIO_BREAKS = 8, 3, 3
_PAIN_D, _PAIN_SIZE = 84, (9.0, 1.7)


def physio_sheet(data: PageData, findings: list[dict[str, Any]]) -> dict[str, Any]:
    """What the sheet shows, as text."""
    overview = data.overview
    daily, units = overview.daily, overview.athlete.units
    ran = daily.index[daily["runs"] > 0]
    since = [] if overview.pain_since is None else [("Pain since", dated(overview.pain_since))]
    flagged = [f["message"] for f in findings if f["verdict"] == "flagged"]
    more = len(flagged) - _FLAGS
    rest = [f"{count_text(more, 'other thing')} flagged: see the report."] if more > 0 else []
    changes = changes_table(overview)
    asked = questions_for("injury", {"site": "bone"})
    limits = limits_for("steady", own=overview.athlete.limits)
    run = f"{100 * limits.session_growth:g} % or {distance_text(limits.session_floor_km, units)}"
    week = f"{100 * limits.weekly_growth:g} % or {distance_text(limits.weekly_floor_km, units)}"
    return {
        "dates": [
            ("Data", f"{dated(daily.index[0]) if len(daily) else DASH} to {dated(overview.as_of)}"),
            ("Last run", dated(ran[-1]) if len(ran) else DASH),
            ("Lay-offs", _lay_offs(data.lay_offs) if len(daily) else DASH),
            *since,
            ("Pain", pain_summary(overview)),
        ],
        "pain": _pain(overview),
        "changes": replace(changes, rows=changes.rows[:_ROWS]),
        "flags": flagged[:_FLAGS] + rest,
        "questions": [(key, text.partition("?")[0] + "?") for key, text in asked.items()],
        "limits": [
            ("A run over the longest since the return", run),
            ("Seven days over the three weeks before", week),
            ("Run days in seven", f"{limits.max_run_days_in_7}"),
            ("First days without runs on two days in a row", f"{limits.no_consecutive_days}"),
            ("Pain at which a run stops, of 10", f"above {PAIN_RULE['stop_above']:g}"),
        ],
        "ratio": _ratios(overview),
    }


def _lay_offs(found: pd.DataFrame) -> str:
    spans = []
    for gap in found.tail(_PHYSIO_BREAKS).to_dict("records"):
        unknown = f", {gap['unknown_days']} of them not known" if gap["unknown_days"] else ""
        spans.append(f"{dated(gap['start'])} to {dated(gap['end'])} ({gap['days']} days{unknown})")
    return "; ".join(spans) or f"none of {_LAY_OFF_D} days or more"


def _pain(overview: Overview) -> dict[str, str]:
    diary, first = overview.diary, overview.as_of - _PAIN_D * _DAY
    pains = diary[diary["pain"].notna() & (diary["date"] > first)]
    if pains.empty:
        return {"svg": "", "words": "Nothing was logged in the last twelve weeks."}

    def draw(ax: Axes) -> None:
        span = plots.day_numbers(pd.DatetimeIndex([first, overview.as_of]))
        plots.plot_pain(pains, ax=ax).set_xlim(span[0], span[1] + 1)

    picture = svg(draw, _PAIN_SIZE, "Pain of the last twelve weeks")
    return {"svg": picture, "words": captions.pain_text(pains)}


def _ratios(overview: Overview) -> str:
    """The last ratio by each method, or why there is none."""
    parts = []
    for last in overview.context.values.tail(1).to_dict("records"):
        for method in METHODS:
            ratio, status = last[f"acwr_{method}"], last[f"status_{method}"]
            shown = f"{ratio:.2f}" if status == "ok" else STATUS_WORDS[status]
            parts.append(f"{method.upper() if method == 'ewma' else method} {shown}")
    return (
        f"Acute:chronic ratio on {dated(overview.as_of)}: {'; '.join(parts) or 'nothing recorded'}."
        f" {RATIO_IN_RUNNERS}"
    )
