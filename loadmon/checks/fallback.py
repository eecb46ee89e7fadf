"""Words for a window whose load is not known for every run: what is missing, and what is shown."""

from __future__ import annotations

from loadmon.athlete.units import Units
from loadmon.checks.words import amount_text, count_text, day_text, listed
from loadmon.load.metrics import metric_of
from loadmon.load.window import WindowLoad

_NAMED = 3


def fallback_text(found: WindowLoad, units: Units = "km") -> str:
    """Say which load a window is given in, and why not in the one that was asked for.

    Parameters
    ----------
    found : WindowLoad
        What `loadmon.load.window.window_load` gives.
    units : {"km", "mi"}
        Of distances.

    Returns
    -------
    str
        Empty where the load that was asked for is known for every day.
    """
    if found.used == found.asked:
        return ""
    return " ".join([_missing(found), _instead(found, units), *_between(found, units)])


def _missing(found: WindowLoad) -> str:
    span = f"the {count_text(found.days, 'day')} to {day_text(found.until)}"
    asked = metric_of(found.asked).label
    if not found.missing:
        return f"{asked} is not known for every day of {span}."
    runs = [f"{day_text(day)}: {why}" for day, why in found.missing]
    return (
        f"{asked} is not known for {len(found.missing)} of {count_text(found.n_runs, 'run')} in "
        f"{span} ({listed(runs, _NAMED)})."
    )


def _instead(found: WindowLoad, units: Units) -> str:
    if not found.used:
        return "No other load is known for all of it."
    label, amount = metric_of(found.used).label, amount_text(found.total, found.used, units)
    return f"All of it is given as {label[0].lower()}{label[1:]} instead: {amount}."


def _between(found: WindowLoad, units: Units) -> list[str]:
    if found.high != found.high:
        return []
    low, high = (amount_text(v, found.asked, units) for v in (found.low, found.high))
    label = metric_of(found.asked).label
    return [f"{label} itself is at least {low}, and could be as much as {high}."]
