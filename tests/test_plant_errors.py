"""The planted-error benchmark: what it plants, what counts as found, and its sums."""

import json
import random
from pathlib import Path

import pytest

from loading import ROOT, bundled, script
from nlp.pipeline import analyse_text
from nlp.reading import read_path

plant_errors = script("plant_errors")
NAME = "2021-spaces-town.txt"
SMALL = (
    "某县2019年政府信息公开工作年度报告\n"
    "全年公开政府信息1,204条，其中政策类904条，其他信息300条。\n"
    "同意公开12件，占60.0%。举办培训班三期，访问量１７.4万次。"
)


@pytest.fixture
def rng() -> random.Random:
    return random.Random(7)


def clean_of(text: str, name: str = "small") -> plant_errors.Clean:
    return plant_errors.Clean(name, analyse_text(text))


def planted(text: str, at: str, printed: str, instead: str) -> plant_errors.Plant:
    """`printed`, first after the words `at`, is to become `instead`."""
    start = text.index(printed, text.index(at))
    place = (start, start + len(printed), printed, instead)
    return plant_errors.Plant("small", "digit_changed", "other", True, *place, at)


# The errors themselves


@pytest.mark.parametrize(
    ("printed", "possible"),
    [
        ("163", {"613", "136"}),
        ("100", set()),  # 010 is no number
        ("1,204", {"2,104", "1,024", "1,240"}),
        ("三十二", {"二十三"}),
        ("１２件", {"２１件"}),
        ("7", set()),
    ],
)
def test_swapped(printed: str, possible: set[str], rng: random.Random) -> None:
    made = {plant_errors.swapped(printed, rng, True) for _ in range(40)}
    assert made - {None} == possible


@pytest.mark.parametrize("printed", ["163", "1,204", "9", "0", "17.4万", "三十二", "１２"])
def test_changed_keeps_the_style(printed: str, rng: random.Random) -> None:
    for _ in range(40):
        made = plant_errors.changed(printed, rng, True)
        assert sum(a != b for a, b in zip(printed, made, strict=True)) == 1
        assert made[0] not in "0０零"


@pytest.mark.parametrize("printed", ["163", "5,204", "５，２０４", "17.4万"])
def test_stale_is_5_to_30_percent_off(printed: str, rng: random.Random) -> None:
    for _ in range(40):
        made = plant_errors.stale(printed, rng, True)
        ratio = plant_errors._plain(made) / plant_errors._plain(printed)
        assert 0.05 <= abs(ratio - 1) <= 0.3
        assert [mark for mark in made if mark in ",，.万"] == [m for m in printed if m in ",，.万"]
        assert (made[0] in "０１２３４５６７８９") == (printed[0] in "０１２３４５６７８９")


@pytest.mark.parametrize("printed", ["2", "0", "三十二"])
def test_what_has_no_stale_figure(printed: str, rng: random.Random) -> None:
    assert plant_errors.stale(printed, rng, True) is None


@pytest.mark.parametrize("printed", ["60.0", "100", "0.7", "99", "128.5"])
def test_moved_by_1_to_9_points(printed: str, rng: random.Random) -> None:
    for _ in range(40):
        made = plant_errors.moved(printed, rng, True)
        assert 0.95 <= abs(float(made) - float(printed)) <= 9.05
        assert ("." in made) == ("." in printed)
        assert 0 < float(made) <= max(100, float(printed) + 9.05)


@pytest.mark.parametrize(
    ("printed", "made"), [("163", "163万"), ("17.4万", "17.4"), ("三", "三万"), ("2亿", None), ("0", None)]
)  # fmt: skip
def test_slipped(printed: str, made: str | None, rng: random.Random) -> None:
    assert plant_errors.slipped(printed, rng, True) == made


# Where they go


def test_numbers_are_found_in_the_words_of_facts() -> None:
    result = analyse_text(SMALL)
    found = {
        result.document.text[start:end]
        for fact in result.facts
        for (start, end), _ in plant_errors.number_places(fact, result)
    }
    assert {"1,204", "904", "300", "12", "60.0", "三", "１７.4万"} <= found


@pytest.mark.parametrize("kind", plant_errors.KINDS)
def test_plants_replace_what_is_printed_there(kind: str) -> None:
    for text in (SMALL, bundled("2014-lines-county.txt").document.text):
        clean = clean_of(text)
        made = plant_errors.plants(clean, kind, 3, seed=1)
        assert made == plant_errors.plants(clean, kind, 3, seed=1)
        assert all(sum(plant.exact is side for plant in made) <= 3 for side in (True, False))
        for plant in made:
            spoilt = plant.into(text)
            assert text[plant.start : plant.end] == plant.printed != plant.planted
            assert spoilt[plant.start :].startswith(plant.planted)
            assert spoilt[: plant.start] + spoilt[plant.start + len(plant.planted) :] == (
                text[: plant.start] + text[plant.end :]
            )


def test_a_sum_is_planted_in_and_a_figure_without_a_table_is_not() -> None:
    clean = clean_of(SMALL)
    assert plant_errors.plants(clean, "digit_swapped", 5, seed=1) == []
    plant, *_ = plant_errors.plants(clean, "prose_sum", 5, seed=1)
    assert plant.printed in ("1,204", "904", "300")
    assert plant.exact


