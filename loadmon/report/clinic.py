"""Form, strength, shoes and rest days of a report, and the low back beside them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import pandas as pd

from loadmon.evidence.clinic import POSTURE, SHOE_FIT
from loadmon.report.overview import WEEKS, Overview, onset
from loadmon.report.wording import (
    DASH,
    QUIET_WORDS,
    SIGN_STATE_WORDS,
    Table,
    dated,
    week_distance_text,
)
from loadmon.rules import effort_and_form, return_to_run
from loadmon.rules.context import CheckContext
from loadmon.rules.effort_and_form import MEASURES, SIGN_WORDS, deviations, drifts, signs_of, steady
from loadmon.rules.rest_days import lay_offs, lighter_weeks, quiet_days
from loadmon.rules.session_spike import DISTANCE_KM, exceeds
from loadmon.rules.strength_shoes import pairs, sessions_of, weekly_strength
from loadmon.rules.symptoms import is_back, pains
from loadmon.units import Units, count_text, day_text, distance_text, pace_text

_SPAN_D = 7 * WEEKS
_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Factor:
    """One factor of the clinic's page: numbers in words, what it advises, what studies say."""

    name: str
    before: str
    last: str
    advice: str
    evidence: str


def back_pain_since(context: CheckContext) -> pd.Timestamp | None:
    """First day of the back pain that was logged in the last 28 days; None for none."""
    felt = pains(context.athlete.diary, context.as_of)
    return onset(felt[felt["site"].map(is_back).astype(bool)], context.as_of)


def low_back(context: CheckContext, end: pd.Timestamp) -> list[Factor]:
    """Every factor in the six weeks up to a day, beside the six before; a dash: not known."""
    middle = end - _SPAN_D * _DAY
    before, after = middle - (_SPAN_D - 1) * _DAY, middle + _DAY
    return [
        Factor(
            name, measure(context, before, middle), measure(context, after, end), advice, evidence
        )
        for name, measure, advice, evidence in _FACTORS
    ]


def _form(context: CheckContext, first: pd.Timestamp, last: pd.Timestamp) -> str:
    days = (context.as_of - first).days + 1 + int(effort_and_form.FORM_BASELINE["days"])
    runs = deviations(steady(context.minutes(days)), "cadence_spm", first)
    runs = runs[runs["date"] <= last]
    if runs.empty:
        return DASH
    share = 100 * float(runs["share"].median())
    return f"{share:+.1f} % steps at your own pace ({count_text(len(runs), 'run')})"


def _strength(context: CheckContext, first: pd.Timestamp, last: pd.Timestamp) -> str:
    sessions = sessions_of(context)
    if sessions.empty:
        return DASH
    n = int(sessions["date"].between(first, last).sum())
    return f"{count_text(n, 'session')}, {n / WEEKS:.1f} a week"


def _shoes(context: CheckContext, first: pd.Timestamp, last: pd.Timestamp) -> str:
    known = pairs(context)
    own = known[known["shoe"] != ""]
    if own.empty:
        return DASH
    new = own[own["first"].between(first, last)]
    begun = zip(new["shoe"], new["first"], strict=True)
    return ", ".join(f"{shoe}: new on {day_text(day)}" for shoe, day in begun) or "no new pair"


def _too_much(context: CheckContext, first: pd.Timestamp, last: pd.Timestamp) -> str:
    daily = context.daily.loc[first:last]
    if len(daily) < _SPAN_D or daily["load"].isna().any():
        return DASH
    units = context.athlete.units
    weekly = distance_text(float(daily["load"].sum()) / WEEKS, units)
    longest = distance_text(float(daily["longest_km"].max()), units)
    runs = context.spikes[context.spikes["date"].between(first, last)]
    longer = count_text(int(exceeds(runs, DISTANCE_KM, context.athlete.limits).sum()), "run")
    return f"{weekly} a week, longest {longest}, {longer} beyond the 30 days before"


