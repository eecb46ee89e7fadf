"""A team in the terminal and as one page: who needs attention first, and why."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import pandas as pd

from loadmon import __version__
from loadmon.cohorts.team import Cohort, Member, Request, day_asked, read_member
from loadmon.errors import LoadmonError
from loadmon.report.output import write_page
from loadmon.report.overview import overview
from loadmon.report.page import page_data, render_page
from loadmon.report.terminal import MAX_WIDTH, MIN_WIDTH
from loadmon.report.wording import (
    FLAG_WORDS,
    NOT_MEDICAL,
    VERDICT_WORDS,
    dated,
    with_path,
)
from loadmon.text import shown
from loadmon.units import Units, count_text, day_text, distance_text, in_distance_units

_INDENT = "    "
_ORDER = "The order says whom to look at first and is not a score: pain, then better evidence."
_HEADS = {"flagged": "FLAGGED", "unknown": "NOT KNOWN", "ok": "NOTHING FLAGGED"}


def team_text(cohort: Cohort, *, title: str, width: int = MAX_WIDTH, units: Units = "km") -> str:
    """Athletes of a team by urgency."""
    columns = max(MIN_WIDTH, min(MAX_WIDTH, width))
    verdicts = cohort.athletes["verdict"].value_counts()
    counts = [f"{verdicts[v]} {VERDICT_WORDS[v]}" for v in _HEADS if v in verdicts.index]
    total = count_text(len(cohort.athletes), "athlete")
    blocks = [textwrap.fill(f"loadmon  {title}: {total} = {', '.join(counts)}", columns)]
    for verdict, head in _HEADS.items():
        rows = cohort.athletes[cohort.athletes["verdict"] == verdict].to_dict("records")
        if rows:
            blocks.append("\n".join([head, *(_athlete(row, columns, units) for row in rows)]))
    silent = cohort.athletes["days_silent"] > 0
    if (silent & (cohort.athletes["verdict"] == "unknown")).any():
        question = "Were the days without a recording rest, or is an export old?"
        blocks.append(f"{textwrap.fill(question, columns)}\n--rested | --old-export")
    loose = int((cohort.failures["reason"] == "not-in-a-folder").sum())
    if loose:
        files = count_text(loose, "recording")
        blocks.append(f"{files} in no athlete's folder: not counted (--show failures).")
    return "\n\n".join([*blocks, textwrap.fill(f"{_ORDER} {NOT_MEDICAL}", columns)])


def _athlete(row: dict[Any, Any], width: int, units: Units) -> str:
    """One athlete: the week, then why, which the heading says where nothing is flagged."""
    grade = f" [grade {row['grade']}]" if row["grade"] else ""
    why = "" if row["verdict"] == "ok" else f"{row['why']}{grade}"
    wrap = textwrap.TextWrapper(width - 2, subsequent_indent=_INDENT)
    lines = wrap.wrap(f"{row['athlete']}: {_athlete_week(row, units)}")
    wrap.initial_indent = _INDENT
    return "\n".join(f"  {line}" for line in [*lines, *wrap.wrap(why)])


def _athlete_week(row: dict[Any, Any], units: Units) -> str:
    """What the seven days held, as far as it is known."""
    if pd.isna(row["as_of"]):
        return "no week"
    km, longest = row["distance_7d_km"], row["longest_7d_km"]
    text = f"{distance_text(km, units)} in the 7 days to {dated(row['as_of'])}"
    if km != km:
        text = f"the 7 days to {dated(row['as_of'])} are not known"
    if longest == longest and longest > 0:
        text += f", longest {distance_text(longest, units)}"
    if row["days_silent"] > 0:
        text += f", last recording {dated(row['last_recorded'])}"
    if row["files_unread"] > 0:
        text += f", {count_text(int(row['files_unread']), 'file')} not read"
    return text


# The page of a team: one file, with a row for each athlete and links to the pages beside it.

#: Weeks that stand side by side in a row.
_WEEKS = 12
#: Height and width of a bar, and the width of a row of them. [px of the drawing]
_BAR_H, _BAR_W, _STEP = 32.0, 10.0, 13.0
#: The line of the longest run ends at this share of the ceiling. [-]
_MOST_OF_CEILING = 1.6


def team_page(
    cohort: Cohort, *, title: str, links: Mapping[str, str] | None = None, units: Units = "km"
) -> str:
    """Page of a team: one self-contained file, a row for each athlete, by urgency.

    `links`: where the page of an athlete lies, as seen from this page.
    """
    from loadmon.report.filling import filled

    weeks = dict(list(cohort.weekly.groupby("athlete")))
    rows = [
        _row(row, weeks.get(row["athlete"]), (links or {}).get(row["athlete"], ""), units)
        for row in cohort.athletes.to_dict("records")
    ]
    verdicts = [row["verdict"] for row in rows]
    last = cohort.athletes["as_of"].max()
    silent = (cohort.athletes["days_silent"] > 0) & (cohort.athletes["verdict"] == "unknown")
    return filled(
        "team.html.j2",
        version=__version__,
        title=title,
        as_of=dated(last),
        counts=[(v, verdicts.count(v), VERDICT_WORDS[v]) for v in _HEADS if v in verdicts],
        total=count_text(len(rows), "athlete"),
        groups=[(v, h, [r for r in rows if r["verdict"] == v]) for v, h in _HEADS.items()],
        n_weeks=_WEEKS,
        asks=bool(silent.any()),
        loose=int((cohort.failures["reason"] == "not-in-a-folder").sum()),
        order=_ORDER,
        not_medical=NOT_MEDICAL,
        has_links=bool(links),
    )


def _row(
    row: dict[Any, Any], weeks: pd.DataFrame | None, link: str, units: Units
) -> dict[str, Any]:
    """What one athlete's row shows, as text and as numbers of its drawings."""
    flags = [FLAG_WORDS[name] for name in str(row["flags"]).split(",") if name]
    grade = f" [grade {row['grade']}]" if row["grade"] else ""
    return {
        "name": row["athlete"],
        "link": quote(link),
        "verdict": row["verdict"],
        "word": flags[0] if flags else VERDICT_WORDS[row["verdict"]],
        "more": ", ".join(flags[1:]),
        "why": "" if row["verdict"] == "ok" else f"{with_path(str(row['why']), '')}{grade}",
        "week": _athlete_week(row, units),
        "bars": _bars(weeks, row["distance_7d_km"], units),
        "longest": _longest(row, units),
        "pain": _pain(row),
    }


