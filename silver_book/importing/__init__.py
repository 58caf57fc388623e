"""Bringing a book in: a reader makes a `Folder` of files, `load` writes it as pages.

A reader knows one notation; `markdown` is the first. What is read says
nothing of pages, so another notation needs a reader and no more.
"""
