"""The check `symptoms`: pain by site and course, from the diary."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from loadmon.diary import WHEN
from loadmon.evidence import pain as pain_evidence
from loadmon.evidence.pain import NEXT_MORNING, Site, ask_site, find_site
from loadmon.ratio import above
from loadmon.rules.context import Bound, CheckContext, Finding, Rule
from loadmon.units import day_text

#: What this file compares with; it is read here, and nowhere else, each time.
REFERRAL = pain_evidence.REFERRAL

# Which place of the body the words of a diary mean.

#: Pain without a site, or at one that is not understood: judged by its course alone.
NOT_STATED = Site("not-stated", "other", ())


def site_of(text: str) -> Site:
    """Place of pain that a text means; `NOT_STATED` where it says none that is understood."""
    return (find_site(text) if text.strip() else None) or NOT_STATED


def is_back(text: str) -> bool:
    """Whether a text means the back."""
    return site_of(text).tissue == "back"


# Pain around each run, as the diary tells it, and whether it was worse on the next morning.


MORNING = WHEN[-1]


@dataclass(frozen=True, slots=True)
class Felt:
    """Pain around one session, 0 to 10; NaN is not noted."""

    before: float = float("nan")
    during: float = float("nan")
    after: float = float("nan")
    morning: float = float("nan")

    @property
    def peak(self) -> float:
        """Most pain in and after the session; NaN where neither is noted."""
        known = [x for x in (self.during, self.after) if x == x]
        return max(known) if known else float("nan")

    def is_worse(self, usual: float = float("nan")) -> bool:
        """Whether the next morning was worse than before the run.

        Where nothing is noted from before the run, the pain that is usual then counts; where that
        is not known either, the pain of the run itself.
        """
        known = (x for x in (self.before, usual, self.peak) if x == x)
        return self.morning > next(known, float("nan"))


def felt_by_run(
    diary: pd.DataFrame, runs: list[pd.Timestamp], site: Site
) -> dict[pd.Timestamp, dict[Site, Felt]]:
    """Pain around each run, by place.

    An entry of a day without a run counts as the morning after the last run (`NEXT_MORNING`).
    """
    out: dict[pd.Timestamp, dict[Site, Felt]] = {day: {} for day in runs}
    known = diary[diary["pain"].notna()]
    rows = zip(known["date"], known["when"], known["pain"], known["site"], strict=True)
    for day, when, pain, text in rows:
        run, moment = _place(day, when, runs)
        if run is None:
            continue
        where = site_of(text) if text else site
        felt = out[run].get(where, Felt())
        before = getattr(felt, moment)
        most = float(pain) if math.isnan(before) else max(before, float(pain))
        out[run][where] = replace(felt, **{moment: most})
    return out


def _place(
    day: pd.Timestamp, when: str, runs: list[pd.Timestamp]
) -> tuple[pd.Timestamp | None, str]:
    """Run that an entry is about, and the moment of it."""
    if day in runs and when != MORNING:
        return day, when or "during"
    before = [run for run in runs if 0 < (day - run).days <= NEXT_MORNING["within_days"]]
    if before:
        return before[-1], "morning"
    return (day, "morning") if day in runs else (None, "")


# Pain in the diary, and the rules by which somebody should look at it.


_DAY = pd.Timedelta(days=1)
_WEEK = 7
_NAN = float("nan")


@dataclass(frozen=True, slots=True)
class Concern:
    """A rule that the diary meets."""

    rule: str  # one of `_ORDER`
    day: pd.Timestamp  # of the entry that met it
    site: str
    value: float  # pain 0 to 10, mornings, or days, as the rule counts


def pains(diary: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Entries with an answer about pain up to a day, sites in lower case, oldest first."""
    known = diary[diary["pain"].notna() & (diary["date"] <= as_of)]
    return known[["date", "when", "pain"]].assign(site=known["site"].str.strip().str.lower())


def concerns(
    diary: pd.DataFrame, load: pd.Series, as_of: pd.Timestamp, days: int = _WEEK
) -> list[Concern]:
    """Rules for seeing a professional (`REFERRAL`) that the entries of the last days meet."""
    noted = pains(diary, as_of)
    since = as_of - pd.Timedelta(days=days)
    found: list[Concern] = []
    places = noted["site"].map(_place_name)
    for place in dict.fromkeys(places):
        own = noted[places == place]
        if own["date"].iloc[-1] <= since:
            continue
        rules = (
            _of_bone(own, since),
            _too_high(own, since),
            _worse_mornings(own, load, since),
            _worse_morning(own, load, since),
            _rising(own, load, since),
            _no_better(own, load, as_of),
            _lasting(own),
        )
        found += [c for c in rules if c is not None]
    return found


def _place_name(site: str) -> str:
    """Name under which the words for one place come together."""
    known = site_of(site)
    return site if known == NOT_STATED else known.key


