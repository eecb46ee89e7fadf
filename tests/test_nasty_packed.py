"""Every known way in which an archive or a folder is odd, broken or set as a trap."""

from __future__ import annotations

import datetime as dt
import gzip
import io
import os
import stat
import subprocess
import threading
import zipfile
from pathlib import Path

import nasty
import pandas as pd
import pytest
from made import unknown_days

import loadmon.io.sources as opening
from loadmon.io.archive import Archive
from loadmon.io.read import read

NOW = dt.datetime(2026, 11, 1, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
RUN, OTHER = nasty.fit(), nasty.fit(nasty.START + DAY)
THIRD = nasty.gpx(nasty.START + 2 * DAY).encode()
GZ = gzip.compress(RUN, mtime=0)


def zipped(*members: tuple[str, bytes], packed: bool = True) -> bytes:
    out = io.BytesIO()
    how = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
    with zipfile.ZipFile(out, "w", how) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, how)
    return out.getvalue()


def reading(path: Path) -> Archive:
    return read(path, cache=False, now=NOW)


def read_bytes(tmp_path: Path, name: str, data: bytes) -> Archive:
    (tmp_path / name).write_bytes(data)
    return reading(tmp_path / name)


def ledger(archive: Archive) -> dict[str, tuple[str, str]]:
    rows = archive.files.itertuples()
    return {str(r.file).rpartition("/")[2]: (str(r.outcome), str(r.reason)) for r in rows}


# --- gzip ---------------------------------------------------------------------------------------

GZIPS = {
    "sound": ("run.fit.gz", GZ, ("imported", "")),
    "two members": (
        "run.fit.gz", gzip.compress(RUN[:500]) + gzip.compress(RUN[500:]), ("imported", ""),
    ),
    "gzip in gzip": ("run.fit.gz", gzip.compress(GZ), ("imported", "")),
    "zeros behind": ("run.fit.gz", GZ + bytes(512), ("imported", "")),
    "an ending in capitals": ("RUN.FIT.GZ", GZ, ("imported", "")),
    "cut": ("run.fit.gz", GZ[:300], ("quarantined", "gz-truncated")),
    "cut in its trailer": ("run.fit.gz", GZ[:-3], ("quarantined", "gz-truncated")),
    "a wrong CRC": ("run.fit.gz", GZ[:-8] + bytes(4) + GZ[-4:], ("quarantined", "gz-crc")),
    "a wrong length": ("run.fit.gz", GZ[:-4] + bytes(4), ("quarantined", "gz-crc")),
    "damage inside": ("run.fit.gz", GZ[:200] + b"\xff" * 9 + GZ[209:], ("quarantined", "gz-crc")),
    "gzip called .fit": ("run.fit", GZ, ("flagged", "ext-lies")),
    "gzip called .zip": ("run.zip", GZ, ("flagged", "ext-lies")),
    "plain bytes called .zip": ("run.zip", RUN, ("flagged", "ext-lies")),
    "a GPX called .zip": ("run.zip", THIRD, ("flagged", "ext-lies")),
    "plain bytes called .gz": ("run.fit.gz", RUN, ("flagged", "ext-lies")),
    "a GPX called .fit": ("run.fit", THIRD, ("flagged", "ext-lies")),
    "a FIT called .gpx": ("run.gpx", RUN, ("flagged", "ext-lies")),
    "a page called .fit.gz": ("run.fit.gz", b"<html></html>", ("refused", "not-fit")),
    "nothing in it": ("run.fit.gz", gzip.compress(b""), ("refused", "empty")),
    "too deep": (
        "run.fit.gz", gzip.compress(gzip.compress(gzip.compress(GZ))), ("refused", "too-deep"),
    ),
    "a bomb": ("run.gpx.gz", gzip.compress(bytes(30_000_000)), ("refused", "too-large")),
}  # fmt: skip


@pytest.mark.parametrize("case", GZIPS)
def test_a_gzip_ends_in_its_one_outcome(tmp_path: Path, case: str) -> None:
    name, data, expected = GZIPS[case]
    archive = read_bytes(tmp_path, name, data)
    ((found, (outcome, reason)),) = ledger(archive).items()
    assert (found, outcome, reason.split(",")[0]) == (name, *expected)
    assert len(archive.activities) == (expected[0] in ("imported", "flagged"))


