"""The questions on a terminal, and the options of `loadmon ramp`, as a newcomer meets them."""

from __future__ import annotations

import io
import shutil
import sys
from pathlib import Path

import pytest

from loadmon.cli.main import main
from loadmon.ramp.screening import EMERGENCY_TEXT, RED_FLAGS, URGENT_TEXT, Question, questions_for

pytestmark = pytest.mark.usefixtures("quick_commands")

SAMPLE = str(Path(__file__).parent.parent / "data" / "sample_export.zip")
ON = ["--resume", "2026-11-16", "--as-of", "2026-11-15", "--rested"]
RAMP = ["ramp", SAMPLE, *ON, "--target-km", "15"]
ASKED = len(questions_for("back-pain"))


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A cache for all of these tests: the sample is read once."""
    return str(tmp_path_factory.mktemp("cache"))


@pytest.fixture(autouse=True)
def _read_once(once: str, monkeypatch: pytest.MonkeyPatch, _cache_of_the_test: None) -> None:
    monkeypatch.setenv("LOADMON_CACHE", once)


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def answered(monkeypatch: pytest.MonkeyPatch, *answers: str) -> Terminal:
    """A person at the keyboard; returns what the screen shows on stderr."""
    monkeypatch.setattr(sys, "stdin", Terminal("".join(f"{a}\n" for a in answers)))
    shown = Terminal()
    monkeypatch.setattr(sys, "stderr", shown)
    return shown


def test_every_question_is_asked_before_the_plan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, *["n"] * 10, "0", "2", "1")
    assert main([*RAMP, "--reason", "back-pain"]) == 0
    for question in questions_for("back-pain").values():
        assert question in shown.getvalue()
    assert "Pain 2/10 while running or walking, worse than before by the next morning" in " ".join(
        capsys.readouterr().out.split()
    )


def test_an_answer_that_is_none_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, "maybe", *["no"] * 10, "eleven", "11", "0", "1", "0", "", "knee")
    assert main([*RAMP, "--reason", "injury"]) == 0
    assert shown.getvalue().count(questions_for("injury")["saddle_numbness"]) == 2
    assert shown.getvalue().count(questions_for("injury")["pain_before"]) == 3
    assert shown.getvalue().count(questions_for("injury")["site"]) == 2
    assert "STOP" in capsys.readouterr().out


def test_one_yes_gives_the_fixed_text_and_no_plan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answered(monkeypatch, "n", "y", *["n"] * 8, "0", "0", "0")
    assert main([*RAMP, "--reason", "back-pain"]) == 0
    assert capsys.readouterr().out.split() == EMERGENCY_TEXT.split()


@pytest.mark.parametrize("flag", RED_FLAGS, ids=lambda q: q.key)
@pytest.mark.parametrize("form", ["table", "json"])
def test_each_red_flag_gives_its_text_first_and_no_plan_score_chart_or_file(
    flag: Question, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--screened", flag.key, "--format", form, "--reason", "back-pain"]
    files = ["--ics", str(tmp_path / "plan.ics"), "--fit", str(tmp_path / "fit")]
    assert main([*RAMP, *options, *files]) == 0
    out, err = capsys.readouterr()
    fixed = {"emergency": EMERGENCY_TEXT, "urgent": URGENT_TEXT}[flag.urgency]
    told, rest = (out, err) if form == "table" else (err, out)
    assert told.split() == fixed.split()
    assert rest.strip() == ("" if form == "table" else "[]")
    assert list(tmp_path.iterdir()) == []


def test_questions_left_unanswered_mean_no_plan(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, "n", "n")
    assert main([*RAMP, "--reason", "back-pain"]) == 2
    assert "were not answered: no plan" in shown.getvalue()
    assert capsys.readouterr().out == ""


def test_a_place_that_may_be_bone_asks_for_the_clinician_next(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, *["n"] * 10, "0", "0", "0", "navicular", "n")
    assert main([*RAMP, "--reason", "injury"]) == 0
    assert "Has a clinician who examined you agreed" in shown.getvalue()
    assert "There is no plan." in " ".join(capsys.readouterr().out.split())
    answered(monkeypatch, *["n"] * 10, "0", "1", "0", "navicular", "y")
    assert main([*RAMP, "--reason", "injury"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert said.startswith("Any pain at a bone that was injured, or that may be, ends the running")


def test_after_an_illness_its_four_questions_are_asked(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = answered(monkeypatch, *["n"] * 4)
    assert main([*RAMP, "--reason", "illness"]) == 0
    for question in questions_for("illness").values():
        assert question in shown.getvalue()
    said = " ".join(capsys.readouterr().out.split())
    assert "at most 75 % of your usual week in the first seven days" in said
    assert told(capsys, "--reason", "illness", "--screened", "fever")[1].startswith("See a doctor")


def test_a_day_that_is_past_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = told(capsys, "--as-of", "2026-11-17")
    assert (code, out) == (2, "")
    assert "resume 2026-11-16 is past, the plan is made on 2026-11-17" in err


def test_pain_in_the_diary_asks_and_says_that_it_was_the_diary(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "diary.csv").write_text("date,when,pain,site\n2026-11-14,,4,knee\n")
    export = shutil.copy(SAMPLE, tmp_path)
    code, _, err = told(capsys, archive=export)
    assert code == 2
    assert "There is pain in your diary. Some pains need a doctor before any run" in err
    answers = ["--screened", "none", "--pain", "1", "--site", "knee"]
    out = told(capsys, *answers, archive=export)[1]
    assert "Your diary has pain above 2 of 10 in the last 14 days" in out


def told(
    capsys: pytest.CaptureFixture[str], *args: str, archive: str = SAMPLE
) -> tuple[int, str, str]:
    code = main([archive if word == SAMPLE else word for word in RAMP] + [*args])
    out, err = capsys.readouterr()
    return code, " ".join(out.split()), err


def test_what_is_asked_and_how_to_answer_stands_in_few_words(
    capsys: pytest.CaptureFixture[str],
) -> None:
    err = told(capsys, "--reason", "injury")[2]
    assert err.startswith("loadmon: Some pains need a doctor before any run, so these questions")
    for option in ("--screened none", "--pain 2", "--site WORD"):
        assert option in err
    assert "--clinician-agreed" not in err  # asked once the place of the pain asks for it


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["--target-km", "far"], "'far' is not a distance; write 20 or 20.5"),
        (["--resume", "20.10.2026"], "'20.10.2026' is not a date; did you mean 2026-10-20?"),
        (["--reason", "knee"], "'knee': one of rest, illness, injury, back-pain, bone"),
    ],
)
def test_a_wrong_value_is_answered_in_one_line(
    wrong: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main([*RAMP, *wrong])
    assert stopped.value.code == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1


def test_pain_is_one_number_or_three(capsys: pytest.CaptureFixture[str]) -> None:
    back = ["--reason", "back-pain", "--screened", "none", "--pain"]
    assert "Pain 2/10 while running or walking, settled" in told(capsys, *back, "2")[1]
    assert "Pain 3/10 while running or walking, worse" in told(capsys, *back, "1,3,2")[1]
    assert "Pain above 5 of 10" in told(capsys, *back, "0,2,6")[1]
    for wrong in ("1,2", "a", "11", "1,2,3,4"):
        assert told(capsys, *back, wrong)[0] == 2


def test_walking_that_hurts_gives_walks_and_no_runs(capsys: pytest.CaptureFixture[str]) -> None:
    back = ["--reason", "back-pain", "--screened", "walking_hurts", "--pain", "1"]
    code, out, _ = told(capsys, *back)
    assert code == 0
    assert out.startswith("Walk first: no running until you can walk for 30 minutes without pain.")


def test_a_clinician_and_a_site_are_options(capsys: pytest.CaptureFixture[str]) -> None:
    shin = ["--reason", "injury", "--screened", "none", "--pain", "0", "--site", "shin"]
    asked = told(capsys, *shin)[2]
    assert "Has a clinician who examined you agreed" in asked
    assert "--clinician-agreed if so (without it there is no plan)" in asked
    assert "--pain" not in asked  # what is answered is not asked for again
    # the sample's own days are Tuesday, Thursday and Sunday
    assert "Return to running on Tue 17 Nov 2026" in told(capsys, *shin, "--clinician-agreed")[1]
    hurts = [*shin[:-3], "1", *shin[-2:], "--clinician-agreed"]
    assert told(capsys, *hurts)[1].startswith("Any pain at a bone")


def test_limits_of_a_file_are_printed_and_a_wrong_one_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "limits.toml"
    path.write_text('author = "A. Example, physio"\n[[cap]]\nrun_km = 2.5\n')
    out = told(capsys, "--limits", str(path))[1]
    assert "Cap (A. Example, physio): a run at most 2.5 km." in out
    path.write_text('author = "A"\n[[cap]]\nrun_kms = 2.5\n')
    code, _, err = told(capsys, "--limits", str(path))
    assert code == 2
    assert "did you mean run_km?" in err


def test_a_programme_every_week_and_miles(capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["ramp", SAMPLE, *ON, "--programme", "couch-to-5k"]
    assert main([*asked, "--all", "--units", "mi"]) == 0
    out = " ".join(capsys.readouterr().out.split())
    assert "NHS Couch to 5K" in out
    assert "week 3: walk 5 min, run 1:30 min, walk 1:30 min, run 3 min, walk 3 min" in out
    assert " km" not in out
    assert main([*asked[:-1], "5k"]) == 2
    assert "there are delaware" in capsys.readouterr().err
    assert told(capsys, "--easy-pace", "1:00")[0] == 2
