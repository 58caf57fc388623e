"""Editions: the live book taken down, read again, compared, and made into files.

`collecting` reads what is live; `frozen` reads what is frozen; `comparing`
says what changed between the two, or between two editions; `drawing`, `pdf`
and `epub` make a file of one language; `files` builds those that wait.
"""