# --- zips ---------------------------------------------------------------------------------------


def with_password() -> bytes:
    data = bytearray(zipped(("a.fit", RUN), ("b.fit", OTHER)))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def with_link() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        link = zipfile.ZipInfo("a.fit")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("b.fit", OTHER)
    return out.getvalue()


def with_damage() -> bytes:
    data = bytearray(zipped(("a.fit", RUN), ("b.fit", OTHER), packed=False))
    data[400] ^= 0xFF
    return bytes(data)


def with_lost_members() -> bytes:
    """A zip in whose directory the first of three entries claims a comment that covers the rest."""
    out = bytearray(zipped(("b.fit", OTHER), ("a.fit", RUN), ("c.fit", RUN)))
    first = out.index(b"PK\x01\x02")
    length = out.index(b"PK\x05\x06") - out.index(b"PK\x01\x02", first + 1)
    out[first + 32 : first + 34] = length.to_bytes(2, "little")
    return bytes(out)


def overlapping() -> bytes:
    """Two members in the directory that are one and the same in the file, beside a sound one."""
    data = zipped(("a.fit", RUN), ("c.fit", RUN), ("b.fit", OTHER), packed=False)
    out = bytearray(data)
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    out[second + 42 : second + 46] = bytes(4)  # the offset of its local header
    return bytes(out)


OK, RUNS_B = ("imported", ""), {"!b.fit": ("imported", "")}
ZIPS = {
    "a password": (with_password(), {"!a.fit": ("quarantined", "zip-password")} | RUNS_B),
    "a link": (with_link(), {"!a.fit": ("skipped", "zip-symlink")} | RUNS_B),
    "a damaged member": (with_damage(), {"!a.fit": ("quarantined", "zip-member")} | RUNS_B),
    "a directory that lost members": (
        with_lost_members(), {"": ("quarantined", "zip-member")} | RUNS_B,
    ),
    "members that overlap": (
        overlapping(),
        {"!a.fit": ("refused", "zip-overlap"), "!c.fit": ("refused", "zip-overlap")} | RUNS_B,
    ),
    "a bomb": (
        zipped(("a.gpx", bytes(30_000_000)), ("b.fit", OTHER)),
        {"!a.gpx": ("refused", "too-large")} | RUNS_B,
    ),
    "a damaged recording": (
        zipped(("a.fit", RUN[:700]), ("b.fit", OTHER)),
        {"!a.fit": ("quarantined", "fit-truncated")} | RUNS_B,
    ),
    "a damaged zip inside": (
        zipped(("a.zip", zipped(("x.fit", RUN))[:-30]), ("b.fit", OTHER)),
        {"!a.zip": ("quarantined", "zip-truncated")} | RUNS_B,
    ),
    "a password inside": (
        zipped(("a.zip", with_password()), ("b.fit", nasty.fit(nasty.START + 3 * DAY))),
        {"!a.zip!a.fit": ("quarantined", "zip-password"), "!a.zip!b.fit": OK} | RUNS_B,
    ),
    "an empty zip inside": (
        zipped(("a.zip", zipped()), ("b.fit", OTHER)), {"!a.zip": ("refused", "empty")} | RUNS_B,
    ),
    "nothing but folders inside": (
        zipped(("a.zip", zipped(("x/", b""), ("x/y/", b""))), ("b.fit", OTHER)),
        {"!a.zip": ("refused", "empty")} | RUNS_B,
    ),
    "a zip that is none": (
        zipped(("a.zip", b"<html>"), ("b.fit", OTHER)), {"!a.zip": ("refused", "not-zip")} | RUNS_B,
    ),
    "system files": (
        zipped(("__MACOSX/._b.fit", b"x"), (".DS_Store", b"y"), ("b.fit", OTHER)),
        {"._b.fit": ("skipped", "system-file"), "!.DS_Store": ("skipped", "system-file")} | RUNS_B,
    ),
    "something in front": (b"#!/bin/sh\n" * 9 + zipped(("b.fit", OTHER)), RUNS_B),
    "a comment behind": (zipped(("b.fit", OTHER)) + b"", RUNS_B),
}  # fmt: skip


