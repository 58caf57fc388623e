"""Elasticsearch 9 through elasticsearch.dsl (docs/adr/0001)."""

from search.engines.elasticsearch.engine import DocumentRefused, ElasticsearchEngine

__all__ = ["DocumentRefused", "ElasticsearchEngine"]
