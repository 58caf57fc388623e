"""Judge relevance and speed of an engine by a corpus and questions about it."""

import json
import signal
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from search import engines
from search.engines.base import EngineUnavailable
from search.evaluation import (
    BadLine,
    Figures,
    latency,
    load,
    mean,
    outcomes,
    quality,
    read_corpus,
    read_questions,
)


class Command(BaseCommand):
    help = (
        "Load a corpus into a throw-away index, put questions to it as readers do, and print"
        " MRR@10, recall@10 and times by class and language. The real index and the database"
        " are left alone."
    )
    # Neither the database nor the site's own index is asked.
    requires_system_checks = []
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("corpus", type=Path, help='lines of {"id", "lang", "title", "body"}')
        parser.add_argument(
            "queries", type=Path, help='lines of {"lang", "q", "relevant": [ids], "class"}'
        )
        parser.add_argument("--engine", choices=list(engines.ENGINES), default="embedded")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, corpus, queries, engine, json: bool, **options):
        for path in (corpus, queries):
            # A pipe will do: each is read once.
            if not path.exists() or path.is_dir():
                raise CommandError(f"{path} is no file.")
        try:
            with _ending_cleanly():
                figures = self._measured(corpus, queries, engine)
        except (BadLine, EngineUnavailable) as error:
            raise CommandError(str(error)) from error
        if json:
            self.stdout.write(_json(figures))
        else:
            for line in _table(figures):
                self.stdout.write(line)

    def _measured(self, corpus: Path, queries: Path, name: str) -> Figures:
        questions = read_questions(queries)
        with engines.throwaway(name) as throwaway:
            engine = throwaway.engine
            languages, documents, seconds = load(
                engine, read_corpus(corpus), lambda count: self._tell(f"{count} documents")
            )
            size = throwaway.settle()
            found = []
            for outcome in outcomes(engine, questions, languages):
                found.append(outcome)
                if len(found) % 100 == 0:
                    self._tell(f"{len(found)} of {len(questions)} questions")
        self._tell("")
        return Figures(name, documents, size, documents / seconds if seconds else 0.0, tuple(found))

    def _tell(self, text: str) -> None:
        """Where it is, for who watches."""
        if self.stderr.isatty():
            self.stderr.write(f"\r{text:<40}\r", style_func=str, ending="")


class _ending_cleanly:
    """SIGTERM ends the command as Ctrl-C does, so that the throw-away index goes."""

    def __enter__(self):
        try:
            self.before = signal.signal(signal.SIGTERM, lambda *_args: sys.exit(143))
        except ValueError:  # not the main thread: signals are none of ours
            self.before = None

    def __exit__(self, *error):
        if self.before is not None:
            signal.signal(signal.SIGTERM, self.before)


def _json(figures: Figures) -> str:
    return json.dumps(figures.as_json(), ensure_ascii=False)


def _table(figures: Figures) -> list[str]:
    """Lines of Markdown tables."""
    whole = latency(figures.outcomes)
    lines = [
        f"{figures.engine}: {figures.documents:,} documents,"
        f" {figures.documents_per_s:,.0f} documents/s,"
        f" index {figures.index_bytes / 1e6:,.1f} MB,"
        f" p50 {whole['p50']:.1f} ms, p95 {whole['p95']:.1f} ms",
        "",
        "| class | language | n | MRR@10 | recall@10 | p50 ms | p95 ms |",
        "|---|---|--:|--:|--:|--:|--:|",
    ]
    by_class: dict[str, list[tuple[str, list]]] = {}
    for (kind, language), some in figures.groups().items():
        by_class.setdefault(kind, []).append((language, some))
    for kind, languages in by_class.items():
        for language, some in languages:
            lines.append(_row(kind, language, quality(some), latency(some)))
        every = [outcome for _language, some in languages for outcome in some]
        overall = mean([quality(some) for _language, some in languages])
        lines.append(_row(kind, "**mean**", overall, latency(every)))
    return lines


def _row(kind: str, language: str, good: dict, times: dict) -> str:
    kind = kind.replace("|", "\\|")
    return (
        f"| {kind} | {language} | {good['n']} | {good['mrr@10']:.3f} | {good['recall@10']:.3f}"
        f" | {times['p50']:.1f} | {times['p95']:.1f} |"
    )
