"""Search against a real Elasticsearch, which the project's own script starts."""