@pytest.mark.parametrize("case", ZIPS)
def test_a_bad_member_is_told_and_hides_no_other(tmp_path: Path, case: str) -> None:
    data, expected = ZIPS[case]
    found = ledger(read_bytes(tmp_path, "export.zip", data))
    assert {name.removeprefix("export.zip"): o for name, o in found.items()} == expected


@pytest.mark.parametrize(
    "name", ["../../run.fit", "/etc/run.fit", "C:\\run.fit", "a/../../run.fit", "\\\\host\\run.fit"]
)
def test_a_name_that_leads_outside_counts_flagged_and_is_never_written(
    tmp_path: Path, name: str
) -> None:
    before = sorted(p for p in tmp_path.parent.rglob("*") if p.is_file())
    archive = read_bytes(tmp_path, "export.zip", zipped((name, RUN)))
    assert [(o, r) for o, r in ledger(archive).values()] == [("flagged", "zip-name")]
    after = sorted(p for p in tmp_path.parent.rglob("*") if p.is_file())
    assert after == sorted([*before, tmp_path / "export.zip"])


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", ("refused", "empty")),
        (zipped(), ("refused", "empty")),
        (b"<html>please log in</html>", ("refused", "not-zip")),
        (zipped(("a.fit", RUN))[:-40], ("quarantined", "zip-truncated")),
        (zipped(("a.fit", RUN))[:200], ("quarantined", "zip-truncated")),
    ],
)
def test_a_zip_that_cannot_be_opened_is_one_row(
    tmp_path: Path, data: bytes, expected: tuple[str, str]
) -> None:
    assert ledger(read_bytes(tmp_path, "export.zip", data)) == {"export.zip": expected}


@pytest.mark.parametrize("name", ["run.fit", "run.fit.gz", "run.gpx", "RUN.TCX"])
def test_a_zip_that_is_called_a_recording_is_read_and_told(tmp_path: Path, name: str) -> None:
    data = zipped(("a.fit", RUN), ("b.txt", b"x"))
    found = ledger(read_bytes(tmp_path, name, data))
    assert found[f"{name}!a.fit"] == ("flagged", "ext-lies")
    assert found[f"{name}!b.txt"] == ("skipped", "not-activity")


def test_two_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = zipped(("a.fit", RUN), ("a.fit", OTHER))
    assert len(read_bytes(tmp_path, "export.zip", data).activities) == 2


def test_the_members_of_inner_zips_count_for_the_outer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zipped(*((f"{i}.txt", b"") for i in range(9)))
    data = zipped(("1.zip", inner), ("2.zip", inner), ("b.fit", OTHER))
    monkeypatch.setattr(opening, "_MAX_MEMBERS", 15)
    assert ("refused", "too-large") in ledger(read_bytes(tmp_path, "a.zip", data)).values()


def test_a_zip_that_changes_while_it_is_read_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "export.zip"
    path.write_bytes(zipped(("a.fit", RUN)))
    unpacked = opening.zip_member

    def while_written(*member: object) -> bytes:
        os.utime(path, (1, 1))
        return unpacked(*member)  # type: ignore[arg-type]

    monkeypatch.setattr(opening, "zip_member", while_written)
    assert ledger(reading(path))["export.zip"] == ("quarantined", "changed-while-reading")


# --- folders ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name", [b"\xff\xfe.fit", b"new\nline.fit", b"\x1b[31mred\x1b[0m.fit", "ünï.fit".encode()]
)
def test_whatever_a_file_is_called_it_is_read_and_shown(tmp_path: Path, name: bytes) -> None:
    with open(os.path.join(os.fsencode(tmp_path), name), "wb") as file:
        file.write(RUN)
    archive = reading(tmp_path)
    assert [o for o, _ in ledger(archive).values()] == ["imported"]
    shown = archive.files["file"][0]
    assert shown.isprintable()
    assert shown.encode()
    assert len(archive.records(archive.activities["activity_id"][0])) == 60


