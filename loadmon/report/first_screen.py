"""The first screen: what stands out, what the next days leave, and what would be flagged if."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from loadmon.report.charts import Outings, Picture, bound_text, hero, twelve_weeks
from loadmon.report.overview import WEEKS, Overview, by_weight, pain_summary, step_text
from loadmon.report.wording import (
    CHECK_WORDS,
    LIMIT_WORDS,
    PAIN_WORDS,
    dated,
    known,
)
from loadmon.rules.context import LARGEST_STEP, WEEK
from loadmon.rules.session_spike import DISTANCE_KM, ceilings, exceeds, outings_of
from loadmon.text import shown
from loadmon.units import MILES_PER_KM, Units, count_text, day_text, distance_text, more_text

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAY = pd.Timedelta(days=1)
#: Weeks of the smaller picture of weeks.
_TWELVE = 12
_UNKNOWN = "no limit is known"


@dataclass(frozen=True, slots=True)
class Event:
    """What stands out most, in a sentence: the words that matter, and the rest of it."""

    strong: str
    rest: str
    check: str = ""  # that it is about; ``pain`` for the diary; empty where nothing stands out
    date: pd.Timestamp = pd.NaT  # type: ignore[assignment]

    @property
    def text(self) -> str:
        """The whole sentence."""
        return f"{self.strong}{self.rest}"


def event(overview: Overview) -> Event:
    """Pain first; else the flag with the best grade, or the largest step of four weeks."""
    if overview.pain_since is not None:
        diary = overview.diary
        last = diary[diary["pain"] > 0].iloc[-1]
        words = (last["site"], PAIN_WORDS[last["when"]] if last["when"] else "")
        how = ", ".join(filter(None, words))
        since = f", first noted {dated(overview.pain_since)}."
        strong = f"Pain {last['pain']:g} of 10{f' ({how})' if how else ''}"
        return Event(strong, f" on {day_text(last['date'])}{since}", "pain", last["date"])
    frame = overview.reported.to_dict()["findings"]
    flagged = [r for r in frame if r["verdict"] == "flagged" and r["check"] != LARGEST_STEP]
    step = next(r for r in frame if r["check"] == LARGEST_STEP)
    for row in by_weight(flagged):
        if row["check"] == "session_spike":
            return _of_a_run(overview, row)
        return Event(f"{CHECK_WORDS[row['check']]}: ", first_sentence(row["message"]), row["check"])
    if step_text(overview.reported):
        return _of_a_run(overview, step)
    days = f"in the 7 days to {dated(overview.reported.as_of)}"
    if few := _too_few(overview):
        return few
    if overview.daily.empty or all(r["verdict"] in ("unknown", "not_set_up") for r in frame):
        return Event("Not known", ": no check could be made.")
    unknown = [r for r in frame if r["verdict"] == "unknown"]
    return Event("Nothing stands out", f" {days}{', as far as is known' if unknown else ''}.")


def _too_few(overview: Overview) -> Event | None:
    """That there is no run, or only one to compare with nothing; None where there are more."""
    ran = overview.daily[overview.daily["runs"] > 0]
    if overview.daily.empty or ran["runs"].sum() > 1:
        return None
    if ran.empty:
        others = overview.archive.activities["date"].isin(overview.daily.index).sum()
        sports = f"{others} {'activity' if others == 1 else 'activities'} of other sports"
        return Event("No run is recorded", f" to {dated(overview.last_known)}, only {sports}.")
    far = distance_text(float(ran["load"].iloc[0]), overview.athlete.units)
    far = far if ran["load"].notna().all() else "its distance is not known"
    rest = f": {far} on {dated(ran.index[0])}. There is nothing to compare it with yet."
    return Event("One run is recorded", rest)


def _of_a_run(overview: Overview, row: dict[str, Any]) -> Event:
    """``Sunday's 14.2 km was 41 % longer than any run in the 30 days before (10.1 km).``"""
    outings, day = outings_of(overview.context), pd.Timestamp(row["date"])
    runs = outings[(outings["date"] == day) & outings["ratio"].notna()]
    if runs.empty:
        return Event(f"{CHECK_WORDS[row['check']]}: ", first_sentence(row["message"]), row["check"])
    run, units = runs.sort_values("ratio").iloc[-1], overview.athlete.units
    km = distance_text(run["outing_km"], units)
    is_old = overview.silence_is_open or overview.archive.old_export_on is not None
    recent = not is_old and (overview.as_of - day).days < WEEK
    strong = f"{_WEEKDAYS[day.weekday()]}'s {km}" if recent else f"The {km} of {dated(day)}"
    by = more_text(run["ratio"])
    longer = f"{by} longer than" if by.endswith("%") else f"{by} as long as"
    before = distance_text(run["longest_before_km"], units)
    rest = f" was {longer} any run in the 30 days before ({before})."
    return Event(strong, rest, row["check"], day)


