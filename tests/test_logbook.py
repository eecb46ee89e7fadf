"""A line that was acknowledged is in the diary for good; one that was not leaves no trace."""

from __future__ import annotations

import csv
import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from steps import ERRORS, counted, failing, in_child, killing, short, watched

from loadmon.diary import add_entry, load_diary
from loadmon.errors import SettingError

HEAD = "date,when,pain,site,rpe,strength,break,note\n"
LINE = {"date": "2026-10-11", "when": "after", "pain": "2", "site": "back"}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def notes(path: Path) -> list[str]:
    return [row["note"] for row in rows(path)]


def test_a_first_line_makes_the_diary_and_its_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "diary.csv"
    assert add_entry(path, LINE) == ""
    assert path.read_text() == HEAD + "2026-10-11,after,2,back,,,,\n"
    assert load_diary(path)["pain"].tolist() == [2.0]


def test_lines_are_appended_and_nothing_else_changes(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(HEAD + "2026-10-01,,,,5,,,mine\n")
    before = path.read_bytes()
    add_entry(path, LINE)
    assert path.read_bytes().startswith(before)
    assert len(load_diary(path)) == 2


def test_commas_quotes_and_line_ends_in_a_note_stay_one_line(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    add_entry(
        path, {"date": "2026-10-11", "note": 'he said "no",\nthen yes\r\n', "strength": "a,b"}
    )
    assert path.read_text().count("\n") == 2
    assert rows(path)[0]["note"] == 'he said "no", then yes'
    assert load_diary(path)["strength"].tolist() == ["a,b"]


@pytest.mark.parametrize("text", ["pain,date\n1,2026-10-01\n", "date,pain\r\n2026-10-01,1\r\n"])
def test_the_columns_that_are_there_keep_their_order(tmp_path: Path, text: str) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(text, newline="")
    add_entry(path, {"date": "2026-10-11", "pain": "2"})
    assert load_diary(path)["pain"].tolist() == [1.0, 2.0]
    assert path.read_text().splitlines()[0] == text.splitlines()[0]


def test_a_column_that_the_diary_lacks_is_added_and_told(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("\ufeffdate,pain\n2026-10-01,1\n", encoding="utf-8")
    path.chmod(0o640)
    assert "rpe" in add_entry(path, {"date": "2026-10-11", "rpe": "6"})
    diary = load_diary(path)
    assert diary["pain"].fillna(-1).tolist() == [1.0, -1.0]
    assert diary["rpe"].fillna(-1).tolist() == [-1.0, 6.0]
    assert path.stat().st_mode & 0o777 == 0o640
    assert sorted(p.name for p in tmp_path.iterdir()) == ["diary.csv"]


def test_a_last_line_without_an_end_is_given_one(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(HEAD + "2026-10-01,,,,5,,,mine")
    assert add_entry(path, LINE) == ""
    assert len(load_diary(path)) == 2


@pytest.mark.parametrize("torn", ["2026-1", "2026-10-05,,2,ba", '2026-10-05,,2,back,,,,"a no'])
def test_a_last_line_that_was_cut_off_is_taken_out_and_told(tmp_path: Path, torn: str) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(HEAD + "2026-10-01,,,,5,,,mine\n" + torn)
    assert repr(torn) in add_entry(path, LINE)
    assert load_diary(path)["date"].dt.day.tolist() == [1, 11]


@pytest.mark.parametrize("size", range(1, len(HEAD)))
def test_a_first_line_that_was_cut_off_is_begun_again(tmp_path: Path, size: int) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(HEAD[:size])
    add_entry(path, LINE)
    assert len(load_diary(path)) == 1


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"date": "11.10.2026"}, "2026-10-11"),
        ({"date": "2026-10-11", "pain": "11"}, "0 to 10"),
        ({"date": "2026-10-11", "pain": "-1"}, "0 to 10"),
        ({"date": "2026-10-11", "rpe": "hard"}, "0 to 10"),
        ({"date": "2026-10-11", "when": "yesterday"}, "next-morning"),
        ({}, "is not a day"),
    ],
)
def test_what_is_not_understood_is_refused_and_nothing_is_written(
    tmp_path: Path, cells: dict[str, str], told: str
) -> None:
    with pytest.raises(SettingError, match=told):
        add_entry(tmp_path / "diary.csv", cells)
    assert not (tmp_path / "diary.csv").exists()


@pytest.mark.parametrize(
    "text",
    ["hello\nworld\n", HEAD + "yesterday,,,,,,,\n", "date;pain\n2026-10-01;1\n", HEAD + "1\n"],
)
def test_a_diary_that_is_not_understood_is_named_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "diary.csv"
    path.write_text(text)
    with pytest.raises(SettingError, match=r"diary\.csv, line"):
        add_entry(path, LINE)
    assert path.read_text() == text


def test_a_wrong_line_does_not_cost_the_last_one(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    text = HEAD + "yesterday,,,,,,,\n2026-10-01,,,,,,,mine"  # as some editors leave the end
    path.write_text(text)
    with pytest.raises(SettingError, match=r"diary\.csv, line 2"):
        add_entry(path, LINE)
    assert path.read_text() == text


def test_a_diary_in_another_encoding_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    data = (HEAD + "2026-10-01,,,,,,,mÿ\n").encode("latin-1")
    path.write_bytes(data)
    with pytest.raises(SettingError, match="UTF-8"):
        add_entry(path, LINE)
    assert path.read_bytes() == data


def test_what_is_no_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "diary.csv").mkdir()
    with pytest.raises(SettingError, match="nothing was logged"):
        add_entry(tmp_path / "diary.csv", LINE)


