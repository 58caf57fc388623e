"""The command search_eval: any corpus, any questions, nothing else touched.

No test here may use the database: pytest-django fails the one that does.
"""

import json
import os
import tempfile
import threading
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from search import engines
from search.evaluation import Asked, Figures, Outcome, latency

TITLES = {
    "en": ("Parts shortage", "The stock was empty for nineteen days."),
    "ja": ("部品不足", "在庫は十九日間空でした。"),
    "es": ("Escasez de recambios", "El almacén estuvo vacío diecinueve días."),
    "ar": ("نقص قطع الغيار", "بقي المستودع فارغًا تسعة عشر يومًا."),
    "fa": ("کمبود قطعات", "انبار نوزده روز خالی بود."),
    "fr": ("Pénurie de pièces", "L’entrepôt est resté vide dix-neuf jours."),
    "de": ("Ersatzteilmangel", "Das Lager war neunzehn Tage leer."),
    "it": ("Carenza di ricambi", "Il magazzino è rimasto vuoto diciannove giorni."),
    "pt-br": ("Falta de peças", "O depósito ficou vazio por dezenove dias."),
    "zh-hans": ("零件短缺", "仓库空了十九天。"),
    "id": ("Kekurangan suku cadang", "Gudang kosong selama sembilan belas hari."),
    "th": ("อะไหล่ขาดแคลน", "คลังสินค้าว่างเปล่าสิบเก้าวัน"),
}


def rows_of_corpus() -> list[dict]:
    return [
        {"id": f"{code}-1", "lang": code, "title": title, "body": body}
        for code, (title, body) in TITLES.items()
    ]


def rows_of_questions() -> list[dict]:
    rows = [
        {"lang": code, "q": title, "relevant": [f"{code}-1"], "class": "title"}
        for code, (title, _body) in TITLES.items()
    ]
    rows.append({"lang": "en", "q": "parts sortage", "relevant": ["en-1"], "class": "typo"})
    rows.append({"lang": "en", "q": "nothing such", "relevant": ["en-1"], "class": "phrase"})
    # Its answer stands in French only.
    rows.append({"lang": "de", "q": "pièces", "relevant": ["fr-1"], "class": "cross"})
    return rows


@pytest.fixture
def files(tmp_path):
    """files(corpus rows or lines, question rows or lines) → two paths."""

    def written(corpus=None, questions=None) -> tuple[Path, Path]:
        paths = tmp_path / "corpus.jsonl", tmp_path / "queries.jsonl"
        given = (
            rows_of_corpus() if corpus is None else corpus,
            rows_of_questions() if questions is None else questions,
        )
        for path, rows in zip(paths, given, strict=True):
            lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return paths

    return written


@pytest.fixture
def home_of_throwaways(tmp_path, monkeypatch):
    """Where throw-away indexes are made."""
    home = tmp_path / "tmp"
    home.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(home))
    return home


def figures(capsys, *paths) -> dict:
    call_command("search_eval", *map(str, paths), "--json")
    return json.loads(capsys.readouterr().out)


def test_json_has_exactly_the_promised_keys(files, capsys):
    found = figures(capsys, *files())
    assert set(found) == {
        "engine", "documents", "index_bytes", "documents_per_s", "latency_ms", "classes",
        "languages",
    }  # fmt: skip
    assert found["engine"] == "embedded"
    assert found["documents"] == 12
    assert found["index_bytes"] > 0
    assert found["documents_per_s"] > 0
    assert set(found["latency_ms"]) == {"p50", "p95"}
    assert set(found["classes"]) == {"title", "typo", "phrase", "cross"}
    assert set(found["languages"]) == set(TITLES)
    for group in (found["classes"], *found["languages"].values()):
        for one in group.values():
            assert set(one) == {"n", "mrr@10", "recall@10"}


def test_every_language_finds_its_title(files, capsys):
    found = figures(capsys, *files())
    assert found["classes"]["title"] == {"n": 12, "mrr@10": 1.0, "recall@10": 1.0}
    for code in TITLES:
        assert found["languages"][code]["title"] == {"n": 1, "mrr@10": 1.0, "recall@10": 1.0}


def test_corrections_and_other_languages_take_the_readers_way(files, capsys):
    found = figures(capsys, *files())
    assert found["languages"]["en"]["typo"]["mrr@10"] == 1.0
    assert found["languages"]["de"]["cross"]["mrr@10"] == 1.0
    assert found["languages"]["en"]["phrase"] == {"n": 1, "mrr@10": 0.0, "recall@10": 0.0}


def test_the_table_has_classes_languages_and_times(files, capsys):
    call_command("search_eval", *map(str, files()))
    out = capsys.readouterr().out
    assert out.startswith("embedded: 12 documents, ")
    assert "| title | ja | 1 | 1.000 | 1.000 |" in out
    assert "| title | **mean** | 12 | 1.000 | 1.000 |" in out


