"""When the stamp of a file proves that nothing changed, and what may pass by itself."""

from __future__ import annotations

from loadmon.reading.walk import Entry

#: How long before it was noted a file must have changed last for its stamp to be believed. [ns]
SETTLED_NS = 2_000_000_000
#: Reasons that another reading may not meet again.
PASSING = frozenset({"not-readable", "changed-while-reading", "reader-bug"})


def is_settled(entry: Entry, noted_ns: int) -> bool:
    """Tell whether the stamp of an entry, noted at some time, proves that nothing changed."""
    _, changed_ns, inode_ns, _ = entry.stamp
    return max(changed_ns, inode_ns) + SETTLED_NS <= noted_ns
