"""Every input under the given paths comes out exactly once, readable or not."""

from __future__ import annotations

import gzip
import io
import os
import stat
import struct
import threading
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import loadmon
from loadmon.errors import ReadError
from loadmon.io import sources as opening
from loadmon.io.sources import HEAD, Source, load, looks_recorded, sources
from loadmon.io.walk import walk

FIT = b"\x0e\x20\x00\x00\x00\x00\x00\x00.FIT not sound"
Members = dict[str, bytes]


def zipped(members: Members) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return out.getvalue()


def inputs(*paths: Path) -> list[Source]:
    """Every input under the paths, in order."""
    return [source for entry in walk(paths) for source in sources(entry)]


def found(*paths: Path) -> dict[str, Source]:
    """Sources by name; no name may come twice."""
    met = inputs(*paths)
    by_name = {s.name: s for s in met}
    assert len(by_name) == len(met)
    return by_name


def reason(source: Source) -> str:
    return source.problem.reason if source.problem else ""


def test_files_of_a_folder_come_in_order_of_their_names(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    for name in ("c.fit", "a.fit", "b/z.fit", "b/a.fit"):
        (tmp_path / name).write_bytes(FIT)
    names = [Path(s.name).relative_to(tmp_path).as_posix() for s in inputs(tmp_path)]
    assert names == ["a.fit", "b/a.fit", "b/z.fit", "c.fit"]


def test_a_path_that_is_not_there_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ReadError, match=r"none\.fit: there is no such file"):
        list(walk((tmp_path / "none.fit",)))


@pytest.mark.parametrize("times", [0, 1, 2, 3])
def test_gzip_is_taken_off_however_often(tmp_path: Path, times: int) -> None:
    data = FIT
    for _ in range(times):
        data = gzip.compress(data)
    path = tmp_path / "a.fit"
    path.write_bytes(data)
    assert found(path)[str(path)].data == FIT


def test_members_are_named_by_their_way(tmp_path: Path) -> None:
    inner = zipped({"x/run.fit": FIT, "y.fit.gz": gzip.compress(FIT)})
    path = tmp_path / "out.zip"
    path.write_bytes(zipped({"a/in.zip": inner, "b.fit": FIT, "folder/": b""}))
    assert {n.removeprefix(str(path)): s.data for n, s in found(path).items()} == {
        "!a/in.zip!x/run.fit": FIT,
        "!a/in.zip!y.fit.gz": FIT,
        "!b.fit": FIT,
    }


def nested(depth: int) -> bytes:
    data = FIT
    for level in range(depth):
        data = zipped({"run.fit" if level == 0 else "in.zip": data})
    return data


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_zips_in_zips_are_opened_to_depth_three(tmp_path: Path, depth: int) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(nested(depth))
    (source,) = found(path).values()
    assert (source.data, len(source.trail)) == (FIT, depth)
    assert load(source) == FIT


def test_a_deeper_zip_is_refused_and_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(nested(4))
    (source,) = found(path).values()
    assert reason(source) == "too-deep"
    assert source.problem is not None
    assert source.problem.outcome == "refused"
    assert source.data == b""


def test_a_zip_that_cannot_be_opened_has_a_row_of_its_own(tmp_path: Path) -> None:
    cut = zipped({"a.fit": FIT})[:-10]
    path = tmp_path / "a.zip"
    path.write_bytes(cut)
    assert {n: reason(s) for n, s in found(path).items()} == {str(path): "zip-truncated"}
    path.write_bytes(zipped({"in.zip": cut, "b.fit": FIT}))
    assert [reason(s) for s in found(path).values()] == ["zip-truncated", ""]


