"""Relevance and speed of search: an evaluation set from real manuals, and what answers cost."""
