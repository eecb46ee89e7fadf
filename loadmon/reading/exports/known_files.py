"""Files of an export that hold no training: what they are, for an honest line in the ledger."""

from __future__ import annotations

import re

#: Ends of names, with folders, and what lies there.
_KNOWN = {
    r"(shoes|bikes|components)\.csv": "Strava's shoes, bikes and parts: they name no activity",
    r"(profile|goals|routes|clubs|messaging|logins|events|followers|following|comments|reactions|"
    r"votes|posts|segments|starred_segments|global_challenges|memberships|contacts|favorites|"
    r"orders|applications|connected_apps|visibility_settings|privacy_zones|[a-z_]*preferences|"
    r"[a-z_]*settings)\.(csv|json)": "account data of an export: no training in it",
    r"routes/[^/]+\.(gpx|tcx)": "a planned route, not a run",
    r"media/[^/]+": "a picture or film",
    r"DI_CONNECT/.*\.json": "Garmin's other data (health, metrics, account): not read",
    r"DI_CONNECT/.*": "part of Garmin's export that is no recording",
    r"export_cda\.xml": "Apple's second copy as a clinical document: export.xml is read",
    r"electrocardiograms/[^/]+\.csv": "an electrocardiogram of Apple Health",
    r"(activity|247ohr|calendar-items|sleep\w*|nightly\w*|sport-profiles|account-\w+|"
    r"products-devices|ppi_samples|generic-period|programs?|planned-route|favourite-targets)"
    r"[-_\w]*\.json": "Polar Flow: daily activity, sleep or account data, no training session",
}
_PATTERNS = [(re.compile(f"(?:^|.*/){p}", re.IGNORECASE), said) for p, said in _KNOWN.items()]


def known_file(name: str) -> str:
    """What a file of an export is that holds no training.

    Parameters
    ----------
    name : str
        Name in the ledger.

    Returns
    -------
    str
        One sentence; empty for a name that is not known.
    """
    plain = name.replace("\\", "/").replace("!", "/")
    return next((said for pattern, said in _PATTERNS if pattern.fullmatch(plain)), "")
