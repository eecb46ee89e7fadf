"""Which place of the body the words of a diary mean."""

from __future__ import annotations

from loadmon.evidence.pain import SITES, Site


def site_of(text: str) -> Site:
    """Place of pain that a text means; ``other`` where it is none that is known."""
    told = text.strip().lower().replace("_", " ").replace("back of", "")
    found = (s for s in SITES if told == s.key or any(word in told for word in s.words))
    return next(found, SITES[-1])


def is_back(text: str) -> bool:
    """Whether a text means the back."""
    return site_of(text).tissue == "back"