def first_sentence(message: str) -> str:
    """Return what a message begins with."""
    return f"{message.partition('. ')[0].rstrip('.')}."


def days_ahead(overview: Overview) -> pd.DataFrame:
    """The seven days that a run may be on: from the day after, where one was run on the day.

    No row where a question about the last days is open, or the export is an old one.
    """
    ahead = overview.today.ahead
    nothing = overview.daily.empty or overview.silence_is_open
    if nothing or overview.archive.old_export_on is not None:
        return ahead.iloc[:0]
    ran = bool((overview.daily.loc[overview.daily.index == overview.as_of, "runs"] > 0).any())
    return ahead.iloc[int(ran) :].head(WEEK).reset_index(drop=True)


def days_text(ahead: pd.DataFrame, units: Units) -> str:
    """``Nothing is flagged up to 4.8 km on Monday, 11.1 km from Tuesday``, and that by itself.

    Days of equal limits together; empty where nothing is known of any of them.
    """
    groups: list[tuple[str, str, list[str]]] = []  # how it begins, the amount, the days
    for row in ahead.to_dict("records"):
        km, day = row["distance_km"], _WEEKDAYS[row["date"].weekday()]
        least = "at least " if row["from_below"] else ""
        begin, amount = "nothing is flagged up to ", f"{least}{bound_text(km, units)}"
        if km != km:
            begin, amount = _UNKNOWN, ""
        elif km == 0:
            begin, amount = "any run is flagged", ""
        if groups and groups[-1][:2] == (begin, amount):
            groups[-1][2].append(day)
        else:
            groups.append((begin, amount, [day]))
    if all(begin == _UNKNOWN for begin, _, _ in groups):
        return ""
    words, before = [], ""
    for begin, amount, days in groups:
        is_last = days is groups[-1][2]
        words.append(f"{'' if begin == before else begin}{amount} {_when(days, is_last=is_last)}")
        before = begin
    text = ", ".join(words)
    return f"{text[0].upper()}{text[1:]}, if nothing is run before."


def _when(days: list[str], *, is_last: bool) -> str:
    """Days in a row, by the first and the last of them; the last ones go on."""
    if len(days) == 1:
        return f"on {days[0]}"
    if is_last:
        return f"from {days[0]}"
    return f"on {days[0]} and {days[1]}" if len(days) == 2 else f"from {days[0]} to {days[-1]}"


def outings_data(overview: Overview) -> Outings:
    """What the first picture shows."""
    runs, found = outings_of(overview.context), event(overview)
    runs = runs[runs["date"] <= overview.last_known]
    flagged = exceeds(runs, DISTANCE_KM, overview.athlete.limits)
    told = pd.Series(False, index=runs.index)
    long = runs[flagged & (runs["date"] > overview.last_known - WEEKS * WEEK * _DAY)]
    if len(long):
        of_event = long[long["date"] == found.date] if found.date == found.date else long.iloc[:0]
        chosen = (of_event if len(of_event) else long.tail(1)).sort_values("ratio").index[-1]
        told[chosen] = True
    return Outings(
        runs=runs.assign(flagged=flagged, told=told),
        ceiling=ceilings(overview.context).loc[: overview.last_known],
        last=overview.last_known,
        ahead=days_ahead(overview),
        silent_to=overview.as_of if overview.silence_is_open else None,
        units=overview.athlete.units,
    )


def hero_picture(overview: Overview) -> Picture:
    """Draw the first picture, with its words."""
    data = outings_data(overview)
    recent = data.runs[data.runs["date"] > data.last - 8 * WEEK * _DAY]
    over = int(recent["flagged"].sum())
    words = (
        f"{count_text(len(recent), 'run')} in the eight weeks to {dated(data.last)}; "
        f"{over} over the ceiling, {_over_words(overview)} over the longest of the 30 days before."
    )
    if len(data.ahead):
        words += f" {days_text(data.ahead, data.units) or 'No limit of the next days is known.'}"
    elif data.silent_to is not None:
        words += f" {dated(data.last + _DAY)} to {dated(data.silent_to)}: not known."
    return hero(data, words)


def _over_words(overview: Overview) -> str:
    own = overview.athlete.limits
    return "your own limit" if own else "10 %"


