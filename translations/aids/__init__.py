"""What helps a translator at a paragraph: the original beside it, memory, glossary, checks."""
