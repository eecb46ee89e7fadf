"""Words of promise, blame or fear that no text of this project may hold, for the tests."""

from __future__ import annotations

#: Patterns that no text of this project may hold (words of promise, blame or fear).
FORBIDDEN = (
    r"\bsafe(r|ly|ty|st)?\b",
    r"\bunsafe\b",
    r"\bprevent(s|ed|ing|ion|ive)?\b",
    r"\brisks?\b[^.]*%|%[^.]*\brisks?\b",
    r"\binjury risk\b|\brisk of (an )?injury\b",
    r"\blikely to (get|be) (hurt|injured)\b",
    r"\bdanger(s|ous|ously)?\b",
    r"\brecommend(s|ed|ation|ations)?\b",
    r"\ballow(s|ed)?\b",
    r"\b(cleared|guarantee[ds]?)\b",
    r"\bsweet spot\b",
    r"\b(overstride|bad posture|weak core)\b",
    r"\b(only|just|lazy|missed|skipped) (one |two |\d )?rest\b",
    r"\b(run|train|push) (more|harder)\b",
    r"\b(medically|perfectly|completely) (fine|sound|healthy)\b",
    r"\b(you are|you're) (fine|ok|okay|good to go)\b",
    r"\bgood to go\b|\bno need to worry\b",
    r"\bpredict(s|ed|or|ors)? (an? )?(injur|your)",
    r"\bcaused? (by|your)\b",
)
