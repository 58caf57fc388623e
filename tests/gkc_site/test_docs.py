"""What the documents name exists: links, make targets, commands, variables."""

import re
from pathlib import Path

import pytest
from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
DECISIONS = sorted((ROOT / "docs" / "adr").glob("[0-9]*.md"))
HEADINGS = ["Context", "Decision", "Rejected", "Consequences", "Reconsider when"]
MAKEFILE = (ROOT / "Makefile").read_text()


def targets():
    return set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page):
    links = re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", page.read_text())
    local = [link for link in links if not link.startswith(("http://", "https://"))]
    assert [link for link in local if not (page.parent / link).exists()] == []


def test_the_readme_leads_to_every_how_to():
    readme = (ROOT / "README.md").read_text()
    pages = [f"docs/how-to/{page.name}" for page in (ROOT / "docs/how-to").glob("*.md")]
    assert pages
    assert [page for page in pages if f"]({page})" not in readme] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_named_targets_and_commands_exist(page):
    code = "\n".join(re.findall(r"`([^`]+)`", page.read_text()))
    assert set(re.findall(r"\bmake ([a-z-]+)", code)) - targets() == set()
    commands = set(re.findall(r"manage\.py (\w+)", code))
    assert commands - set(get_commands()) == set()


def test_every_target_is_phony_and_explained():
    phony = set(re.search(r"\.PHONY: ((?:.|\\\n)*?)\n\n", MAKEFILE).group(1).split()) - {"\\"}
    explained = set(re.findall(r"^([a-z-]+):.*## \S", MAKEFILE, re.MULTILINE))
    assert phony == explained == targets()


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.stem)
def test_a_decision_has_its_form(decision):
    text = decision.read_text()
    number = int(decision.stem[:4])
    assert re.match(rf"# {number}\. \S", text)
    assert re.search(
        r"^Status: (accepted|proposed|superseded by \d+), \d{4}-\d\d-\d\d$", text, re.M
    )
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == HEADINGS


def test_compose_sets_only_described_variables():
    compose = (ROOT / "compose.yaml").read_text()
    used = set(re.findall(r"^    (GKC_\w+|DATABASE_URL|CACHE_URL):", compose, re.MULTILINE))
    described = (ROOT / "docs/how-to/settings.md").read_text()
    assert used
    assert {name for name in used if f"`{name}`" not in described} == set()