def weeks_card(overview: Overview) -> tuple[str, Picture] | None:
    """Heading and picture of the last twelve weeks; None where nothing is recorded."""
    weeks = overview.answered_weekly.tail(_TWELVE)
    if weeks.empty:
        return None
    units = overview.athlete.units
    usual = float(overview.context.values["usual_7d"].loc[: overview.last_known].iloc[-1])
    told = f"usual {distance_text(usual, units, decimals=0)}"
    told = told if usual == usual else "usual: not known"
    heading = f"{_seven_days_words(overview)}, {told}"
    flags = int((weeks["flags"] != "").sum())
    words = f"Weeks from {day_text(weeks.index[0])} on: "
    words += ", ".join(
        distance_text(km, units) for km in weeks["distance_km"].astype(float).tolist()
    )
    words += (
        f". {flags} with a flag. Dashed: the usual week, the middle one of your own twelve before."
        if usual == usual
        else "."
    )
    return heading, twelve_weeks(weeks, usual, units, words)


def _seven_days_words(overview: Overview) -> str:
    """``Last 7 days: 34.1 km in 4 runs``; by their last day where that is not the report's own."""
    days, units = overview.answered.tail(WEEK), overview.athlete.units
    is_old = overview.silence_is_open or overview.archive.old_export_on is not None
    name = f"7 days to {day_text(overview.last_known)}" if is_old else "Last 7 days"
    unknown, runs = int(days["load"].isna().sum()), int(days["runs"].sum())
    if not runs:
        return f"{name}: {'no run' if not unknown else 'not known'}"
    least = "at least " if unknown else ""
    far = distance_text(float(days["load"].sum()), units)
    return f"{name}: {least}{far} in {count_text(runs, 'run')}"


def pain_days(overview: Overview) -> list[dict[str, str]]:
    """Seven days with the worst pain that was logged on each; a day without is not a zero."""
    diary, out = overview.diary, []
    if overview.daily.empty:
        return []
    for n in range(WEEK - 1, -1, -1):
        day = overview.last_known - n * _DAY
        pains = diary.loc[(diary["date"] == day) & diary["pain"].notna(), "pain"]
        out.append(
            {
                "name": _WEEKDAYS[day.weekday()][:2],
                "day": day_text(day),
                "pain": f"{pains.max():g}" if len(pains) else "",
                "hurts": "yes" if len(pains) and pains.max() > 0 else "",
            }
        )
    return out


def pain_heading(overview: Overview) -> str:
    """What the diary says of pain, and that it counts more than numbers."""
    told = pain_summary(overview)
    return "nothing logged" if told == "not logged" else told


def what_if(overview: Overview, ahead: pd.DataFrame) -> str:
    """Limits of each day ahead as the script of the page takes them; empty where there is none."""
    rows = overview.today.every_limit
    binding = rows[(rows["from_km"] < float("inf")) | rows["unknown"]]
    binding = binding[binding["distance_km"].notna() | binding["unknown"]]
    known_limits = binding.to_dict("records")
    days = []
    for row in ahead.to_dict("records"):
        limits = [
            [
                LIMIT_WORDS.get(one["limit"], one["limit"]),
                known(one["distance_km"]),
                bool(one["unknown"]),
                shown(one["why"]),
                known(one["from_km"]) or 0.0,
                None if one["to_km"] == float("inf") else known(one["to_km"]),
                one["limit"],
            ]
            for one in known_limits
            if one["date"] == row["date"]
        ]
        days.append(
            {"text": day_text(row["date"]), "date": f"{row['date']:%Y-%m-%d}", "limits": limits}
        )
    units = overview.athlete.units
    per_km = MILES_PER_KM if units == "mi" else 1.0
    return as_json({"units": units, "per_km": per_km, "days": days}) if days else ""


def as_json(data: Any) -> str:
    """JSON that may stand inside an element of a page."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def chips(rows: Sequence[dict[str, Any]], overview: Overview) -> list[dict[str, str]]:
    """What was looked at and not flagged, what is not known, and what was never given."""
    names = {"ok": "not flagged", "unknown": "not known", "not_set_up": "not given"}
    out = []
    for verdict, words in names.items():
        for row in rows:
            if row["verdict"] == verdict and row["check"] != LARGEST_STEP:
                missing = f" It needs: {row['missing']}." if row["missing"] else ""
                told = {name: row[name] for name in ("meaning", "section")}
                told |= {"key": row["check"], "state": verdict, "words": words}
                out.append(
                    told | {"name": row["name"].lower(), "message": row["message"] + missing}
                )
    return out