def _of_bone(own: pd.DataFrame, since: pd.Timestamp) -> Concern | None:
    """Any pain where it may come from a bone."""
    sore = own[(own["date"] > since) & (own["pain"] > 0)]
    if sore.empty or site_of(sore["site"].iloc[-1]).tissue != "bone":
        return None
    row = sore.iloc[-1]
    return Concern("bone", row["date"], row["site"], float(row["pain"]))


def _too_high(own: pd.DataFrame, since: pd.Timestamp) -> Concern | None:
    high = own[(own["date"] > since) & above(own["pain"].to_numpy(), REFERRAL["above"])]
    if high.empty:
        return None
    row = high.iloc[-1]
    return Concern("above", row["date"], row["site"], float(row["pain"]))


def _felt(own: pd.DataFrame, load: pd.Series) -> list[tuple[pd.Timestamp, Felt]]:
    """Pain at one place around each run that something was noted of, in order."""
    about = own.loc[~own["when"].isin(["", MORNING]), "date"]  # entries that are about a run
    ran = sorted({*load.index[load > 0], *about})
    by_run = felt_by_run(own, ran, site_of(own["site"].iloc[-1]))
    return [(day, felt) for day, places in by_run.items() for felt in places.values()]


def _mornings(own: pd.DataFrame, load: pd.Series) -> list[tuple[pd.Timestamp, bool]]:
    """Mornings after a run that were noted, and whether each was worse than before the run."""
    felt = _felt(own, load)
    return [(day + _DAY, one.is_worse()) for day, one in felt if one.morning == one.morning]


def _worse_mornings(own: pd.DataFrame, load: pd.Series, since: pd.Timestamp) -> Concern | None:
    """Two runs in a row, of those whose next morning was noted, after which it was worse."""
    most = int(REFERRAL["worse_mornings"])
    last = _mornings(own, load)[-most:]
    if len(last) < most or not all(worse for _, worse in last) or last[-1][0] <= since:
        return None
    day = min(last[-1][0], own["date"].iloc[-1])
    return Concern("worse_mornings", day, str(own["site"].iloc[-1]), float(most))


def _worse_morning(own: pd.DataFrame, load: pd.Series, since: pd.Timestamp) -> Concern | None:
    """A worse morning after the last run that one was noted of, and no less pain since."""
    mornings = _mornings(own, load)
    if not mornings or not mornings[-1][1] or mornings[-1][0] <= since:
        return None
    day = min(mornings[-1][0], own["date"].iloc[-1])
    that = own[own["date"] >= day]
    pain = float(that["pain"].iloc[0])
    if (that["pain"].iloc[1:] < pain).any():
        return None
    return Concern("worse_morning", day, str(own["site"].iloc[-1]), pain)


def _rising(own: pd.DataFrame, load: pd.Series, since: pd.Timestamp) -> Concern | None:
    """More pain in each of three runs in a row, of those whose pain was noted."""
    peaks = [(day, felt.peak) for day, felt in _felt(own, load) if felt.peak == felt.peak]
    last = peaks[-int(REFERRAL["rising_runs"]) :]
    rises = all(above(b, a) for (_, a), (_, b) in pairwise(last))
    if len(last) < REFERRAL["rising_runs"] or not rises or last[-1][0] <= since:
        return None
    return Concern("rising", last[-1][0], str(own["site"].iloc[-1]), last[-1][1])


def _no_better(own: pd.DataFrame, load: pd.Series, as_of: pd.Timestamp) -> Concern | None:
    """Two weeks of less running after which the pain is what it was."""
    days = int(REFERRAL["no_better_days"])
    start = as_of - pd.Timedelta(days=days)
    now, before = own[own["date"] > start + _WEEK * _DAY], own[own["date"] <= start]
    before = before[before["date"] > start - _WEEK * _DAY]
    less = load.loc[start + _DAY : as_of].sum(skipna=False)
    more = load.loc[start - (days - 1) * _DAY : start].sum(skipna=False)
    if now.empty or before.empty or not less < more:
        return None
    low = float(now["pain"].median())
    is_better = low <= float(before["pain"].median()) - REFERRAL["clearly"]
    if low == 0 or is_better:
        return None
    return Concern("no_better", now["date"].iloc[-1], str(own["site"].iloc[-1]), float(days))


def _lasting(own: pd.DataFrame) -> Concern | None:
    """Six weeks of pain, without four weeks in a row free of entries of it."""
    sore = own[own["pain"] > 0]
    if sore.empty or own["pain"].iloc[-1] == 0:
        return None
    breaks = sore["date"].diff() > 2 * REFERRAL["no_better_days"] * _DAY
    since = sore["date"][breaks.cumsum() == breaks.sum()]
    lasted = (since.iloc[-1] - since.iloc[0]).days
    if lasted < REFERRAL["lasting_days"]:
        return None
    return Concern("lasting", since.iloc[-1], str(own["site"].iloc[-1]), float(lasted))