def _bars(weeks: pd.DataFrame | None, now_km: float, units: Units) -> dict[str, Any] | None:
    """Bars of the last weeks, each of its own height, and their numbers in words."""
    if weeks is None or weeks.empty:
        return None
    last = weeks.tail(_WEEKS)
    km = in_distance_units(1.0, units) * last["distance_km"].to_numpy(float, na_value=np.nan)
    whole = (last["n_known"] == last["n_days"]).to_numpy()
    begun = last["partial"].to_numpy(dtype=bool)
    top = float(np.nanmax(km)) if not np.isnan(km).all() else 0.0
    bars, words = [], []
    for place, (far, is_whole) in enumerate(zip(km.tolist(), whole.tolist(), strict=True)):
        height = _BAR_H * far / top if top > 0 and far == far else 0.0
        x = (_WEEKS - len(km) + place) * _STEP
        kind = "whole" if is_whole else "part" if far > 0 else "unknown"
        kind = "begun" if is_whole and begun[place] else kind
        bars.append({"x": x, "y": _BAR_H - height, "height": height, "kind": kind})
        text = "not known" if far != far else f"{far:.0f}"
        words.append(text if is_whole or far != far else f"at least {text}")
    return {
        "bars": bars,
        "width": _WEEKS * _STEP,
        "bar": _BAR_W,
        "height": _BAR_H,
        "words": f"Weeks to {dated(_last_day(last))}, {units} each: {', '.join(words)}",
        "now": distance_text(now_km, units) if now_km == now_km else "not known",
        "top": f"{top:.0f} {units}",
    }


def _last_day(weeks: pd.DataFrame) -> pd.Timestamp:
    """Last day of the last week that counts."""
    day: pd.Timestamp = weeks["week_start"].iloc[-1]
    return day + pd.Timedelta(days=int(weeks["n_days"].iloc[-1]) - 1)


def _longest(row: dict[Any, Any], units: Units) -> dict[str, Any]:
    """Longest run of the seven days against its ceiling, in words and as shares of a line."""
    km, ceiling = row["longest_7d_km"], row["ceiling_7d_km"]
    if pd.isna(row["as_of"]) or km != km:
        return {"text": "not known", "of": "", "run": None}
    if km == 0:
        return {"text": "no run", "of": "in these 7 days", "run": None}
    text = distance_text(km, units)
    if ceiling != ceiling:
        return {"text": text, "of": "nothing to compare with", "run": None}
    return {
        "text": text,
        "of": f"ceiling {distance_text(ceiling, units)}",
        "run": min(km / ceiling, _MOST_OF_CEILING) / _MOST_OF_CEILING,
        "ceiling": 1 / _MOST_OF_CEILING,
        "is_over": km > ceiling * (1 + 1e-9),
    }


def _pain(row: dict[Any, Any]) -> str:
    if pd.isna(row["as_of"]):
        return "not known"
    if pd.isna(row["pain"]):
        return "none logged"
    site = f", {row['pain_site']}" if row["pain_site"] else ""
    return f"{row['pain']:g} of 10{site}, {day_text(row['pain_on'])}"


# The pages of the athletes, each made where its files are read.


@dataclass(frozen=True, slots=True)
class PageTask:
    """The page of one athlete, and the file it is written to (a whole path)."""

    member: Member
    request: Request
    file: str


def page_files(members: Sequence[Member]) -> dict[str, str]:
    """Name of the file of each athlete's page: the same every time, and of plain letters."""
    found: dict[str, str] = {}
    for member in members:
        plain = re.sub(r"[^a-z0-9]+", "-", member.name.lower()).strip("-") or "athlete"
        name, n = f"{plain}.html", 1
        while name in found.values():
            n += 1
            name = f"{plain}-{n}.html"
        found[member.name] = name
    return found


def write_member_page(task: PageTask) -> str:
    """Write the page of one athlete; gives why there is none, else nothing.

    Whatever goes wrong stays with this athlete, as in `loadmon.cohorts.team.evaluate_member`.
    """
    try:
        archive, as_of = day_asked(read_member(task.member, task.request), task.request)
        page = page_data(overview(archive, title=shown(task.member.path), as_of=as_of))
        write_page(Path(task.file), render_page(page))
    except LoadmonError as error:
        return str(error)
    except Exception as error:  # the one boundary: a bug must not hide the other pages
        return f"no page ({type(error).__name__}: {error}); please report it"
    return ""
