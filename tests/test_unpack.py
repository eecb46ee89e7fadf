"""Packed bytes to plain bytes, and never more of them than a limit."""

from __future__ import annotations

import datetime as dt
import errno
import gzip
import io
import re
import zipfile

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from writers import run_fit

from loadmon.errors import FileProblem
from loadmon.io import sources as unpack
from loadmon.io.exports import cells
from loadmon.io.exports.platforms import skimmer_of
from loadmon.io.parse import parse_input
from loadmon.io.sources import (
    bounded,
    gunzip,
    is_gzip,
    is_zip,
    open_zip,
    unlisted_members,
    zip_member,
)

START = dt.datetime(2026, 3, 2, 7, 30, tzinfo=dt.UTC)
TEXT = b"a recording of a watch " * 50


def zipped(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def first_member(data: bytes) -> bytes:
    with open_zip(io.BytesIO(data)) as archive:
        return zip_member(archive, archive.infolist()[0])


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_gzip_of_one_or_several_members_is_unpacked(a: bytes, b: bytes) -> None:
    assume(not any(skimmer_of(data) for data in (a, b, a + b)))
    assert gunzip(gzip.compress(a)) == a
    assert gunzip(gzip.compress(a) + gzip.compress(b)) == a + b


def test_magic_bytes_tell_the_packing() -> None:
    assert is_gzip(gzip.compress(b""))
    assert is_zip(zipped(a=b"1"))
    assert is_zip(zipped())
    for plain in (b"", b"P", b"PK", b"PK\x01\x02", b"\x1f", b"\x0e\x20.FIT"):
        assert not is_gzip(plain)
        assert not is_zip(plain)


@pytest.mark.parametrize("cut", [1, 4, 8, 20])
def test_a_cut_gzip_says_where_it_ends(cut: int) -> None:
    packed = gzip.compress(TEXT)[:-cut]
    with pytest.raises(FileProblem, match=f"byte {len(packed)}") as caught:
        gunzip(packed)
    assert (caught.value.outcome, caught.value.reason) == ("quarantined", "gz-truncated")


def test_a_damaged_gzip_is_not_a_cut_one() -> None:
    packed = bytearray(gzip.compress(TEXT))
    packed[-6] ^= 0xFF
    with pytest.raises(FileProblem) as caught:
        gunzip(bytes(packed))
    assert (caught.value.outcome, caught.value.reason) == ("quarantined", "gz-crc")


@given(st.binary(max_size=80))
def test_rubbish_behind_the_magic_of_gzip_is_a_problem(rest: bytes) -> None:
    with pytest.raises(FileProblem):
        gunzip(b"\x1f\x8b" + rest)


def test_the_limit_is_on_what_comes_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpack, "MAX_MEMBER", 1000)
    assert bounded(io.BytesIO(bytes(1000)), 1000) == bytes(1000)
    with pytest.raises(FileProblem) as caught:
        bounded(io.BytesIO(bytes(1001)), 1001)
    assert (caught.value.outcome, caught.value.reason) == ("refused", "too-large")


def test_a_bomb_is_stopped_by_its_ratio(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "BOMB_SIZE", 10_000)
    assert len(bounded(io.BytesIO(bytes(10_000)), 1)) == 10_000
    assert len(bounded(io.BytesIO(bytes(20_000)), 100)) == 20_000
    with pytest.raises(FileProblem, match="from 99 bytes"):
        bounded(io.BytesIO(bytes(20_000)), 99)


class Endless(io.RawIOBase):
    """Yields zeros for ever, and counts how many were taken."""

    taken = 0

    def read(self, size: int = -1) -> bytes:
        self.taken += size
        return bytes(size)


def test_an_endless_stream_is_left_soon_after_the_limit() -> None:
    stream = Endless()
    with pytest.raises(FileProblem):
        bounded(stream, 1000)
    assert stream.taken <= (16 << 20) + (2 << 20)
    stream = Endless()
    with pytest.raises(FileProblem):
        bounded(stream, 1 << 30)
    assert stream.taken <= (64 << 20) + (2 << 20)


def test_a_gzip_bomb_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cells, "BOMB_SIZE", 50_000)
    with pytest.raises(FileProblem) as caught:
        gunzip(gzip.compress(bytes(2_000_000)))
    assert caught.value.reason == "too-large"


def test_a_member_is_read_and_a_damaged_one_is_a_problem() -> None:
    data = zipped(**{"a.gpx": TEXT})
    assert first_member(data) == TEXT
    damaged = bytearray(data)
    damaged[40] ^= 0xFF
    with pytest.raises(FileProblem) as caught:
        first_member(bytes(damaged))
    assert (caught.value.outcome, caught.value.reason) == ("quarantined", "zip-member")


