"""The demo's case stories are data: facts in story.toml, words in one file a language.

These checks need no Django. They hold the two halves together, so that a figure never stands
without its label in some language and no text describes a row that is not there.
"""

import re
import tomllib
from pathlib import Path

import pytest

STORIES = Path(__file__).resolve().parents[2] / "gkc_site" / "demo" / "stories"
FOLDERS = sorted(path for path in STORIES.iterdir() if path.is_dir())

PROCESSES = {"browse", "visit", "buy", "get", "own"}
TOPICS = {
    "parts-supply",
    "customer-retention",
    "service-quality",
    "dealer-network",
    "dealer-relations",
    "brand-image",
    "advertising",
    "stock-turn",
    "supply-demand",
    "customer-data",
    "recall",
    "training",
    "market-research",
    "pricing",
    "communication",
    "crm",
}
STATES = {
    "published",
    "area_review",
    "neutral_review",
    "changes_requested",
    "editing",
    "ready",
}
PARTS = {"seen", "gap", "causes", "countermeasures", "results", "learned"}
DATE_FORMS = {"year": r"\d{4}", "month": r"\d{4}-\d{2}", "day": r"\d{4}-\d{2}-\d{2}"}

FACT_KEYS = {
    "case": str,
    "source": str,
    "source_language": str,
    "country": str,
    "processes": list,
    "topics": list,
    "audience": str,
    "state": str,
    "year": int,
    "not_recorded": list,
    "not_measured": bool,
}
FACT_KEYS_OPTIONAL = {"seen_on", "seen_precision", "example", "distributor"}
ROW_KEYS = {
    "gap": ({"key", "from", "to", "unit"}, {"by"}),
    "causes": ({"key"}, set()),
    "countermeasures": ({"key", "cause"}, {"since", "precision"}),
    "files": ({"key", "name"}, set()),
    "results": (
        {"key", "measure", "unit", "target", "before", "after", "before_date", "after_date"},
        set(),
    ),
}
TEXT_STRINGS = {"title", "summary", "place", "figure_alt", "figure_caption"}
TEXT_LISTS = {
    "background",
    "situation",
    "target",
    "causes_intro",
    "did",
    "tried",
    "happened",
    "learned",
    "adapt",
}
ROW_TEXTS = {
    "gap": {"what"},
    "causes": {"name", "whys"},
    "countermeasures": {"what", "who"},
    "results": {"label", "note"},
    "files": {"title"},
}


def read(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))


def facts_of(folder):
    return read(folder / "story.toml")


def text_files(folder):
    return sorted(path for path in folder.glob("*.toml") if path.name != "story.toml")


TEXT_FILES = [path for folder in FOLDERS for path in text_files(folder)]


def name_of(path):
    return f"{path.parent.name}/{path.stem}" if path.is_file() else path.name


def is_decimal(text):
    return re.fullmatch(r"-?\d+(\.\d+)?", text) is not None


def test_there_are_enough_stories():
    assert len(FOLDERS) >= 16


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_folder_is_whole(folder):
    assert re.fullmatch(r"\d{2}-[a-z0-9-]+", folder.name)
    facts = facts_of(folder)
    assert (folder / f"{facts['source_language']}.toml").is_file()
    assert (folder / "en.toml").is_file()


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_facts(folder):
    facts = facts_of(folder)
    unknown = set(facts) - set(FACT_KEYS) - FACT_KEYS_OPTIONAL - set(ROW_KEYS)
    assert not unknown
    for key, kind in FACT_KEYS.items():
        assert isinstance(facts.get(key), kind), key
    assert folder.name.startswith(f"{int(facts['case'].split(',')[0]):02d}-")
    assert re.fullmatch(r"\d{3}:\d+(-\d+)?", facts["source"])
    assert re.fullmatch(r"[A-Z]{2}", facts["country"])
    assert facts["processes"]
    assert set(facts["processes"]) <= PROCESSES
    assert facts["topics"]
    assert set(facts["topics"]) <= TOPICS
    assert facts["audience"] in {"network", "region", "public"}
    assert facts["state"] in STATES
    assert set(facts["not_recorded"]) <= PARTS
    assert facts.get("distributor", "not named") == "not named"
    if "distributor" in facts:
        assert facts["example"] is True


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_every_part_is_told_or_marked_not_recorded(folder):
    facts = facts_of(folder)
    missing = set(facts["not_recorded"])
    assert ("seen_on" in facts) != ("seen" in missing)
    if "seen_on" in facts:
        assert re.fullmatch(DATE_FORMS[facts["seen_precision"]], facts["seen_on"])
    for part in ("gap", "causes", "countermeasures"):
        assert bool(facts.get(part)) != (part in missing), part
    said = [bool(facts.get("results")), facts["not_measured"], "results" in missing]
    assert said.count(True) == 1
    for path in text_files(folder):
        assert bool(read(path)["learned"]) != ("learned" in missing)


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_rows_of_facts(folder):
    facts = facts_of(folder)
    causes = {row["key"] for row in facts.get("causes", [])}
    for part, (required, optional) in ROW_KEYS.items():
        rows = facts.get(part, [])
        assert len({row["key"] for row in rows}) == len(rows), f"{part}: a key stands twice"
        for row in rows:
            assert required <= set(row) <= required | optional, part
            assert all(isinstance(value, str) for value in row.values()), part
    for row in facts.get("gap", []):
        assert is_decimal(row["from"])
        assert is_decimal(row["to"])
        assert row["unit"]
    for row in facts.get("countermeasures", []):
        assert row["cause"] in causes
        assert ("since" in row) == ("precision" in row)
        if "since" in row:
            assert re.fullmatch(DATE_FORMS[row["precision"]], row["since"])
    for row in facts.get("results", []):
        assert is_decimal(row["before"])
        assert is_decimal(row["after"])
        assert row["unit"]
        assert not row["target"] or is_decimal(row["target"])