def _rest(context: CheckContext, first: pd.Timestamp, last: pd.Timestamp) -> str:
    daily = context.daily.loc[first:last]
    if len(daily) < _SPAN_D or daily["status"].isin(["unknown", "silent"]).any():
        return DASH
    quiet = daily["status"] == "rest"
    moved = int((quiet & ((daily["walk_km"] != 0) | (daily["other_min"] != 0))).sum())
    without = f"{quiet.sum() / WEEKS:.1f} days a week without a run"
    return f"{without}; a walk or another sport on {count_text(moved, 'day')}"


Measure = Callable[[CheckContext, pd.Timestamp, pd.Timestamp], str]
#: The five causes that the clinic's page names, in its order: name, what is measured, what the
#: page advises, what studies say (science in docs/low-back.md).
_FACTORS: tuple[tuple[str, Measure, str, str], ...] = (
    (
        "Form",
        _form,
        "Run tall, look ahead, let the feet land under you with short, light steps; do not arch "
        "the low back.",
        "5 % more steps at the same speed lower the load of the knee, 10 % that of the hip too; "
        "new runners who learnt to land softly had fewer injuries in a year. Neither is about "
        "backs.",
    ),
    (
        "Core and strength",
        _strength,
        "Two short sessions a week: plank, bridge, bird dog, single-leg deadlift, hip thrust, side "
        "lunge.",
        "With a physiotherapist, leg and core training eased long-lasting back pain of runners; "
        "nine trials together found no fewer injuries, but where somebody led it there were.",
    ),
    (
        "Shoes",
        _shoes,
        "Replace worn shoes; they should fit and feel right.",
        "No trial shows that new shoes help a back; the usual distances are a convention.",
    ),
    (
        "Too much too soon",
        _too_much,
        "Build up slowly, one thing at a time.",
        "Runs longer than any in 30 days went with more overuse injuries in 5,205 runners; that "
        "study does not speak of backs.",
    ),
    (
        "Rest with gentle movement",
        _rest,
        "Rest from running, but keep moving; never jump back in where you left off.",
        "For back pain, staying active is better than bed rest (NICE NG59); running is not shown "
        "to cause it.",
    ),
)


# Frames behind the sections of the clinic: form, strength, shoes, rest, signs, and low back pain.

#: Days whose days without a run are counted.
QUIET_D = 42
#: Names of the frames, in the order of `clinic_frames`.
FRAMES = ("low_back", "form", "drift", "strength", "shoes", "quiet_days", "lay_offs", "signs")


def clinic_frames(overview: Overview) -> dict[str, pd.DataFrame]:
    """What the sections of the clinic show, as frames; one without rows has nothing to show."""
    if overview.daily.empty:
        return {name: pd.DataFrame() for name in FRAMES}
    context = overview.context
    # days about which a question is open are no rest, no lay-off and no week without strength
    daily, as_of, last = overview.answered, context.as_of, overview.last_known
    sessions = sessions_of(context)
    quiet = quiet_days(daily, context.activities, sessions["date"])
    held = quiet[quiet.index > last - QUIET_D * _DAY].value_counts()

    days = int(effort_and_form.FORM_DEVIATION["within_days"])
    samples = steady(context.minutes(days + int(effort_and_form.FORM_BASELINE["days"])))
    since = as_of - (days - 1) * _DAY
    form = [deviations(samples, measure, since).assign(measure=measure) for measure in MEASURES]

    pain = back_pain_since(context)
    factors = [] if pain is None else [asdict(factor) for factor in low_back(context, pain)]
    strength = pd.DataFrame()
    if not sessions.empty:
        strength = weekly_strength(sessions, daily.index[0], last)
    return {
        "low_back": pd.DataFrame(factors).assign(until=pain) if factors else pd.DataFrame(),
        "form": pd.concat([frame.iloc[::-1] for frame in form], ignore_index=True),
        "drift": drifts(steady(context.minutes(days)), "cadence_spm").iloc[::-1],
        "strength": strength,
        "shoes": pairs(context),
        "quiet_days": held.rename_axis("held").rename("days").reset_index(),
        "lay_offs": lay_offs(daily, quiet, int(return_to_run.RAMP_START["full_until_days"])),
        "signs": signs_of(context),
    }


