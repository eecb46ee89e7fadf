"""Plans in few bytes: distances in tenths, texts by their place in a pool."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from loadmon.athlete.units import Units, in_distance_units
from loadmon.evidence.ramp import RAMP_HORIZON
from loadmon.ramp.result import Ramp
from loadmon.ramp.screening import STOP_TEXT
from loadmon.ramp.words_limits import REACHED_WORDS
from loadmon.report.texts import dated

#: Marks of a planned run that name no limit.
_NO_LIMITS = ("", "target", "repeat")


@dataclass(slots=True)
class Pool:
    """Texts and plans that many combinations share, each kept once."""

    texts: list[str] = field(default_factory=list)
    plans: list[dict[str, Any]] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def text(self, text: str) -> int:
        """Place of a text."""
        return self._place(text, text, self.texts)

    def plan(self, plan: dict[str, Any]) -> int:
        """Place of a plan."""
        return self._place(f"plan: {plan}", plan, self.plans)

    def _place(self, key: str, value: Any, kept: list[Any]) -> int:
        if key not in self._places:
            self._places[key] = len(kept)
            kept.append(value)
        return self._places[key]


def encoded(ramp: Ramp | str, units: Units, pool: Pool) -> dict[str, Any]:
    """One plan in few bytes.

    Parameters
    ----------
    ramp : Ramp or str
        A plan, or why there is none.
    units : {"km", "mi"}
        Unit of its distances.
    pool : Pool
        Where its texts are kept.

    Returns
    -------
    dict
        ``no``: place of the text that stands for a plan; or ``first`` day, its ``week`` and how
        many days of that week are ``left``; for each day the distance in ``tenths`` of the unit,
        ``minutes`` and places of texts (``kind``, ``what``, ``stage``, ``by``: what it reaches);
        and places of what is ``told``, of the ``answer`` and of what ``binds`` most often.
    """
    if isinstance(ramp, str):
        return {"no": pool.text(ramp)}
    plan = ramp.plan
    one = 10 * in_distance_units(1.0, units)
    told = [line for line in ramp.message.splitlines() if line not in ("", *STOP_TEXT.splitlines())]
    return {
        "first": f"{plan['date'].iloc[0]:%Y-%m-%d}",
        "week": int(plan["week"].iloc[0]),
        "left": int((plan["week"] == plan["week"].iloc[0]).sum()),
        "tenths": (one * plan["distance_km"]).round().astype(int).tolist(),
        "kind": [pool.text(kind) for kind in plan["kind"]],
        "what": [pool.text(what) for what in plan["session"]],
        "stage": [pool.text(stage) for stage in plan["stage"]],
        "minutes": [0 if x != x else round(x) for x in plan["duration_min"]],
        "by": [pool.text(REACHED_WORDS.get(name, "")) for name in plan["limited_by"]],
        "told": [pool.text(line) for line in told if "Screening:" not in line],
        "answer": pool.text(_answer(ramp)),
        "binds": pool.text(_binds(plan["limited_by"].tolist())),
    }


def _answer(ramp: Ramp) -> str:
    """When the target is reached."""
    if ramp.reached_on is None:
        return f"Not reached within {RAMP_HORIZON['weeks']:.0f} weeks."
    week = int(ramp.plan.loc[ramp.plan["date"] == ramp.reached_on, "week"].iloc[0])
    return f"Reached in week {week}, on {dated(ramp.reached_on)}; then held for two weeks."


def _binds(limited_by: list[str]) -> str:
    """Limit that most runs reach."""
    names = Counter(name for name in limited_by if name not in _NO_LIMITS)
    return REACHED_WORDS[names.most_common(1)[0][0]] if names else REACHED_WORDS["target"]