def test_a_name_in_a_zip_is_shown_without_what_a_terminal_obeys(tmp_path: Path) -> None:
    archive = read_bytes(tmp_path, "a.zip", zipped(("\x1b]0;x\x07../a.fit", RUN)))
    assert archive.files["file"][0].isprintable()
    assert archive.files["detail"][0].isprintable()


def test_folders_a_thousand_deep_end(tmp_path: Path) -> None:
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1200):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    (tmp_path / "a.fit").write_bytes(RUN)
    try:
        assert ledger(reading(tmp_path))["a.fit"] == ("imported", "")
    finally:  # deeper than shutil.rmtree of an old Python goes, which clears these folders later
        subprocess.run(["rm", "-rf", str(tmp_path / "d")], check=True)


def test_links_loops_pipes_and_what_may_not_be_opened_end_in_rows(tmp_path: Path) -> None:
    (tmp_path / "run.fit").write_bytes(RUN)
    (tmp_path / "loop.fit").symlink_to("loop.fit")
    (tmp_path / "gone.fit").symlink_to("nowhere.fit")
    (tmp_path / "round").symlink_to(tmp_path)
    os.mkfifo(tmp_path / "pipe.fit")
    (tmp_path / "folder.fit").mkdir()
    found: list[dict[str, tuple[str, str]]] = []
    thread = threading.Thread(target=lambda: found.append(ledger(reading(tmp_path))), daemon=True)
    thread.start()
    thread.join(10)
    assert found == [
        {
            "gone.fit": ("skipped", "symlink"),
            "loop.fit": ("skipped", "symlink"),
            "pipe.fit": ("skipped", "not-a-file"),
            "round": ("skipped", "symlink"),
            "run.fit": ("imported", ""),
        }
    ]


def test_a_path_that_may_not_be_looked_at_is_a_row_and_hides_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.fit").write_bytes(RUN)
    looked = Path.stat

    def refused(path: Path, **how: bool) -> os.stat_result:
        if path.name == "secret":
            raise PermissionError(13, "Permission denied")
        return looked(path, **how)

    monkeypatch.setattr(Path, "stat", refused)
    archive = read(tmp_path / "secret", tmp_path / "a.fit", cache=False, now=NOW)
    assert ledger(archive) == {
        "secret": ("quarantined", "not-readable"), "a.fit": ("imported", ""),
    }  # fmt: skip


def test_a_file_that_goes_while_its_folder_is_read_is_a_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.fit", "b.fit"):
        (tmp_path / name).write_bytes(RUN)
    opened = Path.open

    def gone(path: Path, *how: str) -> object:
        (tmp_path / "b.fit").unlink(missing_ok=True)
        return opened(path, *how)

    monkeypatch.setattr(Path, "open", gone)
    assert ledger(reading(tmp_path))["b.fit"] == ("quarantined", "not-readable")


def test_reading_changes_nothing_in_the_tree(tmp_path: Path) -> None:
    files = {"a.fit": RUN, "b.fit.gz": GZ, "c.gpx": THIRD, "d.zip": with_damage(), "e.fit": b"no"}
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
        os.chmod(tmp_path / name, 0o444)

    def state() -> dict[str, tuple[int, ...]]:
        stats = {p.name: p.stat() for p in [tmp_path, *tmp_path.iterdir()]}
        return {n: (s.st_mode, s.st_ino, s.st_size, s.st_mtime_ns) for n, s in stats.items()}

    before = state()
    archive = reading(tmp_path)
    for activity_id in archive.activities["activity_id"]:
        archive.records(activity_id)
    assert state() == before
    assert {name: (tmp_path / name).read_bytes() for name in files} == files


def test_a_day_that_holds_a_file_that_cannot_be_counted_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(RUN)
    (tmp_path / "b.fit").write_bytes(OTHER[:-50])
    assert unknown_days(reading(tmp_path)) == ["2024-03-11"]
    assert pd.Timestamp("2024-03-11") == pd.Timestamp(nasty.START.date() + DAY)