# Tables of form, strength, shoes, rest and signs of overtraining, and the low-back context.

_CHECK_HEAD = ("What to check", "What for")
_NO_NUMBERS: frozenset[int] = frozenset()
_POSTURE = Table("What no watch sees: check for yourself", _CHECK_HEAD, POSTURE, _NO_NUMBERS, True)
_SHOE_FIT = Table("Fit is in no file: check for yourself", _CHECK_HEAD, SHOE_FIT, _NO_NUMBERS, True)
_LAST_WEEKS = 8
_NO_UNIT = {"share": "%", "points": "points", "bpm": "bpm"}


def clinic_tables(overview: Overview, frames: dict[str, pd.DataFrame]) -> dict[str, list[Table]]:
    """Tables of each section by its key, of `clinic_frames`; one without rows is not shown."""
    if overview.daily.empty:
        return {}
    units = overview.athlete.units
    return {
        "low-back": [_low_back_table(frames["low_back"])],
        "form": [_form_table(frames["form"], units), _drift_table(frames["drift"]), _POSTURE],
        "strength": [_strength_table(overview, frames["strength"])],
        "shoes": [_shoe_table(frames["shoes"], units), _SHOE_FIT],
        "rest": [_quiet_table(overview, frames["quiet_days"]), _lay_off_table(frames["lay_offs"])],
        "overtraining": [_signs_table(frames["signs"])],
    }


def _low_back_table(factors: pd.DataFrame) -> Table:
    head = ("Factor", "Six weeks before those", "Last six weeks", "The clinic's advice", "Evidence")
    if factors.empty:
        return Table("", head, [], _NO_NUMBERS)
    rows = [tuple(row) for row in factors.drop(columns="until").to_numpy()]
    caption = (
        f"Six weeks up to {dated(factors['until'].iloc[0])}, the first pain of the back that is "
        "noted, beside the six weeks before them; changes, not causes"
    )
    return Table(caption, head, rows, _NO_NUMBERS)


def _form_table(runs: pd.DataFrame, units: Units) -> Table:
    rows = [
        (
            dated(run["date"]),
            MEASURES[run["measure"]],
            pace_text(1000 / run["speed_mps"], units),
            f"{run['value']:.0f}",
            f"{run['expected']:.0f}",
            f"{100 * run['share']:+.1f} %",
        )
        for run in runs.to_dict("records")
    ]
    days = int(effort_and_form.FORM_DEVIATION["within_days"])
    head = ("Run", "Measure", "At", "Was", "Expected", "Difference")
    caption = f"Steady, flat minutes of the last {days} days against your own line of the 90 before"
    return Table(caption, head, rows, frozenset({2, 3, 4, 5}), is_folded=True)


def _drift_table(runs: pd.DataFrame) -> Table:
    rows = [
        (
            dated(run["date"]),
            str(run["minutes"]),
            f"{run['per_hour']:+.1f}",
            f"{run['low']:+.1f} to {run['high']:+.1f}",
        )
        for run in runs.to_dict("records")
    ]
    head = ("Run", "Steady minutes", "Steps a minute, change an hour", "Interval (about 95 %)")
    caption = "Steps within long runs, at the same speed; what such a drift means is not known"
    return Table(caption, head, rows, frozenset({1, 2, 3}), is_folded=True)