# Pain and symptoms of the diary: they count more than any number.


_REFER = " Let somebody who can examine you look at it before you go on."
_TO_DO = " No run until it has settled; walk as far as is comfortable, and note how it is."
_ORDER = (*("bone", "above", "worse_mornings", "worse_morning", "rising", "no_better", "lasting"),)


def evaluate(context: CheckContext) -> Finding:
    """Say what pain the diary holds of the last days; flagged where it meets one of `concerns`."""
    noted = pains(context.athlete.diary, context.as_of)
    draft = Finding(
        "symptoms",
        evidence=REFERRAL,
        unit="of 10",
        limit=REFERRAL["above"],
        window=f"{context.days} days",
    )
    recent = noted[noted["date"] > context.as_of - pd.Timedelta(days=context.days)]
    if recent.empty:
        last = day_text(noted["date"].iloc[-1])
        message = f"Pain: nothing noted on these days; the last entry is of {last}."
        return draft.unknown("unknown", message, missing=RULE.missing)
    found = concerns(context.athlete.diary, context.daily["load"], context.as_of, context.days)
    asked = _asked(recent)
    if found:
        found = [c for c in found if not _told_by_another(c, found)]
        worst = min(found, key=lambda concern: _ORDER.index(concern.rule))
        message = " ".join(_text(c) for c in found)
        message += _TO_DO if worst.rule in ("worse_morning", "rising") else _REFER
        message += asked
        value = float(recent["pain"].max())
        return draft.flagged(worst.rule, message, value=value, date=worst.day)
    most = recent.sort_values("pain", kind="stable").iloc[-1]
    draft = replace(draft, value=float(most["pain"]), date=most["date"])
    if asked:
        message = f"Pain noted: at most {most['pain']:g} of 10, on {day_text(most['date'])}.{asked}"
        return draft.unknown("site", message, missing="the site of the pain")
    if most["pain"] == 0:
        return draft.ok("none", "No pain noted on these days.")
    site = f" ({most['site']})" if most["site"] else ""
    message = f"Pain noted{site}: at most {most['pain']:g} of 10, on {day_text(most['date'])}."
    return draft.ok("noted", message)


def _asked(recent: pd.DataFrame) -> str:
    """Questions about sites of pain that are not understood."""
    sites = dict.fromkeys(recent.loc[recent["pain"] > 0, "site"])
    asked = [ask_site(text) for text in sites if text and find_site(text) is None]
    return "".join(f" {question[0].upper()}{question[1:]}" for question in asked)


def _told_by_another(one: Concern, found: list[Concern]) -> bool:
    """Whether two worse mornings say already that the last was."""
    rules = {c.rule for c in found if c.site == one.site}
    return one.rule == "worse_morning" and "worse_mornings" in rules


def _text(concern: Concern) -> str:
    site = f" ({concern.site})" if concern.site else ""
    words = {
        "bone": (
            f"pain{site} of {concern.value:g} of 10 on {day_text(concern.day)}, where it may come "
            "from the bone"
        ),
        "worse_morning": f"pain{site} was worse on the morning after a run",
        "rising": f"pain{site} rose over three runs in a row, to {concern.value:g} of 10",
        "above": f"pain{site} of {concern.value:g} of 10 on {day_text(concern.day)}",
        "worse_mornings": f"pain{site} was worse on two mornings in a row",
        "no_better": f"pain{site} is no better after two weeks of less running",
        "lasting": f"pain{site} has been noted for {concern.value:.0f} days",
    }
    text = words[concern.rule]
    return f"{text[0].upper()}{text[1:]}."


def bound(context: CheckContext) -> Bound:
    """No run at all where the check flags; nothing is known where a site is not understood."""
    if context.athlete.diary.empty or pains(context.athlete.diary, context.as_of).empty:
        return Bound("symptoms", _NAN, False, RULE.nothing)
    found = evaluate(context)
    km = 0.0 if found.verdict == "flagged" else _NAN
    return Bound("symptoms", km, found.level == "site", found.message)


def _days_noted(context: CheckContext) -> pd.DatetimeIndex:
    """Days with an entry about pain in the seven that end on them."""
    index, noted = (
        pd.DatetimeIndex(context.daily.index),
        pains(context.athlete.diary, context.as_of),
    )
    days = pd.DatetimeIndex(noted["date"]).sort_values()
    until = days.searchsorted(index, side="right")
    return index[until > days.searchsorted(index - _WEEK * _DAY, side="right")]


RULE = Rule(
    "symptoms",
    evaluate,
    needs=("diary.pain",),
    nothing="Pain: nothing was ever noted, so it is not known.",
    missing="loadmon log PATH --pain N --site back --when next-morning",
    may_flag=_days_noted,
    lasting=True,
)