# --- two at once --------------------------------------------------------------------------------


def test_many_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"

    def write(writer: int) -> None:
        for n in range(10):
            add_entry(path, {"date": "2026-10-11", "note": f"{writer}-{n}"})

    children = []
    for writer in range(6):
        child = os.fork()
        if child == 0:
            try:
                write(writer)
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert sorted(notes(path)) == sorted(f"{w}-{n}" for w in range(6) for n in range(10))


def test_a_writer_that_adds_a_column_and_those_that_wait_for_it_lose_nothing(
    tmp_path: Path,
) -> None:
    path = tmp_path / "diary.csv"
    path.write_text("date,note\n2026-10-01,first\n")
    cells = [{"date": "2026-10-11", "note": f"{n}", "rpe": "5" * (n % 2)} for n in range(20)]
    threads = [threading.Thread(target=add_entry, args=(path, c)) for c in cells]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(notes(path)) == sorted(["first", *(f"{n}" for n in range(20))])


def test_a_lock_that_is_never_given_back_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    monkeypatch.setattr("loadmon.diary._LOCK_TIMEOUT_S", 0.1)
    path = tmp_path / "diary.csv"
    path.write_text(HEAD)
    with path.open() as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        with pytest.raises(SettingError, match="another loadmon is writing"):
            add_entry(path, LINE)
    assert path.read_text() == HEAD


# --- killed, and out of room --------------------------------------------------------------------

STARTS = {
    "no diary": None,
    "a diary": HEAD + "2026-10-01,,,,5,,,mine\n",
    "a torn diary": HEAD + "2026-10-01,,,,5,,,mine\n2026-1",
    "a diary without the column": "date,rpe\n2026-10-01,5\n",
}


def put(path: Path, start: str) -> None:
    path.unlink(missing_ok=True)
    text = STARTS[start]
    if text is not None:
        path.write_text(text)


def lines_before(start: str) -> int:
    return 0 if STARTS[start] is None else 1


def operations(path: Path, start: str) -> int:
    put(path, start)
    return counted(lambda: add_entry(path, LINE))


@pytest.mark.parametrize("start", STARTS)
def test_killed_at_any_operation_no_acknowledged_line_is_lost(tmp_path: Path, start: str) -> None:
    path = tmp_path / "diary.csv"
    total = operations(path, start)
    assert total > 8
    for at in range(1, total + 2):
        put(path, start)

        def work(acknowledge, at: int = at) -> None:  # type: ignore[no-untyped-def]
            with watched(killing(at)):
                add_entry(path, LINE)
            acknowledge(b"!")

        told = in_child(work)
        assert (told == b"!") == (at > total)
        add_entry(path, {"date": "2026-10-12", "pain": "1"})  # it goes on after the kill
        days = load_diary(path)["date"].dt.day.tolist()
        assert len(days) in (lines_before(start) + 1, lines_before(start) + 2)
        assert not told or 11 in days


@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("name", ERRORS)
def test_an_error_at_any_operation_is_told_and_leaves_the_diary_sound(
    tmp_path: Path, start: str, name: str
) -> None:
    path = tmp_path / "diary.csv"
    for at in range(1, operations(path, start) + 1):
        put(path, start)
        told = False
        try:
            with watched(failing(at, ERRORS[name])):
                add_entry(path, LINE)
        except SettingError as error:
            told = "diary.csv" in str(error)
            assert told
        if not path.exists() or not path.read_text():
            assert told
            continue
        days = load_sound(path)
        assert days[: lines_before(start)] == [1][: lines_before(start)]
        assert told or days[-1] == 11


def load_sound(path: Path) -> list[int]:
    """Days of a diary; a torn last line that was there before counts for nothing."""
    text = path.read_text()
    whole = text[: text.rfind("\n") + 1]
    path.with_name("sound.csv").write_text(whole)
    return [day.day for day in load_diary(path.with_name("sound.csv"))["date"]]


@pytest.mark.parametrize("start", STARTS)
def test_short_reads_and_writes_are_gone_on_with(tmp_path: Path, start: str) -> None:
    path = tmp_path / "diary.csv"
    for at in range(1, operations(path, start) + 1):
        put(path, start)
        with watched(short(at, 0.3)):
            add_entry(path, LINE)
        assert load_diary(path)["date"].dt.day.tolist()[-1] == 11


def test_on_a_disk_that_fills_up_half_a_line_is_taken_back(tmp_path: Path) -> None:
    path = tmp_path / "diary.csv"
    put(path, "a diary")
    writes = []

    def full(_number: int, name: str) -> float | None:
        if name != "write":
            return None
        writes.append(name)
        if len(writes) > 1:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return 0.5

    with watched(full), pytest.raises(SettingError, match=r"No space left.*nothing was logged"):
        add_entry(path, LINE)
    assert path.read_text() == STARTS["a diary"]


def test_beyond_the_size_a_process_may_write_nothing_half_stays(tmp_path: Path) -> None:
    code = (
        "import resource, signal, sys\n"
        "from loadmon.diary import add_entry\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]),) * 2)\n"
        "add_entry(sys.argv[1], {'date': '2026-10-11', 'note': 'x' * 50})\n"
    )
    path = tmp_path / "diary.csv"
    for limit in (10, 60, 90, 140):
        path.write_text(HEAD)
        done = subprocess.run(
            [sys.executable, "-c", code, str(path), str(limit)], capture_output=True, text=True
        )
        written = limit >= len(HEAD) + 69
        assert (done.returncode == 0) == written
        assert len(load_diary(path)) == written
        assert written or "nothing was logged" in done.stderr
