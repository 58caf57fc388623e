"""The translators' desk: the list, a text at work, its second reading, questions, files."""
