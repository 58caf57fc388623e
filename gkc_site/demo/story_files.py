"""Reads a story's folder: facts without language, and a text for each language.

Every block's id is made from the story and its place, so that all languages
and every load agree on it.
"""

import datetime
import tomllib
import uuid
from dataclasses import dataclass
from pathlib import Path

from bulletins.blocks import why_id

FOLDER = Path(__file__).parent / "stories"
_NAMESPACE = uuid.UUID("5a2d1f60-7c0e-4a53-9c0c-8a1f0b7e2f11")
# Text key in the TOML → StreamField of paragraphs on the page.
PROSE = {
    "background": "background",
    "situation": "situation",
    "target": "target",
    "causes_intro": "causes_text",
    "did": "did",
    "tried": "tried",
    "happened": "happened",
    "learned": "learned",
    "adapt": "adapt",
}


def _id_of(slug: str, *place: str) -> uuid.UUID:
    return uuid.uuid5(_NAMESPACE, "/".join([slug, *place]))


def story_key(slug: str) -> uuid.UUID:
    """The translation key of the pages of a story's folder, loaded or not."""
    return _id_of(slug, "page")


@dataclass(frozen=True)
class StoryFile:
    """One story's folder."""

    slug: str
    facts: dict
    texts: dict[str, dict]  # language → text

    @property
    def source_language(self) -> str:
        return self.facts["source_language"]

    @property
    def key(self) -> uuid.UUID:
        """Translation key of its pages; says whether it was loaded before."""
        return self.id_of("page")

    def id_of(self, *place: str) -> uuid.UUID:
        """The lasting id of a block."""
        return _id_of(self.slug, *place)

    def attached(self) -> list[tuple[str, str, Path]]:
        """(key, title, path) of each file that the story attaches."""
        titles = self.texts[self.source_language].get("files", {})
        return [
            (row["key"], titles[row["key"]]["title"], FOLDER / self.slug / "files" / row["name"])
            for row in self.facts.get("files", [])
        ]

    # --- the source page ----------------------------------------------------
    def page_values(self) -> dict:
        """Field → value of the source page; StreamFields as raw data."""
        text, facts = self.texts[self.source_language], self.facts
        values = {
            "title": text["title"],
            "summary": text["summary"],
            "place_seen": text["place"],
            "seen_on": _date(facts.get("seen_on", "")),
            "seen_precision": facts.get("seen_precision", "day"),
            "not_measured": facts["not_measured"],
            "nothing_tried": not text["tried"],
        }
        for key, field in PROSE.items():
            values[field] = [
                self._block("paragraph", paragraph, field, str(order))
                for order, paragraph in enumerate(text[key])
            ]
        values["gap"] = [self._gap(row, text) for row in facts.get("gap", [])]
        values["causes"] = [self._cause(row, text) for row in facts.get("causes", [])]
        values["countermeasures"] = [
            self._countermeasure(row, text) for row in facts.get("countermeasures", [])
        ]
        values["results"] = [self._result(row, text) for row in facts.get("results", [])]
        return values

    def _why_id(self, cause: str, order: int) -> str:
        """The id that the share form gives too: an edit there keeps the translations."""
        return why_id(str(self.id_of("cause", cause)), order)

    def _block(self, kind: str, value, *place: str) -> dict:
        return {"type": kind, "value": value, "id": str(self.id_of(*place))}

    def _gap(self, row: dict, text: dict) -> dict:
        value = {
            "what": text["gap"][row["key"]]["what"],
            "start": row["from"] or None,
            "goal": row["to"] or None,
            "unit": row["unit"],
            "by": _iso(row.get("by", "")),
        }
        return self._block("gap", value, "gap", row["key"])

    def _cause(self, row: dict, text: dict) -> dict:
        words = text["causes"][row["key"]]
        whys = [
            {"type": "item", "value": why, "id": self._why_id(row["key"], order)}
            for order, why in enumerate(words["whys"])
        ]
        return self._block("cause", {"name": words["name"], "whys": whys}, "cause", row["key"])

    def _countermeasure(self, row: dict, text: dict) -> dict:
        words = text["countermeasures"][row["key"]]
        value = {
            "cause": str(self.id_of("cause", row["cause"])) if row.get("cause") else "",
            "what": words["what"],
            "who": words["who"],
            "since": _iso(row.get("since", "")),
            "since_precision": row.get("precision", "day"),
        }
        return self._block("countermeasure", value, "countermeasure", row["key"])

    def _result(self, row: dict, text: dict) -> dict:
        words = text["results"][row["key"]]
        dates = [row.get("before_date", ""), row.get("after_date", "")]
        value = {
            "measure_key": str(self.id_of("measure", row["key"])),
            "measure": row.get("measure", ""),
            "label": words["label"],
            "note": words["note"],
            "unit": row["unit"],
            "target": row["target"] or None,
            "before": row["before"],
            "after": row["after"],
            "before_on": _iso(dates[0]),
            "after_on": _iso(dates[1]),
            "date_precision": _precision(*dates),
            "monthly": [],
        }
        return self._block("result", value, "result", row["key"])

    # --- the other languages --------------------------------------------------
    def translated_texts(self, language: str) -> dict[str, str]:
        """wagtail-localize's context path → text, for one language."""
        text = self.texts[language]
        paths = {
            "title": text["title"],
            "summary": text["summary"],
            "place_seen": text["place"],
        }
        for key, field in PROSE.items():
            for order, paragraph in enumerate(text[key]):
                paths[f"{field}.{self.id_of(field, str(order))}"] = paragraph
        for key, words in text.get("gap", {}).items():
            paths[f"gap.{self.id_of('gap', key)}.what"] = words["what"]
        for key, words in text.get("causes", {}).items():
            cause = f"causes.{self.id_of('cause', key)}"
            paths[f"{cause}.name"] = words["name"]
            for order, why in enumerate(words["whys"]):
                paths[f"{cause}.whys.{self._why_id(key, order)}"] = why
        for key, words in text.get("countermeasures", {}).items():
            measure = f"countermeasures.{self.id_of('countermeasure', key)}"
            paths[f"{measure}.what"] = words["what"]
            paths[f"{measure}.who"] = words["who"]
        for key, words in text.get("results", {}).items():
            result = f"results.{self.id_of('result', key)}"
            paths[f"{result}.label"] = words["label"]
            paths[f"{result}.note"] = words["note"]
        for key, words in text.get("files", {}).items():
            paths[f"files.{self.id_of('file', key)}.title"] = words["title"]
        if text.get("figure_alt"):
            picture = f"pictures.{self.id_of('picture')}"
            paths[f"{picture}.alt"] = text["figure_alt"]
            paths[f"{picture}.caption"] = text["figure_caption"]
        return {path: words for path, words in paths.items() if words}


def story_files() -> list[StoryFile]:
    """All stories, in the order of their folders."""
    found = []
    for folder in sorted(path for path in FOLDER.iterdir() if path.is_dir()):
        texts = {
            path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
            for path in sorted(folder.glob("*.toml"))
        }
        facts = texts.pop("story")
        found.append(StoryFile(folder.name, facts, texts))
    return found


def _precision(*texts: str) -> str:
    longest = max((len(text) for text in texts), default=0)
    return {4: "year", 7: "month"}.get(longest, "day")


def _iso(text: str) -> str | None:
    day = _date(text)
    return day.isoformat() if day else None


def _date(text: str) -> datetime.date | None:
    """'1989', '1989-12' or a whole date; its first day. None for nothing."""
    if not text:
        return None
    year, month, day = ([*text.split("-"), "1", "1"])[:3]
    return datetime.date(int(year), int(month), int(day))