def test_a_member_that_nothing_tells_to_be_a_recording_is_told_so_by_its_beginning() -> None:
    with pytest.raises(FileProblem, match="no recording") as caught:
        first_member(zipped(a=TEXT))
    assert (caught.value.outcome, caught.value.reason) == ("skipped", "not-activity")
    with pytest.raises(FileProblem, match="unpack it first"):
        first_member(zipped(a=b"7z\xbc\xaf\x27\x1c"))
    with pytest.raises(FileProblem, match="is empty"):
        first_member(zipped(a=b""))


@pytest.mark.parametrize("name", ["a.fit", "a.gpx", "a.zip", "a.json"])
def test_a_problem_holds_on_to_nothing_of_its_file(name: str) -> None:
    """The frames behind an error hold the bytes that they were given, as long as it lives."""
    data = {
        "a.fit": run_fit(START, offset_min=60, distance_km=2.0, duration_min=12)[:-40],
        "a.gpx": b"<gpx><trk>",
        "a.zip": b"no zip",
        "a.json": b'[{"startTime": 1, "sport": 2',
    }[name]
    contents = parse_input(name, data)
    problems = [part for part in contents.parts if isinstance(part, FileProblem)]
    assert problems
    assert {(p.__traceback__, p.__context__, p.__cause__) for p in problems} == {(None,) * 3}


def test_a_member_with_a_password_is_told_so() -> None:
    data = bytearray(zipped(a=TEXT))
    data[6] |= 1  # general purpose bit 0 of the local header,
    data[data.index(b"PK\x01\x02") + 8] |= 1  # and of the central directory
    with pytest.raises(FileProblem, match="password") as caught:
        first_member(bytes(data))
    assert (caught.value.outcome, caught.value.reason) == ("quarantined", "zip-password")


@pytest.mark.parametrize(
    ("method", "said"),
    [
        (9, "packed by Deflate64, .* unpack the zip with 7-Zip, and name the folder"),
        (98, "packed by PPMd, .* unpack the zip with 7-Zip"),
        (97, "packed by WavPack, .* unpack the zip with the program that packed it"),
        (77, "packed by method 77, .* unpack the zip with the program that packed it"),
    ],
)
def test_a_packing_that_python_does_not_know_is_a_problem(method: int, said: str) -> None:
    data = bytearray(zipped(a=TEXT))
    data[8] = method
    data[data.index(b"PK\x01\x02") + 10] = method
    with pytest.raises(FileProblem, match=said) as caught:
        first_member(bytes(data))
    assert caught.value.reason == "unpack-first"


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x03\x04" + bytes(500), zipped(a=TEXT)[:-30]])
def test_a_zip_without_a_directory_cannot_be_opened(data: bytes) -> None:
    with pytest.raises(FileProblem) as caught:
        open_zip(io.BytesIO(data))
    assert (caught.value.outcome, caught.value.reason) == ("quarantined", "zip-truncated")


class FailingDisk(io.BytesIO):
    """A file whose every read from some moment on fails as a disk does."""

    failing: int = 0

    def read(self, size: int | None = -1) -> bytes:
        if self.failing:
            raise OSError(self.failing, "disk")
        return super().read(size)


@pytest.mark.parametrize("code", [errno.EIO, errno.EACCES])
def test_an_error_of_the_disk_is_no_damage_of_the_zip(code: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.fit", b"x" * 5000)
    disk = FailingDisk(out.getvalue())
    with zipfile.ZipFile(disk) as archive:
        disk.failing = code
        with pytest.raises(FileProblem) as member:
            zip_member(archive, archive.infolist()[0])
        with pytest.raises(FileProblem) as whole:
            open_zip(disk)
        disk.failing = 0
    assert {member.value.reason, whole.value.reason} == {"not-readable"}


@pytest.mark.parametrize("at", range(4))
def test_members_that_a_damaged_directory_hides_are_counted(at: int) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(4):
            archive.writestr(f"{n}.fit", b"x")
    data = bytearray(out.getvalue())
    entries = [m.start() for m in re.finditer(b"PK\x01\x02", data)]
    end = data.index(b"PK\x05\x06")
    rest = end - [*entries, end][at + 1]
    data[entries[at] + 32 : entries[at] + 34] = rest.to_bytes(2, "little")
    source = io.BytesIO(bytes(data))
    with open_zip(source) as archive:
        assert unlisted_members(source, archive) == 3 - at
        assert len(archive.infolist()) == at + 1