@pytest.mark.parametrize("path", TEXT_FILES, ids=name_of)
def test_texts_match_the_facts(path):
    facts = facts_of(path.parent)
    texts = read(path)
    assert set(texts) - set(ROW_TEXTS) == TEXT_STRINGS | TEXT_LISTS
    assert all(isinstance(texts[key], str) for key in TEXT_STRINGS)
    for key in TEXT_LISTS:
        assert isinstance(texts[key], list), key
        assert all(isinstance(para, str) and para.strip() for para in texts[key]), key
    assert texts["title"]
    assert texts["summary"]
    assert texts["background"]
    assert texts["situation"]
    assert texts["happened"]
    for part, fields in ROW_TEXTS.items():
        rows = {row["key"] for row in facts.get(part, [])}
        assert set(texts.get(part, {})) == rows, part
        for key, row in texts.get(part, {}).items():
            assert set(row) == fields, f"{part}.{key}"
    has_figure = bool(facts.get("results"))
    assert bool(texts["figure_alt"]) == has_figure
    assert bool(texts["figure_caption"]) == has_figure


@pytest.mark.parametrize("path", TEXT_FILES, ids=name_of)
def test_one_to_five_whys(path):
    for key, cause in read(path).get("causes", {}).items():
        assert cause["name"], key
        assert 1 <= len(cause["whys"]) <= 5, key
        assert all(why.strip() for why in cause["whys"]), key


@pytest.mark.parametrize("path", TEXT_FILES, ids=name_of)
def test_translations_keep_paragraphs_and_whys_in_number(path):
    """A translation stands beside its source paragraph by paragraph."""
    source = read(path.parent / f"{facts_of(path.parent)['source_language']}.toml")
    texts = read(path)
    for key in TEXT_LISTS:
        assert len(texts[key]) == len(source[key]), key
    for key, cause in texts.get("causes", {}).items():
        assert len(cause["whys"]) == len(source["causes"][key]["whys"]), key


@pytest.mark.parametrize("folder", FOLDERS, ids=name_of)
def test_english_fits_one_sheet(folder):
    """Rough measure: 560 words fill one A3 page; a summary has at most 40."""

    def words(value):
        if isinstance(value, str):
            return len(value.split())
        parts = value.values() if isinstance(value, dict) else value
        return sum(words(part) for part in parts)

    texts = read(folder / "en.toml")
    assert words(texts) <= 560
    assert words(texts["summary"]) <= 40


@pytest.mark.parametrize("path", TEXT_FILES, ids=name_of)
def test_readers_meet_no_marks_of_the_seeds(path):
    """'Source: 000:789' says nothing to a reader; the facts keep it."""
    assert re.findall(r"\b\d{3}:\d+", path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEXT_FILES, ids=name_of)
def test_a_gaps_name_is_a_label_that_figures_follow(path):
    """No full stop at its end, and no colon: '… implied.: 20 → 0' reads like a mistake."""
    names = [words["what"] for words in read(path).get("gap", {}).values()]
    assert [name for name in names if re.search(r"[.。:：]$", name.strip())] == []
