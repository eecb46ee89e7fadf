"""How many random examples a test tries: as many as the profile says, or so many times those."""

from __future__ import annotations

from hypothesis import settings


def examples(times: float) -> int:
    """Examples of a test that is dear (`times` is under 1) or cheap (over 1).

    The profile stands in `tests/conftest.py`; ``$LOADMON_EXAMPLES`` counts here as anywhere. A
    test that has to try 40 takes ``examples(4)``.
    """
    return max(1, round(times * settings().max_examples))
