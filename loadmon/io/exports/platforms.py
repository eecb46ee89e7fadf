"""Every platform's files: a line for each kind, and how one is told from the others.

Recognised by contents alone. What is known by its names (columns, keys) is known by three fifths of
them, so that a platform may rename some.
"""

from __future__ import annotations

from collections.abc import Sequence

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
_HEAD = 4096
#: Share of its names by which a file is known, so that one that was renamed changes nothing.
_ENOUGH = 0.6
#: As much of JSON is searched for keys: a row of any platform is shorter.
_SEARCHED = 256 << 10
_BY_WORDS = [form for form in FORMS if form.words]
_BY_MARK = [form for form in FORMS if form.mark]
_BY_KEYS = [form for form in FORMS if form.keys]
_BY_COLUMNS = [form for form in FORMS if form.columns]
_BY_LOOKS = [form for form in FORMS if form.looks]
_BY_ROOT = [form for form in FORMS if form.root]


def form_of(data: bytes) -> Form | None:
    """Form of a platform's file; None for any other."""
    head = data[:_SEARCHED]
    marked = next((form for form in _BY_MARK if form.mark in head), None)
    if marked:
        return marked
    first = _first_character(data[:_HEAD])
    if first in (b"{", b"["):
        worded = (f for f in _BY_WORDS if all(word in data for word in f.words))
        return next(worded, None) or _best([(_share_of_keys(f, head), f) for f in _BY_KEYS])
    if first == b"<":
        return next((form for form in _BY_ROOT if _has_root(head, form.root)), None)
    return _form_of_table(data)


def may_be_export(head: bytes) -> bool:
    """Tell from its first bytes whether a file is worth being read as a whole."""
    if head.startswith(IS_DATABASE) or any(form.mark in head for form in _BY_MARK):
        return True
    if _first_character(head) in (b"{", b"["):
        if any(word in head for form in _BY_WORDS for word in form.words):
            return True
        # A first row may be longer than the beginning: two keys are worth a look.
        named = (sum(b'"' + k.encode() + b'"' in head for k in f.keys.split("|")) for f in _BY_KEYS)
        return any(n >= 2 for n in named)
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


def _share_of_columns(form: Form, header: Sequence[str]) -> float:
    """Share of a form's headers that a table has; 0 where they are too few."""
    names = {cells.spelled(name) for name in form.columns.split("|")}
    share = len(names & {cells.spelled(name) for name in header}) / len(names)
    return share if form.columns and share >= _ENOUGH else 0.0


def _share_of_keys(form: Form, data: bytes) -> float:
    """Share of a form's keys that are in JSON; 0 where they are too few."""
    names = form.keys.split("|")
    share = sum(b'"' + name.encode() + b'"' in data for name in names) / len(names)
    return share if form.keys and share >= _ENOUGH else 0.0


def _best(scored: list[tuple[float, Form]]) -> Form | None:
    share, form = max(scored, key=lambda one: one[0])
    return form if share > 0 else None


def _form_of_table(data: bytes) -> Form | None:
    rows = cells.first_rows(data)
    if not rows:
        return None
    named = _best([(_share_of_columns(form, rows[0]), form) for form in _BY_COLUMNS])
    return named or next((form for form in _BY_LOOKS if form.looks and form.looks(rows)), None)


def _has_root(head: bytes, root: bytes) -> bool:
    return b"<" + root in head[:_HEAD] or b":" + root in head[:_HEAD]


def _first_character(head: bytes) -> bytes:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
