"""Every platform's files: a line for each kind, and how one is told from the others.

Recognised by contents alone. What is known by its names (columns, keys) is known by three fifths of
them, so that a platform may rename some.
"""

from __future__ import annotations

import re

from loadmon.io.exports import (
    adidas,
    apple,
    cells,
    endurain,
    fitbit,
    fitlog,
    fittrackee,
    gadgetbridge,
    garmin,
    garmin_csv,
    goldencheetah,
    google_fit,
    health_connect,
    huawei,
    intervals,
    mapmyrun,
    others,
    polar,
    pwx,
    runkeeper,
    samsung,
    strava,
    suunto,
    trainingpeaks,
    zepp,
)
from loadmon.io.exports.database import IS_DATABASE, skim_database
from loadmon.io.exports.form import Form, Skim

FORMS: tuple[Form, ...] = (
    *strava.FORMS,
    *garmin.FORMS,
    *garmin_csv.FORMS,
    *apple.FORMS,
    *polar.FORMS,
    *suunto.FORMS,
    *intervals.FORMS,
    *runkeeper.FORMS,
    *samsung.FORMS,
    *fitbit.FORMS,
    *adidas.FORMS,
    *google_fit.FORMS,
    *zepp.FORMS,
    *huawei.FORMS,
    *fittrackee.FORMS,
    *endurain.FORMS,
    *gadgetbridge.FORMS,
    *health_connect.FORMS,
    *trainingpeaks.FORMS,
    *mapmyrun.FORMS,
    *fitlog.FORMS,
    *pwx.FORMS,
    *goldencheetah.FORMS,
    *others.FORMS,
)
_HEAD = 16 << 10
_KEY = re.compile(rb'"(?=(\w+)")')
#: Share of its names by which a file is known, so that one that was renamed changes nothing.
_ENOUGH = 0.6
#: As much of JSON is searched for keys: a row of any platform is shorter.
_SEARCHED = 256 << 10
_BY_WORDS = [form for form in FORMS if form.words]
#: Words that are whole keys, and others, such as the beginning of one.
_KEY_WORDS = {word.strip(b'"') for f in _BY_WORDS for word in f.words if _KEY.match(word)}
_OTHER_WORDS = {word for f in _BY_WORDS for word in f.words if not _KEY.match(word)}
_BY_MARK = [form for form in FORMS if form.mark]
_BY_KEYS = [({*f.keys.encode().split(b"|")}, f) for f in FORMS if f.keys]
_BY_COLUMNS = [({cells.spelled(c) for c in f.columns.split("|")}, f) for f in FORMS if f.columns]
_BY_LOOKS = [form for form in FORMS if form.looks]
_BY_ROOT = [form for form in FORMS if form.root]


def form_of(data: bytes) -> Form | None:
    """Form of a platform's file; None for any other."""
    marked = next((form for form in _BY_MARK if form.mark in data[:_HEAD]), None)
    if marked:
        return marked
    first = _first_character(data[:_HEAD])
    if first in (b"{", b"["):
        worded = (f for f in _BY_WORDS if all(word in data for word in f.words))
        return next(worded, None) or _by_keys(data)
    if first == b"<":
        return next((form for form in _BY_ROOT if _has_root(data, form.root)), None)
    return _form_of_table(data)


def may_be_export(head: bytes) -> bool:
    """Tell from its first bytes whether a file is worth being read as a whole."""
    if head.startswith(IS_DATABASE) or any(form.mark in head for form in _BY_MARK):
        return True
    if _first_character(head) in (b"{", b"["):
        keys = _keys_in(head)  # a first row may be longer than the beginning
        if not _KEY_WORDS.isdisjoint(keys) or any(word in head for word in _OTHER_WORDS):
            return True
        return any(len(names & keys) >= 2 for names, _ in _BY_KEYS)
    return _form_of_table(head) is not None


def skimmer_of(head: bytes) -> Skim | None:
    """Reducer of a platform's file that may be gigabytes, by its first bytes."""
    if head.startswith(IS_DATABASE):
        return lambda stream, packed, begun: skim_database(stream, packed, begun, FORMS)
    if b"<ClinicalDocument" in head[:_HEAD]:
        # Apple's second copy of an export, a clinical document of the same size, is not read.
        return lambda _stream, _packed, begun: begun
    form = form_of(head)
    return form.skim if form else None


def _by_keys(data: bytes) -> Form | None:
    """Form whose keys a JSON text has; further on in it where its first row is long."""
    for size in (_HEAD, _SEARCHED):
        keys = _keys_in(data[:size])
        found = _best([(len(names & keys) / len(names), form) for names, form in _BY_KEYS])
        if found or len(data) <= size:
            return found
    return None


def _keys_in(text: bytes) -> set[bytes]:
    return set(_KEY.findall(text))


def _best(scored: list[tuple[float, Form]]) -> Form | None:
    share, form = max(scored, key=lambda one: one[0])
    return form if share >= _ENOUGH else None


def _form_of_table(data: bytes) -> Form | None:
    rows = cells.first_rows(data)
    if not rows:
        return None
    header = {cells.spelled(name) for name in rows[0]}
    named = _best([(len(names & header) / len(names), form) for names, form in _BY_COLUMNS])
    return named or next((form for form in _BY_LOOKS if form.looks and form.looks(rows)), None)


def _has_root(head: bytes, root: bytes) -> bool:
    return b"<" + root in head[:_HEAD] or b":" + root in head[:_HEAD]


def _first_character(head: bytes) -> bytes:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
