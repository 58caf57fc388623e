"""Demo content: a network of invented people, and stories told from the sources."""