def _strength_table(overview: Overview, weeks: pd.DataFrame) -> Table:
    head = ("Week from", "Strength sessions", "Clinic's exercises", "Running")
    if weeks.empty:
        return Table("", head, [], _NO_NUMBERS)
    weeks = weeks.tail(_LAST_WEEKS).iloc[::-1]
    running = overview.weekly[["distance_km", "n_known", "n_days"]].reindex(weeks.index)
    units = overview.athlete.units
    rows = [
        (
            dated(week),
            str(row["sessions"]),
            row["exercises"].replace(",", ", ") or DASH,
            week_distance_text(row, units),
        )
        for week, row in zip(weeks.index, weeks.join(running).to_dict("records"), strict=True)
    ]
    caption = "Strength and running side by side; strength is never counted as running"
    return Table(caption, head, rows, frozenset({1, 3}), is_folded=True)


def _shoe_table(pairs: pd.DataFrame, units: Units) -> Table:
    def text(km: float, decimals: int = 1) -> str:
        return distance_text(km, units, decimals=decimals)

    rows = [
        (
            pair["shoe"] or "no pair known",
            str(pair["runs"]),
            text(pair["distance_km"]),
            text(pair["total_km"], 0),
            dated(pair["first"]),
            dated(pair["last"]),
            text(pair["weekly_km"]),
            DASH if pd.isna(pair["retire_km"]) else text(pair["retire_km"], 0),
            dated(pair["retire_on"]),
        )
        for pair in pairs.to_dict("records")
    ]
    head = ("Pair", "Runs", "Recorded", "In all", "First", "Last", "A week", "Own limit", "Reached")
    rows = rows if any(row[0] != "no pair known" for row in rows) else []
    caption = "Pairs of shoes; no watch can tell whether they fit"
    return Table(caption, head, rows, frozenset({1, 2, 3, 6, 7}), is_folded=True)


def _quiet_table(overview: Overview, quiet: pd.DataFrame) -> Table:
    counts = dict(zip(quiet["held"], quiet["days"], strict=True))
    rows = [(words, str(counts[held])) for held, words in QUIET_WORDS.items() if held in counts]
    caption = f"The {sum(counts.values())} days without a run in {QUIET_D} days. "
    caption += lighter_text(overview)
    return Table(caption, ("What the day held", "Days"), rows, frozenset({1}))


def _lay_off_table(breaks: pd.DataFrame) -> Table:
    counts = ("days", "gentle_days", "other_days")
    rows = [
        (dated(gap["start"]), dated(gap["end"]), *(str(gap[name]) for name in counts))
        for gap in breaks.tail(_LAST_WEEKS).iloc[::-1].to_dict("records")
    ]
    head = ("From", "To", "Days", "With a walk or mobility", "With strength or another sport")
    return Table("Lay-offs of a week or more", head, rows, frozenset({2, 3, 4}))


def _signs_table(signs: pd.DataFrame) -> Table:
    rows = []
    for sign in signs.to_dict("records"):
        factor = 100 if sign["unit"] == "share" else 1
        unit = _NO_UNIT.get(sign["unit"], "")
        known = sign["state"] != "unknown"
        value = f"{factor * sign['value']:+.1f} {unit}" if known else DASH
        limit = f"{factor * sign['limit']:+.0f} {unit}" if known else DASH
        words = (SIGN_WORDS[sign["sign"]], SIGN_STATE_WORDS[sign["state"]])
        rows.append((*words, value, limit, sign["missing"]))
    head = ("Sign", "Verdict", "Four weeks against 90 days", "Limit", "What it would need")
    caption = "Signs side by side: none of them says anything alone"
    is_any = any(row[2] != DASH for row in rows)
    return Table(caption, head, rows if is_any else [], frozenset({2, 3}))


def lighter_text(overview: Overview) -> str:
    """Say when the last lighter week was; empty where that is not known."""
    lighter = lighter_weeks(overview.answered_weekly)
    known = lighter[lighter.notna()]
    if known.empty:
        return ""
    last = known[known.astype(bool)]
    if last.empty:
        return f"No lighter week in the last {len(known)}."
    since = int((known.index > last.index[-1]).sum())
    ago = "the last whole one" if since == 0 else f"{count_text(since, 'whole week')} since"
    return f"Last lighter week: from {dated(last.index[-1])}, {ago}."