def test_a_password_hides_one_member_and_not_the_others(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.fit": FIT, "b.fit": FIT[::-1]}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path = tmp_path / "a.zip"
    path.write_bytes(bytes(data))
    assert [reason(s) for s in found(path).values()] == ["zip-password", ""]


def test_an_empty_zip_is_accounted_for_too(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({}))
    assert {name: reason(s) for name, s in found(path).items()} == {str(path): "empty"}


@pytest.mark.parametrize(
    "name", ["../a.fit", "x/../../a.fit", "/etc/a.fit", "C:/a.fit", "..\\a.fit"]
)
def test_a_name_that_leads_outside_is_read_flagged_and_never_written(
    tmp_path: Path, name: str
) -> None:
    path = tmp_path / "in" / "a.zip"
    path.parent.mkdir()
    path.write_bytes(zipped({name: FIT, "fine.fit": FIT}))
    first, second = inputs(path)
    assert (first.data, set(first.notes)) == (FIT, {"zip-name"})
    assert second.notes == {}
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


def test_a_link_in_a_zip_is_not_followed(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("a.fit")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(link, "/etc/passwd")
    assert [reason(s) for s in found(path).values()] == ["zip-symlink"]


def test_what_the_system_leaves_behind_is_skipped_as_such(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    members = {"__MACOSX/._a.fit": FIT, "x/.DS_Store": b"1", "Thumbs.db": b"1", "a.fit": FIT}
    path.write_bytes(zipped(members))
    assert [reason(s) for s in found(path).values()] == ["system-file"] * 3 + [""]
    folder = tmp_path / "folder"
    (folder / "__MACOSX").mkdir(parents=True)
    (folder / "__MACOSX" / "._a.fit").write_bytes(FIT)
    (folder / ".hidden").mkdir()
    (folder / "desktop.ini").write_bytes(b"1")
    assert [reason(s) for s in found(folder).values()] == ["system-file"] * 3


def test_links_in_a_folder_are_told_and_not_followed(tmp_path: Path) -> None:
    folder = tmp_path / "folder"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.fit").write_bytes(FIT)
    outside = tmp_path / "outside.fit"
    outside.write_bytes(FIT)
    for name, target in {
        "1": folder / "a.fit",
        "2": outside,
        "3": folder / "gone",
        "sub/4": folder,
        "5": folder / "5",
    }.items():
        (folder / name).symlink_to(target)
    sources = {Path(n).name: s for n, s in found(folder).items()}
    assert {n: reason(s) for n, s in sources.items()} == {
        "1": "symlink", "2": "symlink", "3": "symlink", "4": "symlink", "5": "symlink", "a.fit": ""
    }  # fmt: skip
    details = {n: s.problem.detail for n, s in sources.items() if s.problem}
    assert "out of this folder" in details["2"]
    assert "nowhere" in details["3"]
    assert "nowhere" in details["5"]
    for inside in ("1", "4"):
        assert "under its own name" in details[inside]


def test_a_link_that_is_named_itself_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.fit").write_bytes(FIT)
    (tmp_path / "b.fit").symlink_to(tmp_path / "a.fit")
    assert found(tmp_path / "b.fit")[str(tmp_path / "b.fit")].data == FIT


def test_a_pipe_is_no_file_and_nobody_waits_for_it(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.fit")
    done: list[dict[str, Source]] = []
    thread = threading.Thread(target=lambda: done.append(found(tmp_path)), daemon=True)
    thread.start()
    thread.join(5)
    assert [reason(s) for s in done[0].values()] == ["not-a-file"]


def test_what_cannot_be_opened_is_told_and_hides_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.fit", "b.fit"):
        (tmp_path / name).write_bytes(FIT)
    (tmp_path / "sub").mkdir()
    opened, listed = Path.open, os.scandir

    def refuse_file(path: Path, *args: object, **named: object) -> object:
        if path.name == "a.fit":
            raise PermissionError(13, "Permission denied")
        return opened(path, *args, **named)  # type: ignore[call-overload]

    def refuse_folder(path: Path) -> object:
        if Path(path).name == "sub":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(Path, "open", refuse_file)
    monkeypatch.setattr(os, "scandir", refuse_folder)
    sources = found(tmp_path)
    assert [reason(s) for s in sources.values()] == ["not-readable", "", "not-readable"]
    problem = sources[str(tmp_path / "a.fit")].problem
    assert problem is not None
    assert (problem.outcome, "Permission denied" in problem.detail) == ("quarantined", True)


def test_a_file_that_changes_while_it_is_read_is_quarantined(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.fit"
    path.write_bytes(FIT)

    def while_written(stream: io.BufferedReader) -> bytes:
        data = stream.read()
        with path.open("ab") as more:
            more.write(b"more")
        return data

    monkeypatch.setattr(opening, "bounded", while_written)
    assert [reason(s) for s in found(path).values()] == ["changed-while-reading"]


def test_of_what_is_no_recording_only_the_head_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"\0\0\0\x18ftyp" + bytes(100_000))
    monkeypatch.setattr(opening, "bounded", lambda *_: pytest.fail("read as a whole"))
    (film,) = found(path).values()
    assert (film.data, reason(film)) == (b"", "not-activity")
    path.write_bytes(b"say <gpx> " + bytes(100_000))  # what it is its reader has to say
    assert [len(s.data) for s in found(path).values()] == [HEAD]


def test_members_that_are_not_opened_or_not_wanted_are_each_an_input_with_its_reason(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film, member = b"\0\0\0\x18ftyp" + bytes(100_000), opening.zip_member
    opened: list[str] = []

    def noted(archive: zipfile.ZipFile, one: zipfile.ZipInfo) -> bytes:
        opened.append(one.filename)
        return member(archive, one)

    monkeypatch.setattr(opening, "zip_member", noted)
    path = tmp_path / "a.zip"
    never, looked_at = "Takeout/Drive/a.mp4", "Takeout/Chrome/History.json"
    path.write_bytes(zipped({never: film, looked_at: film, "a.fit": FIT}))
    sources = found(path)
    assert opened == [looked_at, "a.fit"]
    assert [(reason(s), s.data) for s in sources.values()] == [
        *[("not-activity", b"")] * 2,
        ("", FIT),
    ]
    details = [s.problem.detail for s in sources.values() if s.problem]
    assert details[0] != details[1]


def test_the_recordings_that_a_directory_names_are_expected_before_they_come(
    tmp_path: Path,
) -> None:
    inner = zipped({"b.gpx": bytes(1000), "c.txt": bytes(5000)})
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.fit": FIT, "d.json": bytes(9000), "in.zip": inner}))
    told: list[int] = []
    (entry,) = walk((path,))
    before = [sum(told) for _ in opening.sources(entry, told.append)]
    assert told == [len(FIT), 1000]
    assert before == [len(FIT), len(FIT), *[len(FIT) + 1000] * 2]


@pytest.mark.parametrize(
    "head",
    [
        FIT,
        b"<gpx>",
        b"\xef\xbb\xbf <x",
        b" \n\t<?xml",
        b"\xff\xfe<",
        gzip.compress(b"1", mtime=0),
        zipped({}),
    ],
)
def test_recordings_without_an_ending_are_looked_into(tmp_path: Path, head: bytes) -> None:
    assert looks_recorded(head)


def test_what_does_not_look_like_one_is_not() -> None:
    for head in (b"", b"\x89PNG", b"hello <gpx>", b"%PDF"):
        assert not looks_recorded(head)


def test_too_many_members_and_too_many_bytes_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({f"{i}.fit": FIT for i in range(5)}))
    monkeypatch.setattr(opening, "_MAX_MEMBERS", 3)
    (whole,) = found(path).values()  # one row for all of them: none is read, and none is lost
    assert reason(whole) == "too-large"
    assert whole.problem
    assert "holds 5 members" in whole.problem.detail
    monkeypatch.setattr(opening, "_MAX_MEMBERS", 5)
    assert [reason(s) for s in found(path).values()] == [""] * 5
    monkeypatch.setattr(opening, "_MAX_ARCHIVE", 2 * len(FIT))
    assert [reason(s) for s in found(path).values()] == ["", "", "", "too-large", "too-large"]


def directory_of(count: int, told: int, *, wide: bool) -> bytes:
    """A zip of empty members whose end tells so many, in the wide form or the narrow one."""
    names = [b"%07d.fit" % i for i in range(count)]
    members, entries, at = [], [], 0
    for name in names:
        head = struct.pack("<4sHHHHHIIIHH", b"PK\x03\x04", 20, *[0] * 7, len(name), 0) + name
        entry = struct.pack("<4s6H3I5H2I", b"PK\x01\x02", 20, 20, *[0] * 7, len(name), *[0] * 5, at)
        members.append(head)
        entries.append(entry + name)
        at += len(head)
    listed = b"".join(entries)
    end = (told, told, len(listed), at)
    more = b""
    if wide:
        more = struct.pack("<4sQ2H2I4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, *end)
        more += struct.pack("<4sIQI", b"PK\x06\x07", 0, at + len(listed), 1)
        end = (0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF)
    last = struct.pack("<4s4H2IH", b"PK\x05\x06", 0, 0, *end, 0)
    return b"".join(members) + listed + more + last


@pytest.mark.parametrize(("told", "wide"), [(300_000, True), (5, True), (5, False)])
def test_a_zip_of_very_many_members_is_refused_whole_before_its_directory_is_taken_apart(
    told: int, wide: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(directory_of(300_000, told, wide=wide))
    monkeypatch.setattr(zipfile, "ZipFile", lambda *_: pytest.fail("the directory was parsed"))
    (whole,) = found(path).values()
    assert whole.problem
    assert (whole.problem.outcome, whole.problem.reason) == ("refused", "too-large")
    assert "holds 300,000 members" in whole.problem.detail
    assert "200,000" in whole.problem.detail


@pytest.mark.parametrize("wide", [True, False])
def test_a_zip_of_few_members_is_opened_in_either_form(wide: bool, tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(directory_of(5, 5, wide=wide))
    assert len(found(path)) == 5


def test_a_plain_file_that_is_too_large_is_not_told_that_it_was_packed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.gpx"
    path.write_bytes(b"<gpx>" + b" " * (3 << 20))
    monkeypatch.setattr(opening, "MAX_MEMBER", 1 << 20)
    (source,) = found(path).values()
    assert source.problem
    assert source.problem.reason == "too-large"
    assert source.problem.detail == "larger than 1 MiB: no recording is; export it in parts"


def test_the_bytes_of_inner_zips_count_for_the_outer_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zipped({"a.fit": FIT * 20, "b.fit": FIT * 20})
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"1.zip": inner, "2.zip": inner}))
    monkeypatch.setattr(opening, "_MAX_ARCHIVE", len(inner) + 30 * len(FIT))
    reasons = [reason(s) for s in found(path).values()]
    assert reasons[:2] == ["", ""]
    assert reasons[2:] == ["too-large"]


def test_a_file_gone_since_is_a_read_error(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(zipped({"a.fit": FIT, "b.fit": FIT}))
    _, second = inputs(path)
    path.write_bytes(zipped({"a.fit": FIT}))
    with pytest.raises(ReadError, match="has changed"):
        load(second)
    path.unlink()
    with pytest.raises(ReadError, match="cannot be opened again"):
        load(second)


@pytest.mark.parametrize("empty", ["", " ", "\t"])
@pytest.mark.parametrize(
    "call",
    [
        lambda path: loadmon.read(path),
        lambda path: loadmon.read("a.zip", path),
        lambda path: loadmon.read(".", cache=path),
        lambda path: loadmon.cohort(path),
        lambda path: loadmon.cohort([".", path]),
        lambda path: loadmon.load_athlete(path),
        lambda path: loadmon.load_limits(path),
        lambda path: loadmon.write_panel(pd.DataFrame(), path),
    ],
)
def test_an_empty_path_is_an_error_and_not_the_folder_one_stands_in(
    call: Callable[[str], object], empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a.zip", "athlete.toml"):
        (tmp_path / name).write_bytes(b"")
    with pytest.raises(loadmon.LoadmonError, match="an empty path"):
        call(empty)
    assert {path.name for path in tmp_path.iterdir()} == {"a.zip", "athlete.toml"}
