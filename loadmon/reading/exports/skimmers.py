"""Vendors' files that may be gigabytes: each is reduced to what is wanted while it streams by."""

from __future__ import annotations

from collections.abc import Callable

from loadmon.reading.exports.apple_skim import Readable, is_clinical, is_health, skim
from loadmon.reading.exports.garmin_skim import is_activities, skim_activities

Skimmer = Callable[[Readable, int, bytes], bytes]


def skimmer_of(head: bytes) -> Skimmer | None:
    """Reducer of a stream that begins with `head`: takes it, its packed size, and the head."""
    if is_health(head):
        return skim
    if is_activities(head):
        return skim_activities
    return _head_only if is_clinical(head) else None


def _head_only(stream: Readable, packed: int, begun: bytes) -> bytes:
    """Beginning of Apple's second copy of an export, of which nothing is read."""
    return begun