@pytest.mark.parametrize(("instead", "counts"), [("181", False), ("182", True)])
def test_new_and_carried_in_together_are_no_error(instead: str, counts: bool) -> None:
    """收到N件 may mean both, so that their sum contradicts nothing."""
    text = bundled("2021-tabs-county.txt").document.text.replace("申请136件", "申请163件")
    result = analyse_text(text)
    spots = list(plant_errors.checked_figures(result))
    (spot,) = [one for one in spots if text[one.start : one.end] == "163"]
    carried = next(
        c.value for c in result.cells if (c.metric, c.applicant) == ("request.carried_in", "total")
    )
    beyond = int(instead) - 181
    assert plant_errors._contradicts(result, spot, str(163 + carried + beyond)) is counts


# What counts as found


@pytest.fixture(scope="module")
def town() -> plant_errors.Clean:
    path = ROOT / "corpora" / "reports" / NAME
    return plant_errors.Clean(NAME, analyse_text(read_path(path).text), is_bundled=True)


def test_a_changed_figure_of_a_bundled_report_is_found(town: plant_errors.Clean) -> None:
    plant, *_ = plant_errors.plants(town, "digit_changed", 1, seed=1)
    outcome = plant_errors.outcome(plant, town)
    assert outcome.alarms[0] == f"check.{plant.metric}"
    # The figure is a part of a sum in its sentence too, which it breaks; nothing else may be accused.
    assert {*outcome.alarms[1:]} <= {"narrative.parts"}


def test_a_digit_swap_is_found_and_reported() -> None:
    clean = clean_of(bundled("2014-lines-county.txt").document.text)
    plant, *_ = plant_errors.plants(clean, "digit_swapped", 1, seed=1)
    assert plant.exact
    outcome = plant_errors.outcome(plant, clean)
    assert outcome.found
    assert f"check.{plant.metric}" in outcome.alarms
    assert sorted(plant.printed) == sorted(plant.planted)


def test_a_change_that_nothing_checks_is_not_found() -> None:
    clean = clean_of(SMALL)
    outcome = plant_errors.outcome(planted(SMALL, "举办培训班", "三", "五"), clean)
    assert not outcome.found
    assert outcome.seen.startswith("training.sessions=5")


def test_a_difference_elsewhere_or_known_before_does_not_count() -> None:
    spoilt = SMALL.replace("904", "909")
    clean = clean_of(spoilt)
    assert plant_errors.false_alarms(clean)
    assert not plant_errors.outcome(planted(spoilt, "举办", "三", "十五"), clean).found
    # a sum that is wrong already is no place for an error, nor is one more error in it news
    assert plant_errors.plants(clean, "prose_sum", 5, seed=1) == []
    assert not plant_errors.outcome(planted(spoilt, "政策类", "909", "1,909"), clean).found
    assert plant_errors.outcome(planted(SMALL, "政策类", "904", "1,904"), clean_of(SMALL)).found


# The sums, and what is printed


def made_outcome(kind: str, exact: bool, *alarms: str) -> plant_errors.Outcome:
    plant = plant_errors.Plant("r", kind, "m", exact, 0, 1, "1", "2", "共1件。")
    return plant_errors.Outcome(plant, alarms, "m=2")


def test_tally() -> None:
    outcomes = [
        made_outcome("share", True, "narrative.share"),
        made_outcome("share", True),
        made_outcome("share", False),
        made_outcome("growth", True, "narrative.growth"),
    ]
    counts = plant_errors.tally(outcomes)
    assert counts["share"]["exact"] == {"planted": 2, "found": 1, "recall": 0.5}
    assert counts["share"]["rounded"] == {"planted": 1, "found": 0, "recall": 0}
    assert counts["growth"]["exact"]["recall"] == 1
    assert counts["unit_slip"]["exact"] == {"planted": 0, "found": 0, "recall": None}


@pytest.mark.parametrize(("is_found", "status"), [(True, 0), (False, 1)])
def test_exit_status_and_report(
    is_found: bool,
    status: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "small.txt").write_text(SMALL, "utf-8")
    alarms = ("narrative.parts",) if is_found else ()
    monkeypatch.setattr(
        plant_errors, "outcome", lambda plant, clean: plant_errors.Outcome(plant, alarms, "seen")
    )
    answers = tmp_path / "answers.json"
    words = ["--reports", str(tmp_path), "--per-kind", "2", "--verbose", "--json", str(answers)]
    assert plant_errors.main(words) == status
    printed = capsys.readouterr().out
    answer = json.loads(answers.read_text("utf-8"))
    counts = [side for kind in answer["kinds"].values() for side in kind.values()]
    assert sum(one["planted"] for one in counts) == len(answer["plants"]) > 0
    assert sum(one["found"] for one in counts) == sum(one["found"] for one in answer["plants"])
    missed = 0 if is_found else len(answer["plants"])
    assert f"missed: {missed}\n" in printed
    assert printed.count("\n- ") == missed
    assert printed.endswith("alarms on untouched reports: 0\n")


@pytest.mark.parametrize(("is_bundled", "status"), [(True, 1), (False, 0)])
def test_an_alarm_of_a_clean_bundled_report_fails(
    is_bundled: bool,
    status: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    result = analyse_text(SMALL.replace("904", "909"))
    clean = plant_errors.Clean("wrong", result, is_bundled)
    monkeypatch.setattr(plant_errors, "clean_reports", lambda: iter([clean]))
    assert plant_errors.main(["--per-kind", "0"]) == status
    assert "- wrong narrative.parts " in capsys.readouterr().out