def test_a_class_is_the_mean_of_its_languages_not_of_its_questions():
    def outcome(language, rank):
        return Outcome(Asked(language, "q", frozenset({"a"}), "title"), rank, 0.001)

    found = Figures("embedded", 1, 1, 1.0, (outcome("en", 1), outcome("en", 1), outcome("ja", 0)))
    assert found.as_json()["classes"]["title"] == {"n": 3, "mrr@10": 0.5, "recall@10": 0.5}


def test_latency_of_nothing_is_nothing():
    assert latency([]) == {"p50": 0.0, "p95": 0.0}


def test_the_same_id_in_two_languages_is_two_documents(files, capsys):
    corpus = [row | {"id": "one"} for row in rows_of_corpus()]
    questions = [{"lang": "ja", "q": "部品不足", "relevant": ["one"], "class": "title"}]
    found = figures(capsys, *files(corpus, questions))
    assert found["documents"] == 12
    assert found["languages"]["ja"]["title"]["mrr@10"] == 1.0


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("{", "line 2: no JSON"),
        ("[1]", "line 2: no JSON object"),
        ("[" * 100_000, "line 2: no JSON"),
        ('{"id": 7, "lang": "en", "title": "", "body": ""}', 'line 2: "id" must be a text'),
        ('{"id": "b", "lang": "en", "title": ""}', 'line 2: "body" must be a text'),
        ('{"id": "b", "lang": "xx", "title": "", "body": ""}', "line 2: unknown language 'xx'"),
        ('{"id": "a", "lang": "en", "title": "", "body": ""}', "stands in line 1 too"),
    ],
)
def test_a_bad_line_of_the_corpus_is_named(files, home_of_throwaways, line, problem):
    first = {"id": "a", "lang": "en", "title": "", "body": ""}
    with pytest.raises(CommandError, match=problem):
        call_command("search_eval", *map(str, files([first, line])))
    assert list(home_of_throwaways.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        (
            '{"lang": "en", "q": "a", "relevant": "a", "class": "title"}',
            '"relevant" must be a list',
        ),
        ('{"lang": "en", "q": "a", "relevant": [], "class": "title"}', "one or more ids"),
        ('{"lang": "en", "q": "a", "relevant": [1], "class": "title"}', "one or more ids"),
        ('{"lang": "tlh", "q": "a", "relevant": ["a"], "class": "title"}', "unknown language"),
    ],
)
def test_a_bad_question_is_named(files, line, problem):
    with pytest.raises(CommandError, match=f"line 1: .*{problem}"):
        call_command("search_eval", *map(str, files(None, [line])))


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(CommandError, match="is no file"):
        call_command("search_eval", str(tmp_path / "none"), str(tmp_path / "none"))


def test_blank_lines_and_a_byte_order_mark_are_no_error(files, capsys):
    rows = ["\ufeff" + json.dumps(rows_of_corpus()[0]), "", "  "]
    assert figures(capsys, *files(rows, []))["documents"] == 1


def test_half_a_surrogate_pair_is_no_error(files, capsys):
    corpus = ['{"id": "a\\ud800", "lang": "en", "title": "Parts\\udc00", "body": "\\ud83d"}']
    question = '{"lang": "en", "q": "parts\\ud800", "relevant": ["a\\ud800"], "class": "\\udfff"}'
    found = figures(capsys, *files(corpus, [question]))
    assert found["classes"] == {"?": {"n": 1, "mrr@10": 1.0, "recall@10": 1.0}}


def test_a_class_may_have_any_name(files, capsys):
    name = "a | “b”\\c"
    question = {"lang": "en", "q": "parts shortage", "relevant": ["en-1"], "class": name}
    assert set(figures(capsys, *files(None, [question]))["classes"]) == {name}
    call_command("search_eval", *map(str, files(None, [question])))
    # Still seven columns.
    assert "| a \\| “b”\\c | en | 1 | 1.000 |" in capsys.readouterr().out


def test_a_pipe_is_read_like_a_file(files, capsys, tmp_path):
    corpus, questions = files()
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(corpus.read_bytes()), daemon=True)
    writer.start()
    assert figures(capsys, pipe, questions)["documents"] == 12
    writer.join(10)


def broken_off(home: Path) -> None:
    """Ctrl-C while an index is in use."""
    with engines.throwaway("embedded") as made:
        assert made.engine.versions() == {}
        assert len(list(home.iterdir())) == 1
        raise KeyboardInterrupt


def test_the_index_is_thrown_away_also_when_broken_off(home_of_throwaways):
    with pytest.raises(KeyboardInterrupt):
        broken_off(home_of_throwaways)
    assert list(home_of_throwaways.iterdir()) == []


def test_elasticsearch_without_a_server_is_said(files, settings):
    settings.ELASTICSEARCH_URLS = []
    with pytest.raises(CommandError, match="GKC_ELASTICSEARCH_URL"):
        call_command("search_eval", *map(str, files()), "--engine", "elasticsearch")
