"""The pictures of the page, as SVG from templates of lines, bars and dots.

Colours are CSS variables of the page, so that they follow light, dark and paper; shape and words
carry the meaning. A mark with ``data-tip`` tells its words to hover, touch and the keyboard.
"""

from __future__ import annotations

import html
import itertools
import math
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from loadmon.evidence.limits import WINDOWS
from loadmon.evidence.pain import PAIN_RULE
from loadmon.ratio import above
from loadmon.report.wording import PAIN_WORDS, STATUS_WORDS, dated
from loadmon.rules import acwr as acwr_rule
from loadmon.text import shown
from loadmon.units import Units, count_text, day_text, distance_text, in_distance_units

Floats = npt.NDArray[np.float64]
_DAY = pd.Timedelta(days=1)
WEEK_D = int(WINDOWS["acute"])
_MOST_PAIN = 10
#: Room that the words of one day below an axis need. [px]
_LABEL_PX = 58
#: Weeks of the small picture of weeks.
_TWELVE = 12
#: Width of the band for days about which a question is open.
BAND_PX = 84
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture of the page, and in words what it shows."""

    title: str
    words: str
    svgs: tuple[tuple[str, str], ...]  # for which room, and the element for it


@dataclass(slots=True)
class Canvas:
    """An SVG in the making: days from left to right, numbers from the bottom up. [px]"""

    width: float
    height: float
    first: pd.Timestamp
    days: float  # that the width holds
    most: float  # at the top
    left: float = 34
    right: float = 4
    top: float = 12
    bottom: float = 20
    parts: list[str] = field(default_factory=list)

    def x(self, day: pd.Timestamp, part: float = 0.0) -> float:
        """Place of a day, and of a part of a day after it begins."""
        share = (day.toordinal() - self.first.toordinal() + part) / self.days
        return self.left + share * (self.width - self.left - self.right)

    def y(self, value: float) -> float:
        """Place of a number."""
        room = self.height - self.top - self.bottom
        return self.height - self.bottom - room * min(1.0, value / self.most)

    @property
    def per_day(self) -> float:
        """Width of one day."""
        return (self.width - self.left - self.right) / self.days

    def add(self, tag: str, css: str, tip: str = "", **numbers: float) -> None:
        """Draw one element; numbers with two decimals, tenths of a pixel being enough."""
        sizes = "".join(f' {k.replace("_", "-")}="{_number(v)}"' for k, v in numbers.items())
        told = f' data-tip="{_escaped(tip)}"' if tip else ""
        self.parts.append(f'<{tag} class="{css}"{sizes}{told}/>')

    def bar(self, left: float, width: float, value: float, css: str, tip: str = "") -> None:
        """Draw a bar from the axis up."""
        top = self.y(value)
        self.add("rect", css, tip, x=left, y=top, width=width, height=self.y(0) - top)

    def text(self, x: float, y: float, text: str, css: str = "", *, at: str = "middle") -> None:
        """Write words."""
        anchor = "" if at == "start" else f' text-anchor="{at}"'
        named = f' class="{css}"' if css else ""
        place = f'x="{_number(x)}" y="{_number(y)}"'
        self.parts.append(f"<text {place}{anchor}{named}>{_escaped(text)}</text>")

    def path(self, points: Iterable[tuple[float, float]], css: str) -> None:
        """Draw a line through points; NaN breaks it."""
        words, is_on = [], False
        for x, y in points:
            if y != y:
                is_on = False
                continue
            words.append(f"{'L' if is_on else 'M'}{_number(x)} {_number(y)}")
            is_on = True
        if words:
            self.parts.append(f'<path class="{css}" d="{"".join(words)}"/>')

    def rows(self, *, unit: str = "") -> None:
        """Lines across at round numbers, each with its number; the unit at the topmost."""
        step = _round_step(self.most, 4)
        marks = np.arange(0, self.most * 1.0001, step).tolist()
        for mark in marks:
            y = self.y(mark)
            self.add("line", "grid", x1=self.left, x2=self.width - self.right, y1=y, y2=y)
            self.text(self.left - 5, y + 4, f"{mark:g}", at="end")
        if unit:
            self.text(0, 9, unit, at="start")

    def dates(self, last: pd.Timestamp) -> None:
        """Days below the axis as far apart as they have room."""
        wide, before = 0.7 * _LABEL_PX, -math.inf
        for day, words in _ticks(self.first, last, _LABEL_PX / self.per_day):
            at = self.x(day)
            self.add("line", "grid", x1=at, x2=at, y1=self.y(0), y2=self.y(0) + 4)
            if at + wide < self.width - self.right:
                self.text(at, self.height - 4, words, at="start")
                before = at
            elif at - before > 2.1 * wide:
                self.text(at, self.height - 4, words, at="end")

    def silence(self, first: pd.Timestamp, last: pd.Timestamp) -> None:
        """One grey band at the right for days after the last recording that nobody answered for."""
        left, width = self.width - BAND_PX + 6, BAND_PX - 8
        tip = f"{dated(first)} to {dated(last)}: not known"
        height = self.height - self.bottom - self.top
        self.add("rect", "unknown", tip, x=left, y=self.top, width=width, height=height)
        middle, words = left + width / 2, ("not known", count_text((last - first).days + 1, "day"))
        for line, text in enumerate(words):
            self.text(middle, self.top + height / 2 + 15 * line - 3, text, "strong")
        self.text(middle, self.height - 4, f"to {day_text(last)}")

    def svg(self, name: str, words: str) -> str:
        """Give the element, with its name and its words for those who do not see it."""
        key = f"d{abs(hash_of(name, self.width, words)):x}"
        box = f"0 0 {_number(self.width)} {_number(self.height)}"
        head = f'<svg viewBox="{box}" role="img" aria-label="{_escaped(name)}"'
        return (
            f'{head} aria-describedby="{key}"><desc id="{key}">{_escaped(words)}</desc>'
            f"{''.join(self.parts)}</svg>"
        )


def hash_of(*texts: object) -> int:
    """Return a number that is the same on every run."""
    return zlib.crc32("|".join(map(str, texts)).encode())


def _escaped(text: str) -> str:
    return html.escape(shown(text))


def _number(value: float) -> str:
    return f"{value:.2f}".rstrip("0").rstrip(".")


def _round_step(most: float, n: int) -> float:
    """Round number of which about `n` reach `most`."""
    raw = max(most, 1e-9) / n
    power = 10.0 ** math.floor(math.log10(raw))
    return next(s * power for s in (1, 2, 5, 10) if s * power >= raw * 0.999)


def _ticks(
    first: pd.Timestamp, last: pd.Timestamp, room_d: float
) -> list[tuple[pd.Timestamp, str]]:
    """Days to name between two days: Mondays, months or years, at least `room_d` days apart."""
    for weeks in (1, 2, 4):
        if WEEK_D * weeks >= room_d and (last - first).days <= 30 * WEEK_D:
            start = first + ((-first.weekday()) % WEEK_D) * _DAY
            days = pd.date_range(start, last, freq=f"{WEEK_D * weeks}D")
            return [(day, f"{day.day} {_MONTHS[day.month - 1]}") for day in days]
    for months in (1, 2, 3, 6, 12, 24):
        if 28 * months >= room_d:
            break
    begin = first.replace(day=1)
    days = pd.date_range(begin, last, freq="MS")
    kept = [d for d in days if d >= first and (12 * d.year + d.month - 1) % months == 0]
    many = (last - first).days > 400
    return [
        (
            d,
            str(d.year)
            if months >= 12
            else _MONTHS[d.month - 1] + (f" {d.year % 100:02d}" if many else ""),
        )
        for d in kept
    ]


def tenth_below(km: float, units: Units = "km") -> float:
    """Return a bound in `units`, never rounded above what it is."""
    return math.floor(10 * in_distance_units(km, units) + 1e-6) / 10 if km == km else km


def bound_text(km: float, units: Units = "km") -> str:
    """Write a bound, never rounded above what it is: ``11.1 km``; whole ones without a decimal."""
    return f"{tenth_below(km, units):g} {units}"


# The hero: each outing under its ceiling, and the next days.


@dataclass(frozen=True, slots=True)
class Outings:
    """What the first picture shows: outings and ceilings by day [km], and the days ahead."""

    runs: pd.DataFrame  # date, outing_km, longest_before_km, flagged, told (one at most)
    ceiling: pd.Series  # by day; NaN where there is nothing to compare with
    last: pd.Timestamp  # last day of the recorded part
    ahead: pd.DataFrame  # date, distance_km, from_below, why; no row where a question is open
    silent_to: pd.Timestamp | None  # last day of the silence, where a question is open
    units: Units


#: Rooms of the first picture: width, height, weeks, width of the part for the days ahead.
_HERO = {"wide": (1040, 296, 8, 270), "medium": (720, 280, 8, 220), "narrow": (350, 290, 4, 142)}


def hero(data: Outings, words: str) -> Picture:
    """Draw every outing as a line with a dot under its moving ceiling, and the days ahead."""
    name = "Each run under its ceiling, and the next seven days"
    svgs = tuple((room, _hero(data, name, words, room)) for room in _HERO)
    return Picture(name, words, svgs)


def _hero(data: Outings, name: str, words: str, room: str) -> str:
    width, height, weeks, side = _HERO[room]
    if data.ahead.empty:
        side = 0 if data.silent_to is None else BAND_PX
    first = data.last - (WEEK_D * weeks - 1) * _DAY
    one = in_distance_units(1.0, data.units)
    runs = data.runs[data.runs["date"] >= first]
    ceiling = one * data.ceiling.loc[first:]
    known = [*(one * runs["outing_km"]), *ceiling, *(one * data.ahead["distance_km"])]
    most = 1.22 * max(5.0, float(np.nanmax([*known, 0.0])))
    right = side + (12.0 if side else 4.0)
    c = Canvas(width, height, first, WEEK_D * weeks, most, left=26, top=22, right=right)
    about = f"{data.units}; dashed: 10 % over 30 days"
    if room != "narrow":
        about = f"{data.units} of a run; dashed: 10 % over the longest of the 30 days before"
    c.rows(unit=about if ceiling.notna().any() else f"{data.units} of a run")
    c.dates(data.last)
    points: list[tuple[float, float]] = []
    for day, km in ceiling.items():
        y = c.y(km) if km == km else float("nan")
        points += [(c.x(day), y), (c.x(day, 1), y)]  # type: ignore[arg-type]
    c.path(points, "ceiling")
    for run in runs.to_dict("records"):
        _stem(c, run, data.units, one)
    for run in runs[runs["told"]].to_dict("records"):
        x, y = c.x(run["date"], 0.5), c.y(one * run["outing_km"])
        is_left = x > c.left + 130
        label = f"{_WEEKDAYS[run['date'].weekday()]} {distance_text(run['outing_km'], data.units)}"
        anchor = "end" if is_left else "start"
        c.text(x - 13 if is_left else x + 13, y + 1, label, "told", at=anchor)
    if data.silent_to is not None:
        c.silence(data.last + _DAY, data.silent_to)
    elif side:
        _ahead(c, data, one, width - side, side)
    return c.svg(name, words)


def _stem(c: Canvas, run: dict[Any, Any], units: Units, one: float) -> None:
    km, before, day = run["outing_km"], run["longest_before_km"], run["date"]
    assert isinstance(km, float)
    assert isinstance(before, float)
    assert isinstance(day, pd.Timestamp)
    x = c.x(day, 0.5)
    if km != km:
        c.text(x, c.y(0) - 4, "?", "strong")
        return
    tip = f"{day_text(day)}: {distance_text(km, units)}"
    tip += (
        f", longest of the 30 days before {distance_text(before, units)}"
        if before == before
        else ""
    )
    css = "flag" if run["flagged"] else "run"
    c.add("line", f"{css} stem", x1=x, x2=x, y1=c.y(0), y2=c.y(one * km))
    tip += ", flagged" if run["flagged"] else ""
    radius = 7.5 if run["told"] else 5.5 if run["flagged"] else 4
    c.add("circle", css, tip, cx=x, cy=c.y(one * km), r=radius)


def _ahead(c: Canvas, data: Outings, one: float, left: float, width: float) -> None:
    """The days ahead, each with the longest run that nothing would flag."""
    n, small = len(data.ahead), width < 200
    c.add("rect", "tint", x=left, y=0, width=width, height=c.height)
    c.text(
        left + 8,
        14,
        "Next: not flagged" if small else "Next 7 days: nothing is",
        "strong",
        at="start",
    )
    c.text(
        left + 8,
        28,
        f"up to, in {data.units}" if small else f"flagged up to, in {data.units}",
        "strong",
        at="start",
    )
    step = (width - 10) / n
    for i, row in enumerate(data.ahead.to_dict("records")):
        x, km = left + 5 + i * step, row["distance_km"]
        middle, tip = x + step / 2, day_text(row["date"])
        if km != km:
            c.text(middle, c.y(0) - 6, "?", "strong")
            tip += ": not known"
            c.add("rect", "unknown", tip, x=x + 2, y=c.y(0) - 3, width=step - 4, height=3)
        else:
            tenth = tenth_below(km, data.units)
            is_long = tenth >= 10 or (row["from_below"] and tenth >= 1)
            label = f"{math.floor(tenth):g}" if step < 34 and is_long else f"{tenth:g}"
            label += "+" if row["from_below"] else ""
            tip += f": nothing is flagged up to {'at least ' if row['from_below'] else ''}"
            tip += bound_text(km, data.units)
            c.bar(x + step * 0.14, step * 0.72, max(one * km, 0.01), "bound", tip)
            c.text(middle, c.y(one * km) - 5, label, "number")
        c.text(middle, c.height - 4, _WEEKDAYS[row["date"].weekday()], "small" if small else "")


# Weeks as bars.


def week_tip(start: pd.Timestamp, week: dict[Any, Any], units: Units, flags: str) -> str:
    """Tell one week in words."""
    km = week["distance_km"]
    assert isinstance(km, float)
    least = "" if week["n_known"] == week["n_days"] else "at least "
    far = f"{least}{distance_text(km, units)}" if km == km else "not known"
    parts = [f"Week from {day_text(start)}: {far}"]
    parts += [f"{week['n_known']} of {week['n_days']} days known"] if least else []
    parts += ["not over"] if week["partial"] else []
    return "; ".join([*parts, *([flags] if flags else [])])


def twelve_weeks(weeks: pd.DataFrame, usual_km: float, units: Units, words: str) -> Picture:
    """Draw the last twelve weeks, each with its number, and a dashed line at the usual one."""
    name = "Distance of the last twelve weeks"
    rooms = (("wide", 480, 150), ("narrow", 330, 130))
    svgs = tuple(
        (room, _labelled_weeks(weeks, usual_km, units, (width, height), name, words))
        for room, width, height in rooms
    )
    return Picture(name, words, svgs)


def _labelled_weeks(
    weeks: pd.DataFrame,
    usual_km: float,
    units: Units,
    size: tuple[float, float],
    name: str,
    words: str,
) -> str:
    one = in_distance_units(1.0, units)
    far = one * weeks["distance_km"].to_numpy(float, na_value=np.nan)
    top = float(np.nanmax([*far, one * usual_km, 1.0]))
    first = weeks.index[-1] - WEEK_D * (_TWELVE - 1) * _DAY
    c = Canvas(*size, first, WEEK_D * _TWELVE, 1.05 * top, left=2, right=2, top=18)
    c.add("line", "grid", x1=0, x2=size[0], y1=c.y(0), y2=c.y(0))
    width = c.per_day * WEEK_D
    records = [*zip(weeks.index, far, weeks.to_dict("records"), strict=True)]
    for start, km, week in records:
        if km == km:
            is_whole = week["n_known"] == week["n_days"]
            css = "flag" if week["flags"] else "run"
            css += " part" if week["partial"] or not is_whole else ""
            tip = week_tip(start, week, units, "flagged" if week["flags"] else "")
            c.bar(c.x(start) + width * 0.1, width * 0.8, km, css, tip)
    if usual_km == usual_km:
        y = c.y(one * usual_km)
        c.add("line", "ceiling", x1=0, x2=size[0], y1=y, y2=y)
    for i, (start, km, week) in enumerate(records):
        middle, is_whole = c.x(start) + width / 2, week["n_known"] == week["n_days"]
        if km == km:
            c.text(middle, c.y(km) - 4, f"{km:.0f}{'' if is_whole else '+'}", "number")
        else:
            c.text(middle, c.y(0) - 5, "?", "strong")
        if (len(weeks) - 1 - i) % 4 == 0:
            c.text(middle, c.height - 4, f"{start.day} {_MONTHS[start.month - 1]}")
    return c.svg(name, words)


#: Rooms of the other pictures.
_ROOMS = (("wide", 760.0, 230.0), ("narrow", 350.0, 220.0))


def _both(
    name: str, words: str, draw: object, *, height: float = 1.0, weeks: tuple[int, int] = (53, 26)
) -> Picture:
    """Draw one picture for both rooms: `draw` gives the SVG of a size and a number of weeks."""
    assert callable(draw)
    svgs = tuple(
        (room, draw(width, height * tall, n))
        for (room, width, tall), n in zip(_ROOMS, weeks, strict=True)
    )
    return Picture(name, words, svgs)


def weeks_chart(
    weekly: pd.DataFrame,
    words: str,
    *,
    units: Units = "km",
    name: str = "Distance of each week",
    weeks: tuple[int, int] = (53, 26),
    pains: pd.DataFrame | None = None,
    size: tuple[float, float] | None = None,
    silent: tuple[pd.Timestamp, pd.Timestamp] | None = None,
) -> Picture:
    """Draw weeks as bars: those with a flag in its colour with a triangle, ``?`` where not known.

    `pains` (``date``, ``pain``): dots on the same days, 0 to 10 over the whole height. `silent`:
    first and last of the days about which a question is open.
    """

    def draw(width: float, height: float, n: int) -> str:
        shown_weeks = weekly.tail(n)
        one = in_distance_units(1.0, units)
        far = one * shown_weeks["distance_km"].to_numpy(float, na_value=np.nan)
        first, last = shown_weeks.index[0], shown_weeks.index[-1] + WEEK_D * _DAY
        days = float((last - first).days)
        end = last - _DAY
        top = 1.12 * max(1.0, float(np.nanmax([*far, 0.0])))
        right = 22 if pains is not None else 4 if silent is None else BAND_PX
        c = Canvas(width, height, first, days, top, right=right, top=22)
        c.rows(unit=f"{units} a week")
        c.dates(end)
        room = c.per_day * WEEK_D
        for start, km, week in zip(
            shown_weeks.index, far, shown_weeks.to_dict("records"), strict=True
        ):
            x = c.x(start)
            if km != km or week["n_known"] < week["n_days"]:
                c.text(x + room / 2, c.y(0 if km != km else km) - 4, "?", "strong")
            if km == km and km > 0:
                css = "flag" if week["flags"] else "run"
                css += " part" if week["partial"] or week["n_known"] < week["n_days"] else ""
                tip = week_tip(start, week, units, "flagged" if week["flags"] else "")
                c.bar(x + room * 0.1, room * 0.8, km, css, tip)
                if week["flags"] and room > 8:
                    _triangle(c, x + room / 2, c.y(km) - 6)
        if silent is not None:
            c.silence(*silent)
        if pains is not None:
            _pains(c, pains[pains["date"] >= first])
        return c.svg(name, words)

    if size is not None:
        return Picture(name, words, (("whole", draw(*size, weeks[0])),))
    return _both(name, words, draw, weeks=weeks)


def _triangle(c: Canvas, x: float, y: float, css: str = "flag") -> None:
    c.parts.append(f'<path class="{css}" d="M{_number(x - 4)} {_number(y + 3)}h8l-4-7z"/>')


def _pains(c: Canvas, pains: pd.DataFrame) -> None:
    """Dots of pain with a scale of their own on the right, 0 to 10."""
    scale = c.most / (_MOST_PAIN * 1.1)
    for mark in (0, 5, 10):
        c.text(c.width - c.right + 4, c.y(mark * scale) + 4, f"{mark}", "painword", at="start")
    c.text(c.width, 9, "pain, 0 to 10", "painword", at="end")
    for entry in pains.to_dict("records"):
        x, y = c.x(entry["date"], 0.5), c.y(entry["pain"] * scale)
        tip = f"{day_text(entry['date'])}: pain {entry['pain']:g} of 10"
        c.parts.append(
            f'<path class="pain rim" data-tip="{_escaped(tip)}" '
            f'd="M{_number(x - 4)} {_number(y)}l4-4 4 4-4 4z"/>'
        )


# Single runs, the ratio, pain.


def sessions_chart(data: Outings, words: str) -> Picture:
    """Draw every run of a year as a dot under its ceiling."""
    name, one = "Each run under its ceiling, the last year", in_distance_units(1.0, data.units)

    def draw(width: float, height: float, n: int) -> str:
        first = max(data.last - (WEEK_D * n - 1) * _DAY, data.ceiling.index[0])
        runs = data.runs[data.runs["date"] >= first]
        ceiling = one * data.ceiling.loc[first:]
        top = 1.12 * float(np.nanmax([*(one * runs["outing_km"]), *ceiling, 5.0]))
        c = Canvas(width, height, first, float((data.last - first).days + 1), top, top=22)
        c.rows(unit=f"{data.units} of a run")
        c.dates(data.last)
        c.path(
            [(c.x(d, 0.5), c.y(v) if v == v else v) for d, v in ceiling.items()],  # type: ignore[arg-type]
            "ceiling",
        )
        for run in runs.to_dict("records"):
            if run["outing_km"] == run["outing_km"]:
                css, tip = ("flag", ", flagged") if run["flagged"] else ("run", "")
                tip = f"{day_text(run['date'])}: {distance_text(run['outing_km'], data.units)}{tip}"
                x, y = c.x(run["date"], 0.5), c.y(one * run["outing_km"])
                c.add("circle", css, tip, cx=x, cy=y, r=4.5 if run["flagged"] else 2.6)
        return c.svg(name, words)

    return _both(name, words, draw)


def ratio_chart(values: pd.DataFrame, daily: pd.DataFrame, words: str, units: Units) -> Picture:
    """Draw seven days beside the mean week of 28, grey where there is no ratio."""
    name, one = "Seven days beside the mean week of 28", in_distance_units(1.0, units)

    def draw(width: float, height: float, n: int) -> str:
        days = values.tail(n * WEEK_D)
        acute, chronic = (
            one * WEEK_D * days[f"{k}_coupled"].to_numpy(float) for k in ("acute", "chronic")
        )
        top = 1.15 * max(1.0, float(np.nanmax([*acute, *chronic, 0.0])))
        c = Canvas(width, height, days.index[0], float(len(days)), top, top=22)
        status = days["status_coupled"].to_numpy()
        for a, b in _stretches(status):
            if status[a] != "ok":
                tip = f"{dated(days.index[a])} to {dated(days.index[b - 1])}: no ratio, "
                tip += STATUS_WORDS.get(str(status[a]), str(status[a]))
                x0, x1 = c.x(days.index[a]), c.x(days.index[b - 1], 1)
                c.add("rect", "unknown", tip, x=x0, y=c.top, width=x1 - x0, height=c.y(0) - c.top)
        c.rows(unit=f"{units} a week")
        c.dates(days.index[-1])
        at = [c.x(day, 0.5) for day in days.index]
        c.path(zip(at, map(c.y, chronic), strict=True), "ceiling")
        c.path(zip(at, map(c.y, acute), strict=True), "run line")
        limit = acwr_rule.ACWR_LIMIT["coupled"]
        high = (daily["load"].reindex(days.index) > 0).to_numpy() & above(
            days["acwr_coupled"].to_numpy(float), limit
        )
        for i in np.flatnonzero(high).tolist():
            ratio = days["acwr_coupled"].iloc[i]
            tip = f"{day_text(days.index[i])}: ratio {ratio:.2f}, over {limit:g}"
            c.add("rect", "flag", tip, x=at[i] - 3, y=c.y(acute[i]) - 3, width=6, height=6)
        return c.svg(name, words)

    return _both(name, words, draw)


def _stretches(values: npt.NDArray[np.object_]) -> list[tuple[int, int]]:
    """Start and end (exclusive) of each stretch of equal values."""
    edges = np.flatnonzero(values[1:] != values[:-1]) + 1
    bounds = [0, *edges.tolist(), len(values)]
    return [(a, b) for a, b in itertools.pairwise(bounds) if b > a]


def pain_chart(pains: pd.DataFrame, first: pd.Timestamp, last: pd.Timestamp, words: str) -> Picture:
    """Draw every pain of a diary, and the line above which a run stops."""
    name, stop = "Pain as logged", PAIN_RULE["stop_above"]

    def draw(width: float, height: float, n: int) -> str:
        start = max(first, last - (WEEK_D * n - 1) * _DAY)
        days = float((last - start).days + 1)
        c = Canvas(width, height, start, max(days, WEEK_D), _MOST_PAIN * 1.05, top=18)
        for mark in (0.0, stop, float(_MOST_PAIN)):
            css = "ceiling" if mark == stop else "grid"
            c.add("line", css, x1=c.left, x2=c.width, y1=c.y(mark), y2=c.y(mark))
            c.text(c.left - 5, c.y(mark) + 4, f"{mark:g}", at="end")
        c.text(0, 9, f"pain, 0 to 10; dashed: a run stops above {stop:g}", at="start")
        c.dates(last)
        for entry in pains[pains["date"] >= start].to_dict("records"):
            x, y = c.x(entry["date"], 0.5), c.y(entry["pain"])
            tip = f"{day_text(entry['date'])}: {entry['pain']:g} of 10, {PAIN_WORDS[entry['when']]}"
            c.parts.append(
                f'<path class="pain" data-tip="{_escaped(tip)}" '
                f'd="M{_number(x - 5)} {_number(y)}l5-5 5 5-5 5z"/>'
            )
        return c.svg(name, words)

    return _both(name, words, draw, height=0.75)


# The calendar: a square for each day.


def calendar_chart(
    days: pd.DataFrame, words: str, silent: tuple[pd.Timestamp, pd.Timestamp] | None = None
) -> Picture:
    """Draw a square for each day, a column for each week.

    `days`, by day: ``kind`` (run, rest, unknown, none), ``size`` [0 to 1] of a run, ``pain`` (NaN:
    nothing logged), ``flagged``, ``words``.
    """
    name, weeks = "A square for each day", 0
    first = days.index[0] - days.index[0].weekday() * _DAY
    weeks = (days.index[-1] - first).days // WEEK_D + 1

    def draw(width: float, height: float, n: int) -> str:
        left, band = 24.0, 0.0 if silent is None else BAND_PX
        cell = min((width - 26.0 - band) / weeks, 24.0)
        size = (left + weeks * cell + 2 + band, 7 * cell + 38)
        c = Canvas(*size, first, 1.0, 1.0, top=18)
        for row in (0, 2, 4, 6):
            c.text(0, 18 + row * cell + cell * 0.75, _WEEKDAYS[row], at="start")
        month, free = -1, 0.0
        for day, told in zip(days.index, days.to_dict("records"), strict=True):
            column, row = divmod((day - first).days, WEEK_D)
            x, y = left + column * cell, 18 + row * cell
            _cell(c, x, y, cell, told)
            if row == 0 and day.month != month and column < weeks - 1:
                if x > free:
                    c.text(x, 11, _MONTHS[day.month - 1], at="start")
                    free = x + 30
                month = day.month
        if silent is not None:
            c.silence(*silent)
        return c.svg(name, words)

    return _both(name, words, draw)


def _cell(c: Canvas, x: float, y: float, size: float, day: dict[Any, Any]) -> None:
    gap, tip, kind = 1.0, str(day["words"]), str(day["kind"])
    room = size - 2 * gap
    share, pain = day["size"], day["pain"]
    assert isinstance(share, float)
    assert isinstance(pain, float)
    css = "cell unknown" if kind == "unknown" else "cell"
    c.add("rect", css, tip, x=x + gap, y=y + gap, width=room, height=room)
    if kind == "rest":
        c.add("circle", "rest", cx=x + size / 2, cy=y + size / 2, r=1.5)
    if kind == "unknown":
        c.text(x + size / 2, y + size * 0.72, "?", "small")
    if kind == "run":
        side = room * (0.35 + 0.6 * share)
        edge, css = (size - side) / 2, "flag" if day["flagged"] else "run"
        c.add("rect", css, x=x + edge, y=y + edge, width=side, height=side)
    if pain > 0:
        r = size * 0.26
        d = f"M{_number(x + size / 2 - r)} {_number(y + size / 2)}l{_number(r)}-{_number(r)} "
        d += f"{_number(r)} {_number(r)}-{_number(r)} {_number(r)}z"
        c.parts.append(f'<path class="pain rim" d="{d}"/>')


# Form, strength, shoes: one picture each.


def form_chart(runs: pd.DataFrame, limit: float, words: str) -> Picture:
    """Draw how far each run was from the own line of steps. [%]"""
    name = "Steps a minute against your own line at the same pace, in per cent"
    first, last = runs["date"].min(), runs["date"].max()

    def draw(width: float, height: float, n: int) -> str:
        share = 100 * runs["share"].to_numpy(float)
        top = max(1.2 * 100 * limit, float(np.abs(share).max()) * 1.15)
        days = max(float((last - first).days + 1), WEEK_D)
        c = Canvas(width, height, first, days, 2 * top, top=20, left=40)
        for mark in (-100 * limit, 0.0, 100 * limit):
            css = "grid" if mark == 0 else "ceiling"
            c.add("line", css, x1=c.left, x2=width, y1=c.y(mark + top), y2=c.y(mark + top))
            c.text(c.left - 5, c.y(mark + top) + 4, f"{mark:+.0f} %" if mark else "0 %", at="end")
        c.text(0, 9, "% more or fewer steps than your own line", at="start")
        c.dates(last)
        for day, value in zip(runs["date"], share, strict=True):
            tip = f"{day_text(day)}: {value:+.1f} % steps"
            css = "flag" if abs(value) > 100 * limit else "run"
            c.add("circle", css, tip, cx=c.x(day, 0.5), cy=c.y(value + top), r=4)
        return c.svg(name, words)

    return _both(name, words, draw, height=0.7)


def strength_chart(weeks: pd.DataFrame, words: str) -> Picture:
    """Draw strength sessions of each week."""
    name = "Strength sessions a week"

    def draw(width: float, height: float, n: int) -> str:
        told = weeks.tail(n)
        top = 1.15 * max(2.0, float(told["sessions"].max()))
        c = Canvas(width, height, told.index[0], float(WEEK_D * len(told)), top, top=20, left=20)
        c.rows(unit="sessions a week")
        c.dates(told.index[-1])
        room = c.per_day * WEEK_D
        for start, week in zip(told.index, told.to_dict("records"), strict=True):
            if week["sessions"]:
                tip = f"Week from {day_text(start)}: {count_text(int(week['sessions']), 'session')}"
                c.bar(c.x(start) + room * 0.1, room * 0.8, float(week["sessions"]), "run", tip)
        return c.svg(name, words)

    return _both(name, words, draw, height=0.6, weeks=(26, 26))


def shoes_chart(pairs: pd.DataFrame, units: Units, words: str) -> Picture:
    """Draw the distance of each pair as a bar across, with its own limit as a mark."""
    name, one = "Distance of each pair", in_distance_units(1.0, units)
    first = pd.Timestamp("2000-01-01")

    def draw(width: float, height: float, n: int) -> str:
        known = [*pairs["total_km"], *pairs["retire_km"], 1.0]
        top = one * float(np.nanmax(known)) * 1.18
        c = Canvas(width, 8 + 40 * len(pairs), first, 1.0, 1.0)
        for i, pair in enumerate(pairs.to_dict("records")):
            y, km, limit = 40 * i + 4, one * pair["total_km"], one * pair["retire_km"]
            words_of = f"{pair['shoe']}: {distance_text(pair['total_km'], units, decimals=0)}"
            own = "" if limit != limit else f", own limit {limit:.0f} {units}"
            c.text(0, y + 11, words_of + own, at="start")
            c.add("rect", "tint edge", x=0, y=y + 16, width=width - 1, height=14)
            if km == km:
                tip = words_of + own
                c.add("rect", "run", tip, x=0, y=y + 16, width=(width - 1) * km / top, height=14)
            if limit == limit:
                at = (width - 1) * limit / top
                c.add("line", "limit", x1=at, x2=at, y1=y + 13, y2=y + 33)
        return c.svg(name, words)

    return _both(name, words, draw)
